"""Which servers a run of the tests takes: those of the wheels, or the oldest that are promised."""

from pathlib import Path

import pytest

from config.embedded.servers import WHEELS
from config.embedded.trouble import Trouble
from script import oldest


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(oldest, "POSTGRES", Path("/nowhere"))
    monkeypatch.setattr(oldest, "install", lambda *packages: None)


def test_a_plain_run_takes_the_wheels():
    assert oldest.chosen(["tests/oracle"]) is WHEELS


def test_the_oldest_servers_are_insisted_on_by_name(nothing_installed):
    with pytest.raises(Trouble, match="postgresql-15 and redis-server"):
        oldest.chosen(["--oldest", "tests/oracle"])


def test_a_deep_run_without_them_says_so_and_goes_on(nothing_installed, capsys):
    assert oldest.chosen(["--deep"]) is WHEELS
    assert "not on the oldest servers" in capsys.readouterr().out
