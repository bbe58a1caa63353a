"""The rules as a pydantic model: constraints of each field compiled in Rust, one validator for the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, Optional

import polars as pl
from pydantic import AfterValidator, BaseModel, StringConstraints, TypeAdapter, ValidationError, create_model
from pydantic import model_validator as validates_model
from pydantic_core import PydanticCustomError

from benchmarks.checkers.python_rules import wrong_fields
from benchmarks.checkers.said import CLEAN, FieldSaid, Said
from benchmarks.checkers.verdicts import Checker, Places

RULES = "rules"


def checker(said: Said) -> Checker:
    rows = TypeAdapter(list[model_of(said)])  # type: ignore[misc]

    def judge(given: list[dict[str, str | None]]) -> ValidationError | None:
        try:
            rows.validate_python(given)
        except ValidationError as error:
            return error
        return None

    return Checker("pydantic", pl.DataFrame.to_dicts, judge, _places)


def model_of(said: Said) -> type[BaseModel]:
    wrong_of = wrong_fields(said)

    def keeps_to_the_rules(row: BaseModel) -> BaseModel:
        if wrong := wrong_of(row):
            raise PydanticCustomError(RULES, "breaks rules", {"fields": wrong})
        return row

    fields: dict[str, Any] = {name: _field(one) for name, one in said.fields.items()}
    return create_model(
        said.table.name,
        __validators__={"keeps_to_the_rules": validates_model(mode="after")(keeps_to_the_rules)},
        **fields,
    )


def _field(said: FieldSaid) -> tuple[Any, Any]:
    kind: Any
    if said.codes is not None:
        kind = Literal[tuple(sorted(said.codes))]
    elif said.pattern is not None:
        kind = Annotated[str, StringConstraints(pattern=said.pattern)]
    else:
        text = StringConstraints(pattern=CLEAN, min_length=said.chars_min or None, max_length=said.chars_max)
        kind = Annotated[str, text]
        if said.words:
            kind = Annotated[kind, AfterValidator(_refusing(frozenset(said.words)))]
    return (kind, ...) if said.required else (Optional[kind], None)  # noqa: UP045  made at run time


def _refusing(words: frozenset[str]) -> Callable[[str], str]:
    def says_something(text: str) -> str:
        if text in words:
            raise ValueError("says nothing")
        return text

    return says_something


def _places(error: ValidationError | None) -> Places:
    found: set[tuple[int, str]] = set()
    for one in error.errors(include_url=False, include_input=False) if error else ():
        row = int(one["loc"][0])
        fields = one["ctx"]["fields"] if one["type"] == RULES else [str(one["loc"][1])]
        found.update((row, field) for field in fields)
    return frozenset(found)
