"""Goal: the words of a rule name fields and tables that there are. Method: every name in them, of all tables."""

from __future__ import annotations

import re

from medferry.catalog.load import load_catalog

_NAME = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


def test_every_name_in_a_rule_is_a_field_or_a_table() -> None:
    catalog = load_catalog()
    tables = set(catalog.table_names)
    known = tables | {field for table in tables for field in catalog.table(table).field_names}
    unknown = {
        (rule.rule_id, name)
        for table in sorted(tables)
        for rule in catalog.rules(table)
        for name in _NAME.findall(f"{rule.scope} {rule.expression_zh}")
        if name not in known
    }
    assert unknown == set()
