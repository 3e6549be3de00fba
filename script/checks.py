"""The command `script/test`: the static checks beside the start of the servers, then pytest."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

from config.embedded.children import Children, die_with
from config.embedded.places import Places, Taken, taken
from config.embedded.servers import ROOT, WHEELS, Programs, start_servers
from config.embedded.trouble import Trouble
from script.oldest import chosen, install

BIN = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")
# What a check reads of the settings, none of which it connects to.
PAPER = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DATABASE_URL": "postgres://coterm_web:nobody@localhost/nowhere",
    "DATABASE_OWNER_URL": "postgres://coterm_owner:nobody@localhost/nowhere",
    "DATABASE_WORKER_URL": "postgres://coterm_worker:nobody@localhost/nowhere",
}
PRODUCTION = {"DEBUG": "off", "BASE_URL": "https://coterm.example", "ALLOWED_HOSTS": "coterm.example"}
A_RUN = timedelta(minutes=9)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Check:
    name: str
    words: Sequence[str | Path]
    env: Mapping[str, str]

    def run(self) -> bool:
        """Prints one line; when it fails, all that it said as well."""
        began = time.monotonic()
        done = subprocess.run(
            self.words, cwd=ROOT, env={**PAPER, **os.environ, **self.env}, capture_output=True, text=True, check=False
        )
        state = "failed" if done.returncode else "ok"
        report = f"{state:<7}{self.name:<28}{time.monotonic() - began:5.1f} s"
        print(report if done.returncode == 0 else f"{report}\n{done.stdout}{done.stderr}", flush=True)
        return done.returncode == 0


def static_checks() -> list[Check]:
    """What needs no server; the slowest first, so that the others run beside it."""
    templates = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
    words: dict[str, Sequence[str | Path]] = {
        "mypy": (BIN / "mypy",),
        "ruff check": (BIN / "ruff", "check", "."),
        "ruff format": (BIN / "ruff", "format", "--check", "."),
        "import contracts": (BIN / "lint-imports",),
        "dependencies": (BIN / "deptry", "."),
        "translations": (sys.executable, "-m", "script.messages", "--check"),
    }
    if templates:
        words["templates"] = (BIN / "djade", "--target-version", "5.2", "--check", *templates)
    return [Check(name, command, {}) for name, command in words.items()]


def database_checks(found: dict[str, str], run: str) -> list[Check]:
    """What needs the servers; and the database that the tests of this run copy, made while mypy has a core to spare."""
    template = (sys.executable, "-m", "tests.database", run)
    migrations = (*MANAGE, "makemigrations", "--check", "--dry-run", "--skip-checks")
    deploy = (*MANAGE, "check", "--deploy", "--fail-level", "WARNING")
    return [
        Check("test database", template, found | {"COTERM_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "config.settings"}),
        Check("migrations", migrations, found | {"COTERM_ROLE": "owner"}),
        Check("check --deploy", deploy, found | PRODUCTION | {"COTERM_ROLE": "web"}),
    ]


def main(words: list[str]) -> int:
    os.chdir(ROOT)
    # Many processes start from here, and each would compile all of Coterm again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--deep" in words:
        os.environ["COTERM_DEEP"] = "1"
    try:
        programs = chosen(words)
        words = [word for word in words if word not in ("--deep", "--oldest")]
        with private_places(programs) as places, ThreadPoolExecutor(max_workers=2) as pool:
            static = [] if words else [pool.submit(check.run) for check in static_checks()]
            with servers(places, programs) as found:
                return everything(pool, static, found, words)
    except (Trouble, OSError) as trouble:
        print(f"script/test: {trouble}", file=sys.stderr, flush=True)
        return 1


def everything(pool: ThreadPoolExecutor, static: list[Future[bool]], found: dict[str, str], words: list[str]) -> int:
    """With words, pytest alone. Its own closing line comes last, unless a check has failed."""
    if words:
        return pytest(found | chromium(may_install=False), words)
    run = uuid4().hex
    checks = [*static, *(pool.submit(check.run) for check in database_checks(found, run))]
    browser = chromium(may_install=True)
    results = [check.result() for check in checks]
    processes = str(min(os.cpu_count() or 1, 8))
    # Measuring what the tests cover makes them a third slower: the deep run's.
    coverage = ["--cov", "--cov-report=term:skip-covered"] if os.environ.get("COTERM_DEEP") else []
    if seconds := held_back(datetime.now(UTC)):
        print(f"script/test: tests begin at midnight UTC, in {seconds:.0f} s: all have one day.", flush=True)
        time.sleep(seconds)
    tests = pytest(found | browser, ["-n", processes, "--testrunuid", run, *coverage])
    if not all(results):
        print("script/test: a check has failed, see above the tests.", file=sys.stderr, flush=True)
    return tests or int(not all(results))


def held_back(now: datetime) -> float:
    """How many seconds to wait for a new day (UTC): tests take their dates from the one on which they begin."""
    left = timedelta(days=1) - timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)
    return left.total_seconds() if left < A_RUN else 0


def pytest(found: dict[str, str], words: Sequence[str]) -> int:
    env = {**PAPER, **os.environ, **found, "COTERM_ROLE": "owner", "COTERM_DEMO": "off"}
    command = [sys.executable, "-m", "pytest", *words]
    process = subprocess.Popen(command, cwd=ROOT, env=env, preexec_fn=die_with(os.getpid(), signal.SIGINT))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal has told pytest too, which now sums up.
            continue


@contextmanager
def servers(places: Places, programs: Programs) -> Iterator[dict[str, str]]:
    """Servers whose data nobody will miss, unless the environment names others."""
    children = Children(places.folder("log"))
    try:
        yield start_servers(places, children, durable=False, programs=programs)
    finally:
        children.stop()


@contextmanager
def private_places(programs: Programs) -> Iterator[Places]:
    """A folder of its own for each run that is under way at once; a cluster is of one version for good."""
    name = "test" if programs is WHEELS else "oldest"
    var = Path(os.environ.get("COTERM_VAR") or ROOT / "var").absolute()
    with ExitStack() as stack:
        for number in count(1):
            try:
                places = stack.enter_context(taken(var / f"{name}-{number}"))
                break
            except Taken:
                continue
        yield places


def chromium(*, may_install: bool) -> dict[str, str]:
    """Tells the tests where the browser is; without one they are skipped, and say so."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None and may_install:
        install("chromium")
        return chromium(may_install=False)
    return {"COTERM_CHROMIUM": path} if path else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
