"""A sample of the drills, and faults planted into the product that they must find."""

import json
import os
import subprocess
import sys

import pytest

from config.embedded.roles import VARIABLES
from config.embedded.servers import ROOT

pytestmark = pytest.mark.long
GIVEN = {*VARIABLES, "REDIS_URL", "SECRET_KEY", "COTERM_ROLE", "DJANGO_SETTINGS_MODULE"}


def drilled(folder, *words):
    """The exit code of `script/drill`, and what it found."""
    env = {name: value for name, value in os.environ.items() if name not in GIVEN}
    command = [sys.executable, "-m", "script.drill", *words, "--var", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode, json.loads((folder / "drill.json").read_text())


def test_nothing_is_lost_when_senders_are_killed(tmp_path):
    code, (killed, poison) = drilled(tmp_path, "worker-killed", "poison-row", "--rows", "500", "--kills", "3")
    assert (code, killed["lost"], killed["broken"], poison["broken"]) == (0, 0, [], [])
    assert killed["rows"] == 500


@pytest.mark.parametrize(
    ("drill", "fault", "count"),
    [
        ("bad-mail-server", "mark_before_send", "lost"),
        ("worker-killed", "no_lease", "duplicates"),
        ("sweeps-at-once", "no_unique_key", "duplicates"),
    ],
)
def test_a_planted_fault_breaks_a_promise(tmp_path, drill, fault, count):
    code, (finding,) = drilled(tmp_path, drill, "--rows", "100", "--kills", "1", "--plant", fault)
    assert (code, bool(finding["broken"])) == (1, True)
    assert finding[count] > 0
