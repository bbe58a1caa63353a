"""What the pharmacies buy, known before anything is consumed: equal for every domain that asks, whatever the order.

    purchases(world, campus)                       all deliveries of the campus, drug by drug
    [one for one in … if one.drug.antitumor]       those of antitumour drugs
`key` is drug_purchas_rec.purchase_record_id; `wave` says when the purchase is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from medferry_sandbox.hospital.directories import drugs
from medferry_sandbox.hospital.model import Campus, Drug
from medferry_sandbox.hospital.world import World


@dataclass(frozen=True)
class Warehouse:
    """kind: WAREHOUSE_TYPE. Both belong to the pharmacy department K01."""

    code: str
    name: str
    kind: str


OUTPATIENT = Warehouse("YF01", "门诊药房", "2")
INPATIENT = Warehouse("YF02", "住院药房", "3")
WAREHOUSES = (OUTPATIENT, INPATIENT)


@dataclass(frozen=True)
class Supplier:
    """A wholesaler; credit_code after GB 32100."""

    code: str
    name: str
    credit_code: str


_SUPPLIERS = (
    Supplier("GYS01", "江西南华医药有限公司", "91360100MA307567XQ"),
    Supplier("GYS02", "国药控股江西有限公司", "91360100MA360106X2"),
    Supplier("GYS03", "江西汇仁医药贸易有限公司", "91360100MA36011158"),
)


@dataclass(frozen=True)
class Purchase:
    """One line of a delivery: a batch of a drug for a warehouse. `stocked` None: ordered, not yet there."""

    key: str
    order_no: str
    wave: int
    warehouse: Warehouse
    drug: Drug
    quantity: int
    ordered: datetime
    stocked: datetime | None
    batch_no: str
    produced: date
    expires: date

    @property
    def unit_price(self) -> Decimal:
        return Decimal(purchase_price(self.drug))

    @property
    def amount(self) -> str:
        """Yuan, two digits."""
        return f"{self.unit_price * self.quantity:.2f}"


def purchase_price(drug: Drug) -> str:
    """Yuan per package, four digits: the retail price, but herbs may earn a quarter."""
    price = Decimal(drug.price_cents) / 100
    return f"{price / Decimal('1.25') if drug.type == '3' else price:.4f}"


def supplier(drug: Drug) -> Supplier:
    """Who delivers it."""
    return _SUPPLIERS[int(drug.drug_id[1:]) % len(_SUPPLIERS)]


def opening_quantity(world: World, drug: Drug) -> int:
    """Packages that outlast whatever the planned visits take; dear drugs in small numbers."""
    visits = world.scenario.visits
    if drug.type == "3":
        return 5000 + 10 * visits
    return 100 + visits // 4 if drug.price_cents > 20000 else 400 + 3 * visits


def purchases(world: World, campus: Campus) -> list[Purchase]:
    """Every drug for both pharmacies a month before; every third again on the third day; a few on order in wave 2."""
    found: list[Purchase] = []
    opening = datetime.combine(world.start, time(9, 30)) - timedelta(days=30)
    again = datetime.combine(world.start, time(10, 10)) + timedelta(days=2)
    wanted = world.scenario.horizons[1] + timedelta(hours=9)
    for place, drug in enumerate(drugs()):
        for warehouse in WAREHOUSES:
            stocked = opening + timedelta(days=2, minutes=place)
            found.append(_purchase(world, found, warehouse, drug, 1, opening, stocked))
            if (place + int(warehouse.kind)) % 3 == 0 or drug.antitumor:
                found.append(_purchase(world, found, warehouse, drug, 1, again, again + timedelta(hours=26)))
            if (place + int(warehouse.kind)) % 13 == 0:
                found.append(_purchase(world, found, warehouse, drug, 2, wanted, None))
    return found


def _purchase(
    world: World,
    found: list[Purchase],
    warehouse: Warehouse,
    drug: Drug,
    wave: int,
    ordered: datetime,
    stocked: datetime | None,
) -> Purchase:
    number = len(found) + 1
    produced = (ordered - timedelta(days=60 + number % 90)).date()
    quantity = opening_quantity(world, drug)
    return Purchase(
        key=f"CG{number:06d}",
        order_no=f"CGD{ordered:%Y%m%d}{warehouse.kind}{supplier(drug).code[-1]}",
        wave=wave,
        warehouse=warehouse,
        drug=drug,
        quantity=quantity if ordered < datetime.combine(world.start, time()) else max(10, quantity // 4),
        ordered=ordered,
        stocked=stocked,
        batch_no=f"{produced:%y%m%d}{number % 10}{drug.drug_id[-2:]}",
        produced=produced,
        expires=produced + timedelta(days=729),
    )
