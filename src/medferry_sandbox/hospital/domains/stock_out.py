"""Drugs handed out, and what is left. Resource system (RES): stock_out, stock_count; batches from stock_in.

What the pharmacies hand out a day is what the charges of that day's orders say, so that issues, prescriptions and bills
agree. Stock is counted before the first day, at the end of wave 1 and of wave 2: opening + in - out = stock each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from medferry_sandbox.hospital.code_lists import code_list
from medferry_sandbox.hospital.directories import drugs
from medferry_sandbox.hospital.domains import res_items
from medferry_sandbox.hospital.domains.stock_in import drug_facts, money, origin
from medferry_sandbox.hospital.model import Campus, Drug, Visit, d8, dt15, flag
from medferry_sandbox.hospital.recipe import Recipe
from medferry_sandbox.hospital.scenario import Batch
from medferry_sandbox.hospital.stock_plan import (
    INPATIENT,
    OUTPATIENT,
    Purchase,
    Warehouse,
    purchase_price,
    purchases,
    supplier,
)
from medferry_sandbox.hospital.world import Domain, World

code_list(
    "res",
    "out_kind",
    "DRUG_OUTBOUND_TYPE",
    "01=LY:科室领用 02=QL:药房请领 03=MZ:门诊发药 04=ZY:住院发药 06=TH:退货 07=BS:报损",
)
code_list("res", "room_kind", "WAREHOUSE_TYPE", "2=2:门诊药房 3=3:住院药房")
code_list(
    "res", "stock_state", "DRUG_STOCK_STATUS", "1=OK:可用 2=WAIT:待验 3=LOCK:封存 4=OLD:过期 5=STOP:停用"
)

OUTBOUND = Recipe(
    "drug_outbound_rec",
    faults="missing:outbound_no bad_code:outbound_type_code full_width:outbound_no blanks:outbound_no",
    corrects="remark",
    late=True,
)
INVENTORY = Recipe(
    "drug_inventory_rec",
    faults="missing:batch_no bad_code:stock_status_code full_width:batch_no,shelf_location blanks:shelf_location",
    corrects="remark",
    late=True,
)


@dataclass(frozen=True)
class Issue:
    """Packages of a drug leaving a pharmacy. kind: DRUG_OUTBOUND_TYPE; `to`: a ward's code; `why`: C fields of 06, 07."""

    at: datetime
    kind: str
    warehouse: Warehouse
    drug: Drug
    packages: int
    to: str = ""
    why: str = ""


def _issues(world: World, campus: Campus, visits: Iterable[Visit], wave: int) -> list[Issue]:
    """What the visits took, a day's sum per drug and pharmacy; in wave 1 also the pharmacies' own issues."""
    sums: Counter[tuple[date, str, str]] = Counter()
    known: dict[str, Drug] = {}
    for visit in visits:
        for order in visit.orders:
            if visit.campus.name == campus.name and isinstance(order.item, Drug):
                known[order.item.drug_id] = order.item
                for charge in order.charges:
                    sums[charge.at.date(), "04" if visit.inpatient else "03", order.item.drug_id] += (
                        charge.quantity
                    )
    issues = [
        Issue(
            datetime.combine(day, time(23, 20)),
            kind,
            INPATIENT if kind == "04" else OUTPATIENT,
            known[drug_id],
            packages,
        )
        for (day, kind, drug_id), packages in sums.items()
    ]
    if wave == 1:
        issues += _own_issues(world)
    return sorted(issues, key=lambda one: (one.at, one.kind, one.drug.drug_id))


def _own_issues(world: World) -> list[Issue]:
    drug = {one.drug_id: one for one in drugs()}
    day = datetime.combine(world.start, time(15, 10))
    return [
        Issue(day + timedelta(days=1), "01", INPATIENT, drug["Y1015"], 20, to="W14"),
        Issue(day + timedelta(days=3), "01", INPATIENT, drug["Y1016"], 10, to="W06"),
        Issue(day + timedelta(days=2), "07", OUTPATIENT, drug["Y1005"], 2, why="外包装破损，不能使用"),
        Issue(day + timedelta(days=4), "06", OUTPATIENT, drug["Z3003"], 5, why="近效期，与供应商协商退货"),
    ]


def _outbound(world: World, campus: Campus, issue: Issue, source: Purchase, left: int) -> None:
    directory = world.directory(campus)
    pharmacists = directory.people("pharmacist", directory.dept("K01"))
    giver, checker = pharmacists[:2] if issue.at.day % 2 else pharmacists[1::-1]
    target = directory.dept(issue.to) if issue.to else None
    number = world.count(campus, "outbound")
    drug = issue.drug
    retail = f"{drug.price_cents / 100:.4f}"
    world.emit(
        "drug_outbound_rec",
        campus,
        f"CK{number:07d}",
        {
            **drug_facts(drug),
            "outbound_no": f"CKD{issue.at:%Y%m%d}{issue.kind}",
            "outbound_time": dt15(issue.at),
            "outbound_type_code": issue.kind,
            "warehouse_code": issue.warehouse.code,
            "warehouse_name": issue.warehouse.name,
            "out_dept_id": "K01",
            "out_dept_name": directory.dept("K01").name,
            "in_dept_id": target.code if target else None,
            "in_dept_name": target.name if target else None,
            "conversion_factor": f"{drug.factor}.00",
            "batch_no": source.batch_no,
            "expiry_date": d8(source.expires),
            "outbound_quantity": f"{issue.packages}.00",
            "outbound_min_quantity": f"{issue.packages * drug.factor}.00",
            "purchase_price": purchase_price(drug),
            "retail_price": retail,
            "purchase_amount": money(purchase_price(drug), issue.packages),
            "retail_amount": money(retail, issue.packages),
            "stock_after_quantity": f"{left}.00",
            "purchase_record_id": source.key,
            "supplier_name": supplier(drug).name if issue.kind == "06" else None,
            "outbound_reason": issue.why,
            "operator_id": giver.staff_id,
            "operator_name": giver.name,
            "reviewer_id": checker.staff_id,
            "reviewer_name": checker.name,
            "receiver_name": directory.people("nurse", target)[0].name if target else None,
        },
        created=issue.at,
    )


def _count(world: World, campus: Campus, day: date, one: Purchase, first: int, came: int, went: int) -> None:
    key = f"KC{day:%y%m%d}{one.warehouse.kind}{one.key[2:]}"
    differs = world.lives.happens("count_difference", campus.name, key)
    drug, left = one.drug, first + came - went - differs
    assert left >= 0, f"{drug.drug_id} in {one.warehouse.code}: more handed out than bought"
    assert one.stocked is not None
    retail = f"{drug.price_cents / 100:.4f}"
    at = datetime.combine(day, time(23, 45))
    world.emit(
        "drug_inventory_rec",
        campus,
        key,
        {
            **drug_facts(drug),
            "inventory_date": d8(day),
            "warehouse_code": one.warehouse.code,
            "warehouse_name": one.warehouse.name,
            "warehouse_type_code": one.warehouse.kind,
            "drug_standard_code": res_items.body_code(drug),
            "drug_supervision_code": res_items.trace_code(drug),
            "package_quantity": f"{drug.factor}.00",
            "origin_code": origin(drug),
            "batch_no": one.batch_no,
            "production_date": d8(one.produced),
            "expiry_date": d8(one.expires),
            "opening_quantity": f"{first}.00",
            "inbound_quantity": f"{came}.00",
            "outbound_quantity": f"{went}.00",
            "stock_quantity": f"{left}.00",
            "stock_min_quantity": f"{left * drug.factor}.00",
            "frozen_quantity": "0.00",
            "stock_upper_limit": f"{one.quantity * 3}.00",
            "stock_lower_limit": "5.00",
            "purchase_price": purchase_price(drug),
            "retail_price": retail,
            "purchase_amount": money(purchase_price(drug), left),
            "retail_amount": money(retail, left),
            "stock_in_time": dt15(one.stocked),
            "supplier_name": supplier(drug).name,
            "essential_drug_flag": flag(drug.essential),
            "essential_drug_level_code": "1" if drug.essential else None,
            "stock_status_code": "1",
            "shelf_location": f"{'ABC'[int(drug.type) - 1]}{int(one.key[2:]) % 12 + 1:02d}-{drug.drug_id[-2:]}",
            "last_count_date": d8(world.start - timedelta(days=1)),
            "remark": "盘亏一盒，原因待查" if differs else None,
        },
        created=at,
        lives=["count_difference"] if differs else [],
    )


def _wave(world: World, campus: Campus, visits: list[Visit], wave: int) -> None:
    """Issues and counts of one wave at a campus; a batch is used up before the next is begun, and none is."""
    owner = replace(campus, wave=wave)
    first_day, last_day = world.start - timedelta(days=1), world.horizon(owner).date() - timedelta(days=1)
    batches = [one for one in purchases(world, campus) if one.stocked and one.wave == 1]
    oldest = {(one.warehouse.code, one.drug.drug_id): one for one in reversed(batches)}
    left = {one.key: 0 for one in batches}
    came = {one.key: one.quantity for one in batches}
    if wave == 1:
        for one in (one for one in batches if one.ordered.date() < first_day):
            _count(world, owner, first_day, one, 0, one.quantity, 0)
            left[one.key], came[one.key] = one.quantity, 0
    else:
        before = f"KC{last_day - timedelta(days=1):%y%m%d}"
        for one in batches:
            facts = world.records[
                "drug_inventory_rec", campus.name, f"{before}{one.warehouse.kind}{one.key[2:]}"
            ]
            left[one.key], came[one.key] = int(facts.versions[0].facts["stock_quantity"][:-3]), 0
    went: Counter[str] = Counter()
    for issue in _issues(world, campus, visits, wave):
        source = oldest[issue.warehouse.code, issue.drug.drug_id]
        went[source.key] += issue.packages
        _outbound(world, owner, issue, source, left[source.key] - went[source.key])
    for one in batches:
        _count(world, owner, last_day, one, left[one.key], came[one.key], went[one.key])


def build(world: World, batch: Batch) -> None:
    """Waves 1 and 2; of live visits the pharmacies report the day after."""
    wave = 1 if batch.first else max((visit.wave for visit in batch.visits), default=0)
    if wave in (1, 2):
        for campus in world.campuses:
            _wave(world, campus, batch.visits, wave)


DOMAIN = Domain((OUTBOUND, INVENTORY), build)
