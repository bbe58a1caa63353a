"""Verbs on text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Literal

import polars as pl

from medferry.mapping.quick import translated
from medferry.mapping.values import Value, blank_to_null, rarely, text_value
from medferry.mapping.verb import verb

_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
_WIDE = {**dict(zip(_FULL, _HALF, strict=True)), "\u3000": " ", "。": ".", "、": ",", "￥": "¥"}
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")
_AS_LATIN = "[\u00a1-\u00ff]{2}"


@verb
def trim(value: Value) -> Value:
    """去掉首尾空白（含全角空格）；空文本即缺失。每列读入时已自动执行，仅在其他动词之后需要再写。"""
    return text_value(blank_to_null(value.text()))


@verb
def upper(value: Value) -> Value:
    """转为大写字母。"""
    return text_value(value.text().str.to_uppercase())


@verb
def lower(value: Value) -> Value:
    """转为小写字母。"""
    return text_value(value.text().str.to_lowercase())


@verb
def half_width(value: Value) -> Value:
    """全角数字、字母和标点转为半角（１２３ＡＢ（） → 123AB()）。"""
    return text_value(blank_to_null(value.text().str.replace_many(list(_WIDE), list(_WIDE.values()))))


@verb
def strip_control(value: Value) -> Value:
    """去掉控制字符（NUL、换行、零宽字符、书写方向符、软连字符等）。"""
    return text_value(blank_to_null(value.text().str.replace_all(_CONTROL, "")))


@verb
def decode(value: Value, encoding: Literal["gb18030", "gbk", "utf-8"]) -> Value:
    """字节按编码转为文本；无法解码的字节变为 U+FFFD（�），由校验发现。文本列中读成 \\xNN 或“ÕÅÈý”的也还原，其余不变。"""
    if not isinstance(value.dtype, pl.Binary):
        return text_value(_decoded_texts(value.text(), encoding))
    decoder = codecs.lookup(encoding)

    def decoded(data: bytes) -> str:
        return decoder.decode(data, "replace")[0]

    return text_value(
        blank_to_null(value.expr.map_elements(decoded, return_dtype=pl.String, skip_nulls=True))
    )


def _decoded_texts(text: pl.Expr, encoding: str) -> pl.Expr:
    """Text that was bytes of another encoding: bytes that were no UTF-8 stand in it as \\xNN, or it was read as Latin-1."""

    def mended(one: str) -> str:
        if "\\x" in one:
            data = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), one.encode())
            return data.decode(encoding, "replace")
        try:
            return one.encode("latin-1").decode(encoding)
        except UnicodeError:
            return one

    def batch(series: pl.Series) -> pl.Series:
        odd = series.str.contains(rf"\\x[0-9a-f]{{2}}|{_AS_LATIN}").fill_null(value=False)
        return rarely(series, odd, mended)

    return blank_to_null(text.map_batches(batch, return_dtype=pl.String))


@verb
def null_if(value: Value, values: tuple[str, ...]) -> Value:
    """等于所列文本之一者视为缺失，如 "-"、"0000-00-00"、"无"。"""
    text = value.text()
    return text_value(pl.when(~text.is_in(list(values))).then(text))


@verb
def replace(value: Value, pairs: Mapping[str, str]) -> Value:
    """整个值等于“旧值”时换成“新值”；其余不变。较长的代码对照请用 codes/。"""
    return text_value(blank_to_null(translated(value.text(), pairs)))


@verb
def regex_replace(value: Value, pattern: str, by: str) -> Value:
    """把每处匹配正则 pattern 的文字换成 by（$1 指第一组）。数字请写 [0-9]。"""
    return text_value(blank_to_null(value.text().str.replace_all(pattern, by)))


@verb
def slice_(value: Value, start: int, length: int = 0) -> Value:
    """截取：start 从 0 起（负数从末尾数），length 为字符数，0 表示到末尾。"""
    return text_value(blank_to_null(value.text().str.slice(start, length or None)))


@verb
def before(value: Value, mark: str) -> Value:
    """取第一个 mark 之前的部分；没有 mark 则不变。"""
    return text_value(blank_to_null(value.text().str.splitn(mark, 2).struct.field("field_0")))


@verb
def after(value: Value, mark: str) -> Value:
    """取第一个 mark 之后的部分；没有 mark 则不变。"""
    parts = value.text().str.splitn(mark, 2)
    return text_value(
        blank_to_null(pl.coalesce(parts.struct.field("field_1"), parts.struct.field("field_0")))
    )


@verb
def pad_left(value: Value, length: int, fill: str = "0") -> Value:
    """左侧补足到 length 个字符，默认补 0。"""
    return text_value(value.text().str.pad_start(length, fill))


@verb
def join(values: Sequence[Value], separator: str) -> Value:
    """把多列按次序连成一段，缺失的列跳过；全部缺失则为缺失。"""
    texts = [one.text() for one in values]
    joined = pl.concat_str(texts, separator=separator, ignore_nulls=True)
    return text_value(
        blank_to_null(pl.when(pl.any_horizontal(one.is_not_null() for one in texts)).then(joined))
    )


@verb
def first_of(values: Sequence[Value]) -> Value:
    """多列中第一个不缺失的值。"""
    return text_value(pl.coalesce([one.text() for one in values]))


@verb
def boolean(value: Value, true: tuple[str, ...], false: tuple[str, ...]) -> Value:
    """所列文本变为 T 或 F；两边都没有的值不变。"""
    to = {**dict.fromkeys(true, "T"), **dict.fromkeys(false, "F")}
    return text_value(translated(value.text(), to))


@verb
def strip_marks(value: Value, marks: tuple[str, ...]) -> Value:
    """去掉所列的每段文字（如单位、书名号），不论在何处。"""
    return text_value(
        blank_to_null(
            reduce(lambda text, mark: text.str.replace_all(mark, "", literal=True), marks, value.text())
        )
    )
