"""Names of tables, routes, code tables and editions as a command line gives them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from medferry.errors import CatalogError, ConfigError

_LOOKING_UP = "查找"  # what an error says was being done


@contextmanager
def given_names() -> Iterator[None]:
    """Around looking them up: a name that nobody has is a wrong command line, not a broken world.

    raises  UsageError
    """
    try:
        yield
    except (CatalogError, ConfigError) as error:
        if not error.doing.startswith(_LOOKING_UP):
            raise
        name = next(iter(error.values.values()), "")
        known = f"已有：{error.values['known']}。" if "known" in error.values else ""
        what = error.doing.removeprefix(_LOOKING_UP)
        raise click.UsageError(f"没有这个{what}：{name}。{known}{error.fix}") from error
