"""What the platform's answers say of our findings, from a ledger's days: see medferry.outbox.answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from medferry.outbox.answers import Answers, Found, Refused, RefusedBeside
from medferry.outbox.sqlite.connection import ReadConnection
from medferry.outbox.sqlite.rows import AcceptedFinding, RefusedBesideFound, RefusedFound


def answers(reading: ReadConnection, days: Iterable[str]) -> Answers:
    """Counted over these days' versions, campuses together."""
    refused: Counter[Refused] = Counter()
    beside: Counter[RefusedBeside] = Counter()
    accepted: Counter[Found] = Counter()
    for day in days:
        for said in reading.typed(RefusedFound, "refusals_by_field", day=day):
            refused[Refused(reading.stream(said.stream_id).table, said.code, said.field)] += said.rows
        for one in reading.typed(RefusedBesideFound, "refusals_beside_findings", day=day):
            table = reading.stream(one.stream_id).table
            found = Found(table, one.check_name, one.code, one.field, one.severity, one.rule_id)
            beside[RefusedBeside(Refused(table, one.said_code, one.said_field), found)] += one.rows
        for taken in reading.typed(AcceptedFinding, "findings_of_accepted", day=day):
            table = reading.stream(taken.stream_id).table
            found = Found(table, taken.check_name, taken.code, taken.field, taken.severity, taken.rule_id)
            accepted[found] += taken.rows
    return Answers(refused, beside, accepted)
