"""Rules as one plain Python function of a row, as somebody would write it by hand: each value read once, then ifs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import mul

from benchmarks.checkers.logic import BETWEEN_ITEMS, MARK, Notation, Three, last_is, ranges, texts
from benchmarks.checkers.said import Said
from medferry.checks.rules import Rule

_SAME_WRITING = str.maketrans({"（": "(", "）": ")", "［": "[", "］": "]", "，": ",", " ": ""})
_BETWEEN = re.compile(BETWEEN_ITEMS)
_CARD = re.compile("[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def wrong_fields(said: Said) -> Callable[[object], list[str]]:
    """Row -> fields of the rules that it breaks."""
    writer = _Writer(said)
    tests = writer.tests()
    lines = ["def wrong_of(row):", "    wrong = []", *writer.readings(), *tests, "    return wrong"]
    names = {
        "datetime": datetime,
        "number": _number,
        "is_card": _is_card,
        "card": _CARD.fullmatch,
        **writer.constants,
    }
    exec(compile("\n".join(lines), "<rules>", "exec"), names)  # noqa: S102  written here, from the catalog
    made: Callable[[object], list[str]] = names["wrong_of"]  # type: ignore[assignment]
    return made


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_card(number: str) -> bool:
    if not _CARD.fullmatch(number):
        return False
    return "10X98765432"[sum(map(mul, _WEIGHTS, map(int, number[:17]))) % 11] == number[17]


def _ends_in(chain: str, last: str) -> bool | None:
    whole, end = (
        _BETWEEN.sub(MARK, "".join(unicodedata.normalize("NFKC", text).split())).strip(MARK)
        for text in (chain, last)
    )
    return last_is(whole, end) if whole and end else None


class _Writer:
    """Writes expressions over the locals t_x (text), n_x (number) and m_x (moment) of a field x; None: nothing known."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.constants: dict[str, object] = {}
        self._texts: set[str] = set()
        self._numbers: set[str] = set()
        self._moments: set[str] = set()
        self.notation: Notation[str] = Notation(
            {
                "is": lambda name, of: self._known(
                    self.text(name), f"{self.text(name)} in {set(texts(of))!r}"
                ),
                "filled": self._filled,
                "starts_with": lambda name, of: self._known(
                    self.text(name), f"{self.text(name)}.startswith({tuple(texts(of))!r})"
                ),
                "in_ranges": lambda name, of: self._known(
                    self.text(name),
                    " or ".join(f"{low!r} <= {self.text(name)} < {high!r}" for low, high in ranges(of)),
                ),
                "matches": lambda name, of: self._known(
                    self.text(name), f"{self.constant(re.compile(str(of)).search)}({self.text(name)})"
                ),
                "equals": lambda name, of: self._compared(name, "abs({0} - {1}) < 1e-9", of),
                "at_least": lambda name, of: self._compared(name, "{0} >= {1}", of),
                "at_most": lambda name, of: self._compared(name, "{0} <= {1}", of),
                "above": lambda name, of: self._compared(name, "{0} > {1}", of),
                "below": lambda name, of: self._compared(name, "{0} < {1}", of),
                "last_item_is": self._last_item_is,
                "not_after": lambda name, of: self._not_after(name, str(of)),
                "younger_than": self._younger,
            },
            both=lambda parts: " and ".join(f"({part})" for part in parts),
            either=lambda parts: " or ".join(f"({part})" for part in parts),
        )

    def constant(self, value: object) -> str:
        name = f"c_{len(self.constants)}"
        self.constants[name] = value
        return name

    def text(self, name: str) -> str:
        self._texts.add(name)
        return f"t_{name}"

    def number(self, name: str) -> str:
        self._texts.add(name)
        self._numbers.add(name)
        return f"n_{name}"

    def moment(self, name: str) -> str:
        self._texts.add(name)
        self._moments.add(name)
        return f"m_{name}"

    def readings(self) -> list[str]:
        return [
            *(f"    t_{name} = row.{name}" for name in sorted(self._texts)),
            *(
                f"    n_{name} = None if t_{name} is None else {self._reader(name)}(t_{name})"
                for name in sorted(self._numbers)
            ),
            *(
                f"    m_{name} = None if t_{name} is None else datetime.fromisoformat(t_{name})"
                for name in sorted(self._moments)
            ),
        ]

    def _reader(self, name: str) -> str:
        """A field whose writing was checked is read as it is."""
        return "float" if self.said.fields[name].pattern else "number"

    def tests(self) -> list[str]:
        """An if for each rule, those of one condition under it."""
        by_condition: dict[str, list[Rule]] = {}
        for rule in self.said.rules:
            when = self.notation.condition(rule.spec.when).true if rule.spec.when else ""
            by_condition.setdefault(when, []).append(rule)
        lines = []
        for when, rules in by_condition.items():
            indent = "        " if when else "    "
            lines += [f"    if {when}:"] if when else []
            for rule in rules:
                kind: Callable[..., str] = getattr(self, f"broken_{rule.spec.check}")
                lines += [
                    f"{indent}if {kind(**rule.spec.args)}:",
                    f"{indent}    wrong.append({rule.spec.field!r})",
                ]
        return lines

    # tests

    def _known(self, local: str, true: str) -> Three[str]:
        return Three(f"{local} is not None and ({true})", f"{local} is not None and not ({true})")

    def _filled(self, name: str, argument: object) -> Three[str]:
        yes, no = f"{self.text(name)} is not None", f"{self.text(name)} is None"
        return Three(yes, no) if argument is True else Three(no, yes)

    def _compared(self, name: str, form: str, argument: object) -> Three[str]:
        known, one = [f"{self.number(name)} is not None"], self.number(name)
        other = str(argument)
        if isinstance(argument, str):
            other = self.number(argument)
            known.append(f"{other} is not None")
        are, test = " and ".join(known), form.format(one, other)
        return Three(f"{are} and {test}", f"{are} and not ({test})")

    def _is_day(self, name: str) -> bool:
        return self.said.fields[name].is_day

    def _both_known(self, *locals_: str) -> str:
        return " and ".join(f"{one} is not None" for one in locals_)

    def _not_after(self, name: str, other: str) -> Three[str]:
        one, two = self.moment(name), self.moment(other)
        by_day = self._is_day(name) or self._is_day(other)
        test = f"{one}.date() <= {two}.date()" if by_day else f"{one} <= {two}"
        return Three(
            f"{self._both_known(one, two)} and {test}", f"{self._both_known(one, two)} and not ({test})"
        )

    def _last_item_is(self, name: str, other: object) -> Three[str]:
        one, two = self.text(name), self.text(str(other))
        ends = f"{self._both_known(one, two)} and {self.constant(_ends_in)}({one}, {two})"
        return Three(f"{ends} is True", f"{ends} is False")

    def _younger(self, name: str, argument: object) -> Three[str]:
        assert isinstance(argument, Mapping)
        born, on = self.moment(name), self.moment(str(argument["on"]))
        if "days" in argument:
            test = f"({on}.date() - {born}.date()).days < {argument['days']}"
        else:
            test = f"{self._years(name, str(argument['on']))} < {argument['years']}"
        return Three(
            f"{self._both_known(born, on)} and {test}", f"{self._both_known(born, on)} and not ({test})"
        )

    def _years(self, born: str, on: str) -> str:
        return f"(int({self.text(on)}[:8]) - int({self.text(born)}[:8])) // 10000"

    # kinds of rules: what is written is when they are broken

    def broken_filled(self, field: str) -> str:
        return f"{self.text(field)} is None"

    def broken_empty(self, field: str, allowed: Sequence[str] = ()) -> str:
        return f"{self.text(field)} is not None" + (
            f" and {self.text(field)} not in {set(allowed)!r}" if allowed else ""
        )

    def broken_holds(self, condition: object) -> str:
        return self.notation.condition(condition).false

    def broken_same(self, field: str, other: str, tolerance: float | None = None) -> str:
        if tolerance is None:
            one, two = self.text(field), self.text(other)
            return f"{self._both_known(one, two)} and {one} != {two}"
        one, two = self.number(field), self.number(other)
        return f"{self._both_known(one, two)} and abs({one} - {two}) > {tolerance + 1e-9}"

    def broken_not_before(self, later: str, earlier: str) -> str:
        one, two = self.moment(later), self.moment(earlier)
        start = f"{two}.replace(hour=0, minute=0, second=0)" if self._is_day(later) else two
        return f"{self._both_known(one, two)} and {one} < {start}"

    def broken_in_order(self, times: Sequence[str]) -> str:
        return " or ".join(
            self.broken_not_before(later, earlier) for n, later in enumerate(times) for earlier in times[:n]
        )

    def broken_lasts(
        self,
        field: str,
        start: str,
        end: str,
        unit: str,
        tolerance: float = 0.0,
        least: float = 0.0,
        at_most: bool = False,
    ) -> str:
        one, begin, finish = self.number(field), self.moment(start), self.moment(end)
        span = f"({finish}.date() - {begin}.date()).days"
        if unit != "days":
            span = f"({finish} - {begin}).total_seconds() / {60 if unit == 'minutes' else 3600}"
        over = f"({one} - {f'max({span}, {least})' if least else span})"
        off = over if at_most else f"abs({over})"
        return f"{self._both_known(one, begin, finish)} and {off} > {tolerance + 1e-9}"

    def broken_within(self, end: str, start: str, hours_max: float, hours_min: float = 0.0) -> str:
        one, two = self.moment(end), self.moment(start)
        hours = f"({one} - {two}).total_seconds() / 3600"
        return f"{self._both_known(one, two)} and not ({hours_min} <= {hours} <= {hours_max})"

    def _sum(self, parts: Sequence[str]) -> str:
        return " + ".join(f"({self.number(name)} or 0.0)" for name in parts) or "0.0"

    def _some(self, parts: Sequence[str]) -> str:
        return "(" + " or ".join(f"{self.number(name)} is not None" for name in parts) + ")"

    def broken_sum_equals(
        self, total: str, parts: Sequence[str], minus: Sequence[str] = (), tolerance: float = 0.01
    ) -> str:
        one = self.number(total)
        off = f"abs({one} - ({self._sum(parts)}) + ({self._sum(minus)}))"
        return f"{one} is not None and {self._some([*parts, *minus])} and {off} > {tolerance + 1e-9}"

    def broken_sum_at_most(
        self, limit: str, parts: Sequence[str], tolerance: float = 0.0, factor: float = 1.0, plus: float = 0.0
    ) -> str:
        most = self.number(limit)
        return (
            f"{most} is not None and {self._some(parts)} and "
            f"{self._sum(parts)} > {most} * {factor} + {plus + tolerance + 1e-9}"
        )

    def broken_age_agrees(self, years: str, born: str, on: str, tolerance_years: int = 1) -> str:
        one, birth, then = self.number(years), self.moment(born), self.moment(on)
        return f"{self._both_known(one, birth, then)} and abs({one} - {self._years(born, on)}) > {tolerance_years}"

    def broken_all_different(self, fields: Sequence[str]) -> str:
        pairs = [(one, two) for n, one in enumerate(fields) for two in fields[n + 1 :]]
        return " or ".join(
            f"{self.text(a)} is not None and {self.text(a)} == {self.text(b)}" for a, b in pairs
        )

    def broken_name_of_code(
        self, name: str, code: str, names: Callable[[], Mapping[str, str]], first: int | None = None
    ) -> str:
        meant, writing = self.constant(names()), self.constant(_SAME_WRITING)
        said, whole = self.text(name), self.text(code)
        of = whole if first is None else f"{whole}[:{first}].ljust(len({whole}), '0')"
        differs = (
            f"{said} != {meant}[{of}] and {said}.translate({writing}) != {meant}[{of}].translate({writing})"
        )
        return f"{self._both_known(said, whole)} and {of} in {meant} and {differs}"

    def broken_id_card(self, number: str, kind: str | None = None) -> str:
        judged = f" and {self.text(kind)} == '01'" if kind else ""
        return f"{self.text(number)} is not None{judged} and not is_card({self.text(number)})"

    def broken_agrees_with_id_card(
        self, number: str, birth: str | None = None, sex: str | None = None, kind: str | None = None
    ) -> str:
        no = self.text(number)
        judged = f"{no} is not None and card({no})" + (f" and {self.text(kind)} == '01'" if kind else "")
        tests = []
        if birth:
            tests.append(f"{self.text(birth)} is not None and {no}[6:14] != {self.text(birth)}[:8]")
        if sex:
            male = f"({no}[16] in '13579') != ({self.text(sex)} == '1')"
            tests.append(f"{self.text(sex)} in ('1', '2') and {male}")
        return f"{judged} and ({' or '.join(tests)})"
