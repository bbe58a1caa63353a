from __future__ import annotations

from collections.abc import Iterator

import pytest
from raw_client import RawClient

from medferry_sandbox.platform.server import RunningSandbox, running_sandbox
from medferry_sandbox.platform.settings import Profile, SandboxSettings


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One server for all tests of this folder; `platform` empties it before each."""
    profile = Profile(
        async_delay_ms=600_000, rules="fields"
    )  # nothing is judged in the background before a test says settle
    data = tmp_path_factory.mktemp("platform")
    with running_sandbox(SandboxSettings(data=data, port=0, control_port=0, profile=profile)) as sandbox:
        yield sandbox


@pytest.fixture
def platform(shared_sandbox: RunningSandbox) -> RawClient:
    """A client, logged in, of an empty platform."""
    client = RawClient(shared_sandbox.url, shared_sandbox.control_url)
    assert client.control("POST", "/reset")["ok"]
    assert client.log_in().status == 200
    return client
