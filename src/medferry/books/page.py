"""An edition as one HTML page that needs nothing else: tables, fields, value sets, with a search box."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from medferry.books.comparison import REQUIRED_ZH, key_text
from medferry.catalog.load import LoadedCatalog
from medferry.catalog.model import Table
from medferry.catalog.value_set import LoadedValueSet
from medferry.errors import CatalogError

CODES_SHOWN_MAX = 300  # per value set; longer lists belong into the workbook
FIELD_COLUMNS: Mapping[str, int] = {
    "序号": 4, "字段名": 16, "中文名": 13, "格式": 8, "约束": 5, "键": 12, "值域": 11, "说明": 18, "来源": 13,
}  # fmt: skip
"""Shares of the page's width: whatever stands in them, the page is as wide as the screen."""
_STYLE = """
body{font:14px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:0 auto;max-width:1320px;
padding:1rem 2rem;color:#1a1a1a}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
th,td{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:left;vertical-align:top}
th{background:#eef2f7;position:sticky;top:3.4rem;white-space:nowrap}code{font-family:Consolas,monospace}
table.fixed{table-layout:fixed}td{overflow-wrap:anywhere}.R{font-weight:600}.C{color:#1f4e79}
.assumed{color:#8a5a00}.muted{color:#667}section{scroll-margin-top:3.6rem}h3,h2{scroll-margin-top:3.6rem}
h2{margin-top:2.5rem;border-top:2px solid #345;padding-top:.5rem}
.bar{position:sticky;top:0;background:#fff;padding:.6rem 0;z-index:1}
input{font:inherit;padding:.3rem .6rem;width:24rem;max-width:100%}#n{margin-left:1rem;color:#667}
@page{size:A4 landscape;margin:12mm}
@media print{.bar{display:none}body{max-width:none;padding:0;font-size:9pt;line-height:1.4}th{position:static}
tr{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}a{color:inherit;text-decoration:none}}
"""
_SCRIPT = """
const q=document.getElementById("q"),n=document.getElementById("n");
q.addEventListener("input",()=>{const w=q.value.trim().toLowerCase();let all=0;
for(const s of document.querySelectorAll("section")){const head=s.querySelector("h2,h3");
const whole=w!==""&&head&&head.textContent.toLowerCase().includes(w);let hits=0;
for(const r of s.querySelectorAll("tbody tr")){r.hidden=w!==""&&!whole&&!r.textContent.toLowerCase().includes(w);
if(!r.hidden)hits++}
s.hidden=w!==""&&!whole&&hits===0;all+=s.hidden?0:hits}
n.textContent=w===""?"":all?"找到 "+all+" 行":"没有找到，换一个词试试"});
"""


def write_page(catalog: LoadedCatalog, path: Path, tables: Sequence[str] = ()) -> None:
    """Writes the page, in the standard's order; `tables` empty: all. Raises CatalogError when it cannot be written."""
    chosen = sorted((catalog.table(name) for name in tables or catalog.table_names), key=lambda one: one.no)
    try:
        path.write_text("".join(_page(catalog, chosen)), encoding="utf-8")
    except OSError as error:
        raise CatalogError("导出标准", file=path, reason=error.strerror, fix="检查目录是否存在") from error


def _page(catalog: LoadedCatalog, tables: Sequence[Table]) -> Iterator[str]:
    title = f"标准 {escape(catalog.edition)}"
    yield f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    fields = sum(len(table.fields) for table in tables)
    yield f'</head><body><h1>{title}</h1><p>{len(tables)} 张表，{fields:,} 个字段。<span class="assumed">依据待确认</span>'
    yield "者未在公开文件或正式字段册里读到。格式：AN..50 至多 50 个字符，N..10,2 数字至多 10 位、其中小数 2 位，"
    yield "D8 日期，DT15 日期时间，L 是否。</p>"
    yield '<div class="bar"><input id="q" placeholder="输入字段名、中文名或代码筛选" aria-label="筛选">'
    yield '<span id="n"></span></div>'
    yield "<section>" + _grid(
        ("序号", "类别", "表名", "中文名", "字段", "必填"),
        (
            (
                str(t.no), escape(t.category_zh), f'<a href="#{t.name}"><code>{t.name}</code></a>', escape(t.title_zh),
                str(len(t.fields)), str(sum(f.required == "R" for f in t.fields)),
            )
            for t in tables
        ),
    ) + "</section>"  # fmt: skip
    used: dict[str, None] = {}
    for table in tables:
        yield f'<section id="{table.name}"><h2>{escape(table.title_zh)} <code>{table.name}</code></h2>'
        if table.note_zh:
            yield f'<p class="assumed">依据待确认：{escape(table.note_zh)}</p>'
        yield _grid(tuple(FIELD_COLUMNS), _field_rows(table), tuple(FIELD_COLUMNS.values()))
        yield "</section>"
        used |= dict.fromkeys(field.value_set for field in table.fields if field.value_set)
    if used:
        yield "<h1>值域</h1>"
    for set_id in used:
        yield "<section>" + "".join(_value_set(catalog.value_set(set_id))) + "</section>"
    yield f"<script>{_SCRIPT}</script></body></html>\n"


def _field_rows(table: Table) -> Iterator[tuple[str, ...]]:
    for one in table.fields:
        linked = (
            f'<a href="#{_anchor(one.value_set)}">{_breakable(one.value_set)}</a>' if one.value_set else ""
        )
        source = escape(one.source) + (' <span class="assumed">依据待确认</span>' if one.assumed else "")
        yield (
            str(one.seq), f"<code>{_breakable(one.name)}</code>", escape(one.name_zh),
            f"<code>{_breakable(one.format.text)}</code>",
            f'<span class="{one.required}">{REQUIRED_ZH[one.required]}</span>', _breakable(key_text(one)), linked,
            escape(one.description_zh), f'<span class="muted">{source}</span>',
        )  # fmt: skip


def _breakable(text: str) -> str:
    """A long name may go on in the next line, behind one of its joints."""
    return re.sub(r"([:_/]|[.]+)(?=.)", r"\1<wbr>", escape(text))


def _value_set(one: LoadedValueSet) -> Iterator[str]:
    yield f'<h3 id="{_anchor(one.id)}">{escape(one.id)} {escape(one.title_zh)}</h3>'
    if one.is_open:
        yield "<p>外部目录，未收录代码，不拒绝任何代码。</p>"
        return
    names = list(one.names.items())
    yield _grid(("代码", "名称"), ((escape(code), escape(name)) for code, name in names[:CODES_SHOWN_MAX]))
    if len(names) > CODES_SHOWN_MAX:
        yield f"<p>共 {len(names):,} 个代码，此处列出前 {CODES_SHOWN_MAX} 个；全部见导出的工作簿。</p>"


def _anchor(set_id: str) -> str:
    return "set-" + escape(set_id.replace(" ", "_"), quote=True)


def _grid(columns: Sequence[str], rows: Iterable[Sequence[str]], shares: Sequence[int] = ()) -> str:
    """`shares`: of the page's width, in percent; without, as the cells need."""
    widths = [f' style="width:{one}%"' for one in shares] or [""] * len(columns)
    head = "".join(f"<th{width}>{column}</th>" for width, column in zip(widths, columns, strict=True))
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    opening = '<table class="fixed">' if shares else "<table>"
    return f"{opening}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
