"""门(急)诊医嘱: what its rules say, in rules.csv's words."""

from __future__ import annotations

from medferry_sandbox.platform.rules.book import RuleBook
from medferry_sandbox.platform.rules.orders import of_a_record

rules = RuleBook("encounter_opt_order")
of_a_record(rules, "EOO", "medical_record_id")
