"""Goal: Ctrl+C and SIGTERM end the demo, with its code and a sentence, and leave nothing running.
Method: the command in a process group of its own, a signal once the platform listens; then who is left of its children."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_ends_and_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "medferry.cli.main", "demo", "--out", str(tmp_path / "demo")]
    with subprocess.Popen(
        [*command, "--visits", "60", "--days", "7"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as demo:
        assert demo.stderr is not None
        said = []
        for line in demo.stderr:
            said.append(line)
            if "3/4" in line:
                break
        os.kill(demo.pid, number)
        _, rest = demo.communicate(timeout=60)
    assert demo.returncode == 130, rest
    assert "已中断" in rest
    (address,) = re.findall(r"http://127\.0\.0\.1:([0-9]+)", "".join(said))
    with socket.socket() as knock:
        assert knock.connect_ex(("127.0.0.1", int(address))) != 0, "the platform is gone too"
    assert not any("Traceback" in line for line in [*said, rest])
