"""The part of a reply that speaks of single records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from medferry.catalog.platform.answer import pick, text_at
from medferry.catalog.platform.answer_codes import AnswerCode, AnswerCodes
from medferry.catalog.platform.profile import Details, Profile
from medferry.receipt.errors import ReplyNotUnderstood
from medferry.records import Envelope, Outcome, Verdict

_FIELD = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]{0,63}")
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,32}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_NO_CODE = "?"

_WEIGHT = {
    Outcome.REFUSED: 5,  # somebody must mend something: stronger than all that mends itself
    Outcome.STALE: 4,
    Outcome.PARENT_MISSING: 3,
    Outcome.AGAIN: 2,
    Outcome.WARNED: 1,
    Outcome.ACCEPTED: 0,
}


def read_details(
    document: object, envelope: Envelope, profile: Profile, codes: AnswerCodes
) -> dict[int, Verdict] | None:
    """Position -> verdict of every record named; None when the reply has no details.

    Raises ReplyNotUnderstood when they contradict the envelope: number or key.
    """
    shape = profile.reply.details
    if shape is None:
        return None
    lines = pick(document, shape.path)
    if not isinstance(lines, list) or not lines:
        return None
    verdicts: dict[int, Verdict] = {}
    for line in lines:
        position = _position(line, envelope, shape)
        if position in verdicts:
            raise _contradiction(envelope, "同一条记录有两份明细", seq=position + shape.seq_first)
        verdicts[position] = _verdict(line, envelope, shape, codes)
    return verdicts


def check_whole(
    document: object, envelope: Envelope, profile: Profile, verdicts: Mapping[int, Verdict]
) -> None:
    """Details of a success against envelope and counts; records that are not named must be accepted ones."""
    shape = profile.reply.details
    unnamed = envelope.record_count - len(verdicts)
    if unnamed and shape is not None and shape.complete:
        raise _contradiction(envelope, "逐条明细不全", records=envelope.record_count, named=len(verdicts))
    outcomes = [verdict.outcome for verdict in verdicts.values()] + [Outcome.ACCEPTED] * unnamed
    counted = _check_counts(document, envelope, profile, outcomes)
    if unnamed and profile.reply.counts is not None and not counted:
        raise _contradiction(envelope, "明细只列出部分记录，又没有计数证明其余", named=len(verdicts))


def check_counts_alone(document: object, envelope: Envelope, profile: Profile) -> bool:
    """A success without details must not count a refused or stale record. False where there are no counts."""
    return _check_counts(document, envelope, profile, [Outcome.ACCEPTED] * envelope.record_count)


def _position(line: object, envelope: Envelope, shape: Details) -> int:
    text = text_at(line, shape.seq_path)
    if text is None or not _NUMBER.fullmatch(text):
        raise _contradiction(envelope, "明细没有序号")
    position = int(text) - shape.seq_first
    if not 0 <= position < envelope.record_count:
        raise _contradiction(envelope, "明细序号超出报文", seq=int(text), records=envelope.record_count)
    key = text_at(line, shape.key_path) if shape.key_path else None
    if key and key != envelope.keys[position]:
        raise _contradiction(envelope, "明细的主键与报文同一位置的不同", seq=int(text))
    return position


def _verdict(line: object, envelope: Envelope, shape: Details, codes: AnswerCodes) -> Verdict:
    status = text_at(line, shape.status_path)
    outcome = shape.status_words.get(status) if status is not None else None
    if outcome is None:
        raise _contradiction(envelope, "明细的状态不在方言 status_words 之内")
    found = pick(line, shape.errors_path) if shape.errors_path else None
    errors = [error for error in found if isinstance(error, dict)] if isinstance(found, list) else []
    if outcome in (Outcome.ACCEPTED, Outcome.WARNED):
        return _with_warnings(outcome, errors, shape, codes)
    if outcome is not Outcome.REFUSED:
        return _named(outcome, errors[0] if errors else {}, shape, codes)
    serious = [error for error in errors if not _is_warning(error, shape)]
    if not serious:
        return Verdict(Outcome.REFUSED, _NO_CODE)
    judged = [(_outcome_of(_line_of(error, shape, codes)), error) for error in serious]
    decided, error = max(judged, key=lambda pair: _WEIGHT[pair[0]])
    return _named(decided, error, shape, codes)


def _with_warnings(
    outcome: Outcome, errors: list[dict[str, object]], shape: Details, codes: AnswerCodes
) -> Verdict:
    return _named(Outcome.WARNED, errors[0], shape, codes) if errors else Verdict(outcome)


def _is_warning(error: dict[str, object], shape: Details) -> bool:
    severity = text_at(error, shape.error_severity_path) if shape.error_severity_path else None
    return severity is not None and severity in shape.warning_words


def _outcome_of(line: AnswerCode | None) -> Outcome:
    """What a refused record's code means; an unknown one, or one of acceptance, leaves it refused."""
    if line is None or line.outcome in (Outcome.ACCEPTED, Outcome.WARNED):
        return Outcome.REFUSED
    return line.outcome


def _line_of(error: dict[str, object], shape: Details, codes: AnswerCodes) -> AnswerCode | None:
    return codes.get(text_at(error, shape.error_code_path))


def _named(outcome: Outcome, error: dict[str, object], shape: Details, codes: AnswerCodes) -> Verdict:
    """A verdict with code and field. The platform's own text is left out: it may quote a patient's value."""
    code = text_at(error, shape.error_code_path)
    field = text_at(error, shape.error_field_path) if shape.error_field_path else None
    line = codes.get(code)
    return Verdict(
        outcome,
        code if code is not None and _CODE.fullmatch(code) else _NO_CODE,
        field if field is not None and _FIELD.fullmatch(field) else None,
        line.meaning_zh if line is not None else "",
    )


def _check_counts(
    document: object, envelope: Envelope, profile: Profile, outcomes: Sequence[Outcome]
) -> bool:
    """True when the reply counts its accepted records and all its counts agree with ours."""
    shape = profile.reply.counts
    if shape is None:
        return False
    ours = Counter(outcomes)
    warned, stale = ours[Outcome.WARNED], ours[Outcome.STALE]
    taken = ours[Outcome.ACCEPTED] + warned
    refused = ours.total() - taken - stale
    said_accepted, said_warned = _count(document, shape.accepted), _count(document, shape.warned)
    if warned == 0 and taken == envelope.record_count and said_warned:
        warned = said_warned  # without details the warned ones are known by number only
    # Platforms differ in whether warned records are among the accepted, and stale ones among the refused.
    fine = {
        "accepted": (said_accepted, {taken, taken - warned}),
        "refused": (_count(document, shape.refused), {refused, refused + stale}),
        "stale": (_count(document, shape.stale), {stale}),
    }
    wrong = [name for name, (said, may_be) in fine.items() if said is not None and said not in may_be]
    if wrong:
        raise _contradiction(envelope, "应答的计数与逐条明细不符", counts="、".join(wrong))
    return said_accepted is not None


def _count(document: object, path: str | None) -> int | None:
    text = text_at(document, path) if path else None
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


def _contradiction(envelope: Envelope, why: str, **values: object) -> ReplyNotUnderstood:
    return ReplyNotUnderstood(
        "读取平台应答",
        why=why,
        message_id=envelope.message_id,
        table=envelope.table,
        fix="程序会先查询报文结果，不猜测；反复出现时核对平台方言",
        **values,
    )
