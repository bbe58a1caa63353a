"""The dialect of a platform, read from YAML: where things are in a reply, what is success, the limits.

Real platforms disagree on whether 1 or 0 is success, so none of it is code. Paths into a JSON document are
names joined by dots; a number picks from a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from medferry.catalog.platform.answer_codes import JIANGXI_FOLDER, AnswerCodes, ClientClass, load_answer_codes
from medferry.errors import CatalogError
from medferry.records import Outcome

WIRE_NAMES = frozenset(
    [
        "app_key",
        "org_code",
        "branch_code",
        "token",
        "timestamp",
        "nonce",
        "message_id",
        "sign_type",
        "sign",
        "spec_version",
        "content_encoding",
    ]
)
"""What a header or token body of a profile may ask for."""

SignPart = Literal[
    "method", "path", "query", "org_code", "app_key", "timestamp", "nonce", "body_digest", "message_id"
]


def as_word(value: object) -> str:
    """A JSON or YAML scalar as the text it is compared by: 1 equals "1", true equals "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


Word = Annotated[str, BeforeValidator(as_word)]


def _known_names(template: str) -> str:
    asked = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    if unknown := asked - WIRE_NAMES:
        raise ValueError(
            f"不认识的占位名 {'、'.join(sorted(unknown))}，可用：{'、'.join(sorted(WIRE_NAMES))}"
        )
    return template


Template = Annotated[str, AfterValidator(_known_names)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Paths(_Part):
    base: str = ""
    token: str
    ping: str
    data: str
    data_query: Mapping[str, str] = {}
    message: str


class Sign(_Part):
    type: Literal["HMAC-SM3", "HMAC-SHA256"]
    parts: tuple[SignPart, ...]
    separator: str
    skew_s_max: int = Field(gt=0)


class Token(_Part):
    body: Mapping[str, Template]
    token_path: str
    life_path: str | None = None
    life_s: int = Field(gt=0)
    refresh_margin_s: int = Field(ge=0)

    @model_validator(mode="after")
    def _margin_is_shorter_than_life(self) -> Token:
        if self.refresh_margin_s >= self.life_s:
            raise ValueError("refresh_margin_s 必须小于 life_s")
        return self


class Layer(_Part):
    """One success test. `accepted`: these values only. `refused`: anything but these, absence included."""

    path: str
    accepted: tuple[Word, ...] = ()
    refused: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Layer:
        if bool(self.accepted) == bool(self.refused):
            raise ValueError("accepted 与 refused 必须且只能写一个")
        return self


class Counts(_Part):
    accepted: str
    refused: str
    warned: str | None = None
    stale: str | None = None


class Details(_Part):
    """Where each record's verdict stands. complete: every record is named, else only those that differ."""

    path: str
    seq_path: str
    seq_first: int = 1
    key_path: str | None = None
    status_path: str
    status_words: Mapping[Word, Outcome]
    errors_path: str | None = None
    error_code_path: str = "code"
    error_field_path: str | None = None
    error_severity_path: str | None = None
    warning_words: tuple[Word, ...] = ()
    complete: bool = True


class ReplyShape(_Part):
    layers: tuple[Layer, ...] = Field(min_length=1)
    code_path: str | None = None
    text_path: str | None = None
    message_id_path: str | None = None
    receipt_no_path: str | None = None
    server_time_path: str | None = None
    server_time_header: str | None = None
    detailed_codes: tuple[Word, ...] = ()
    warned_codes: tuple[Word, ...] = ()
    failure_class: ClientClass
    http_accepted: tuple[int, ...] = (200,)
    http_received: tuple[int, ...] = ()
    http_classes: Mapping[int, ClientClass] = {}
    http_busy_with_retry_after: tuple[int, ...] = ()
    counts: Counts | None = None
    details: Details | None = None


class Ask(_Part):
    state_path: str
    states: Mapping[Word, Literal["not_seen", "received", "done"]]
    receipt_path: str


class Ping(_Part):
    server_time_path: str | None = None
    spec_version_path: str | None = None
    maintenance_path: str | None = None


class Limits(_Part):
    records_max: int = Field(gt=0)
    records_max_by_table: Mapping[str, int] = {}
    body_bytes_max: int = Field(gt=0)
    unpacked_bytes_max: int = Field(gt=0)
    calls_per_s: float = Field(gt=0)
    calls_burst: int = Field(ge=1)


class ReceiptMode(_Part):
    mode: Literal["sync", "async"]


class Semantics(_Part):
    idempotency_h: float = Field(gt=0)


class Codec(_Part):
    null: Literal["absent"]
    gzip_bytes_min: int | None = Field(default=None, ge=0)


class Profile(_Part):
    """One platform's dialect; `folder` is where its file and its code table are."""

    name: str
    spec_version: str
    answer_codes: str
    paths: Paths
    headers: Mapping[str, Template]
    sign: Sign
    token: Token
    reply: ReplyShape
    ask: Ask
    ping: Ping = Ping()
    limits: Limits
    receipt: ReceiptMode
    semantics: Semantics
    codec: Codec
    folder: Path

    def load_answer_codes(self) -> AnswerCodes:
        """The code table that belongs to this profile."""
        return load_answer_codes(self.folder / self.answer_codes)


def load_profile(path: Path | None = None) -> Profile:
    """A profile, by default that of Jiangxi. Raises CatalogError with all complaints, file:line each."""
    file_path = path or JIANGXI_FOLDER / "platform.yaml"
    try:
        text = file_path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        values = yaml.load(text, Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(
            "读取平台方言", file=file_path, reason=type(error).__name__, fix="检查文件是否存在、是否为 UTF-8"
        ) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogError(
            "读取平台方言", place=f"{file_path}:{line}", fix="此处不是合法的 YAML，检查缩进与引号"
        ) from error
    if not isinstance(values, dict) or root is None:
        raise CatalogError(
            "读取平台方言", place=f"{file_path}:1", fix="文件应是“键: 值”的 YAML，参照自带的 platform.yaml"
        )
    try:
        return Profile.model_validate({**values, "folder": file_path.parent})
    except ValidationError as error:
        complaints = [
            f"{file_path}:{_line_of(root, at['loc'])}: {_complaint(at['loc'], at['type'], at['msg'])}"
            for at in error.errors(include_url=False, include_input=False)
        ]
        raise CatalogError(
            "读取平台方言", complaints="；".join(complaints), fix="按上述位置逐条修改"
        ) from error


def _complaint(loc: tuple[int | str, ...], kind: str, text: str) -> str:
    name = ".".join(str(part) for part in loc)
    if kind == "missing":
        return f"缺少 {name}"
    if kind == "extra_forbidden":
        return f"不认识的键 {name}"
    return f"{name} 的值不可用：{text.removeprefix('Value error, ')}"


def _line_of(node: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """Line of the deepest node on the way; what is missing is complained about at its parent."""
    line = node.start_mark.line + 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line = found[0].start_mark.line + 1
            node = found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
