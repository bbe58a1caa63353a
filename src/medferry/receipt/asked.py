"""What became of a message whose answer was lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import orjson

from medferry.catalog.platform.answer import parsed, pick, text_at
from medferry.catalog.platform.answer_codes import AnswerCodes
from medferry.catalog.platform.profile import Profile
from medferry.receipt.errors import ReplyNotUnderstood
from medferry.receipt.reply import DOING, read_reply
from medferry.records import Envelope, Receipt, Reply


class AskedState(StrEnum):
    NOT_SEEN = "not_seen"  # the platform has never heard of it: the same bytes may go again
    RECEIVED = "received"  # it has it and has not judged yet: ask again later
    DONE = "done"  # judged: here is the receipt


@dataclass(frozen=True, slots=True)
class Asked:
    """`receipt` is there when the state is DONE."""

    state: AskedState
    receipt: Receipt | None = None


def read_answer(reply: Reply, envelope: Envelope, profile: Profile, codes: AnswerCodes) -> Asked:
    """Reads a reply of `Destination.ask`. Raises what `read_reply` raises for the kept answer."""
    document = parsed(reply.body)
    word = text_at(document, profile.ask.state_path)
    known = profile.ask.states.get(word) if word is not None else None
    if known is None:
        raise ReplyNotUnderstood(
            DOING,
            why="查询应答里没有已知的状态",
            message_id=envelope.message_id,
            http=reply.status,
            fix="稍后再问；反复出现时核对方言 ask.states",
        )
    state = AskedState(known)
    if state is not AskedState.DONE:
        return Asked(state)
    kept = pick(document, profile.ask.receipt_path)
    # The kept answer is the one that would have come with the first status of success.
    first = replace(reply, status=profile.reply.http_accepted[0], body=orjson.dumps(kept))
    return Asked(state, read_reply(first, envelope, profile, codes))
