"""What the ledger's questions give, a type each: its fields are the columns of the SELECT, name for name (a test compares
them).

Where a statement gives one column there is `values`; where thousands of rows are only taken apart, `rows`.
"""

from __future__ import annotations

from typing import NamedTuple


class Meta(NamedTuple):
    """Of `meta`: the numbers given out next."""

    schema_version: int
    node: str
    epoch: int
    next_seq: int
    next_head: int
    next_message: int
    next_batch: int


class StreamFound(NamedTuple):
    """Of `streams`."""

    stream_id: int
    table_name: str
    campus: str
    org_code: str
    edition: str


class ReasonFound(NamedTuple):
    """Of `reasons`."""

    reason_id: int
    check_name: str
    code: str
    field: str
    severity: str
    rule_id: str


class HeadFound(NamedTuple):
    """Of `heads_among`; last_seq: None of a key that is only heard of."""

    key_hash: bytes
    head_id: int
    last_seq: int | None
    newest_time: int
    newest_digest: bytes
    newest_sound: int
    sound_time: int | None
    sound_seq: int | None
    sound_digest: bytes | None


class KeyFound(NamedTuple):
    """Of `head_of_key`."""

    key_hash: bytes
    last_seq: int | None
    accepted_seq: int | None
    at_platform: int


class VersionFound(NamedTuple):
    """Of `version_at`."""

    seq: int
    stream_id: int
    key: str
    source_time: int
    digest: bytes
    sound: int
    prev_seq: int | None
    patient_key: str | None
    visit_key: str | None
    batch_id: str
    route: str
    put_at: int
    state: str
    state_at: int | None
    attempts: int
    not_before: int


class ChainLink(NamedTuple):
    """Of `version_in_chain`; state: "" while it is not final."""

    prev_seq: int | None
    source_time: int
    sound: int
    digest: bytes
    state: str


class PayloadFound(NamedTuple):
    """Of `payload_at` and `payload_after`: a chunk of canonical rows."""

    first_seq: int
    rows: int
    codec: str
    key_id: str
    blob: bytes


class ImageFound(NamedTuple):
    """Of `image_at`."""

    codec: str
    key_id: str
    blob: bytes


class EnvelopeFound(NamedTuple):
    """Of `envelope` and `envelopes_to_ask`: an envelope under way, body included."""

    message_no: int
    message_id: str
    stream_id: int
    state: str
    attempt: int
    created_at: int
    since_at: int
    sequences: str
    keys: str
    content_encoding: str
    body: bytes


class HeadOfEnvelope(NamedTuple):
    """Of `envelope_head`."""

    message_no: int
    stream_id: int
    state: str
    sequences: str


class MessageFound(NamedTuple):
    """Of `messages_of_seq`."""

    message_id: str
    created_at: int


class StepFound(NamedTuple):
    """Of `steps_of_seq`."""

    seq: int
    at: int
    state: str
    message_no: int | None
    code: str
    field: str
    text: str


class FindingFound(NamedTuple):
    """Of `findings_of_seq`."""

    seq: int
    check_name: str
    code: str
    field: str
    severity: str
    rule_id: str


class LineFound(NamedTuple):
    """Of `journal_by_batch`, `journal_by_message` and `journal_by_name`."""

    journal_id: int
    at: int
    name: str
    batch_id: str | None
    message_id: str | None
    text: str
    event: str


class BatchFound(NamedTuple):
    """Of `last_batches`."""

    route: str
    loop: str
    read_at: int
    rows_read: int


class ReviewFound(NamedTuple):
    """Of `last_review`."""

    review_id: int
    began_at: int
    ended_at: int
    rows: int
    left_out: int


class TroubleFound(NamedTuple):
    """Of `troubles`."""

    kind: str
    name: str
    since_at: int
    at: int
    code: str
    text: str


class LookFound(NamedTuple):
    """Of `visits_look`."""

    until_at: int
    at: int
    text: str


class RefusedFound(NamedTuple):
    """Of `refusals_by_field`."""

    stream_id: int
    code: str
    field: str
    rows: int


class RefusedBesideFound(NamedTuple):
    """Of `refusals_beside_findings`: what the platform said, and what was found."""

    stream_id: int
    said_code: str
    said_field: str
    check_name: str
    code: str
    field: str
    severity: str
    rule_id: str
    rows: int


class AcceptedFinding(NamedTuple):
    """Of `findings_of_accepted`."""

    stream_id: int
    check_name: str
    code: str
    field: str
    severity: str
    rule_id: str
    rows: int
