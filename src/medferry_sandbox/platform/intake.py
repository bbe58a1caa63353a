"""Records judged against what the platform holds, and taken: one message, one transaction.

- A key twice in a message refuses all its occurrences: which of them is meant cannot be told.
- Stale is strictly older than the newest version; it is acknowledged, not applied. Equal time and equal
  content is the same version again: accepted, and written down once more, so that an auditor sees the
  doubling. Equal time and other content is a newer version.
- A parent (FK) must be held by the platform or stand earlier in the same message; a void parent still is
  one. A missing directory entry (REF) warns.
- Void keeps the record with record_status 2 as a new version; children are not touched. Void of an unknown
  key warns.
- With `atomic: ALL` the neighbours of a refused record are refused with 9001: sound, to be sent again
  without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import orjson

from medferry_sandbox.platform.findings import ERROR, MISSING, WARNING, Finding
from medferry_sandbox.platform.formats import FINE, check_datetime
from medferry_sandbox.platform.project_checks import ProjectChecks
from medferry_sandbox.platform.project_codings import ProjectCodings
from medferry_sandbox.platform.rules.book import book_of, found
from medferry_sandbox.platform.rules.lists import read_as_agreed
from medferry_sandbox.platform.settings import Profile
from medferry_sandbox.platform.standard import Standard, TableWords
from medferry_sandbox.platform.storage import Counts, Message, Storage, Version, record_sha
from medferry_sandbox.platform.validate import RecordValidator
from medferry_sandbox.platform.wire_names import in_our_names

VOIDED: Final = "2"
_STATUS_FIELD: Final = "record_status"
_TIME_FIELD: Final = "updated_at"


@dataclass(slots=True)
class Judged:
    """One record on its way to a verdict."""

    key: str
    findings: list[Finding]
    text: str = ""
    updated_at: str = ""
    status: str = ""
    version: int = 0
    parents: list[tuple[str, str, str, str]] = field(default_factory=list)  # kind, table, field, key

    @property
    def refused(self) -> bool:
        return any(finding.severity == ERROR for finding in self.findings)

    def as_reply(self, seq: int) -> dict[str, Any]:
        reply: dict[str, Any] = {"seq": seq, "key": self.key, "status": self.status}
        if self.version:
            reply["version"] = self.version
        if self.findings:
            reply["errors"] = [finding.as_reply() for finding in self.findings]
        return reply


class Intake:
    """Judges and keeps. Called inside a storage transaction."""

    def __init__(
        self,
        standard: Standard,
        storage: Storage,
        profile: Profile,
        waived: frozenset[tuple[str, str]],
        agreed: ProjectChecks,
        codings: ProjectCodings,
    ) -> None:
        self._standard = standard
        self._storage = storage
        self._profile = profile
        self._waived = waived
        self._agreed = agreed
        self._with_rules = profile.rules == "all"
        self._codings = codings
        self._validator = cache(
            lambda table, own: RecordValidator(
                own.table(table), own, waived, with_rules=self._with_rules, agreed=agreed
            )
        )

    def take(
        self, message: Message, records: Sequence[dict[str, Any]], *, suspicious: bool, at: str
    ) -> tuple[Counts, list[dict[str, Any]]]:
        """Judges every record, applies the accepted ones, returns counts and the reply's details."""
        table = self._standard.table(message.table)
        records = [in_our_names(table, record, message.org_code, at) for record in records]
        if message.op == "VOID":
            judged = self._voids(table, message, records)
        else:
            judged = self._judged_alone(table, message, records, suspicious=suspicious)
        self._refuse_duplicates(table, judged)
        self._check_parents(table, message.org_code, judged)
        if self._with_rules and message.op != "VOID":
            self._check_beside(table, message.org_code, records, judged)
        if self._profile.atomic == "ALL" and any(one.refused for one in judged):
            for one in judged:
                if not one.refused:
                    one.findings.append(
                        Finding("9001", "", "atomic", message="同一报文中有记录被拒收，整包退回")
                    )
        self._apply(message, judged, at)
        return _counts(judged), self._details(table, judged)

    def _judged_alone(
        self,
        table: TableWords,
        message: Message,
        records: Sequence[dict[str, Any]],
        *,
        suspicious: bool,
    ) -> list[Judged]:
        """Every record by itself, by the lists of codes that were agreed for its campus."""
        org_code = message.org_code
        if not self._codings.campuses and self._standard.is_as_shipped:
            check = self._validator(message.table, self._standard).check
            return [
                _judged(table, record, check(record, org_code, suspicious=suspicious)) for record in records
            ]
        judged = []
        for record in records:
            own = self._codings.standard_of(org_code, str(record.get(table.key_field) or ""))
            with read_as_agreed(own or self._standard):
                findings = self._validator(message.table, own or self._standard).check(
                    record, org_code, suspicious=suspicious
                )
            judged.append(_judged(table, record, findings))
        return judged

    def _voids(self, table: TableWords, message: Message, records: Sequence[dict[str, Any]]) -> list[Judged]:
        keys = [key for record in records if isinstance(key := record.get(table.key_field), str)]
        held = self._storage.versions(table.name, message.org_code, keys)
        judged = []
        for record in records:
            key, at = record.get(table.key_field), record.get(_TIME_FIELD)
            findings = []
            if not isinstance(key, str) or not key:
                findings.append(Finding("3001", table.key_field, "R"))
            if not isinstance(at, str) or not at:
                findings.append(Finding("3001", _TIME_FIELD, "R"))
            elif check_datetime(at) != FINE:
                findings.append(Finding("3002", _TIME_FIELD, "DT15"))
            if record.get("org_code", message.org_code) != message.org_code:
                findings.append(Finding("1008", "org_code"))
            one = Judged(
                key if isinstance(key, str) else "", findings, updated_at=at if isinstance(at, str) else ""
            )
            if not findings and one.key in held:
                stored = orjson.loads(self._storage.record_text(held[one.key].seq))
                stored |= {_STATUS_FIELD: VOIDED, _TIME_FIELD: one.updated_at}
                one.text = orjson.dumps(stored).decode()
            elif not findings:
                findings.append(Finding("5004", table.key_field, severity=WARNING))
            judged.append(one)
        return judged

    def _refuse_duplicates(self, table: TableWords, judged: list[Judged]) -> None:
        if len(judged) < 2:
            return
        counted = Counter(one.key for one in judged)
        if len(counted) == len(judged):
            return
        for one in judged:
            if one.key and counted[one.key] > 1:
                one.findings.append(Finding("5001", table.key_field, "PK"))

    def _check_parents(self, table: TableWords, org_code: str, judged: list[Judged]) -> None:
        wanted: dict[str, set[str]] = {}
        for one in judged:
            for _, target, _, key in one.parents:
                wanted.setdefault(target, set()).add(key)
        if not wanted:
            return
        held = {target: self._storage.existing(target, org_code, keys) for target, keys in wanted.items()}
        for one in judged:
            for kind, target, name, key in one.parents:
                if key not in held[target]:
                    code, severity = ("4001", ERROR) if kind == "FK" else ("4002", WARNING)
                    one.findings.append(Finding(code, name, target, severity))
            if table.name in held and not one.refused:
                held[table.name].add(one.key)

    def _check_beside(
        self, table: TableWords, org_code: str, records: Sequence[dict[str, Any]], judged: list[Judged]
    ) -> None:
        """The rules about parents, for records whose parents are held, and about the message's other records."""
        book, severities = book_of(table.name), self._standard.severities(table.name)
        pointers = {pointer for written in book.parents for pointer in written.reads}
        if not book.parents and not book.messages:
            return
        going = [
            ({name: text for name, text in record.items() if text}, one)
            for record, one in zip(records, judged, strict=True)
            if not one.refused
        ]
        held = {pointer: self._pointed(table, pointer, org_code, going) for pointer in pointers}
        for record, one in going:
            for written in book.parents:
                parents = [held[pointer].get(record.get(pointer, "")) for pointer in written.reads]
                if all(parent is not None for parent in parents):
                    wrong = found(written, written.judge(record, *parents), severities)
                    one.findings.extend(
                        self._as_agreed(table, finding)
                        for finding in wrong
                        if not self._is_lifted(table, finding)
                    )
        for written in book.messages:
            for place, field_name in written.judge([record for record, _ in going]):
                wrong = found(written, (field_name,), severities)
                going[place][1].findings.extend(self._as_agreed(table, one) for one in wrong)

    def _as_agreed(self, table: TableWords, finding: Finding) -> Finding:
        keys = self._standard.severities(table.name).keys
        fixed = (finding.rule, finding.field, finding.code) in keys
        return self._agreed.applied(table.name, finding, fixed=fixed)

    def _is_lifted(self, table: TableWords, finding: Finding) -> bool:
        return finding.code == MISSING and (table.name, finding.field) in self._waived

    def _pointed(
        self,
        table: TableWords,
        pointer: str,
        org_code: str,
        going: Sequence[tuple[Mapping[str, Any], Judged]],
    ) -> Mapping[str, Mapping[str, str]]:
        """Key -> record, of those records of the pointed-to table that are held."""
        pointed_to = table.by_name[pointer].points_to
        assert pointed_to is not None, f"{table.name}.{pointer} points to nothing"
        keys = {key for record, _ in going if (key := record.get(pointer))}
        held = self._storage.records(pointed_to[1], org_code, keys)
        return {
            key: {name: text for name, text in orjson.loads(record).items() if text}
            for key, record in held.items()
        }

    def _apply(self, message: Message, judged: list[Judged], at: str) -> None:
        going = [one for one in judged if not one.refused and one.text]
        held = self._storage.versions(message.table, message.org_code, [one.key for one in going])
        rows = []
        for one in judged:
            one.status = "REJECTED" if one.refused else "WARNED" if one.findings else "ACCEPTED"
            if one.refused or not one.text:
                continue
            sha = record_sha(one.text)
            newest: Version | None = held.get(one.key)
            if newest is not None and one.updated_at < newest.updated_at:
                one.status = "STALE"
                one.findings.append(Finding("5002", _TIME_FIELD, severity=WARNING))
                continue
            one.version = 1 if newest is None else newest.version
            if newest is not None and (newest.updated_at != one.updated_at or newest.record_sha != sha):
                one.version += 1
            rows.append((one.key, one.updated_at, one.text, sha, one.version))
        if rows:
            self._storage.apply(message, at, rows)

    def _details(self, table: TableWords, judged: list[Judged]) -> list[dict[str, Any]]:
        everything = self._profile.details == "all"
        if table.renamed or table.not_sent:
            for one in judged:
                one.findings = [
                    found._replace(field=table.wire_of(found.field.strip())) for found in one.findings
                ]
        return [
            one.as_reply(seq)
            for seq, one in enumerate(judged, start=1)
            if everything or one.status != "ACCEPTED"
        ]


def _judged(table: TableWords, record: Mapping[str, Any], findings: list[Finding]) -> Judged:
    key = record.get(table.key_field)
    one = Judged(key if isinstance(key, str) else "", findings)
    if not one.refused:
        one.updated_at = record[_TIME_FIELD]
        one.text = orjson.dumps(record).decode()
    for kind, target, name in table.pointers:
        pointed = record.get(name)
        if isinstance(pointed, str) and pointed:
            one.parents.append((kind, target, name, pointed))
    return one


def _counts(judged: list[Judged]) -> Counts:
    found = Counter(one.status for one in judged)
    return Counts(
        accepted=found["ACCEPTED"] + found["WARNED"],
        refused=found["REJECTED"],
        warned=found["WARNED"],
        stale=found["STALE"],
    )
