"""A record judged by itself, field by field, as the words of the standard say.

Decisions where the words leave room:
- every value is a text; a number, a boolean, a list or null is 3002. An empty text counts as absent.
- what is refused and what only warns: `holding`.
- placeholders (3007), where a required field's whole value is a pure sign or a machine's word for nothing
  (`PLACEHOLDERS`), or a date of year 1: as good as nothing, and refused where nothing is. 无, 未知 and 不详 are answers
  in prose (既往史: 无特殊填无) and a warning elsewhere. Where the field's own words ask for “-” or 无, it is an answer.
- a code field with a list is judged by its list alone: some lists are wider than the format beside them.
- spoiled on its way (3008, `spoiled`): numbers in scientific notation, texts of question marks, mojibake.
- a number outside its scale (3005): a saturation of 120 %.
- a digit in a field of letters (A) warns.
- characters that no record needs (3008): C0 but line break and tab, DEL, C1; U+FFFD, the mark of a broken
  conversion; a byte order mark; pictures of emotion.
- one finding per field, the first that holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from medferry_sandbox.platform.findings import ERROR, WARNING, Finding
from medferry_sandbox.platform.formats import FINE, text_check
from medferry_sandbox.platform.holding import identifying
from medferry_sandbox.platform.project_checks import ProjectChecks
from medferry_sandbox.platform.row_rules import general_rules, written_rules
from medferry_sandbox.platform.spoiled import is_off_scale, is_spoiled
from medferry_sandbox.platform.standard import Accepted, FieldWords, Standard, TableWords

PLACEHOLDERS: Final = frozenset(
    ("-", "--", "---", "—", "——", "–", "－", "~", "/", "//", "\\", "／", "*", "**", ".", "。", "?", "？",
     "空", "空值", "null", "NULL", "Null", "none", "None", "NONE", "N/A", "n/a", "nan", "NaN",
     "nil", "undefined")
)  # fmt: skip
_ANSWERS: Final = frozenset(("无", "未知", "不详"))
_MAY_BE_DASH: Final = "填“-”"
_MAY_BE_NONE: Final = re.compile("填[“‘]?无")
_SEVERAL_SAID: Final = re.compile("多[值个].*(逗号|分号)|(逗号|分号)(分隔|隔开)")
_PARTING: Final = re.compile("[,，、;；]")
_YEAR_ONE: Final = "0001"
_SUSPICIOUS_BYTES: Final = re.compile(
    rb"\\u00|\\[bf]|\x7f|\xc2[\x80-\x9f]|\xef\xbf\xbd|\xef\xbb\xbf|\xf0\x9f|\\uf[ef]f|\\ud83", re.IGNORECASE
)
_UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffd\U0001f000-\U0001faff]")
_LETTERS: Final = re.compile(r"A[.0-9]")
_ANY_CHARACTERS: Final = re.compile(r"AN?[.0-9]|text")

Judge = Callable[[str], str]


def looks_suspicious(body: bytes) -> bool:
    """Whether a message may hold control characters at all; one search spares one per field."""
    return _SUSPICIOUS_BYTES.search(body) is not None


class RecordValidator:
    """One table's judge, compiled from its words when the table is first sent."""

    def __init__(
        self,
        table: TableWords,
        standard: Standard,
        waived: frozenset[tuple[str, str]],
        *,
        with_rules: bool = True,
        agreed: ProjectChecks | None = None,
    ) -> None:
        self.table = table
        self._agreed = agreed or ProjectChecks()
        self._required = frozenset(
            f.name
            for f in table.fields
            if f.required == "R" and f.wire and (table.name, f.name) not in waived
        )
        self._keys = standard.severities(table.name).keys
        self._identify = identifying(((f.name, f.required, f.key) for f in table.fields), table.key_field)
        self._needed = _as_agreed(standard.needed(table.name), self._identify, table, self._agreed)
        self._open = frozenset(
            f.name for f in table.fields if f.code_system and not standard.is_closed(f.code_system)
        )
        self._judges: Mapping[str, Judge] = {
            f.name: _judge(f, standard, required=f.name in self._required) for f in table.fields
        }
        own = written_rules(table, standard.severities(table.name), waived) if with_rules else []
        self._rules = (*general_rules(table), *own)

    def check(self, record: dict[str, object], org_code: str, *, suspicious: bool) -> list[Finding]:
        """Everything wrong with one record of the organisation `org_code`."""
        findings: list[Finding] = []
        judges = self._judges
        empty: list[str] = []
        odd = False
        for name, value in record.items():
            judge = judges.get(name)
            if judge is None:
                findings.append(Finding("3009", name, severity=WARNING))
            elif not isinstance(value, str):
                odd = True
                findings.append(Finding("3002", name, "string", ERROR, "值必须是文本，无值时省略该字段"))
            elif value == "":
                empty.append(name)
            elif code := judge(value):
                findings.append(self._finding(name, code, value))
        missing = self._required - record.keys()
        if missing or empty:
            missing = missing.union(self._required.intersection(empty))
            findings.extend(
                Finding("3001", name, "R", ERROR if name in self._needed else WARNING)
                for name in sorted(missing)
            )
        if not odd:
            findings = self._judge_whole(record, empty, org_code, suspicious, findings)
        if not self._agreed.severities:
            return findings
        return [
            self._agreed.applied(self.table.name, one, fixed=self._cannot_pass(one, record))
            for one in findings
        ]

    def _cannot_pass(self, finding: Finding, record: dict[str, object]) -> bool:
        """Whether a record with it is refused whatever was agreed."""
        if (finding.rule, finding.field, finding.code) in self._keys:
            return True
        value, written = record.get(finding.field), self.table.by_name.get(finding.field)
        if finding.code in ("3002", "3004", "3005"):
            return written is None or not isinstance(value, str) or text_check(written)(value) != FINE
        return finding.code in ("3001", "3007") and finding.field in self._identify

    def _judge_whole(
        self,
        record: dict[str, object],
        empty: list[str],
        org_code: str,
        suspicious: bool,
        findings: list[Finding],
    ) -> list[Finding]:
        texts = cast(dict[str, str], record)
        if empty:
            texts = {name: text for name, text in texts.items() if text}
        if texts.get("org_code", org_code) != org_code:
            findings.append(Finding("1008", "org_code"))
        if suspicious:
            findings.extend(
                _unwanted_characters(
                    texts, self._judges, {one.field for one in findings if one.severity == ERROR}
                )
            )
        for rule in self._rules:
            found = rule(texts)
            if found:
                findings.extend(found)
        return findings

    def _finding(self, name: str, code: str, text: str) -> Finding:
        field = self.table.by_name[name]
        mild = {
            # A digit in a field of letters: rule PAT-008 asks no more of names, and wards and staff have them.
            "3002": bool(_LETTERS.match(field.format)),
            "3003": name in self._open,
            "3007": name not in self._needed or text in _ANSWERS,
        }.get(code, False)
        rule = {"3003": field.code_system, "3007": "R"}.get(code, field.format)
        return Finding(code, name, rule, WARNING if mild else ERROR)


def _as_agreed(
    needed: frozenset[str], identify: frozenset[str], table: TableWords, agreed: ProjectChecks
) -> frozenset[str]:
    """Fields without which a record is refused, after what was agreed of this hospital."""
    asked = {field.name: agreed.of_absence(table.name, field.name) for field in table.fields}
    more = {name for name, severity in asked.items() if severity == ERROR}
    fewer = {name for name, severity in asked.items() if severity == WARNING} - identify
    return (needed | more) - fewer


def _judge(field: FieldWords, standard: Standard, *, required: bool) -> Judge:
    accepted = standard.accepted(field.code_system) if field.code_system else None
    written = text_check(field)
    judge = written if accepted is None else _member_check(accepted, written)
    if accepted is not None and (field.many or _SEVERAL_SAID.search(field.description_zh)):
        judge = _each_a_member(judge, accepted, written)
    may_be_dash = _MAY_BE_DASH in field.description_zh
    if required and field.type in ("date", "datetime"):
        judge = _not_of_year_one(judge)
    elif required and accepted is None and _ANY_CHARACTERS.match(field.format):
        words = PLACEHOLDERS
        if field.type != "text":
            may_be_none = _MAY_BE_NONE.search(field.description_zh) is not None
            words |= _ANSWERS - {"无"} if may_be_none else _ANSWERS
        judge = _no_placeholder(judge, words)
    if _ANY_CHARACTERS.match(field.format) if accepted is None else not standard.is_closed(field.code_system):
        judge = _not_spoiled(judge, field)
    if field.type in ("integer", "decimal") and field.name in standard.scales:
        judge = _on_scale(judge, *standard.scales[field.name])
    return _or_dash(judge) if may_be_dash else judge


def _not_spoiled(judge: Judge, field: FieldWords) -> Judge:
    return lambda text: "3008" if is_spoiled(text, field) else judge(text)


def _on_scale(judge: Judge, least: str, most: str) -> Judge:
    return lambda text: judge(text) or ("3005" if is_off_scale(text, least, most) else FINE)


def _member_check(accepted: Accepted, written: Judge) -> Judge:
    """A listed code is fine however it is written; one that only looks like a code must also keep to the format."""

    def judge(text: str) -> str:
        if accepted.lists(text) or (accepted.takes(text) and written(text) == FINE):
            return FINE
        return "3003"

    return judge


def _each_a_member(one_alone: Judge, accepted: Accepted, written: Judge) -> Judge:
    """Several codes in one field, parted by commas or semicolons of either width: all are known, and they fit together."""

    def judge(text: str) -> str:
        if one_alone(text) == FINE:
            return FINE
        each = [part.strip() for part in _PARTING.split(text)]
        return FINE if all(map(accepted.takes, each)) and written(text) == FINE else "3003"

    return judge


def _not_of_year_one(judge: Judge) -> Judge:
    return lambda text: "3007" if text.startswith(_YEAR_ONE) else judge(text)


def _no_placeholder(judge: Judge, words: frozenset[str]) -> Judge:
    return lambda text: judge(text) or ("3007" if text in words else FINE)


def _or_dash(judge: Judge) -> Judge:
    return lambda text: FINE if text == "-" else judge(text)


def _unwanted_characters(
    texts: dict[str, str], judges: Mapping[str, Judge], found: set[str]
) -> list[Finding]:
    return [
        Finding("3008", name)
        for name, text in texts.items()
        if name in judges and name not in found and _UNWANTED.search(text)
    ]


def refused(findings: list[Finding]) -> bool:
    return any(finding.severity == ERROR for finding in findings)
