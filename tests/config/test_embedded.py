"""The embedded servers: where they lie, how they are found, and that nothing is left of them."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import environ
import pytest

from config.embedded import binaries, places, postgres, roles, servers
from config.embedded.children import Children, Command
from config.embedded.places import Places, Taken, taken
from config.embedded.postgres import Postgres
from config.embedded.start import check_exposure, check_port, is_loopback, parse
from config.embedded.trouble import Trouble
from config.embedded.valkey import Valkey


@pytest.fixture
def no_servers_given(monkeypatch):
    for variable in (*roles.VARIABLES, "REDIS_URL"):
        monkeypatch.delenv(variable, raising=False)


def test_sockets_lie_beside_the_data_when_their_path_is_short(var):
    assert places.run_of(var) == var / "run"


@pytest.mark.parametrize("name", ["x" * 90, "with space", "100%", "año"])
def test_a_path_that_sockets_or_urls_would_cut_is_replaced(var, name):
    home = var / name
    home.mkdir(mode=0o711)
    run = places.run_of(home)
    assert places.fits(run)
    assert stat.S_IMODE(run.stat().st_mode) == 0o700
    run.rmdir()


def test_a_second_start_in_one_folder_is_told_of_the_first(var):
    with taken(var), pytest.raises(Taken, match=f"process {os.getpid()}"), taken(var):
        pass


def test_a_folder_that_cannot_be_written_is_one_clear_line(var):
    (var / "file").touch()
    with pytest.raises(Trouble, match="Cannot write to"), taken(var / "file"):
        pass


def test_django_reads_the_url_of_a_socket(var):
    cluster = Postgres(Places(var, var, var / "run"), Path("/nowhere"))
    config = environ.Env.db_url_config(cluster.url("coterm_web"))
    assert (config["HOST"], config["NAME"], config["USER"]) == (str(var / "run"), "coterm", "coterm_web")
    assert config["PASSWORD"] == cluster.places.secret("coterm_web")


def test_a_secret_is_kept_and_is_its_owners_alone(var):
    here = Places(var, var, var)
    assert here.secret("word") == here.secret("word") != here.secret("other")
    assert stat.S_IMODE((var / "secrets/word").stat().st_mode) == 0o600


def test_a_role_gets_its_own_url_only(monkeypatch, no_servers_given):
    found = dict.fromkeys(roles.VARIABLES, "postgres://x")
    env = servers.environment(found, "worker")
    assert [name for name in env if name.startswith("DATABASE_")] == ["DATABASE_WORKER_URL"]
    assert env["COTERM_ROLE"] == "worker"


def test_one_url_without_the_others_is_refused(monkeypatch, no_servers_given):
    monkeypatch.setenv("DATABASE_URL", "postgres://x")
    with pytest.raises(Trouble, match="DATABASE_OWNER_URL, DATABASE_WORKER_URL not"):
        servers.database_is_given()


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_what_is_loopback(host, local):
    assert is_loopback(host) is local


def test_the_demo_is_not_shown_to_the_network(var):
    here = Places(var, var, var)
    with pytest.raises(Trouble, match="add --no-demo"):
        check_exposure(parse(["--host", "0.0.0.0"]), here)
    (var / "demo").write_text("loaded")
    with pytest.raises(Trouble, match="holds the demo"):
        check_exposure(parse(["--host", "0.0.0.0", "--no-demo"]), here)


def test_a_port_in_use_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} is in use"):
            check_port("127.0.0.1", port)


def test_a_folder_that_is_no_cluster_is_left_alone(var):
    (var / "postgres").mkdir()
    (var / "postgres/thesis.txt").touch()
    with pytest.raises(Trouble, match="not a PostgreSQL cluster"):
        Postgres(Places(var, var, var / "run"), Path("/nowhere")).check_data()
    assert (var / "postgres/thesis.txt").exists()


def test_servers_start_twice_and_leave_no_process(var, no_servers_given):
    for _ in range(2):
        with taken(var) as here:
            children = Children(here.folder("log"))
            found = servers.start_servers(here, children, durable=False)
            pids = [child.process.pid for child in children.running]
            assert set(found) == {*roles.VARIABLES, "REDIS_URL"}
            children.stop()
            assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_pid_file_whose_number_is_anothers_is_removed(var):
    with taken(var) as here:
        cluster = Postgres(here, binaries.postgres(here), (*postgres.SETTINGS, *postgres.FLEETING))
        cluster.prepare()
        (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
        cluster.prepare()
        assert not (cluster.data / "postmaster.pid").exists()


def test_children_die_with_a_parent_that_is_killed(var, no_servers_given):
    code = (
        "import sys, time; from pathlib import Path; from config.embedded.places import taken; "
        "from config.embedded.children import Children; from config.embedded.servers import start_servers\n"
        f"with taken(Path({str(var)!r})) as here:\n"
        "    children = Children(here.folder('log')); start_servers(here, children, durable=False)\n"
        "    print(*(child.process.pid for child in children.running), flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=servers.ROOT)
    pids = parent.stdout.readline().split()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_child_that_ends_by_itself_is_reported_with_its_last_words(var):
    children = Children(var)
    children.start(Command("web", ["/bin/sh", "-c", "echo no such module; exit 3"], {"PATH": "/bin"}))
    children.running[0].process.wait()
    with pytest.raises(Trouble, match=r"web has ended by itself \(exit 3\)[\s\S]*no such module"):
        children.watch()


def test_a_child_that_will_not_stop_is_killed_with_its_own(var):
    children = Children(var)
    script = f"trap '' TERM; : > {var}/deaf; sleep 60 & wait; sleep 60"
    child = children.start(Command("web", ["/bin/sh", "-c", script], {"PATH": "/bin"}, patience=0.2))
    children.wait_until((var / "deaf").exists, seconds=60, what="The shell")
    children.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_valkey_keeps_what_it_is_told(var):
    command = Valkey(Places(var, var, var), Path("/bin/valkey-server")).command()
    assert " ".join(map(str, command.words)).endswith("--appendonly yes --maxmemory-policy noeviction")
