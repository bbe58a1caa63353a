"""What every outbox must do, one function per promise.

@pytest.mark.parametrize("exercise", OUTBOX_EXERCISES, ids=lambda e: e.__name__)
def test_my_outbox(exercise, tmp_path):
    exercise(lambda clock: MyOutbox(tmp_path / "ledger", clock, ORDER))
"""

from __future__ import annotations

from collections.abc import Callable

from medferry.testing.outbox_delivery import DELIVERY_EXERCISES
from medferry.testing.outbox_versions import VERSIONS_EXERCISES
from medferry.testing.outbox_world import ORDER, MakeOutbox

__all__ = ["ORDER", "OUTBOX_EXERCISES", "Exercise", "MakeOutbox"]

Exercise = Callable[[MakeOutbox], None]

OUTBOX_EXERCISES: tuple[Exercise, ...] = (*VERSIONS_EXERCISES, *DELIVERY_EXERCISES)
