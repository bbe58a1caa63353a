"""The example project's queries and mappings find the way back to the truth, in every field of every row.

Goal: no difference between what the mappings make of the hospital's databases and what the generator's model says, and
the checks hold exactly the rows that were made wrong.
Method: a planted hospital with its second wave and live events; every recipe's table; SQLite, and both servers.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from compare_truth import compare

from medferry_sandbox.hospital.world import all_recipes

POSTGRES = os.environ.get("MEDFERRY_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
MARIADB = os.environ.get("MEDFERRY_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(None, id="sqlite"),
        pytest.param(POSTGRES, marks=pytest.mark.postgres, id="postgres"),
        pytest.param(MARIADB, marks=pytest.mark.mariadb, id="mariadb"),
    ],
)
def test_no_difference(url: str | None, tmp_path: Path) -> None:
    if url is not None and not _reachable(url):
        pytest.skip("no server there")
    report = compare(sorted(all_recipes()), tmp_path, visits=150, live=20, url=url)
    assert report.differences == []
    assert report.rows > 1_000


def _reachable(url: str) -> bool:
    engine = sa.create_engine(url, connect_args={"connect_timeout": 2})
    try:
        with engine.connect():
            return True
    except sa.exc.OperationalError:
        return False
    finally:
        engine.dispose()
