"""What every outbox's settings have, and what the program hands an outbox when it opens."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from medferry.clock import Clock
from medferry.members import ProjectPath, Settings
from medferry.outbox.outbox import Outbox
from medferry.outbox.reader import LedgerReader


@dataclass(frozen=True, slots=True)
class OutboxTools:
    """What an outbox may use of the program.

    tiers  table -> tier: parents' tiers leave before their children's
    node   name of this installation; message ids are told apart by it
    """

    clock: Clock
    tiers: Mapping[str, int]
    node: str


class OutboxSettings(Settings):
    """The outbox of a project: derive from it, name the type, add what yours needs to know."""

    path: ProjectPath = Field(
        description="账本所在，有了账本才存在；相对路径从项目目录算起，请求、复核等文件放在它旁边"
    )

    @abstractmethod
    def open(self, tools: OutboxTools) -> Outbox:
        """The outbox; what it needs on disk is made.

        raises  OutboxError when it cannot be opened or another process writes it
        """

    @abstractmethod
    def open_reader(self) -> LedgerReader:
        """Its read side, whether or not a run is writing it.

        raises  OutboxError where there is no ledger yet
        """
