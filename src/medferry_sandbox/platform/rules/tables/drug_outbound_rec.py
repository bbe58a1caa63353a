"""药品出库记录: what its rules say, in rules.csv's words. Quantities count packages; what comes back is negative."""

from __future__ import annotations

from typing import Final

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.conditions import above, pointed, product_of, says, says_other, total_of

rules = RuleBook("drug_outbound_rec")

_WESTERN_OR_PATENT: Final = ("1", "2")
_HERB_PIECES: Final = "3"
_TO_A_DEPARTMENT: Final = ("01", "02", "05")
_RETURNED: Final = "06"
_SPOILT: Final = "07"
_NEEDS_A_REASON: Final = (_RETURNED, _SPOILT, "08")

rules.needs("ypid", when=says("drug_type_code", *_WESTERN_OR_PATENT))
rules.needs("approval_no", when=says_other("drug_type_code", _HERB_PIECES))

rules.row("DO-01").comes_to("retail_amount", product_of("retail_price", "outbound_quantity"))
rules.row("DO-01").comes_to("purchase_amount", product_of("purchase_price", "outbound_quantity"))
rules.row("DO-02").comes_to("outbound_min_quantity", product_of("outbound_quantity", "conversion_factor"))
rules.row("DO-03").not_before("expiry_date", "outbound_time", when=says_other("outbound_type_code", _SPOILT))
rules.row("DO-04").needs("in_dept_id", "in_dept_name", when=says("outbound_type_code", *_TO_A_DEPARTMENT))
rules.row("DO-04").other_than("in_dept_id", "out_dept_id", when=says("outbound_type_code", *_TO_A_DEPARTMENT))
rules.row("DO-05").needs("outbound_reason", when=says("outbound_type_code", *_NEEDS_A_REASON))
rules.row("DO-05").needs("supplier_name", when=says("outbound_type_code", _RETURNED))

# Only of batches that came in before our eyes: what lay there before has no purchase.
_came: Final = total_of("drug_purchas_rec", "stock_in_quantity", "drug_id", "batch_no")
_went: Final = total_of("drug_outbound_rec", "outbound_quantity", "drug_id", "batch_no")
rules.later("DO-06").wrong("outbound_quantity", above(_came, 0) & above(_went, _came))
rules.row("DO-07").other_than("operator_id", "reviewer_id")
rules.later("DO-08").exists("drug_id")
rules.later("DO-08").comes_to("conversion_factor", pointed("drug_id", "conversion_factor"), tolerance="0.001")
