"""Lints an edition of the standard: what is wrong in the data themselves, and what in them is assumed."""

from __future__ import annotations

from dataclasses import dataclass

from medferry.catalog.findings import CatalogFinding, Findings
from medferry.catalog.lint_tables import lint_fields, lint_references, lint_rules, lint_table_list
from medferry.catalog.lint_value_sets import lint_codes_fit, lint_value_sets, valid_names
from medferry.catalog.lint_words import lint_words
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.schedule import read_schedule


def lint_catalog(catalog: LoadedCatalog) -> list[CatalogFinding]:
    """Every finding, errors first, then by file and line; never raises for damaged data."""
    findings = Findings(catalog.files)
    groups: tuple[str, ...] = ()
    with findings.instead_of_raising("schedule"):
        groups = tuple(read_schedule(catalog.files))
    codes: dict[str, tuple[str, ...]] = {}
    with findings.instead_of_raising("file_damaged"):
        codes = lint_value_sets(catalog, findings)
        tables = lint_table_list(catalog, findings, groups)
        lines = {name: lint_fields(catalog, findings, name) for name in tables}
        names = valid_names(catalog, codes)
        for name, fields in lines.items():
            lint_rules(catalog, findings, name)
            lint_codes_fit(findings, fields, codes)
            lint_words(findings, fields, names)
        lint_references(findings, tables, lines)
    return sorted(findings.found, key=lambda f: (f.severity, f.file, f.line))


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What carries the mark 依据待确认.

    fields_known_unread   confidence B: known from the standard, not checked against its text
    fields_practice       confidence C: usual practice
    tables                tables without a dataset code or without a name in the platform's list
    value_sets_incomplete lists known to be partial or not confirmed to be whole
    value_sets_open       external catalogues not included: nothing is refused
    schedule_groups       groups whose times are assumed
    """

    fields_known_unread: int
    fields_practice: int
    tables: tuple[str, ...]
    value_sets_incomplete: int
    value_sets_open: int
    schedule_groups: tuple[str, ...]

    @property
    def total(self) -> int:
        return (
            self.fields_known_unread
            + self.fields_practice
            + len(self.tables)
            + self.value_sets_incomplete
            + self.value_sets_open
            + len(self.schedule_groups)
        )


def assumptions(catalog: LoadedCatalog) -> Assumptions:
    """Counts every assumed item; reads all tables, no codes. Raises CatalogError for damaged data."""
    tables = [catalog.table(name) for name in catalog.table_names]
    grades = [field.confidence for table in tables for field in table.fields]
    sets = [catalog.value_set(set_id) for set_id in catalog.value_set_ids]
    return Assumptions(
        fields_known_unread=grades.count("B"),
        fields_practice=grades.count("C"),
        tables=tuple(table.name for table in tables if table.assumed),
        value_sets_incomplete=sum(not s.complete and not s.is_open for s in sets),
        value_sets_open=sum(s.is_open for s in sets),
        schedule_groups=tuple(name for name, group in read_schedule(catalog.files).items() if group.assumed),
    )
