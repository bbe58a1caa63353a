"""The picture of the parts, drawn from the code itself: `python docs/picture.py` writes it, a test compares it.

A part is a folder of `src/medferry`; the single files beside the folders are one part, the ground; `medferry_sandbox` is one
too. An arrow is an import, wherever in a file it stands. A part's floor is the longest way down to the ground. An arrow that
others imply is left out: who reaches `catalog` through `checks` needs no arrow of its own. The table beside the picture names
them all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
PICTURE = ROOT / "docs" / "architecture.svg"
PAGE = ROOT / "ARCHITECTURE.md"
TABLE = re.compile(r"(<!-- imports: written by make picture -->\n).*?(<!-- end of imports -->)", re.DOTALL)

PRODUCT, SANDBOX, GROUND = "medferry", "medferry_sandbox", "ground"
CAPTIONS: Mapping[str, str] = {
    "ground": "records · errors · events · clock · canonical",
    "workbooks": "how our workbooks look",
    "catalog": "the standard as data",
    "crypto": "the cipher provider, SM3",
    "sources": "1 READ   rows of a system",
    "mapping": "2 MAP   into the standard",
    "checks": "3 CHECK   whole columns",
    "outbox": "4 KEEP   the ledger",
    "destinations": "5 DELIVER   envelopes",
    "receipt": "6 RECEIPT   a verdict per row",
    "config": "a project folder, judged",
    "log_center": "7 TELL   status and trail",
    "testing": "suites for new members",
    "way_out": "ledger to platform and back",
    "way_in": "source rows to the ledger",
    "books": "official books read in",
    "codes_desk": "held codes, decided",
    "lessons": "what answers teach",
    "review": "7 TELL   rules over relatives",
    "score": "the province's score, foretold",
    "ferry": "the project, running",
    "cli": "a file a command",
    "medferry_sandbox": "a pretend province and hospital",
}

# --- parts and arrows


def imports() -> dict[str, set[str]]:
    """Part -> the other parts that its files import."""
    found: dict[str, set[str]] = {GROUND: set(), SANDBOX: set()}
    for path in sorted(SOURCE.rglob("*.py")):
        package, *inner = path.relative_to(SOURCE).parts
        part = SANDBOX if package == SANDBOX else inner[0] if len(inner) > 1 else GROUND
        found.setdefault(part, set()).update(set(imported(path)) - {part})
    if odd := found.keys() ^ CAPTIONS.keys():
        raise ValueError(f"CAPTIONS in {Path(__file__).name}: {sorted(odd)}")
    return found


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{one.name}" for one in node.names]
        else:
            continue
        for package, _, inner in (name.partition(".") for name in names):
            first = inner.partition(".")[0]
            if package == SANDBOX:
                yield SANDBOX
            elif package == PRODUCT and first and (SOURCE / PRODUCT / first).is_dir():
                yield first
            elif package == PRODUCT and (SOURCE / PRODUCT / f"{first}.py").is_file():
                yield GROUND


def reached(needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Part -> everything below it. The directions have no circle (tests/tidy says so)."""
    found: dict[str, set[str]] = {}

    def below(part: str) -> set[str]:
        if part not in found:
            found[part] = set().union(*({one} | below(one) for one in needs[part]))
        return found[part]

    for part in needs:
        below(part)
    return found


def floors(needs: Mapping[str, set[str]]) -> list[list[str]]:
    """Parts by the longest way down, the lowest first."""
    below = reached(needs)
    heights: dict[str, int] = {}
    for part in sorted(needs, key=lambda one: (len(below[one]), one)):
        heights[part] = max((heights[one] + 1 for one in needs[part]), default=0)
    return [sorted(p for p in needs if heights[p] == floor) for floor in range(max(heights.values()) + 1)]


def arrows(needs: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Those that no other arrows imply."""
    below = reached(needs)
    return sorted(
        (part, one)
        for part, wanted in needs.items()
        for one in wanted
        if not any(one in below[other] for other in wanted - {one})
    )


def table(needs: Mapping[str, set[str]]) -> str:
    """Who imports whom, the highest floor first; the ground, open to all, is left out."""
    lines = ["| part | what it is | imports, beside the ground |", "|---|---|---|"]
    for part in (one for floor in reversed(floors(needs)) for one in floor if one != GROUND):
        named = " ".join(f"`{one}`" for one in sorted(needs[part] - {GROUND})) or "nothing"
        lines.append(f"| `{part}` | {' '.join(CAPTIONS[part].split())} | {named} |")
    return "\n".join(lines) + "\n"


# --- places: floors ordered so that few lines cross, then each part drawn near what it is tied to

WIDTH, MARGIN = 1340, 26
BOX_WIDTH, BOX_HEIGHT, FLOOR_HEIGHT, GAP = 190, 54, 118, 28
LANE_WIDTH, LANE_GAP = 4, 18
ROUNDS = 40

Knot = tuple[str, int] | str  # a part, or a lane: where the arrows to a part pass a floor, all in one line


@dataclass(frozen=True, slots=True)
class Drawn:
    """Knots by floor with the middle of each; what is drawn between a floor and the next, from above."""

    rows: Sequence[Sequence[Knot]]
    middles: Mapping[Knot, float]
    ties: Sequence[tuple[Knot, Knot]]


def drawn(needs: Mapping[str, set[str]]) -> Drawn:
    levels = floors(needs)
    height = {part: level for level, parts in enumerate(levels) for part in parts}
    rows: list[list[Knot]] = [list(parts) for parts in levels]
    ties: dict[tuple[Knot, Knot], None] = {}
    for above, below in arrows(needs):
        lanes: list[Knot] = [(below, level) for level in range(height[above] - 1, height[below], -1)]
        way: list[Knot] = [above, *lanes, below]
        ties |= dict.fromkeys(pairwise(way))
    for lane in dict.fromkeys(high for high, _ in ties if not isinstance(high, str)):
        rows[int(lane[1])].append(lane)
    up: dict[Knot, list[Knot]] = {}
    down: dict[Knot, list[Knot]] = {}
    for high, low in ties:
        down.setdefault(high, []).append(low)
        up.setdefault(low, []).append(high)
    rows = _ordered(rows, up, down)
    return Drawn(rows, _middles(rows, up, down), list(ties))


Ties = Mapping[Knot, Sequence[Knot]]


def _ordered(rows: list[list[Knot]], up: Ties, down: Ties) -> list[list[Knot]]:
    """The best order met while each floor is sorted by the mean place of what it is tied to, downwards and upwards."""
    best, fewest = rows, _crossings(rows, down)
    for turn in range(ROUNDS):
        rows = [list(row) for row in rows]
        upwards = turn % 2 == 0
        for n in range(1, len(rows)) if upwards else range(len(rows) - 2, -1, -1):
            beside = rows[n - 1] if upwards else rows[n + 1]
            place = {knot: at / max(1, len(beside) - 1) for at, knot in enumerate(beside)}
            ties = down if upwards else up
            old = {knot: at / max(1, len(rows[n]) - 1) for at, knot in enumerate(rows[n])}
            mean = {
                knot: _mean([place[one] for one in ties.get(knot, ())], otherwise=old[knot])
                for knot in rows[n]
            }
            rows[n].sort(key=lambda knot, mean=mean, old=old: (mean[knot], old[knot]))  # type: ignore[misc]
        rows = _swapped(rows, down)
        found = _crossings(rows, down)
        if found < fewest:
            best, fewest = rows, found
    return best


def _swapped(rows: list[list[Knot]], down: Ties) -> list[list[Knot]]:
    """Neighbours change places wherever fewer lines cross then."""
    fewest, better = _crossings(rows, down), True
    while better:
        better = False
        for row in rows:
            for at in range(len(row) - 1):
                row[at], row[at + 1] = row[at + 1], row[at]
                found = _crossings(rows, down)
                if found < fewest:
                    fewest, better = found, True
                else:
                    row[at], row[at + 1] = row[at + 1], row[at]
    return rows


def _crossings(rows: Sequence[Sequence[Knot]], down: Ties) -> int:
    crossed = 0
    for low, high in pairwise(rows):
        place = {knot: at for at, knot in enumerate(low)}
        ends = [place[one] for knot in high for one in sorted(down.get(knot, ()), key=place.__getitem__)]
        crossed += sum(a > b for n, a in enumerate(ends) for b in ends[n + 1 :])
    return crossed


def _middles(rows: Sequence[Sequence[Knot]], up: Ties, down: Ties) -> dict[Knot, float]:
    middles = {knot: float(at) for row in rows for at, knot in enumerate(row)}
    for row in rows:
        _place(row, dict.fromkeys(row, WIDTH / 2), middles)
    for turn in range(ROUNDS):
        for row in rows if turn % 2 else reversed(rows):
            wanted = {
                knot: _mean([middles[one] for one in (*up.get(knot, ()), *down.get(knot, ()))], middles[knot])
                for knot in row
            }
            _place(row, wanted, middles)
    return {knot: round(middle, 1) for knot, middle in middles.items()}


def _place(row: Sequence[Knot], wanted: Mapping[Knot, float], middles: dict[Knot, float]) -> None:
    """As near to what is wanted as order and gaps allow: blocks that would overlap share their mean."""
    shifts: list[float] = []
    for at, knot in enumerate(row):
        gap = GAP if at and isinstance(row[at - 1], str) and isinstance(knot, str) else LANE_GAP
        step = (width(row[at - 1]) + width(knot)) / 2 + gap if at else 0.0
        shifts.append((shifts[-1] if at else 0.0) + step)
    blocks: list[list[float]] = []  # weight, mean, members
    for knot, shift in zip(row, shifts, strict=True):
        weight = 1.0 if isinstance(knot, str) else 3.0  # a line bends less willingly than a part moves
        blocks.append([weight, wanted[knot] - shift, 1])
        while len(blocks) > 1 and blocks[-2][1] > blocks[-1][1]:
            w, m, n = blocks.pop()
            before = blocks[-1]
            blocks[-1] = [before[0] + w, (before[0] * before[1] + w * m) / (before[0] + w), before[2] + n]
    starts = [mean for _, mean, members in blocks for _ in range(int(members))]
    lowest = MARGIN + width(row[0]) / 2
    highest = WIDTH - MARGIN - width(row[-1]) / 2 - shifts[-1]
    for knot, start, shift in zip(row, starts, shifts, strict=True):
        middles[knot] = min(max(start, lowest), max(highest, lowest)) + shift


def width(knot: Knot) -> float:
    if knot == GROUND:
        return BOX_WIDTH * 1.8
    return BOX_WIDTH if isinstance(knot, str) else LANE_WIDTH


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


# --- the drawing

INK, QUIET, LINE, EDGE = "#22313f", "#6b7a88", "#9db0c0", "#c9d5df"
FILLS = ("#f3eee4", "#eef4ec", "#eaf3f4", "#eaf1f8", "#edeff8", "#f1eef7", "#f6eef3", "#f8f1ec")
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" \
font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif" role="img" aria-labelledby="title">
<title id="title">The parts of Medferry: who imports whom</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
<path d="M0.5 0.8 L7 4 L0.5 7.2 z" fill="{line}"/></marker></defs>
<rect width="{width}" height="{height}" rx="10" fill="#ffffff"/>
"""


def svg(needs: Mapping[str, set[str]]) -> str:
    plan = drawn(needs)
    top = {
        knot: MARGIN + (len(plan.rows) - 1 - n) * FLOOR_HEIGHT
        for n, row in enumerate(plan.rows)
        for knot in row
    }
    height = 2 * MARGIN + (len(plan.rows) - 1) * FLOOR_HEIGHT + BOX_HEIGHT
    parts = [HEAD.format(width=WIDTH, height=height, line=LINE)]
    leaves, meets = _ports(plan.ties, plan.middles)
    for high, low in plan.ties:
        path = _bend(leaves[high, low], top[high] + BOX_HEIGHT, meets[high, low], top[low])
        tip = ' marker-end="url(#tip)"' if isinstance(low, str) else ' stroke-linecap="round"'
        lane = "" if isinstance(low, str) else f" v{BOX_HEIGHT}"
        parts.append(f'<path d="{path}{lane}" fill="none" stroke="{LINE}" stroke-width="1.5"{tip}/>\n')
    for floor, row in enumerate(plan.rows):
        for knot in row:
            if isinstance(knot, str):
                parts.append(_box(knot, plan.middles[knot], top[knot], FILLS[floor % len(FILLS)]))
    return "".join([*parts, "</svg>\n"])


Ports = Mapping[tuple[Knot, Knot], float]


def _ports(ties: Sequence[tuple[Knot, Knot]], middles: Mapping[Knot, float]) -> tuple[Ports, Ports]:
    """Where each line leaves its upper box and meets its lower one: side by side, in the order they go."""
    found: list[dict[tuple[Knot, Knot], float]] = []
    for end, other in ((0, 1), (1, 0)):
        ports: dict[tuple[Knot, Knot], float] = {}
        by_knot: dict[Knot, list[tuple[float, int]]] = {}
        for at, tie in enumerate(ties):
            by_knot.setdefault(tie[end], []).append((middles[tie[other]], at))
        for knot, members in by_knot.items():
            span = min(24.0, width(knot) * 0.7 / len(members)) if isinstance(knot, str) else 0.0
            for n, (_, at) in enumerate(sorted(members)):
                ports[ties[at]] = middles[knot] + (n - (len(members) - 1) / 2) * span
        found.append(ports)
    return found[0], found[1]


def _bend(x: float, y: int, to_x: float, to_y: int) -> str:
    bend = (to_y - y) * 0.55
    return f"M{x:.1f} {y} C{x:.1f} {y + bend:.1f} {to_x:.1f} {to_y - bend:.1f} {to_x:.1f} {to_y}"


def _box(part: str, middle: float, top: int, fill: str) -> str:
    wide = width(part)
    return (
        f'<rect x="{middle - wide / 2:.1f}" y="{top}" width="{wide:.1f}" height="{BOX_HEIGHT}" rx="9" '
        f'fill="{fill}" stroke="{EDGE}"/>\n'
        f'<text x="{middle:.1f}" y="{top + 23}" text-anchor="middle" font-size="15" font-weight="600" '
        f'fill="{INK}">{part}</text>\n'
        f'<text x="{middle:.1f}" y="{top + 41}" text-anchor="middle" font-size="11.5" xml:space="preserve" '
        f'fill="{QUIET}">{CAPTIONS[part]}</text>\n'
    )


def page_with(text: str, lines: str) -> str:
    """The page with this table between its markers."""
    page, places = TABLE.subn(lambda found: f"{found[1]}{lines}{found[2]}", text)
    if places != 1:
        raise ValueError(f"{PAGE.name} has {places} places for the table")
    return page


def main() -> None:
    needs = imports()
    PICTURE.write_text(svg(needs), encoding="utf-8", newline="\n")
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), table(needs)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
