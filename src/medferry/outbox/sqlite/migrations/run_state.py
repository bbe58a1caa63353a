"""Version 4: what a run must remember, read out of the journal once and for all."""

from __future__ import annotations

import sqlite3
from datetime import datetime

import orjson

_NAMES = ("platform_lost", "platform_back", "route_failed", "route_back", "visits_reviewed")
_JOBS = {
    "codes": "requests",
    "catalog": "edition_switch",
    "review": "review",
    "visits_review": "visits_review",
}  # names under which jobs passed for routes; a route's own name has a point in it


def fill_run_state(connection: sqlite3.Connection) -> None:
    """Plays the journal through once more, day by day."""
    for (day,) in connection.execute("SELECT day FROM days ORDER BY day").fetchall():
        lines = connection.execute(
            f"SELECT at, name, text, event FROM journal_{day} WHERE name IN ({','.join('?' * len(_NAMES))})"
            " ORDER BY journal_id",
            _NAMES,
        )
        for at, name, text, event in lines.fetchall():
            _play(connection, at, name, text, orjson.loads(event))


def _play(connection: sqlite3.Connection, at: int, name: str, text: str, event: dict[str, str]) -> None:
    if name == "visits_reviewed":
        until_at = round(datetime.fromisoformat(event["until"]).timestamp() * 1000)
        connection.execute("INSERT OR REPLACE INTO visits_look VALUES (1, ?, ?, ?)", (until_at, at, text))
        return
    subject = ("platform", "") if name.startswith("platform") else _failing(event["route"])
    if name.endswith("_back"):
        connection.execute("DELETE FROM troubles WHERE kind = ? AND name = ?", subject)
        return
    connection.execute(
        "INSERT INTO troubles (kind, name, since_at, at, code, text) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, name) DO UPDATE SET at = excluded.at, code = excluded.code, text = excluded.text",
        (*subject, at, at, event["code"], text),
    )


def _failing(route: str) -> tuple[str, str]:
    """Kind and name."""
    return ("job", _JOBS[route]) if route in _JOBS else ("route", route)
