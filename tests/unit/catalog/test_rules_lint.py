"""Each kind of finding about rules.yaml, shown on a small edition; the same data made sound say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from medferry.catalog.files import CatalogFiles
from medferry.catalog.findings import CatalogFinding
from medferry.catalog.load import LoadedCatalog
from medferry.checks.lint_rules import count_rules, lint_rule_books

SOUND = """\
required_when:
  paid_flag: {item_id: {filled: true}}
rules:
  - rule: I-1
    check: {filled: paid_flag}
    when: {record_status: "1"}
    holds_because: required
waived:
  I-2: 没有金额字段
near:
  I-1: [{record_status: "0"}]
"""
CASES = [
    ("rule_unknown", 4, "rule: I-1", "rule: I-9"),
    ("rule_without_near", 0, '  I-1: [{record_status: "0"}]', '  I-8: [{record_status: "0"}]'),
    ("rule_holds_near", 0, '[{record_status: "0"}]', '[{record_status: "1"}]'),
    ("rules_damaged", 1, '[{record_status: "0"}]', "[]"),
    ("rule_unknown", 0, "  I-2:", "  I-7:"),
    ("rule_both", 0, "  I-2:", "  I-1:"),
    ("rule_without_reason", 0, "没有金额字段", '""'),
    ("rule_without_reason", 4, "filled: paid_flag}", "filled: paid_flag}\n    severity: warning"),
    ("rule_without_reason", 0, "holds_because: required", "severity: error"),
    ("rule_without_reason", 0, "    holds_because: required\n", ""),
    ("rule_without_reason", 4, "holds_because: required", "holds_because: refused"),
    ("rule_stricter", 4, "I-1\n", "I-2\n"),
    ("rule_cannot_hold", 4, "holds_because: required", "holds_because: closed"),
    ("rule_cannot_hold", 4, "holds_because: required", "holds_because: destroyed"),
    (
        "rule_cannot_hold",
        4,
        'filled: paid_flag}\n    when: {record_status: "1"}\n    holds_because: required',
        "same: {field: item_id, other: org_code, tolerance: 1}}\n    holds_because: contradiction",
    ),
    ("rules_damaged", 4, "holds_because: required", "holds_because: usual"),
    ("rule_entry", 0, "required_when:", "may_be_absent: {没有人记: [payed_flag]}\nrequired_when:"),
    ("rule_entry", 0, "required_when:", "may_be_absent: {没有人记: [item_id]}\nrequired_when:"),
    ("rule_entry", 4, "filled: paid_flag", "filled: payed_flag"),
    ("rule_entry", 4, "filled: paid_flag", "fulfilled: {field: paid_flag}"),
    ("rule_entry", 4, "filled: paid_flag", "not_before: {later: item_id}"),
    ("rule_entry", 4, '{record_status: "1"}', "{record_status: 1}"),
    ("rule_entry", 4, '{record_status: "1"}', "{record_status: {more_than: 1}}"),
    ("rule_entry", 4, '{record_status: "1"}', "{patient_id.sex: x}"),
    ("rule_entry", 4, '{record_status: "1"}', "{paid_flag.sex_code: x}"),
    ("rule_entry", 4, "filled: paid_flag}", "filled: paid_flag}\n    with: {n: {count: bill, on: item_id}}"),
    (
        "rule_entry",
        4,
        "filled: paid_flag}",
        "filled: paid_flag}\n    with: {n: {count: patient, on: item_id}}",
    ),
    ("rule_entry", 4, '"1"}', '"1", patient_id.sex_code: "1"}\n    scope: row'),
    (
        "rule_cannot_hold",
        4,
        "filled: paid_flag}",
        "filled: paid_flag}\n    scope: later",
    ),
    ("rules_damaged", 4, "check: {filled: paid_flag}", "check: filled"),
    ("rules_damaged", 4, "when: {", "whenn: {"),
    ("rules_damaged", 6, "check: {filled: paid_flag}", "check: {filled: paid_flag"),
    ("rules_damaged", 4, "when: {", "with: {n: {count: patient.x, on: patient_id}}\n    when: {"),
    ("rules_damaged", 4, "when: {", "with: {n: {last: item.paid_flag, on: item_id}}\n    when: {"),
    (
        "rules_damaged",
        4,
        "when: {",
        "with: {n: {first: item.paid_flag, on: item_id, before: created_at}}\n    when: {",
    ),
    (
        "rule_entry",
        4,
        "filled: paid_flag}",
        "filled: paid_flag}\n    with: {n: {last: item.paid_flag, on: item_id, before: long_ago}}",
    ),
    ("rules_open", 0, "waived:\n  I-2: 没有金额字段\n", ""),
]


def edition(folder: Path, text: str) -> LoadedCatalog:
    (folder / "tables" / "item" / "rules.yaml").write_text(text, encoding="utf-8")
    return LoadedCatalog("small", CatalogFiles((folder,)))


def test_sound_rules_say_nothing_and_are_counted(small_edition: Path) -> None:
    catalog = edition(small_edition, SOUND)
    assert lint_rule_books(catalog) == []
    counts = count_rules(catalog)
    assert (counts.rules, counts.expressed, counts.waived, counts.conditions) == (2, 1, 1, 1)


@pytest.mark.parametrize(("check", "line", "old", "new"), CASES)
def test_finding(small_edition: Path, check: str, line: int, old: str, new: str) -> None:
    assert old in SOUND
    found: list[CatalogFinding] = lint_rule_books(edition(small_edition, SOUND.replace(old, new, 1)))
    matching = [finding for finding in found if finding.check == check]
    assert matching, found
    assert (matching[0].file, matching[0].line) == ("small/tables/item/rules.yaml", line)
    assert matching[0].severity == ("warning" if check == "rules_open" else "error")
    assert matching[0].text
    assert matching[0].fix


def test_words_that_yaml_would_turn_into_something_else(small_edition: Path) -> None:
    text = SOUND.replace('"1"}', "[on, no, 01, 20260115T080000, 1.2.3]}")
    assert lint_rule_books(edition(small_edition, text)) == []
