"""Every check by its name: one file per kind in this folder, its docstring is its help page.

A check is an expression with three outcomes: true fine, false wrong, null not mine to judge. It has no side
effects and raises nothing: wrong data are a verdict. There are two sorts:

- a *rule kind* takes names of fields and parameters (`not_before(later="updated_at", earlier="created_at")`);
  tables name it in their rules;
- a *field check* takes the value of one field as an expression, and what fields.csv says of it; the engine
  makes them itself and lays the columns of one format on one another: forty columns cost one expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import getdoc
from pkgutil import iter_modules
from typing import ParamSpec

import polars as pl

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check.

    name       file name and name in rules
    code       code of its finding, the platform's where it has one
    from_rule  a rule may name it; else the engine derives it from the fields
    make       the function that makes the expression
    judges_nulls  may be false where its first field is empty
    across_rows   a row's verdict depends on other rows of the batch
    """

    name: str
    code: str
    from_rule: bool
    make: Callable[..., pl.Expr]
    judges_nulls: bool = False
    across_rows: bool = False

    @property
    def page(self) -> str:
        """The help page."""
        return getdoc(self.make) or ""


_CHECKS: dict[str, Check] = {}


def check(
    name: str, *, code: str, judges_nulls: bool = False, across_rows: bool = False
) -> Callable[[Callable[P, pl.Expr]], Callable[P, pl.Expr]]:
    """Registers a rule kind: `(field names …, parameters …) -> pl.Expr`; ValueError says what is wrong with them."""
    return _registering(name, code, from_rule=True, judges_nulls=judges_nulls, across_rows=across_rows)


def field_check(name: str, *, code: str) -> Callable[[Callable[P, pl.Expr]], Callable[P, pl.Expr]]:
    """Registers a check that the engine derives from a field: `(value, …) -> pl.Expr`."""
    return _registering(name, code, from_rule=False)


def _registering(
    name: str, code: str, *, from_rule: bool, judges_nulls: bool = False, across_rows: bool = False
) -> Callable[[Callable[P, pl.Expr]], Callable[P, pl.Expr]]:
    def register(make: Callable[P, pl.Expr]) -> Callable[P, pl.Expr]:
        assert name not in _CHECKS, f"two checks are called {name}"
        _CHECKS[name] = Check(name, code, from_rule, make, judges_nulls, across_rows)
        return make

    return register


@cache
def checks_by_name() -> Mapping[str, Check]:
    """All checks of this folder, sorted by name."""
    package = __package__
    assert package is not None
    for module in iter_modules(import_module(package).__path__):
        import_module(f"{package}.{module.name}")
    return dict(sorted(_CHECKS.items()))
