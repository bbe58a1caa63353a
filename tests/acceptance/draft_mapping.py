"""Drafts query and mapping of one table from its recipe, for a person to finish: comments, conditions, unusual joins.

    .venv/bin/python tests/acceptance/draft_mapping.py TABLE LAYOUT [--only module,module] [--write]

LAYOUT is the head of the recipe's column without its table: his_donghu, emr, his_donghu.mz. Joins understood:
`~table.field` where this recipe knows the key of that table, `~staff:field`, `~title:field` and `~dept:field` (by a code).
What it cannot do it writes as ???, which `medferry lint` refuses.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from medferry_sandbox.hospital.recipe import Layout, Recipe, Target
from medferry_sandbox.hospital.world import all_recipes, use_only

EXAMPLE = Path(__file__).parents[2] / "src" / "medferry_sandbox" / "sunshine_hospital"
NAMES = {
    "his_donghu": {
        "staff": ("gy_yg", "gh", "xm"),
        "title": ("gy_yg", "gh", "zcdm"),
        "dept": ("gy_ks", "ksdm", "ksmc"),
    },
    "his_qingshanhu": {
        "staff": ("STAFF_DICT", "EMP_NO", "EMP_NM"),
        "title": ("STAFF_DICT", "EMP_NO", "TITLE_CD"),
        "dept": ("DEPT_DICT", "DEPT_NO", "DEPT_NM"),
    },
    "emr": {"staff": ("sys_emp", "emp_no", "emp_title"), "dept": ("sys_dept", "dept_no", "dept_title")},
    "lis": {"staff": ("lab_emp", "eno", "etext"), "dept": ("lab_dept", "dno", "dtext")},
    "res": {
        "staff": ("person_file", "emp_key", "emp_title"),
        "dept": ("unit_info", "unit_key", "unit_title"),
    },
}
PLAIN = {"text", "int", "char", "dt", "dt14", "dtslash", "date", "dslash", "hms", "hm", "bare"}
FLAGS = {"bit": ("1", "0"), "yn": ("Y", "N"), "cnflag": ("是", "否")}


@dataclass
class Query:
    """The SELECT under construction. `aliases`: joined place -> alias."""

    main: str
    columns: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)

    def take(self, alias: str, column: str) -> str:
        """Selects a column; returns the name it has in the answer."""
        name = column if alias == "m" else f"{alias}_{column}"
        text = f"m.{column}" if alias == "m" else f"{alias}.{column} AS {name}"
        if text not in self.columns:
            self.columns.append(text)
        return name

    def join(self, place: str, table: str, on: list[tuple[str, str]]) -> str:
        """Joins once per place; `on`: column of the joined table, expression of this one."""
        if place not in self.aliases:
            stem = place.partition(":")[0].partition(".")[0].lower()[:12]
            taken = sum(alias.startswith(stem) for alias in self.aliases.values())
            alias = self.aliases[place] = f"{stem}{taken + 1}" if taken or stem == "m" else stem
            condition = " AND ".join(f"{alias}.{column} = {other}" for column, other in on)
            self.joins.append(f"  LEFT JOIN {table} {alias} ON {condition}")
        return self.aliases[place]

    def text(self) -> str:
        columns = textwrap.fill(
            ", ".join(self.columns), 110, initial_indent="SELECT ", subsequent_indent="       "
        )
        return f"{columns}\n  FROM {self.main} m\n" + "\n".join(self.joins)


def draft(recipe: Recipe, layout: Layout) -> tuple[str, str, str]:
    """(SQL, SQL of the count query, YAML)."""
    query = Query(layout.main)
    lines = []
    for name, cell in layout.cells.items():
        if cell.constant is not None:
            lines.append(f'    {name}: {{constant: "{cell.constant}", because: ???}}')
        elif cell.targets:
            lines.append(f"    {name}: {_field(recipe, layout, query, cell.targets)}")
        elif cell.joined is not None:
            lines.append(f"    {name}: {_joined(recipe, layout, query, cell.joined)}")
    key = layout.keys(recipe.standard.key)[layout.main]
    head = [
        "# ???",
        "read:",
        f"  query: queries/{layout.system}/{_file(recipe, layout)}.sql",
        f"  key: [{', '.join(key)}]",
        f"  changed_at: {layout.changed_at}",
        f"  count: queries/{layout.system}/{_file(recipe, layout)}_count.sql",
        "tables:",
        f"  {recipe.table}:",
    ]
    return query.text().rstrip() + "\n", _count(layout), "\n".join(head + lines) + "\n"


def _count(layout: Layout) -> str:
    """Counts the main table's rows by the day of created_at, as text: the systems write times as text."""
    (created,) = (one for one in layout.cells["created_at"].targets if one.table == layout.main)
    day = f"substr({created.column}, 1, {8 if created.encoder == 'dt14' else 10})"
    return f"SELECT {day} AS day, count(*) AS expected\n  FROM {layout.main}\n GROUP BY {day}\n"


def _file(recipe: Recipe, layout: Layout) -> str:
    return recipe.table + (f"_{layout.variant}" if layout.variant else "")


def _alias(recipe: Recipe, layout: Layout, query: Query, table: str) -> str:
    if table == layout.main:
        return "m"
    keys = layout.keys(recipe.standard.key)
    pairs = zip(keys[table], keys[layout.main], strict=True)
    return query.join(table, table, [(other, f"m.{mine}") for other, mine in pairs])


def _field(recipe: Recipe, layout: Layout, query: Query, targets: tuple[Target, ...]) -> str:
    target = next((one for one in targets if one.table == layout.main), targets[0])
    column = query.take(_alias(recipe, layout, query, target.table), target.column)
    return _expression(column, target, layout)


def _joined(recipe: Recipe, layout: Layout, query: Query, reference: str) -> str:
    kind, _, by = reference.partition(":")
    if by:
        code = _place(recipe, layout, query, by)
        if code is None or kind not in NAMES.get(layout.system, {}):
            return "???"
        table, key, text = NAMES[layout.system][kind]
        who = "dept" if kind == "dept" else "staff"
        return query.take(query.join(f"{who}:{by}", table, [(key, f"{code[0]}.{code[1]}")]), text)
    found = _elsewhere(recipe, layout, query, reference)
    if found is None:
        return "???"
    alias, home, target = found
    return _expression(query.take(alias, target.column), target, home)


def _place(recipe: Recipe, layout: Layout, query: Query, name: str) -> tuple[str, str] | None:
    """Alias and column that hold a field, joined or not."""
    cell = layout.cells.get(name)
    if cell is None:
        return None
    if cell.targets:
        target = next((one for one in cell.targets if one.table == layout.main), cell.targets[0])
        return _alias(recipe, layout, query, target.table), target.column
    found = _elsewhere(recipe, layout, query, cell.joined or "")
    return (found[0], found[2].column) if found else None


def _elsewhere(
    recipe: Recipe, layout: Layout, query: Query, reference: str
) -> tuple[str, Layout, Target] | None:
    """Joins the row of another recipe of the same system that stores the field; None when this is beyond a draft."""
    table, _, name = reference.partition(".")
    other = all_recipes().get(table)
    homes = [one for one in other.layouts if one.system == layout.system] if other else []
    home = next((one for one in homes if one.variant == layout.variant), homes[0] if homes else None)
    if other is None or home is None or name not in home.cells or not home.cells[name].targets:
        return None
    pointer = _place(recipe, layout, query, other.standard.key)
    if pointer is None:
        return None
    target = next(
        (one for one in home.cells[name].targets if one.table == home.main), home.cells[name].targets[0]
    )
    keys = home.keys(other.standard.key)[target.table]
    place = table if target.table == home.main else f"{table}_{target.table}"
    return query.join(place, target.table, [(keys[0], f"{pointer[0]}.{pointer[1]}")]), home, target


def _expression(column: str, target: Target, layout: Layout) -> str:
    name, arguments = target.encoder, target.arguments
    if name in PLAIN:
        return column
    if name == "code":
        return f"{{column: {column}, codes: {layout.system}_{arguments[0]}}}"
    marks = ", ".join(f'"{mark}"' for mark in arguments if mark)
    yes, no = FLAGS.get(name, ("", ""))
    verbs = {
        **dict.fromkeys(FLAGS, f'{{boolean: {{"true": ["{yes}"], "false": ["{no}"]}}}}'),
        "gbk": "{decode: gb18030}, strip_control",
        "dt12": '{datetime: "%Y%m%d%H%M"}',
        "dcn": '{date: "%Y年%m月%d日"}',
        "cents": '{scale: "0.01"}',
        "semicolons": '{regex_replace: {pattern: ";", by: ","}}',
        "zfill": '{regex_replace: {pattern: "^0+", by: ""}}',
        "affix": f"{{strip_marks: [{marks}]}}",
    }
    if target.pack:
        verbs["pack"] = f'{{{"after" if target.pack[0] else "before"}: "{target.pack[1]}"}}'
    return f"{{column: {column}, verbs: [{verbs.get(name, '???')}]}}"


def main() -> int:
    """Prints, or with --write puts the files where they belong unless they are there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("table")
    parser.add_argument("layout")
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.only:
        use_only({"dictionaries", "patient", "visit", *options.only.split(",")})
    recipe = all_recipes()[options.table]
    system, _, variant = options.layout.partition(".")
    layout = next(one for one in recipe.layouts if (one.system, one.variant) == (system, variant))
    sql, count, yaml = draft(recipe, layout)
    for folder, suffix, text in (
        ("queries", ".sql", sql),
        ("queries", "_count.sql", count),
        ("mappings", ".yaml", yaml),
    ):
        path = EXAMPLE / folder / system / f"{_file(recipe, layout)}{suffix}"
        if not options.write:
            print(text)
        elif path.exists():
            print(f"{path} is there already, not touched")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{path}: {text.count('???')} places to finish")
    return 0


if __name__ == "__main__":
    sys.exit(main())
