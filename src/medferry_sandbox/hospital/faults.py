"""What goes wrong on purpose, and what the truth becomes by it. Planted after the world is built, by key, from the seed.

    missing     a required column is empty                      held 3001 where its absence holds, else it travels
    bad_code    a code that nobody knows                        held 3003 where its list is closed, else it travels
    checksum    an identity number with a wrong last character  held 3006
    full_width  digits typed full width                         accepted, as half width
    blanks      blanks around the text, ideographic ones too    accepted, trimmed
    gbk         a GBK buffer with NUL padding                   accepted, without
Later (wave 2): repairs of half of the held, same-day corrections, cancellations, late commits.
Never in a row that is odd and true (`lives.py`): the two stay apart.
A field that another route joins from here (`~table.field`) is never touched: one fault, one row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

from medferry_sandbox.hospital.encoders import Stored
from medferry_sandbox.hospital.people import check_character
from medferry_sandbox.hospital.recipe import RecipeError, Target
from medferry_sandbox.hospital.standard import is_closed, is_missed, value_set
from medferry_sandbox.hospital.world import Record, Version, World, all_recipes

FAULT_RATE = 0.005
CORRECTION_RATE = 0.01
CANCEL_RATE = 0.006
LATE_RATE = 0.012
KINDS = ("missing", "bad_code", "checksum", "full_width", "blanks", "gbk")

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def plant(world: World) -> None:
    """Plants faults in wave 1 and gives wave 2 its changes; once per world."""
    joined = joined_fields()
    for record in list(world.records.values()):
        first = record.versions[0]
        if first.wave != 1 or len(record.versions) > 1 or record.lives:
            continue
        if record.recipe.faults and _chance(world, "fault", record) < FAULT_RATE:
            _plant_one(world, record, joined)
        elif record.recipe.late and _chance(world, "late", record) < LATE_RATE:
            first.wave, first.planted = 2, "late"
        elif record.recipe.corrects and _chance(world, "correct", record) < CORRECTION_RATE:
            _correct(world, record, joined)
        elif record.recipe.cancels and _chance(world, "cancel", record) < CANCEL_RATE:
            moment = world.scenario.horizons[1] + timedelta(
                minutes=60 + int(_chance(world, "at", record) * 600)
            )
            world.revise(record, moment, 2, {"record_status": "2"}, "cancel")


def joined_fields() -> frozenset[tuple[str, str, str]]:
    """(system, table, field) that some query joins from another table's row."""
    found = set()
    for recipe in all_recipes().values():
        for layout in recipe.layouts:
            for cell in layout.cells.values():
                table, _, name = (cell.joined or "").partition(".")
                if table in all_recipes():
                    if name not in all_recipes()[table].standard.fields:
                        raise RecipeError(
                            f"{recipe.table}: joins {table}.{name}, which the standard does not have"
                        )
                    homes = {other.system for other in all_recipes()[table].layouts}
                    found |= {(home, table, name) for home in homes & {layout.system} or homes}
    return frozenset(found)


def _chance(world: World, what: str, record: Record) -> float:
    text = f"{world.seed}/{what}/{record.recipe.table}/{record.campus.name}/{record.key}"
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest()) / 2**48


def _plant_one(world: World, record: Record, joined: frozenset[tuple[str, str, str]]) -> None:
    version = record.versions[0]
    fitting = [
        (kind, name, target)
        for kind, name in record.recipe.fault_fields
        if (record.layout.system, record.recipe.table, name) not in joined
        and (target := _only_target(record, name)) is not None
        and name in version.facts
        and _fits(kind, target, version.facts[name])
    ]
    if not fitting:
        return
    kind, name, target = fitting[int(_chance(world, "kind", record) * len(fitting))]
    sound = dict(version.facts)
    _apply(kind, name, target, record, version)
    if version.held and _chance(world, "repair", record) < 0.5:
        moment = world.scenario.horizons[1] + timedelta(minutes=30 + int(_chance(world, "at", record) * 600))
        world.revise(record, moment, 2, {name: sound[name]}, "repair")


def _only_target(record: Record, name: str) -> Target | None:
    cell = record.layout.cells.get(name)
    if cell is None or len(cell.targets) != 1 or cell.targets[0].pack is not None:
        return None
    return cell.targets[0]


def _fits(kind: str, target: Target, value: str) -> bool:
    match kind:
        case "bad_code":
            return target.encoder == "code"
        case "checksum":
            return target.encoder == "text" and len(value) == 18
        case "full_width":
            return target.kind == "text" and any("0" <= character <= "9" for character in value)
        case "blanks":
            return target.kind == "text"
        case "gbk":
            return target.encoder == "gbk"
        case "missing":
            return True
        case _:
            raise RecipeError(f"unknown fault {kind!r}; known: {', '.join(KINDS)}")


def _apply(kind: str, name: str, target: Target, record: Record, version: Version) -> None:
    value = version.facts[name]
    version.planted = f"{kind}:{name}"
    written = target.write(value)
    match kind:
        case "missing":
            del version.facts[name]
            if is_missed(record.recipe.table, name):
                version.held = f"3001 {name}"
        case "bad_code":
            unknown = _unknown_code(record, name, value)
            version.facts[name] = unknown
            version.overrides[name] = unknown
            if is_closed(record.recipe.standard.fields[name].value_set):
                version.held = f"3003 {name}"
        case "checksum":
            wrong = "1" if check_character(value[:17]) != "1" else "2"
            version.facts[name] = value[:17] + wrong
            version.held = f"3006 {name}"
        case "full_width":
            version.overrides[name] = str(written).translate(_FULL_WIDTH)
        case "blanks":
            version.overrides[name] = f"\u3000{written!s} "
        case "gbk":
            version.overrides[name] = _padded(written)


def _padded(written: Stored) -> bytes:
    assert isinstance(written, bytes)
    return written + b"\x00\x00"


def _unknown_code(record: Record, name: str, value: str) -> str:
    """As long as the right code, and meaning nothing to the hospital nor to the standard."""
    standard = record.recipe.standard.fields[name]
    known = value_set(standard.value_set)
    target = _only_target(record, name)
    locals_used = {str(target.write(code)) for code in known if _writes(target, code)} if target else set()
    width = len(value)
    for number in range(10**width - 1, -1, -1):
        code = f"{number:0{width}d}"
        if code not in known and code not in locals_used:
            return code
    raise RecipeError(f"{record.recipe.table}.{name}: every code of {width} digits means something")


def _writes(target: Target | None, code: str) -> bool:
    try:
        return target is not None and target.write(code) is not None
    except ValueError:
        return False


def _correct(world: World, record: Record, joined: frozenset[tuple[str, str, str]]) -> None:
    """Same day, minutes after; released with wave 2, so its changed_at lies in the past."""
    name = record.recipe.corrects
    if (record.layout.system, record.recipe.table, name) in joined:
        raise RecipeError(f"{record.recipe.table}.{name} is joined by others and cannot be corrected")
    cell = record.layout.cells.get(name)
    if cell is None or not cell.targets:
        return
    before = record.versions[0]
    moment = datetime.fromisoformat(before.at)
    later = moment + timedelta(minutes=1 + int(_chance(world, "at", record) * 50))
    if later.date() != moment.date():
        return
    text = f"{before.facts.get(name, '')}（更正）"
    world.revise(record, later, 2, {name: text}, "correction")
