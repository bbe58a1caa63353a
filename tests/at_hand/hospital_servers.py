"""The servers on which the synthetic hospital can lie, one test at a time: its databases have fixed names."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

POSTGRES = os.environ.get("MEDFERRY_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
MARIADB = os.environ.get("MEDFERRY_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test")
BOTH = [
    pytest.param(POSTGRES, marks=pytest.mark.postgres, id="postgres"),
    pytest.param(MARIADB, marks=pytest.mark.mariadb, id="mariadb"),
]


@contextmanager
def server_to_myself(url: str | None) -> Iterator[None]:
    """Waits for other tests that make the hospital there; skips the test where no server answers."""
    if url is None:
        yield
        return
    if not _reachable(url):
        pytest.skip("no server there")
    with (Path(tempfile.gettempdir()) / "medferry-sunshine-on-servers.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _reachable(url: str) -> bool:
    engine = sa.create_engine(url, connect_args={"connect_timeout": 2})
    try:
        with engine.connect():
            return True
    except sa.exc.OperationalError:
        return False
    finally:
        engine.dispose()
