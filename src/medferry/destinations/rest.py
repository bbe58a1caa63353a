"""Destination `rest`: JSON over HTTP with a token and a signature per call, in the dialect of a profile."""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NoReturn
from urllib.parse import quote

import orjson

from medferry.catalog.platform.answer import Answer, Said, look_at, parsed, pick, text_at
from medferry.catalog.platform.answer_codes import AnswerCodes, ClientClass
from medferry.catalog.platform.profile import Profile
from medferry.clock import ZONE, Clock
from medferry.crypto.provider import CryptoProvider
from medferry.destinations.errors import (
    ClockSkewed,
    EnvelopeTooLarge,
    PlatformBusy,
    PlatformUnreachable,
    RecordTooLarge,
    TokenRefused,
)
from medferry.destinations.http_line import HttpAnswer, HttpLine
from medferry.destinations.pace import Pace
from medferry.destinations.rest_settings import RestSettings
from medferry.destinations.settings import Addresses
from medferry.destinations.signature import Call, Signer
from medferry.destinations.token import Token, TokenKeeper, token_until
from medferry.destinations.wire import JsonPack, wire_time
from medferry.errors import AnswerLost, ChannelStopped, DeliveryError
from medferry.records import Envelope, Pack, ProbeFinding, Reply

_CLOCK_CODE_FIX = "校准本机时间：配置 NTP 与平台同源对时，偏差消除后再启动"
_TOKEN = re.compile(
    r"[!-~]{1,8192}"
)  # RFC 6750 asks for less: what a header can carry, no more than servers take
_LIFE = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?")
_LIFE_S_MAX = 30 * 86_400.0  # a longer life is not believed: the token is renewed, at the price of one call
_DATE_CHARS_MAX = 100
_SENDING = "投递报文"
_ASKING = "查询报文结果"


class Rest:
    """See `destination.Destination` for the promises. One token and one pool of connections for all."""

    def __init__(
        self,
        settings: RestSettings,
        profile: Profile,
        clock: Clock,
        crypto: CryptoProvider,
        *,
        addresses: Addresses,
        codes: AnswerCodes | None = None,
    ) -> None:
        self.profile = profile
        self.codes = codes if codes is not None else profile.load_answer_codes()
        self._addresses = addresses
        self._retry_after_s_max = settings.retry_after_s_max
        self._clock = clock
        self._signer = Signer(profile, crypto, settings.app_key, settings.app_secret.get_secret_value())
        self._pack = JsonPack(profile, crypto, addresses.branch_codes)
        self._pace = Pace(profile.limits.calls_per_s, profile.limits.calls_burst)
        self._tokens = TokenKeeper(self._fetch_token, clock)
        self._line = HttpLine(
            settings.url,
            connections_max=settings.in_flight_max,
            connect_timeout_s=settings.connect_timeout_s,
            read_timeout_s=settings.read_timeout_s,
            answer_timeout_s=settings.answer_timeout_s,
            reply_bytes_max=settings.reply_bytes_max,
            ca_file=str(settings.ca_file) if settings.ca_file else None,
        )

    @property
    def pack(self) -> Pack:
        return self._pack

    def send(self, envelope: Envelope) -> Reply:
        """Posts the kept bytes under the kept message id; everything else is fresh."""
        self._refuse_oversize(envelope)
        paths = self.profile.paths
        call = Call(
            "POST",
            paths.base + paths.data.format(table=quote(envelope.table, safe="")),
            paths.data_query,
            envelope.body,
            org_code=envelope.org_code,
            branch_code=self._addresses.branch_codes.get(envelope.campus, ""),
            message_id=envelope.message_id,
            content_encoding=envelope.content_encoding,
        )
        got, answer = self._with_token(call, _SENDING)
        if self._speaks_of_channel(got, answer):
            self._refuse(got, answer, _SENDING, records=envelope.record_count)
        return self._reply(envelope.message_id, got)

    def ask(self, message_ids: Sequence[str]) -> Iterator[Reply]:
        """GET per message. Raises DeliveryError, never AnswerLost: asking changes nothing."""
        paths = self.profile.paths
        for message_id in message_ids:
            path = paths.base + paths.message.format(message_id=quote(message_id, safe=""))
            call = Call("GET", path, org_code=self._addresses.org_code_of(message_id))
            try:
                got, answer = self._with_token(call, _ASKING)
                told = text_at(answer.document, self.profile.ask.state_path) is not None
                if not told and self._speaks_of_channel(got, answer):
                    self._refuse(got, answer, _ASKING, records=0)
            except AnswerLost as error:
                raise PlatformUnreachable(
                    _ASKING, fix="平台没有给出结果，稍后再问", **error.values
                ) from error
            yield self._reply(message_id, got)

    def probe(self) -> list[ProbeFinding]:
        """Ping, clock, spec version, token; reports and never raises for what it finds."""
        paths = self.profile.paths
        call = Call("GET", paths.base + paths.ping, org_code=self._addresses.org_codes[0])
        try:
            got = self._post(call, "", "探测平台")
        except DeliveryError as error:
            return [ProbeFinding("平台连接", False, error.without_fix, error.fix)]
        findings = [self._ping_finding(got), self._clock_finding(got), *self._version_findings(got)]
        try:
            self._tokens.token()
            findings.append(ProbeFinding("令牌", True, "应用标识与签名有效，已取得令牌"))
        except DeliveryError as error:
            findings.append(ProbeFinding("令牌", False, error.without_fix, error.fix))
        return findings

    def close(self) -> None:
        self._line.close()

    # ---- one call

    def _with_token(self, call: Call, doing: str) -> tuple[HttpAnswer, Answer]:
        """A call under a token; when the token is refused, nothing was taken: once more under a new one."""
        token = self._tokens.token()
        got = self._post(call, token, doing)
        answer = self._look(got)
        if answer.client_class is ClientClass.REFRESH_AUTH:
            got = self._post(call, self._tokens.token(refused=token), doing)
            answer = self._look(got)
        return got, answer

    def _post(self, call: Call, token: str, doing: str) -> HttpAnswer:
        self._pace.wait()
        headers = self._signer.headers(
            call, timestamp=wire_time(self._clock.now()), nonce=secrets.token_hex(16), token=token
        )
        return self._line.call(call.method, call.target, body=call.body or None, headers=headers, doing=doing)

    def _look(self, got: HttpAnswer) -> Answer:
        return look_at(
            got.status, got.body, self.profile, self.codes, told_to_wait="retry-after" in got.headers
        )

    def _reply(self, message_id: str, got: HttpAnswer) -> Reply:
        return Reply(message_id, got.status, got.body, self._clock.now(), got.duration_ms)

    def _fetch_token(self) -> Token:
        doing = "申请令牌"
        paths, shape = self.profile.paths, self.profile.token
        now = self._clock.now()
        body = orjson.dumps(self._signer.token_body(timestamp=wire_time(now), nonce=secrets.token_hex(16)))
        call = Call("POST", paths.base + paths.token, body=body, org_code=self._addresses.org_codes[0])
        try:
            got = self._post(call, "", doing)
        except AnswerLost as error:
            # The envelope itself has not left: certain for it, whatever became of the token.
            raise PlatformUnreachable(
                doing, fix="平台没有应答令牌申请，稍后自动重试", **error.values
            ) from error
        text = text_at(parsed(got.body), shape.token_path)
        if not text:
            answer = self._look(got)
            if answer.client_class in (ClientClass.DONE, ClientClass.QUERY_THEN_RETRY):
                raise PlatformUnreachable(
                    doing, http=got.status, code=answer.code, fix="应答里没有令牌，核对方言 token.token_path"
                )
            self._refuse(got, answer, doing, records=0)
        if not _TOKEN.fullmatch(text):
            raise PlatformUnreachable(
                doing,
                令牌字符数=len(text),
                fix="平台给的令牌放不进请求头（空白、换行、中文或过长），请联系平台",
            )
        life = text_at(parsed(got.body), shape.life_path) if shape.life_path else None
        life_s = _life_s(life, float(shape.life_s))
        return token_until(text, now, life_s=life_s, refresh_margin_s=shape.refresh_margin_s)

    # ---- refusals

    def _refuse_oversize(self, envelope: Envelope) -> None:
        bytes_max = self.profile.limits.body_bytes_max
        if len(envelope.body) > bytes_max:
            self._too_large(envelope.record_count, body_bytes=len(envelope.body), body_bytes_max=bytes_max)

    def _too_large(self, records: int, **values: object) -> NoReturn:
        if records <= 1:
            raise RecordTooLarge(
                _SENDING, records_max=1, fix="单条记录已超过平台上限，检查超长的文本字段", **values
            )
        raise EnvelopeTooLarge(
            _SENDING, records_max=records // 2, records=records, fix="自动拆小后重发", **values
        )

    def _speaks_of_channel(self, got: HttpAnswer, answer: Answer) -> bool:
        """Refusals that are not for the receipt to read: of our access, of the moment, of the size."""
        if answer.said is Said.SUCCESS:
            return False
        if answer.line is not None:
            return answer.line.level == "channel"
        return got.status not in self.profile.reply.http_accepted

    def _refuse(self, got: HttpAnswer, answer: Answer, doing: str, *, records: int) -> NoReturn:
        said: dict[str, object] = {"http": got.status}
        if answer.code is not None:
            said["code"] = answer.code
        if answer.line is not None:
            said["meaning"] = answer.line.meaning_zh
        match answer.client_class:
            case ClientClass.RETRY:
                wait_s = _retry_after_s(got, self._clock.now(), self._retry_after_s_max)
                raise PlatformBusy(doing, retry_after_s=wait_s, fix="稍后自动重试", **said)
            case ClientClass.REFRESH_AUTH:
                raise TokenRefused(doing, fix="新令牌仍被拒绝：检查是否有另一台程序使用同一应用标识", **said)
            case ClientClass.SPLIT:
                self._too_large(records, **said)
            case ClientClass.STOP_CHANNEL:
                self._stop(got, answer, doing, said)
            case _:
                raise AnswerLost(doing, fix="无法确定平台是否已接收；程序会先查询报文结果", **said)

    def _stop(self, got: HttpAnswer, answer: Answer, doing: str, said: dict[str, object]) -> NoReturn:
        skew_s = self._skew_s(got)
        if skew_s is not None and answer.code is not None and abs(skew_s) > self.profile.sign.skew_s_max:
            # Whatever the platform calls it: our clock is outside its window, and that must be mended first.
            raise ClockSkewed(
                doing,
                skew_s=round(skew_s),
                skew_s_max=self.profile.sign.skew_s_max,
                fix=_CLOCK_CODE_FIX,
                **said,
            )
        if answer.line is not None and answer.code == "1005":
            raise ClockSkewed(
                doing, skew_s="未知" if skew_s is None else round(skew_s), fix=_CLOCK_CODE_FIX, **said
            )
        who = answer.line.who_acts_zh if answer.line is not None else "管理员"
        raise ChannelStopped(doing, fix=f"由{who}处理后再启动；平台拒绝的是接入本身，不是某条记录", **said)

    # ---- probe

    def _ping_finding(self, got: HttpAnswer) -> ProbeFinding:
        document = parsed(got.body)
        path = self.profile.ping.maintenance_path
        if got.status >= 400 or document is None:
            return ProbeFinding(
                "平台连接", False, f"平台应答 HTTP {got.status}", "核对平台地址与方言 paths.ping"
            )
        if path and pick(document, path):
            return ProbeFinding("平台连接", False, "平台公告维护中", "等待维护结束，数据留在本地")
        return ProbeFinding("平台连接", True, f"平台可达，应答用时 {got.duration_ms:.0f} 毫秒")

    def _clock_finding(self, got: HttpAnswer) -> ProbeFinding:
        skew_s = self._skew_s(got)
        limit_s = self.profile.sign.skew_s_max
        if skew_s is None:
            return ProbeFinding("时钟", True, "平台没有给出时间，无法比对")
        text = f"本机时间比平台{'快' if skew_s > 0 else '慢'} {abs(skew_s):.1f} 秒（容差 {limit_s} 秒）"
        fine = abs(skew_s) <= limit_s / 2
        return ProbeFinding("时钟", fine, text, "" if fine else _CLOCK_CODE_FIX)

    def _version_findings(self, got: HttpAnswer) -> list[ProbeFinding]:
        path = self.profile.ping.spec_version_path
        version = text_at(parsed(got.body), path) if path else None
        ours = self.profile.spec_version
        if version is None:
            return []
        if version == ours:
            return [ProbeFinding("规范版本", True, f"与平台一致：{ours}")]
        return [
            ProbeFinding(
                "规范版本", False, f"平台为 {version}，本机为 {ours}", "取得新版规范，更新标准与方言后再投递"
            )
        ]

    def _skew_s(self, got: HttpAnswer) -> float | None:
        """Our clock minus the platform's, seconds; None when the platform tells no time."""
        shape, document = self.profile.reply, parsed(got.body)
        paths = (self.profile.ping.server_time_path, shape.server_time_path)
        texts = [text_at(document, path) for path in paths if path]
        texts.append(got.headers.get((shape.server_time_header or "").lower()))
        theirs = next((at for at in map(_wire_moment, texts) if at is not None), None) or _http_moment(
            got.headers.get("date")
        )
        return (self._clock.now() - theirs).total_seconds() if theirs is not None else None


def _wire_moment(text: str | None) -> datetime | None:
    """yyyyMMddHHmmss with or without milliseconds."""
    if text is None or len(text) not in (14, 17) or not (text.isascii() and text.isdigit()):
        return None
    try:
        whole = datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=ZONE)
    except ValueError:
        return None
    return whole + timedelta(milliseconds=int(text[14:] or 0))


def _http_moment(text: str | None) -> datetime | None:
    """A date of HTTP; without a zone it is GMT, as RFC 9110 has it. None for what is no date."""
    if not text or len(text) > _DATE_CHARS_MAX:
        return None
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _retry_after_s(got: HttpAnswer, now: datetime, most_s: float) -> float | None:
    """Retry-After in seconds, from a number or a date; never more than `most_s`."""
    text = got.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(most_s, float(text))
    at = _http_moment(text)
    return min(most_s, max(0.0, math.ceil((at - now).total_seconds()))) if at is not None else None


def _life_s(text: str | None, otherwise_s: float) -> float:
    """How long a token lives, as the platform says it, within what is sensible; else as the dialect says."""
    if text is None or not _LIFE.fullmatch(text):
        return otherwise_s
    return min(float(text), _LIFE_S_MAX)
