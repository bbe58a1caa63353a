"""抗肿瘤药物采购记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from decimal import Decimal

from medferry_sandbox.platform.rules.beside import Beside, Record
from medferry_sandbox.platform.rules.book import RuleBook, Says
from medferry_sandbox.platform.rules.conditions import has, lacks, nowhere, product_of, their
from medferry_sandbox.platform.rules.texts import added, texts_of

rules = RuleBook("procurement_records_antitumor_drug")

rules.row("AT-01").comes_to("purchase_amount", product_of("unit_price", "purchase_quantity"))
rules.later("AT-02").exists_as("drug_id", "antitumor_flag", "T")
rules.later("AT-02").agrees("generic_name", "specification", at="drug_id")
rules.parent("AT-03", "purchase_record_id").comes_to(
    "purchase_quantity", their("purchase_quantity"), tolerance="0.001"
)
rules.parent("AT-03", "purchase_record_id").comes_to("purchase_amount", their("purchase_amount"))
# One that does not name its purchase is looked for by drug and batch.
rules.later("AT-03").wrong(
    "purchase_record_id",
    nowhere("purchase_record_id")
    | ~has("purchase_record_id") & lacks("drug_purchas_rec", "drug_id", "batch_no"),
)


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
