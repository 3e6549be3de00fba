"""The whole start, as a person at a terminal sees it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from config.embedded import roles
from config.embedded.servers import ROOT

GIVEN = (*roles.VARIABLES, "REDIS_URL", "EMAIL_URL", "COTERM_ROLE", "COTERM_DEMO", "SECRET_KEY", "BASE_URL")

pytestmark = pytest.mark.long


@pytest.fixture
def start(var):
    """The command on a free port, with nothing given; ended if the test has not."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    words = [sys.executable, "-m", "config.embedded", "--no-demo", "--port", str(port)]
    words += ["--var", str(var)]
    env = {name: value for name, value in os.environ.items() if name not in GIVEN}
    process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield process, port
    process.terminate()
    process.wait(15)


def test_it_gets_ready_and_stops_without_leaving_a_process(start):
    process, port = start
    said = until(process, r"Coterm is ready at (\S+)")
    assert said == f"http://127.0.0.1:{port}"
    assert status(f"{said}/accounts/login/") == 200
    children = descendants(process.pid)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert time.monotonic() - began < 10
    assert len(children) > 5
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def until(process, pattern: str) -> str:
    heard = []
    for line in process.stdout:
        heard.append(line)
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError("".join(heard))


def status(url: str) -> int:
    try:
        return urllib.request.urlopen(url, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


def descendants(pid: int) -> list[int]:
    folder = Path(f"/proc/{pid}/task/{pid}/children")
    children = [int(child) for child in folder.read_text().split()] if folder.exists() else []
    return [*children, *(grandchild for child in children for grandchild in descendants(child))]
