"""抗肿瘤药物采购记录: what its rules say, in rules.csv's words."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import above, has, lacks, nowhere, product_of, their, total_of

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

# What was in stock before the hospital was connected no record tells.
_used: Final = total_of("usage_record_antitumor_drug", "use_quantity", "drug_id")
_bought: Final = total_of("procurement_records_antitumor_drug", "purchase_quantity", "drug_id")
rules.later("AT-04").wrong("purchase_quantity", above(_used, _bought))
