"""PostgreSQL from its wheel: a cluster of passwords only, on a socket, without a port."""

import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.embedded import roles
from config.embedded.children import Children, Command
from config.embedded.identity import as_servant, check_known, hand_over, own_folder
from config.embedded.places import Places
from config.embedded.trouble import Trouble

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    "max_connections=80",
    "shared_buffers=128MB",
    "jit=off",
    "random_page_cost=1.1",
)
# For tests, whose data nobody misses after a crash. A vacuum amid a test sees none of its uncommitted rows, and tells
# the planner that the tables are empty: two thousand rows then took an hour. What never ends is cancelled and named.
FLEETING = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "statement_timeout=2min")


@dataclass(frozen=True)
class Postgres:
    """One cluster below `home`. `programs` is the folder of its binaries."""

    places: Places
    programs: Path
    settings: Sequence[str] = SETTINGS

    @property
    def data(self) -> Path:
        return self.places.home / "postgres"

    def prepare(self) -> None:
        """Makes the cluster unless it is there, and clears away what a killed start has left."""
        check_known()
        self.check_data()
        if not self.data.exists():
            self.initdb()
        self.end_predecessor()

    def check_data(self) -> None:
        version = self.data / "PG_VERSION"
        if not self.data.exists():
            return
        if not version.exists():
            raise Trouble(f"{self.data} is not a PostgreSQL cluster: move it away, or choose another --var.")
        ours = self.major()
        if version.read_text().strip() != ours:
            raise Trouble(f"{self.data} is of PostgreSQL {version.read_text().strip()}, and this one is {ours}.")

    def major(self) -> str:
        """The version of its programs, as in `18`; Debian says more after the number."""
        return self.run("postgres", "--version").split()[2].split(".")[0]

    def locale(self) -> Sequence[str]:
        """Order by code point, letters as Unicode has them: PostgreSQL's own since 17, before that the system's."""
        if int(self.major()) < 17:
            return ("--locale=C.UTF-8",)
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")

    def initdb(self) -> None:
        """Makes the cluster aside and moves it into place whole, so that none is ever half made."""
        part = self.data.with_name("postgres.part")
        shutil.rmtree(part, ignore_errors=True)
        own_folder(part)
        password = self.places.run / "password"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(self.places.secret("postgres"))
        hand_over(password)
        try:
            self.run("initdb", "-D", part, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password}",
                     "-E", "UTF8", *self.locale())  # fmt: skip
        finally:
            password.unlink()
        part.rename(self.data)

    def end_predecessor(self) -> None:
        """Stops a server that outlived its start; a pid file whose number is another program's now is removed."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        if str(self.data) in command_line(pid_file.read_text().split("\n")[0]):
            self.run("pg_ctl", "-D", self.data, "stop", "-m", "fast")
        pid_file.unlink(missing_ok=True)

    def run(self, program: str, *words: str | Path) -> str:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [self.programs / program, *words],
            env=ENVIRONMENT, cwd="/", capture_output=True, text=True, check=False, **as_servant(),
        )  # fmt: skip
        if done.returncode:
            raise Trouble(f"{program} failed: {(done.stderr or done.stdout).strip()}")
        return done.stdout.strip()

    def start(self, children: Children) -> None:
        """Returns once the three roles and the database are there."""
        self.prepare()
        children.start(self.command())
        children.wait_until(self.answers, seconds=30, what="PostgreSQL")
        with self.connect() as admin:
            roles.make_roles(admin, {role: self.places.secret(role) for role in roles.ROLES}, hats=True)
            roles.make_database(admin, roles.DATABASE)

    def command(self) -> Command:
        options = [word for setting in self.settings for word in ("-c", setting)]
        words: list[str | Path] = [self.programs / "postgres", "-D", self.data, "-k", self.places.run, *options]
        # SIGINT is PostgreSQL's fast way: it ends the sessions instead of waiting for them.
        return Command("postgres", words, ENVIRONMENT, servant=True, halt=signal.SIGINT, patience=2.0)

    def connect(self) -> psycopg.Connection:
        secret = self.places.secret("postgres")
        return psycopg.connect(
            host=str(self.places.run), user="postgres", password=secret, dbname="postgres", autocommit=True
        )

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Trouble(
                    f"{self.places.home}/secrets does not fit {self.data}: bring it back, or move both away."
                ) from None
            return False
        return True

    def url(self, role: str) -> str:
        """As django-environ reads it: a socket's folder stands where the database's name would begin."""
        return f"postgres://{role}:{self.places.secret(role)}@/{self.places.run}/{roles.DATABASE}"


def command_line(pid: str) -> str:
    """What the process was started as; nothing when there is none."""
    proc = Path("/proc") / pid / "cmdline"
    if proc.exists():
        return proc.read_text().replace("\0", " ")
    done = subprocess.run(["ps", "-o", "args=", "-p", pid], capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout
