"""Chains of names in one text, as people write them: 内科→外科, 内科 -> 外科, 内科、外科."""

from __future__ import annotations

from typing import Final

import polars as pl

_MARK: Final = "→"
_BETWEEN: Final = "[→⇒⟶>、,;/|—–=-]+"


def last_item_is(chain: str, last: str) -> pl.Expr:
    """Whether the chain ends in the other field's text; blanks, and wide or narrow writing, are no matter. Null where
    one of them has no name in it.

    A name may itself have what stands between items (耳鼻喉/头颈外科): the end is compared, not one item.
    """
    whole, end = _plain(chain), _plain(last)
    both_name = (whole != "") & (end != "")
    return pl.when(both_name).then((_MARK + whole).str.ends_with(_MARK + end))


def _plain(field: str) -> pl.Expr:
    """Items with one mark between them, none before and behind."""
    narrow = pl.col(field).str.normalize("NFKC").str.replace_all(r"\s", "")
    return narrow.str.replace_all(_BETWEEN, _MARK).str.strip_chars(_MARK)
