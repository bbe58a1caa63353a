"""One reply -> one receipt: the message as a whole first, then each record."""

from __future__ import annotations

from typing import NoReturn

from medferry.catalog.platform.answer import Answer, Said, look_at, text_at
from medferry.catalog.platform.answer_codes import OUTCOME_OF_CLASS, AnswerCodes, ClientClass
from medferry.catalog.platform.profile import Profile
from medferry.errors import DeliveryError, shown
from medferry.receipt.details import check_counts_alone, check_whole, read_details
from medferry.receipt.errors import EnvelopeRefused, EnvelopeStopped, ReplyNotUnderstood
from medferry.records import Envelope, Outcome, Receipt, Reply, Verdict

DOING = "读取平台应答"
RECEIPT_NO_CHARS_MAX = 200
_OF_RECORDS = (ClientClass.FIX_DATA, ClientClass.FIX_MAPPING, ClientClass.WAIT_PARENT, ClientClass.DONE)


def read_reply(reply: Reply, envelope: Envelope, profile: Profile, codes: AnswerCodes) -> Receipt:
    """The receipt of an envelope.

    Raises ReplyNotUnderstood when the reply cannot be trusted, EnvelopeRefused when the platform certainly
    took nothing and the rows may go again, EnvelopeStopped when a person must act first.
    """
    answer = look_at(reply.status, reply.body, profile, codes)
    if answer.document is None and reply.status in profile.reply.http_accepted:
        raise _not_understood(envelope, "应答不是 JSON 对象", http=reply.status)
    if answer.said is Said.UNCLEAR or answer.document is None:
        if answer.said is Said.FAILURE:
            _refuse(answer, envelope, reply.status)
        raise _not_understood(envelope, "应答既不表示成功也不表示失败", http=reply.status, code=answer.code)
    _check_message_id(answer.document, envelope, profile, must=answer.said is Said.SUCCESS)
    if answer.said is Said.FAILURE and answer.client_class not in _OF_RECORDS:
        _refuse(answer, envelope, reply.status)
    receipt_no = _receipt_no(answer, envelope, profile)
    verdicts = _verdicts(answer, envelope, profile, codes)
    default, final = Verdict(Outcome.ACCEPTED), True
    if verdicts is None and answer.said is Said.SUCCESS and _technical_only(profile, reply.status):
        final = False
    elif verdicts is None:
        default = _whole_verdict(answer, envelope, profile)
    return Receipt(envelope.message_id, receipt_no, default, verdicts or {}, final, reply.answered_at)


def _verdicts(
    answer: Answer, envelope: Envelope, profile: Profile, codes: AnswerCodes
) -> dict[int, Verdict] | None:
    """Verdicts of the records that were not plainly accepted; None without details.

    An atomic platform that refuses a message may name the bad records only: the others come again, for no
    fault of theirs.
    """
    verdicts = read_details(answer.document, envelope, profile, codes)
    if verdicts is None:
        return None
    if answer.said is Said.FAILURE:
        again = Verdict(Outcome.AGAIN, answer.code or "")
        return {at: verdicts.get(at, again) for at in range(envelope.record_count)}
    check_whole(answer.document, envelope, profile, verdicts)
    return {at: verdict for at, verdict in verdicts.items() if verdict.outcome is not Outcome.ACCEPTED}


def _technical_only(profile: Profile, status: int) -> bool:
    """Received, to be judged later."""
    return status in profile.reply.http_received or profile.receipt.mode == "async"


def _whole_verdict(answer: Answer, envelope: Envelope, profile: Profile) -> Verdict:
    """Without details the code of the whole message speaks for each record, if counts do not gainsay it."""
    if answer.said is Said.SUCCESS:
        counted = check_counts_alone(answer.document, envelope, profile)
        if answer.code in profile.reply.detailed_codes and not counted:
            raise _not_understood(envelope, "应答码不说明每条记录，又没有明细或计数", code=answer.code)
        if answer.code in profile.reply.warned_codes:
            return Verdict(
                Outcome.WARNED, answer.code or "", None, answer.line.meaning_zh if answer.line else ""
            )
        return Verdict(Outcome.ACCEPTED)
    if answer.line is not None:
        return Verdict(answer.line.outcome, answer.line.code, None, answer.line.meaning_zh)
    return Verdict(OUTCOME_OF_CLASS[answer.client_class], answer.code or "")


def _check_message_id(document: object, envelope: Envelope, profile: Profile, *, must: bool) -> None:
    path = profile.reply.message_id_path
    if path is None:
        return
    echoed = text_at(document, path)
    if echoed == envelope.message_id or (not must and not echoed):
        return
    raise _not_understood(envelope, "应答带回的报文号不是本报文的" if echoed else "应答没有带回报文号")


def _receipt_no(answer: Answer, envelope: Envelope, profile: Profile) -> str:
    path = profile.reply.receipt_no_path
    number = text_at(answer.document, path) if path else ""
    if path and not number and answer.said is Said.SUCCESS:
        raise _not_understood(envelope, "应答表示成功却没有回执号", code=answer.code)
    return shown(number or "", RECEIPT_NO_CHARS_MAX)


def _refuse(answer: Answer, envelope: Envelope, status: int) -> NoReturn:
    """The whole message was refused, and not for what a record says."""
    values: dict[str, object] = {"message_id": envelope.message_id, "table": envelope.table, "http": status}
    if answer.code is not None:
        values["code"] = answer.code
    if answer.line is not None:
        values["meaning"] = answer.line.meaning_zh
    refusal: DeliveryError
    match answer.client_class:
        case ClientClass.STOP_CHANNEL:
            who = answer.line.who_acts_zh if answer.line else "管理员"
            refusal = EnvelopeStopped(DOING, fix=f"平台不接受这样的报文，由{who}处理后再启动", **values)
        case ClientClass.QUERY_THEN_RETRY:
            refusal = ReplyNotUnderstood(DOING, fix="无法确定平台是否已接收；程序会先查询报文结果", **values)
        case _:
            refusal = EnvelopeRefused(DOING, fix="平台整封退回，程序会重新装封后再发", **values)
    raise refusal


def _not_understood(envelope: Envelope, why: str, **values: object) -> ReplyNotUnderstood:
    return ReplyNotUnderstood(
        DOING,
        why=why,
        message_id=envelope.message_id,
        table=envelope.table,
        fix="程序会先查询报文结果，不猜测；反复出现时核对平台方言",
        **values,
    )
