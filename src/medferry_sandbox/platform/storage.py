"""The platform's own memory: one SQLite file, `platform.sqlite`. An auditor may read it; nobody else writes
it.

messages  one row per message taken (L1). `state` RECEIVED until judged, then DONE with the whole reply as
          it was sent. A message refused before it was taken (401, 404, 413 …) leaves no row.
applied   append-only: every version of every record that was accepted, `seq` in the order of acceptance,
          `record` the JSON object as accepted, `updated_at` DT15 text, `op` UPSERT or VOID. One version
          under two message ids would be two rows here with equal record text.
current   per (table_name, org_code, record_key) the newest version: `seq` points into applied.

`received_at`, `applied_at`, `done_at`: 17 digits, Asia/Shanghai. One transaction per message, answered
after commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path

FILE_NAME = "platform.sqlite"
BUSY_S_MAX = 1.0  # the only writer: whoever else holds the lock is an accident
_IN_MAX = 500  # keys per look-up

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
  msg_id TEXT PRIMARY KEY, app_key TEXT NOT NULL, org_code TEXT NOT NULL, branch_code TEXT NOT NULL,
  table_name TEXT NOT NULL, op TEXT NOT NULL, mode TEXT NOT NULL, content_sha BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('RECEIVED', 'DONE')), receipt_no TEXT NOT NULL, reply BLOB, body BLOB,
  record_count INTEGER NOT NULL, accepted INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0,
  warned INTEGER NOT NULL DEFAULT 0, stale INTEGER NOT NULL DEFAULT 0,
  received_at TEXT NOT NULL, done_at TEXT, done_no INTEGER UNIQUE
) STRICT;
CREATE INDEX IF NOT EXISTS messages_waiting ON messages (received_at) WHERE state = 'RECEIVED';
CREATE TABLE IF NOT EXISTS applied (
  seq INTEGER PRIMARY KEY, table_name TEXT NOT NULL, org_code TEXT NOT NULL, branch_code TEXT NOT NULL,
  record_key TEXT NOT NULL, op TEXT NOT NULL, updated_at TEXT NOT NULL, record TEXT NOT NULL,
  msg_id TEXT NOT NULL, applied_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS current (
  table_name TEXT NOT NULL, org_code TEXT NOT NULL, record_key TEXT NOT NULL,
  seq INTEGER NOT NULL, updated_at TEXT NOT NULL, record_sha BLOB NOT NULL, version INTEGER NOT NULL,
  PRIMARY KEY (table_name, org_code, record_key)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as kept. `reply` is the body sent back, or None while it waits."""

    msg_id: str
    app_key: str
    org_code: str
    branch_code: str
    table: str
    op: str
    mode: str
    content_sha: bytes
    state: str
    receipt_no: str
    reply: bytes | None
    body: bytes | None
    record_count: int
    received_at: str


@dataclass(frozen=True, slots=True)
class Version:
    """The newest version of a record."""

    seq: int
    updated_at: str
    record_sha: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a message's records; `warned` are among the accepted."""

    accepted: int = 0
    refused: int = 0
    warned: int = 0
    stale: int = 0


def record_sha(record: str) -> bytes:
    return sha256(record.encode()).digest()


_MESSAGE_COLUMNS = (
    "msg_id, app_key, org_code, branch_code, table_name, op, mode, content_sha, state, receipt_no, "
    "reply, body, record_count, received_at"
)


class Storage:
    """All access to the file. Used from one thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE_NAME
        self._db = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=BUSY_S_MAX
        )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self._seq = self._scalar("SELECT coalesce(max(seq), 0) FROM applied")
        self._done_no = self._scalar("SELECT coalesce(max(done_no), 0) FROM messages")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        seq, done_no = self._seq, self._done_no
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._seq, self._done_no = seq, done_no
            raise
        self._db.execute("COMMIT")

    def message(self, msg_id: str) -> Message | None:
        row = self._db.execute(
            f"SELECT {_MESSAGE_COLUMNS} FROM messages WHERE msg_id = ?", (msg_id,)
        ).fetchone()
        return Message(*row) if row else None

    def waiting(self, limit: int) -> list[Message]:
        """Messages taken and not yet judged, oldest first."""
        rows = self._db.execute(
            f"SELECT {_MESSAGE_COLUMNS} FROM messages WHERE state = 'RECEIVED' ORDER BY rowid LIMIT ?",
            (limit,),
        )
        return [Message(*row) for row in rows]

    def keep_message(self, message: Message) -> None:
        """Takes a message: L1."""
        self._db.execute(
            f"INSERT INTO messages ({_MESSAGE_COLUMNS}) VALUES ({', '.join('?' * 14)})",
            astuple(message),
        )

    def finish_message(self, msg_id: str, reply: bytes, counts: Counts, at: str) -> None:
        """Judged: L2. The body is needed no more."""
        self._done_no += 1
        self._db.execute(
            "UPDATE messages SET state = 'DONE', reply = ?, body = NULL, accepted = ?, refused = ?, "
            "warned = ?, stale = ?, done_at = ?, done_no = ? WHERE msg_id = ?",
            (reply, counts.accepted, counts.refused, counts.warned, counts.stale, at, self._done_no, msg_id),
        )

    def receipts(self, app_key: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """(number, reply) of judged messages in the order they were judged."""
        rows = self._db.execute(
            "SELECT done_no, reply FROM messages WHERE done_no > ? AND app_key = ? ORDER BY done_no LIMIT ?",
            (after, app_key, limit),
        )
        return list(rows)

    def existing(self, table: str, org_code: str, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that the platform holds."""
        return set(self.versions(table, org_code, keys))

    def versions(self, table: str, org_code: str, keys: Iterable[str]) -> dict[str, Version]:
        """The newest version of each key that the platform holds."""
        wanted = list(keys)
        found: dict[str, Version] = {}
        for start in range(0, len(wanted), _IN_MAX):
            part = wanted[start : start + _IN_MAX]
            rows = self._db.execute(
                "SELECT record_key, seq, updated_at, record_sha, version FROM current "
                f"WHERE table_name = ? AND org_code = ? AND record_key IN ({','.join('?' * len(part))})",
                (table, org_code, *part),
            )
            found.update((key, Version(seq, at, sha, version)) for key, seq, at, sha, version in rows)
        return found

    def records(self, table: str, org_code: str, keys: Iterable[str]) -> dict[str, str]:
        """The newest record, as JSON text, of each key that the platform holds."""
        held = self.versions(table, org_code, keys)
        return {key: self.record_text(version.seq) for key, version in held.items()}

    def newest(self, table: str) -> Iterator[str]:
        """The newest record, as JSON text, of every key of a table, oldest first."""
        rows = self._db.execute(
            "SELECT record FROM applied JOIN current USING (seq) WHERE current.table_name = ? ORDER BY seq",
            (table,),
        )
        return (text for (text,) in rows)

    def record_text(self, seq: int) -> str:
        return str(self._db.execute("SELECT record FROM applied WHERE seq = ?", (seq,)).fetchone()[0])

    def apply(self, message: Message, at: str, rows: Sequence[tuple[str, str, str, bytes, int]]) -> None:
        """Appends versions and moves `current`; a row is (key, updated_at, record, record_sha, version)."""
        first = self._seq + 1
        self._seq += len(rows)
        self._db.executemany(
            "INSERT INTO applied VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (seq, message.table, message.org_code, message.branch_code, key, message.op, updated, record,
                 message.msg_id, at)
                for seq, (key, updated, record, _, _) in enumerate(rows, start=first)
            ],
        )  # fmt: skip
        self._db.executemany(
            "INSERT OR REPLACE INTO current VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (message.table, message.org_code, key, seq, updated, sha, version)
                for seq, (key, updated, _, sha, version) in enumerate(rows, start=first)
            ],
        )

    def history(self, table: str, key: str | None, limit: int) -> list[dict[str, object]]:
        """Versions of a table, or of one key of it, oldest first."""
        condition, values = ("AND record_key = ?", [key]) if key is not None else ("", [])
        rows = self._db.execute(
            "SELECT seq, org_code, branch_code, record_key, op, updated_at, msg_id, applied_at, record "
            f"FROM applied WHERE table_name = ? {condition} ORDER BY seq LIMIT ?",
            (table, *values, limit),
        )
        names = (
            "seq",
            "org_code",
            "branch_code",
            "key",
            "op",
            "updated_at",
            "msg_id",
            "applied_at",
            "record",
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    def statistics(self) -> dict[str, dict[str, int]]:
        """Per table: messages, accepted, refused, warned, stale, stored (records), versions."""
        found: dict[str, dict[str, int]] = {}
        for table, *numbers in self._db.execute(
            "SELECT table_name, count(*), sum(accepted), sum(refused), sum(warned), sum(stale) "
            "FROM messages GROUP BY table_name"
        ):
            names = ("messages", "accepted", "refused", "warned", "stale")
            found[table] = dict(zip(names, numbers, strict=True)) | {"stored": 0, "versions": 0}
        for table, stored, versions in self._db.execute(
            "SELECT table_name, count(*), sum(version) FROM current GROUP BY table_name"
        ):
            found.setdefault(table, {})
            found[table] |= {"stored": stored, "versions": versions}
        return found

    def reset(self) -> None:
        """Forgets everything."""
        with self.transaction():
            for table in ("messages", "applied", "current"):
                self._db.execute(f"DELETE FROM {table}")
        self._seq = self._done_no = 0

    def _scalar(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])
