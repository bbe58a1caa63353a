"""The bills of out- and emergency patients, line by line: both HISs. What an invoice says stands in the invoice's table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from medferry_sandbox.hospital.clinic import decimal, insurance_code, request_no
from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.encoders import dt, dt14
from medferry_sandbox.hospital.model import Charge, Drug, Order, Staff, Visit, dt15, yuan
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.standard import value_set
from medferry_sandbox.hospital.world import Domain, World

code_list("his_donghu", "mzsftf", "CHARGE_TYPE", "1=S:收费 2=T:退费")
code_list("his_qingshanhu", "fee_sign", "CHARGE_TYPE", "1=+:收费 2=-:退费")
code_list(
    "his_donghu", "mzfyfl", "CV07.10.001",
    "01=XY:西药费 02=CY:中成药费 03=CAO:中草药费 04=ZC:诊察费 05=JC:检查费 06=HY:化验费 07=FS:放射费 08=ZL:治疗费 "
    "09=SS:手术费 99=QT:其他",
)  # fmt: skip
code_list(
    "his_qingshanhu", "fee_kind", "CV07.10.001",
    "01=101:西药 02=102:中成药 03=103:中草药 04=201:诊察 05=301:检查 06=302:化验 07=303:放射 08=401:治疗 09=402:手术 "
    "99=900:其他",
)  # fmt: skip
code_list("his_donghu", "mzxmlx", "CHARGE_ITEM_TYPE", "1=YP:药品 2=ZL:诊疗 3=CL:材料 4=QT:其他")
code_list("his_qingshanhu", "fee_item", "CHARGE_ITEM_TYPE", "1=D:药品 2=S:服务 3=M:材料 4=O:其他")
code_list("his_donghu", "mzxmdj", "INSURANCE_CLASS", "1=甲 2=乙 3=丙")
code_list("his_qingshanhu", "fee_grade", "INSURANCE_CLASS", "1=A:甲类 2=B:乙类 3=C:自费")
code_list("his_donghu", "jsly", "SETTLEMENT_SOURCE", "01=CK:窗口 03=ZZJ:自助机 04=WX:微信支付宝")
code_list("his_qingshanhu", "pay_at", "SETTLEMENT_SOURCE", "01=W:窗口 03=K:自助机 04=A:手机")

COST = Recipe(
    "encounter_medical_cost",
    faults="missing:fee_category_name,charge_type_code bad_code:fee_category_code,item_type_code,charge_type_code "
    "blanks:fee_category_name gbk:fee_category_name full_width:insurance_item_code",
    corrects="remark",
)
_IMAGING = "J02"


@dataclass(frozen=True)
class _Invoice:
    """One settlement; amounts in fen, negative when it gives money back. `fund` is split over its lines."""

    settlement_no: str
    at: datetime
    total: int
    fund: int
    cashier: Staff
    source: str
    number: str


@dataclass(frozen=True)
class _Line:
    """One line of a bill: a charge, or its repetition by mistake (sign 1), or that taken back (sign -1),
    or `packages` of it."""

    cost_id: str
    charge: Charge
    sign: int
    fund: int
    at: datetime
    original: str | None = None
    packages: int | None = None
    lives: tuple[str, ...] = ()

    @property
    def why(self) -> str | None:
        if self.sign > 0:
            return None
        return "重复收费，退回" if self.packages is None else "未用完，退药"

    @property
    def quantity(self) -> int:
        return self.sign * (self.packages or self.charge.quantity)

    @property
    def amount(self) -> int:
        whole = self.sign * self.charge.amount_cents
        return whole if self.packages is None else whole * self.packages // self.charge.quantity


def _invoice(world: World, visit: Visit, suffix: str, at: datetime, total: int, fund: int) -> _Invoice:
    rng = world.rng("invoice", visit.campus.name, visit.visit_id)
    invoice = _Invoice(
        f"{visit.settlement_no}{suffix}",
        at,
        total,
        fund,
        world.directory(visit).clerk(rng),
        rng.choice(("01", "01", "03", "04")),
        f"3601{world.count(visit, 'invoice'):08d}",
    )
    ways = {"01": ("CK", "W"), "03": ("ZZJ", "K"), "04": ("WX", "A")}[invoice.source]
    world.native(
        visit, "his_donghu", "mz_fp", "jslsh",
        jslsh=invoice.settlement_no, fphm=invoice.number, fpje=total, fpyb=fund, fpgr=total - fund, ly=ways[0],
        sfsj=dt(dt15(at)), sfy=invoice.cashier.staff_id,
    )  # fmt: skip
    world.native(
        visit, "his_qingshanhu", "OPD_INVOICE", "SETTLE_SN",
        SETTLE_SN=invoice.settlement_no, INV_NUM=invoice.number, INV_AMT=yuan(total), INV_FUND=yuan(fund),
        INV_SELF=yuan(total - fund), PAY_AT=ways[1], PAY_TM=dt14(dt15(at)), PAY_EMP=invoice.cashier.staff_id,
    )  # fmt: skip
    return invoice


def _bill(world: World, visit: Visit) -> None:
    """The bill of the visit; the fund pays its share of every line, the last line takes what rounding left."""
    assert visit.settled is not None
    charges = visit.charges
    invoice = _invoice(world, visit, "", visit.settled, visit.total_cents, visit.insurance_cents)
    left = invoice.fund
    for place, charge in enumerate(charges, start=1):
        share = left if place == len(charges) else charge.amount_cents * invoice.fund // invoice.total
        left -= share
        _cost(world, visit, invoice, _Line(charge.charge_id, charge, 1, share, charge.at))


def _refund(world: World, visit: Visit) -> None:
    """Now and then a service is charged twice, on an invoice of its own, and given back: it all comes to nothing."""
    assert visit.settled is not None
    charge = next(one for one in visit.charges if one.order.kind == "consult")
    amount = charge.amount_cents
    fund = amount * 60 // 100 if visit.insurance_cents else 0
    first, second = visit.settled + timedelta(minutes=2), visit.settled + timedelta(minutes=25)
    paid = _invoice(world, visit, "A", first, amount, fund)
    back = _invoice(world, visit, "B", second, -amount, -fund)
    wrong = f"T{world.count(visit, 'refund'):06d}"
    right = f"T{world.count(visit, 'refund'):06d}"
    lives = ("refund",)
    _cost(world, visit, paid, _Line(wrong, charge, 1, fund, first, lives=lives))
    _cost(world, visit, back, _Line(right, charge, -1, -fund, second, wrong, lives=lives))


def _give_back(world: World, visit: Visit, charge: Charge) -> None:
    """One package of several comes back; the bill of the visit stays as it was settled."""
    assert visit.settled is not None
    at = visit.settled + timedelta(minutes=35)
    amount = charge.amount_cents // charge.quantity
    fund = amount * 60 // 100 if visit.insurance_cents else 0
    back = _invoice(world, visit, f"P{charge.charge_id}", at, -amount, -fund)
    key = f"T{world.count(visit, 'refund'):06d}"
    line = _Line(key, charge, -1, -fund, at, charge.charge_id, packages=1, lives=("partial_refund",))
    _cost(world, visit, back, line)


def _cost(world: World, visit: Visit, invoice: _Invoice, line: _Line) -> None:
    order, amount = line.charge.order, line.amount
    personal = amount - line.fund
    insured = visit.insurance_cents > 0
    free = "free_registration" in order.lives
    registration = order.kind == "registration"
    world.emit(
        "encounter_medical_cost",
        visit,
        line.cost_id,
        {
            "patient_id": visit.patient.local_id,
            "visit_id": visit.visit_id,
            "visit_type": visit.kind,
            "outpatient_no": visit.local_no,
            "patient_name": visit.patient.name,
            **_invoice_facts(invoice),
            "charge_type_code": "1" if line.sign > 0 else "2",
            "original_cost_id": line.original,
            "occur_time": dt15(line.at),
            **_item_facts(order),
            "insurance_item_code": insurance_code(order.item) if insured and not registration else None,
            "unit_price": f"{yuan(0 if free else order.item.price_cents)}00",
            "quantity": decimal(line.quantity, 2),
            "amount": yuan(amount),
            "discount_amount": "0.00",
            "insurance_amount": yuan(line.fund),
            "personal_amount": yuan(personal),
            "own_expense_amount": yuan(0 if insured else personal),
            "self_pay_ratio": "0.4000" if insured else "1.0000",
            "insurance_class_code": "1" if insured else "3",
            "insurance_type_code": visit.patient.insurance_code,
            "payment_method_code": visit.payment_code,
            "order_dept_code": order.dept.code,
            "order_dept_name": order.dept.name,
            "order_doctor_id": None if registration else order.doctor.staff_id,
            "order_doctor_name": None if registration else order.doctor.name,
            "exec_dept_code": order.exec_dept.code,
            "exec_dept_name": order.exec_dept.name,
            "refund_reason": line.why,
        },
        created=line.at,
        updated=invoice.at,
        lives=(*order.lives, *line.lives),
    )


def _invoice_facts(invoice: _Invoice) -> dict[str, str | None]:
    return {
        "settlement_no": invoice.settlement_no,
        "invoice_no": invoice.number,
        "settlement_source_code": invoice.source,
        "charge_time": dt15(invoice.at),
        "settlement_total_amount": yuan(invoice.total),
        "settlement_insurance_amount": yuan(invoice.fund),
        "settlement_personal_amount": yuan(invoice.total - invoice.fund),
        "cashier_id": invoice.cashier.staff_id,
        "cashier_name": invoice.cashier.name,
    }


def _item_facts(order: Order) -> dict[str, str | None]:
    item, category = order.item, _category(order)
    drug = isinstance(item, Drug)
    return {
        "fee_category_code": category,
        "fee_category_name": value_set("CV07.10.001")[category],
        "item_code": item.item_id,
        "item_name": item.name,
        "item_type_code": "1" if drug else "3" if order.kind == "material" else "2",
        "prescription_id": order.group if drug else None,
        "prescription_drug_id": order.order_id if drug else None,
        "request_no": request_no(order),
        "item_spec": item.spec if isinstance(item, Drug) else None,
        "item_unit": item.unit,
        "herb_doses": "7" if isinstance(item, Drug) and item.type == "3" else None,
    }


def _category(order: Order) -> str:
    """CV07.10.001, the classes of the outpatient bill."""
    if isinstance(order.item, Drug):
        return f"0{order.item.type}"
    if order.kind == "exam":
        return "07" if order.exec_dept.code == _IMAGING else "05"
    return {"consult": "04", "lab": "06", "treatment": "08", "surgery": "09"}.get(order.kind, "99")


def build(world: World, batch: Batch) -> None:
    """The bills of all who were seen and did not stay."""
    for visit in batch.visits:
        if visit.inpatient or visit.cancelled or visit.settled is None:
            continue
        _bill(world, visit)
        who = visit.campus.name
        if visit.kind == "1" and world.lives.happens("refund", who, visit.visit_id):
            _refund(world, visit)
        for charge in visit.charges:
            packages = isinstance(charge.order.item, Drug) and charge.order.item.type != "3"
            if (
                packages
                and charge.quantity > 1
                and world.lives.happens("partial_refund", who, charge.charge_id)
            ):
                _give_back(world, visit, charge)


DOMAIN = Domain((COST,), build)
