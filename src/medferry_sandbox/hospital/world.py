"""The world: model plus everything the domains say about it, as records with versions and waves.

Wave 1 is in the databases at first; wave 2 is released by `advance`; wave 3 is live.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from random import Random
from typing import Protocol

from medferry_sandbox.hospital import domains as domain_package
from medferry_sandbox.hospital.directories import CAMPUSES, Directory
from medferry_sandbox.hospital.encoders import Stored
from medferry_sandbox.hospital.lives import Lives, shown
from medferry_sandbox.hospital.model import Campus, dt15
from medferry_sandbox.hospital.recipe import IMPLICIT, Layout, Recipe, RecipeError
from medferry_sandbox.hospital.scenario import Batch, Scenario
from medferry_sandbox.hospital.standard import is_missed

Row = dict[str, Stored]
"""A source row: column -> what the database holds."""


class Owner(Protocol):
    """Whose row it is: a campus, a patient or a visit gives campus, wave and what is odd about it."""

    @property
    def campus(self) -> Campus: ...
    @property
    def wave(self) -> int: ...
    @property
    def lives(self) -> Sequence[str]: ...


@dataclass(slots=True)
class Version:
    """One state of a record, as it should arrive: standard values without prefix, nulls absent.

    held       "code field" when the platform may not get it; None when sound
    planted    what was done to it on purpose, "" when nothing
    overrides  field -> what its column holds instead of the encoded value
    """

    wave: int
    facts: dict[str, str]
    held: str | None = None
    planted: str = ""
    overrides: dict[str, Stored] = field(default_factory=dict)

    @property
    def at(self) -> str:
        return self.facts["updated_at"]


@dataclass(slots=True)
class Record:
    """One key of one standard table; `lives`: what it shows that is odd and true; `odd`: whether it may lack
    what is required, for its own or its owner's sake."""

    recipe: Recipe
    layout: Layout
    campus: Campus
    key: str
    versions: list[Version]
    lives: tuple[str, ...] = ()
    odd: bool = False

    def latest(self, wave: int) -> Version | None:
        """The newest version released by then."""
        return next((version for version in reversed(self.versions) if version.wave <= wave), None)


@dataclass(slots=True)
class Native:
    """A row of a source that no standard table is made of directly: dictionaries, links, bar codes."""

    system: str
    table: str
    key: tuple[str, ...]
    wave: int
    row: Row


@dataclass(frozen=True)
class Domain:
    """What a module under domains/ exports as DOMAIN."""

    recipes: tuple[Recipe, ...]
    build: Callable[[World, Batch], None]


_only: set[str] = set()


def use_only(modules: Iterable[str]) -> None:
    """Builds worlds from these domain modules and nothing else: for work on one of them. None given: all again."""
    _only.clear()
    _only.update(modules)
    all_domains.cache_clear()
    all_recipes.cache_clear()


@cache
def all_domains() -> Mapping[str, Domain]:
    """Module name -> domain, in alphabetical order; a module file is registration enough."""
    names = sorted(module.name for module in pkgutil.iter_modules(domain_package.__path__))
    names = [name for name in names if not _only or name in _only]
    found = {name: import_module(f"{domain_package.__name__}.{name}").DOMAIN for name in names}
    owners: dict[str, str] = {}
    for name, domain in found.items():
        for recipe in domain.recipes:
            if recipe.table in owners:
                raise RecipeError(f"{recipe.table} is made by {owners[recipe.table]} and {name}")
            owners[recipe.table] = name
    return found


@cache
def all_recipes() -> Mapping[str, Recipe]:
    """table -> recipe."""
    return {recipe.table: recipe for domain in all_domains().values() for recipe in domain.recipes}


class World:
    """Built once; `records` and `natives` are everything any database or the truth may hold."""

    def __init__(self, seed: int, visits: int, days: int, start: date) -> None:
        self.seed = seed
        self.days = days
        self.start = start
        self.scenario = Scenario(seed, visits, days, start)
        self.records: dict[tuple[str, str, str], Record] = {}
        self.natives: list[Native] = []
        for batch in (self.scenario.opening(), self.scenario.later()):
            self.build(batch)

    def build(self, batch: Batch) -> list[Record]:
        """Lets every domain tell what it knows of the batch; returns the new records."""
        before = len(self.records)
        for domain in all_domains().values():
            domain.build(self, batch)
        return list(self.records.values())[before:]

    @property
    def lives(self) -> Lives:
        """What is odd and true here."""
        return self.scenario.lives

    @property
    def campuses(self) -> tuple[Campus, ...]:
        return CAMPUSES

    def directory(self, owner: Owner) -> Directory:
        """Departments, staff and beds of the owner's campus."""
        return self.scenario.directories[owner.campus.name]

    def rng(self, *what: object) -> Random:
        """A generator of its own for every subject: adding a table never changes another's values."""
        return Random("/".join(str(part) for part in (self.seed, *what)))

    def count(self, owner: Owner, what: str) -> int:
        """1, 2, 3 … per campus and subject, for local ids."""
        return self.scenario.count(owner.campus, what)

    def horizon(self, owner: Owner) -> datetime:
        """Nothing of this owner's wave happens at or after this moment."""
        return self.scenario.horizons[owner.wave]

    def clamp(self, owner: Owner, moment: datetime) -> datetime:
        """The moment, or the last one that this owner's wave may know."""
        return min(moment, self.horizon(owner) - timedelta(minutes=1))

    @property
    def opened(self) -> datetime:
        """When the directories were entered: long before the first visit."""
        return datetime.combine(self.start - timedelta(days=400), datetime.min.time()).replace(hour=9)

    def emit(
        self,
        table: str,
        owner: Owner,
        key: str | int,
        facts: Mapping[str, str | None],
        *,
        created: datetime,
        updated: datetime | None = None,
        variant: str = "",
        lives: Iterable[str] = (),
    ) -> Record:
        """States that a standard row exists.

        key      the record's own local key, without campus prefix, unique at the campus
        facts    field -> standard text without prefix; None and "" mean unknown. The key field, org_code, org_name,
                 record_status "1", created_at and updated_at come by themselves
        variant  which of the recipe's layouts, when the head names variants
        lives    kinds of lives.csv that it shows beside those of its owner
        raises   RecipeError when a required fact is missing, or the layout does not know a fact's field
        """
        recipe = all_recipes()[table]
        campus = owner.campus
        identity = (table, campus.name, str(key))
        layout = _layout(recipe, campus, variant)
        changed = updated or created
        if not created <= changed < self.horizon(owner):
            raise RecipeError(
                f"{table} {key}: created {created}, updated {changed} beyond {self.horizon(owner)}"
            )
        known = {name: value for name, value in facts.items() if value is not None and value != ""}
        known[recipe.standard.key] = str(key)
        known.setdefault("record_status", "1")
        known["created_at"], known["updated_at"] = dt15(created), dt15(changed)
        told = (*owner.lives, *lives)
        _check(recipe, layout, known, odd=bool(told))
        if identity in self.records:
            raise RecipeError(f"{table} of {campus.name}: key {key} twice")
        record = Record(
            recipe, layout, campus, str(key), [Version(owner.wave, known)], shown(table, told), bool(told)
        )
        self.records[identity] = record
        return record

    def revise(
        self, record: Record, at: datetime, wave: int, changes: Mapping[str, str | None], why: str
    ) -> Version:
        """A next version: `changes` over the newest facts, unknown again where None. `why` is kept as `planted`."""
        last = record.versions[-1]
        facts = {name: value for name, value in {**last.facts, **changes}.items() if value}
        facts["updated_at"] = dt15(at)
        if not last.at < facts["updated_at"] or wave < last.wave:
            raise RecipeError(
                f"{record.recipe.table} {record.key}: version at {facts['updated_at']} after {last.at}"
            )
        _check(record.recipe, record.layout, facts, odd=record.odd)
        version = Version(wave, facts, planted=why)
        record.versions.append(version)
        return version

    def native(self, owner: Owner, system: str, table: str, key: str, **columns: Stored) -> None:
        """A row of a source's own: `key` names its primary key columns, by blanks. Ignored for the other campus's HIS."""
        if system.startswith("his_") and system != owner.campus.his:
            return
        place = database(system, owner.campus)
        self.natives.append(Native(place, table, tuple(key.split()), owner.wave, columns))

    def of(self, table: str) -> Iterable[Record]:
        """Records of one table."""
        return (record for (name, _, _), record in self.records.items() if name == table)


def database(system: str, campus: Campus) -> str:
    """his_donghu -> his_donghu; lis at donghu -> lis_donghu."""
    return system if system.startswith("his_") else f"{system}_{campus.name}"


def _layout(recipe: Recipe, campus: Campus, variant: str) -> Layout:
    for layout in recipe.layouts:
        if layout.variant == variant and (
            layout.system == campus.his or not layout.system.startswith("his_")
        ):
            return layout
    raise RecipeError(f"{recipe.table}: no layout for {campus.his}, variant {variant!r}")


def _check(recipe: Recipe, layout: Layout, facts: Mapping[str, str], *, odd: bool) -> None:
    """`odd`: what is required may be absent where a right record may lack it."""
    for name, value in facts.items():
        cell = layout.cells.get(name)
        if cell is None or not cell.known:
            raise RecipeError(f"{recipe.table}.{name}: has a value, but {layout.system} has no cell for it")
        if cell.constant is not None and cell.constant != value:
            raise RecipeError(
                f"{recipe.table}.{name}: {layout.system} implies {cell.constant}, the model says else"
            )
    for name, known in recipe.standard.fields.items():
        if known.required != "R" or name in facts or name in IMPLICIT:
            continue
        if not odd or is_missed(recipe.table, name):
            raise RecipeError(f"{recipe.table}.{name}: required, but the model gives no value")
