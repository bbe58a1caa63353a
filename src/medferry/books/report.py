"""What an import understood and what it did not, as a page for a hospital's information department."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from medferry.books.book_import import Imported
from medferry.books.causes import causes_of
from medferry.books.comparison import REQUIRED_ZH, WHAT_ZH, Change
from medferry.books.sheets import Remark

SEVERITY_ZH = {"error": "错误", "warning": "请核对", "note": "说明"}
REMARKS_SHOWN_MAX = 2_000
CODES_SHOWN_MAX = 8


def report_page(imported: Imported, changes: Sequence[Change], *, name: str, verdict: str) -> str:
    """Markdown, Chinese: verdict, overview, sheet by sheet, table by table, remarks, differences."""
    parts = [
        f"# 字段册导入报告：{name}",
        verdict,
        f"字段册 {imported.book}（SHA-256 {imported.sha256[:16]}…），叠加在 {imported.below.edition} 之上。",
        "## 概况",
        *(f"- {line}" for line in overview(imported, changes)),
        "## 各工作表",
        *_table(
            ("工作表", "标准表", "代码表", "表清单", "读到的行"),
            (
                (one.sheet, "、".join(one.tables) or "—", str(one.code_lists), str(one.table_lists), str(one.lines))
                for one in imported.sheets
            ),
        ),
        "## 各标准表",
        *_table(
            ("表名", "中文名", "怎样对上", "书中行数", "收下字段", "原有而书中没有"),
            (
                (
                    table.name, table.title_zh, table.how, str(len(table.lines)), str(len(table.fields)),
                    "、".join(table.gone) or "—",
                )
                for table in imported.tables
            ),
        ),
        "## 没有完全读懂之处",
        *(cause_lines(imported.in_order()) or ["没有。"]),
        *(["## 逐处", *remark_lines(imported.in_order())] if imported.remarks else []),
        "## 与原版本的差别",
        *(change_lines(changes) or ["没有差别。"]),
    ]  # fmt: skip
    return "\n\n".join(_joined(parts)) + "\n"


def overview(imported: Imported, changes: Sequence[Change]) -> list[str]:
    """A few sentences with the counts."""
    known, new = sum(not t.is_new for t in imported.tables), sum(t.is_new for t in imported.tables)
    severities = Counter(one.severity for one in imported.remarks)
    fields = sum(len(table.fields) for table in imported.tables)
    lines = sum(len(table.lines) for table in imported.tables)
    listed = [
        f"读懂 {len(imported.tables)} 张表（原有 {known}，新表 {new}）、{lines} 行中的 {fields} 个字段、"
        f"{len(imported.sets)} 个新的或改动的值域。",
    ]
    if imported.dropped:
        listed.append(f"整册导入：取消书中没有的 {len(imported.dropped)} 张表。")
    elif imported.not_in_book and imported.tables:
        listed.append(f"书中没有的 {len(imported.not_in_book)} 张表沿用原版本。整册导入时加 --whole。")
    if changes:
        counts = Counter(change.what for change in changes)
        listed.append(
            "与原版本相比：" + "，".join(f"{WHAT_ZH[what]} {count}" for what, count in counts.items()) + "。"
        )
    shown = "，".join(
        f"{SEVERITY_ZH[one]} {severities[one]} 处" for one in ("error", "warning", "note") if severities[one]
    )
    listed.append(f"{shown}。" if shown else "没有读不懂之处。")
    return listed


def cause_lines(remarks: Sequence[Remark]) -> list[str]:
    """A table of what has to be mended, each cause once."""
    rows = [
        (SEVERITY_ZH[one.severity], str(len(one.places)), one.where, one.text, one.fix)
        for one in causes_of(remarks)
    ]
    return _table(("", "处", "位置", "情况", "办法"), rows) if rows else []


def remark_lines(remarks: Sequence[Remark]) -> list[str]:
    """A table of remarks, in the order given."""
    shown = remarks[:REMARKS_SHOWN_MAX]
    rows = ((SEVERITY_ZH[one.severity], one.place, one.text, one.fix) for one in shown)
    lines = _table(("", "位置", "情况", "办法"), rows) if shown else []
    if len(remarks) > len(shown):
        lines.append(f"另有 {len(remarks) - len(shown)} 处未列出。")
    return lines


def change_lines(changes: Iterable[Change]) -> list[str]:
    """A table of differences."""
    rows = [(WHAT_ZH[one.what], change_place(one), *change_texts(one)) for one in changes]
    return _table(("变化", "何处", "原来", "现在"), rows) if rows else []


def change_place(one: Change) -> str:
    """表.字段, or the value set's id."""
    return ".".join(filter(None, (one.table, one.field)))


def change_texts(one: Change) -> tuple[str, str]:
    """Before and after in words a person reads."""
    if one.what == "required":
        return REQUIRED_ZH.get(one.before, one.before), REQUIRED_ZH.get(one.after, one.after)
    if one.what != "codes":
        return one.before or "—", one.after or "—"
    after = one.after
    for word, codes in (("取消", one.codes_gone), ("新增", one.codes_new)):
        if codes:
            more = " …" if len(codes) > CODES_SHOWN_MAX else ""
            after += f"；{word}：{' '.join(codes[:CODES_SHOWN_MAX])}{more}"
    return one.before, after


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [_line(columns), _line(["---"] * len(columns)), *(_line(row) for row in rows)]
    return ["\n".join(lines)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _joined(parts: Sequence[str]) -> list[str]:
    """Bullets that follow each other belong together."""
    joined: list[str] = []
    for part in parts:
        if joined and part.startswith("- ") and joined[-1].startswith("- "):
            joined[-1] += f"\n{part}"
        else:
            joined.append(part)
    return joined
