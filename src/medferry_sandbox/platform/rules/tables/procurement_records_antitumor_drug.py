"""抗肿瘤药物采购记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.texts import added, differing, is_other, number, off, product, texts_of

rules = RuleBook("procurement_records_antitumor_drug")


@rules.row("AT-01")
def amount_is_price_times_quantity(record: Record) -> Says:
    if off(record.get("purchase_amount"), product(record.get("unit_price"), record.get("purchase_quantity"))):
        yield "purchase_amount"


@rules.later("AT-02")
def drug_is_an_antitumour_drug_of_the_directory(record: Record, beside: Beside) -> Says:
    drug = beside.pointed("drug_id") or {}
    if beside.points_nowhere("drug_id") or is_other(drug.get("antitumor_flag"), "T"):
        yield "drug_id"
    yield from differing(record, drug, "generic_name", "specification")


@rules.parent("AT-03", "purchase_record_id")
def agrees_with_the_purchase(record: Record, purchase: Record) -> Says:
    if off(record.get("purchase_quantity"), number(purchase.get("purchase_quantity")), tolerance="0.001"):
        yield "purchase_quantity"
    if off(record.get("purchase_amount"), number(purchase.get("purchase_amount"))):
        yield "purchase_amount"


@rules.later("AT-03")
def purchase_exists(record: Record, beside: Beside) -> Says:
    """One that does not name its purchase is looked for by drug and batch."""
    same = {name: record.get(name) for name in ("drug_id", "batch_no")}
    unnamed = "purchase_record_id" not in record
    if beside.points_nowhere("purchase_record_id") or (unnamed and beside.lacks("drug_purchas_rec", **same)):
        yield "purchase_record_id"


@rules.later("AT-04")
def no_more_used_than_bought(record: Record, beside: Beside) -> Says:
    """What was in stock before the hospital was connected no record tells."""
    drug = record.get("drug_id")
    if not drug or not beside.knows("usage_record_antitumor_drug"):
        return
    used = added(*texts_of(beside.rows("usage_record_antitumor_drug", drug_id=drug), "use_quantity"))
    bought = added(*texts_of(beside.rows(rules.table, drug_id=drug), "purchase_quantity"))
    if (used or Decimal(0)) > (bought or Decimal(0)):
        yield "purchase_quantity"
