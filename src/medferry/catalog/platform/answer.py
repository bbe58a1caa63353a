"""What a reply says as a whole: both layers of failure, HTTP and business, looked at together. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

import orjson

from medferry.catalog.platform.answer_codes import AnswerCode, AnswerCodes, ClientClass
from medferry.catalog.platform.profile import Profile, as_word

_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,32}")


class Said(Enum):
    """The whole of a reply."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNCLEAR = "unclear"  # no document, no success field, or the two layers contradict each other


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply read as a whole.

    document      the JSON object, None when the body is none
    code          the platform's code as text, None when the document has none or it does not look like one
    line          the code's line in the table
    client_class  what to do; QUERY_THEN_RETRY whenever anything is doubtful
    """

    said: Said
    document: dict[str, object] | None
    code: str | None
    line: AnswerCode | None
    client_class: ClientClass


def look_at(
    status: int, body: bytes, profile: Profile, codes: AnswerCodes, *, told_to_wait: bool = False
) -> Answer:
    """Reads HTTP status and body under a profile. `told_to_wait`: the reply carries Retry-After."""
    document = parsed(body)
    if document is None:
        return _without_document(status, profile, told_to_wait=told_to_wait)
    shape = profile.reply
    code = _code_at(document, shape.code_path)
    line = codes.get(code)
    said = _layers(document, profile)
    if said is Said.SUCCESS and status in shape.http_accepted:
        return Answer(said, document, code, line, ClientClass.DONE)
    if said is Said.FAILURE and line is not None:
        return Answer(said, document, code, line, line.client_class)
    if said is not Said.SUCCESS and status not in shape.http_accepted:
        bare = _without_document(status, profile, told_to_wait=told_to_wait)
        return Answer(bare.said, document, code, None, bare.client_class)
    if said is Said.FAILURE and code is None:
        return Answer(said, document, None, None, shape.failure_class)
    return Answer(Said.UNCLEAR, document, code, line, ClientClass.QUERY_THEN_RETRY)


def _without_document(status: int, profile: Profile, *, told_to_wait: bool) -> Answer:
    shape = profile.reply
    if told_to_wait and status in shape.http_busy_with_retry_after:
        return Answer(Said.FAILURE, None, None, None, ClientClass.RETRY)
    found = shape.http_classes.get(status)
    if found is None:
        return Answer(Said.UNCLEAR, None, None, None, ClientClass.QUERY_THEN_RETRY)
    return Answer(Said.FAILURE, None, None, None, found)


def _layers(document: dict[str, object], profile: Profile) -> Said:
    said = Said.SUCCESS
    for layer in profile.reply.layers:
        value = text_at(document, layer.path)
        if layer.refused:
            if value in layer.refused:
                return Said.FAILURE
        elif value is None:
            said = Said.UNCLEAR
        elif value not in layer.accepted:
            return Said.FAILURE
    return said


def _code_at(document: dict[str, object], path: str | None) -> str | None:
    """The code, if it has the form of one: a free text in its place may carry a patient's value."""
    code = text_at(document, path) if path else None
    return code if code is not None and _CODE.fullmatch(code) else None


def parsed(body: bytes) -> dict[str, object] | None:
    """The JSON object of a body; None for anything else."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None


def pick(document: object, path: str) -> object:
    """What stands at `a.b.0.c`; None when the way ends earlier."""
    here = document
    for part in path.split("."):
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list) and part.isascii() and part.isdigit() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here


def text_at(document: object, path: str) -> str | None:
    """The scalar at a path as text; None for null, absence, lists and objects."""
    value = pick(document, path)
    return None if value is None or isinstance(value, dict | list) else as_word(value)
