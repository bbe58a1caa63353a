"""Invented people: names, identity numbers with a right checksum, addresses, telephones. Nobody real."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from medferry_sandbox.hospital.model import Address, d8

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔"
)
_DOUBLE_SURNAMES = ("欧阳", "上官", "司徒", "诸葛")
_MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林建国志文海山仁德"
_FEMALE = "芳娜敏静丽艳娟霞秀玲红梅燕萍玉兰英洁琳雪慧婷欣怡佳悦晴雨菲桂珍春凤琴云莲真"
RARE = ("䶮", "㛃", "䴖")
"""Given names outside GBK: four bytes in GB18030."""

_PLACES = (
    ("江西省", "南昌市", "东湖区", "360102", "330006", ("八一桥街道", "董家窑街道", "彭家桥街道")),
    ("江西省", "南昌市", "西湖区", "360103", "330009", ("桃源街道", "朝阳洲街道", "系马桩街道")),
    ("江西省", "南昌市", "青云谱区", "360104", "330001", ("三家店街道", "徐家坊街道")),
    ("江西省", "南昌市", "青山湖区", "360111", "330029", ("上海路街道", "南钢街道", "塘山镇")),
    ("江西省", "南昌市", "新建区", "360112", "330100", ("长堎镇", "望城镇")),
    ("江西省", "南昌市", "南昌县", "360121", "330200", ("莲塘镇", "向塘镇", "武阳镇")),
    ("江西省", "南昌市", "进贤县", "360124", "331700", ("民和镇", "李渡镇")),
    ("江西省", "九江市", "永修县", "360425", "330300", ("涂埠镇", "艾城镇")),
    ("江西省", "九江市", "修水县", "360424", "332400", ("义宁镇", "渣津镇")),
)
_ROADS = (
    "北京东路",
    "洪都中大道",
    "八一大道",
    "解放西路",
    "青山南路",
    "文教路",
    "井冈山大道",
    "昌南大道",
    "民丰路",
    "沿江路",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def full_name(rng: Random, sex: str) -> str:
    """Two or three characters, one in a hundred with a character that GBK lacks; sex: 1 or 2."""
    surname = rng.choice(_DOUBLE_SURNAMES) if rng.random() < 0.01 else rng.choice(_SURNAMES)
    given = _MALE if sex == "1" else _FEMALE
    rare = rng.choice(RARE) if rng.random() < 0.01 else ""
    return surname + rare + "".join(rng.sample(given, 1 if rare or rng.random() < 0.25 else 2))


def identity_no(area_code: str, birth: date, serial: int) -> str:
    """18 characters by GB 11643; `serial` 0-999, odd for men. Two calls with equal arguments collide."""
    body = f"{area_code}{d8(birth)}{serial % 1000:03d}"
    return body + check_character(body)


def check_character(body: str) -> str:
    """The last character of the identity number whose first 17 digits are `body`."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def address(rng: Random) -> Address:
    """Somewhere around Nanchang."""
    province, city, county, area_code, postcode, towns = rng.choice(_PLACES)
    return Address(
        province,
        city,
        county,
        rng.choice(towns),
        rng.choice(_ROADS),
        f"{rng.randrange(1, 400)}号{rng.randrange(1, 30)}栋{rng.randrange(101, 1802)}室",
        area_code,
        postcode,
    )


def mobile(rng: Random) -> str:
    """11 digits."""
    return rng.choice(("138", "139", "150", "159", "177", "186", "189")) + f"{rng.randrange(10**8):08d}"


def birth_at_age(rng: Random, on: date, years: int) -> date:
    """A birth date that makes the person `years` old on that day."""
    latest = _years_before(on, years)
    earliest = _years_before(on, years + 1) + timedelta(days=1)
    return earliest + timedelta(days=rng.randrange((latest - earliest).days + 1))


def years(birth: date, on: date) -> int:
    """Whole years from birth to that day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


FOREIGN = "66"
ETHNIC = {"01": "汉族", "22": "畲族", "03": "回族", "06": "苗族", FOREIGN: "外籍人士"}
FOREIGNERS = (
    ("840", ("WALKER JAMES", "WALKER EMILY")),
    ("826", ("O'NEILL PATRICK", "O'NEILL SARAH")),
    ("392", ("佐藤健太", "佐藤美咲")),
    ("410", ("KIM MINSU", "KIM JIYOUNG")),
    ("250", ("DUPONT-MARTIN LUC", "DUPONT-MARTIN ANNE")),
)
"""Country by GB/T 2659, a name of either sex."""
OCCUPATION = {
    "17": "职员",
    "24": "工人",
    "27": "农民",
    "31": "学生",
    "54": "个体经营者",
    "80": "退(离)休人员",
    "90": "其他",
}
RELATION = {"10": "配偶", "51": "父亲", "52": "母亲", "20": "子", "30": "女", "75": "姐姐"}
SEX_NAME = {"1": "男性", "2": "女性"}
