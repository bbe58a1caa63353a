"""The hospital's life: create, advance, live. What it was made of is kept in hospital.json, so that it can go on later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from medferry.clock import Clock
from medferry.errors import ConfigError
from medferry_sandbox.hospital.faults import joined_fields, plant
from medferry_sandbox.hospital.physical import source_rows, source_schema
from medferry_sandbox.hospital.truth import Judge, TruthBook
from medferry_sandbox.hospital.world import Native, Record, World
from medferry_sandbox.hospital.writer import Databases

LIVE_WAVE = 3
_FILE = "hospital.json"


@dataclass(frozen=True)
class Settings:
    """visits and days of wave 1; start: first day, ISO; wave: the last released; live: live events so far."""

    seed: int
    visits: int
    days: int
    start: str
    url: str | None
    wave: int = 1
    live: int = 0


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """kind: new, changed or cancelled. table and campus of its first record; rows: standard rows it concerns."""

    kind: str
    table: str
    campus: str
    rows: int


class Sunshine:
    """A hospital in a folder: databases, truth.sqlite, hospital.json, sources.env."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.world = World(settings.seed, settings.visits, settings.days, date.fromisoformat(settings.start))
        plant(self.world)
        self._joined = joined_fields()
        self.truth = TruthBook(folder / "truth.sqlite")
        self.databases = Databases(source_schema(self.world), folder, settings.url)

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        clock: Clock,
        visits: int,
        days: int,
        seed: int,
        start: date | None = None,
        url: str | None = None,
    ) -> Sunshine:
        """Makes databases and truth anew. Without `start` wave 2 ends yesterday at midnight."""
        folder.mkdir(parents=True, exist_ok=True)
        first = start or clock.now().date() - timedelta(days=days + 1)
        self = cls(folder, Settings(seed, visits, days, first.isoformat(), url))
        self.databases.create(source_rows(self.world, 1))
        self._tell(1)
        self._keep(self.settings)
        lines = [
            f"SUNSHINE_{place.upper()}={target.render_as_string(hide_password=False)}"
            for place, target in sorted(self.databases.urls.items())
        ]
        (folder / "sources.env").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return self

    @classmethod
    def open(cls, folder: Path) -> Sunshine:
        """The hospital made earlier in this folder."""
        path = folder / _FILE
        if not path.exists():
            raise ConfigError("打开模拟医院", folder=folder, fix="先运行 medferry hospital create --out 目录")
        return cls(folder, Settings(**json.loads(path.read_text(encoding="utf-8"))))

    def advance(self) -> int:
        """Releases wave 2: late commits, corrections, cancellations, repairs, new visits; returns source rows touched."""
        if self.settings.wave >= 2:
            raise ConfigError(
                "推进模拟医院", wave=self.settings.wave, fix="第二波已经放出；要持续产生数据请用 live"
            )
        touched = self.databases.apply(source_rows(self.world, 1), source_rows(self.world, 2))
        self._tell(2)
        self._keep(replace(self.settings, wave=2))
        return touched

    def live(self, clock: Clock) -> Iterator[LiveEvent]:
        """Events without end, one per step, each complete in databases and truth before it is yielded.

        Six of ten are new visits, three corrections, one a cancellation; the caller sets the pace.
        """
        if self.settings.wave < 2:
            self.advance()
        while True:
            index = self.settings.live
            self._keep(replace(self.settings, live=index + 1))
            now = clock.now().replace(tzinfo=None, microsecond=0)
            step = index % 10
            yield (
                self._new(index, now)
                if step not in (3, 6, 8, 9)
                else self._change(index, now, cancel=step == 9)
            )

    def _new(self, index: int, now: datetime) -> LiveEvent:
        scenario, known = self.world.scenario, len(self.world.natives)
        scenario.skip_to(1_000_000 + index * 100)
        records = self.world.build(scenario.walk_in(index, now))
        for record in records:
            record.versions[0].facts["updated_at"] = now.strftime("%Y%m%dT%H%M%S")
        self._release(records, self.world.natives[known:])
        return LiveEvent("new", "visit", records[0].campus.name if records else "", len(records))

    def _change(self, index: int, now: datetime, *, cancel: bool) -> LiveEvent:
        joined = self._joined
        rng = self.world.rng("live", index)
        fitting = [
            record
            for record in self.world.records.values()
            if (version := record.latest(self.settings.wave)) is not None
            and version.held is None
            and len(record.versions) == 1
            and version.facts["record_status"] == "1"
            and (record.recipe.cancels if cancel else _correctable(record, joined))
        ]
        if not fitting:
            return LiveEvent("changed", "", "", 0)
        record = rng.choice(fitting)
        name = record.recipe.corrects
        changes = (
            {"record_status": "2"} if cancel else {name: f"{record.versions[-1].facts.get(name, '')}（更正）"}
        )
        self.world.revise(record, now, LIVE_WAVE, changes, "cancel" if cancel else "correction")
        self._release([record], [])
        return LiveEvent("cancelled" if cancel else "changed", record.recipe.table, record.campus.name, 1)

    def _release(self, records: list[Record], natives: list[Native]) -> None:
        self.databases.put(source_rows(self.world, LIVE_WAVE, records, natives))
        judge = Judge(self.world, LIVE_WAVE)
        self.truth.add(line for line in judge.lines(records) if line.wave == LIVE_WAVE)
        self.truth.tell_lives(self.world.lives, self.world.records.values())

    def _tell(self, wave: int) -> None:
        self.truth.write(Judge(self.world, wave).lines(self.world.records.values()))
        self.truth.tell_lives(self.world.lives, self.world.records.values())

    def _keep(self, settings: Settings) -> None:
        self.settings = settings
        (self.folder / _FILE).write_text(json.dumps(asdict(settings), indent=1), encoding="utf-8")


def _correctable(record: Record, joined: frozenset[tuple[str, str, str]]) -> bool:
    name = record.recipe.corrects
    cell = record.layout.cells.get(name)
    return bool(
        name and cell and cell.targets and (record.layout.system, record.recipe.table, name) not in joined
    )
