"""Makes .venv from the locks, once for each lock, Python and place, then becomes a command in it."""

import configparser
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "coterm-stamp"
# Names that say: this machine takes its packages from a place that uv, which ignores pip.conf, would not find.
PRIVATE = ("index-url", "extra-index-url", "find-links", "no-index", "proxy", "cert", "trusted-host")


def main(words: list[str]) -> None:
    locks = ["requirements.txt"]
    while words[:1] == ["--lock"]:
        locks.append(f"requirements-{words[1]}.txt")
        words = words[2:]
    # A link is somebody's own environment, whose contents are theirs to choose.
    if not VENV.is_symlink() and not complete(locks):
        with one_at_a_time():
            prepare(locks)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ.pop("PYTHONHOME", None)
    os.execv(PYTHON, [str(PYTHON), *words])


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """The lock is the system's: it ends with whoever held it."""
    try:
        lock = (ROOT / ".venv.lock").open("a")
    except OSError as error:
        fail(f"Cannot write to {ROOT} ({error.strerror}): make it yours, or clone to a folder that is.")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another start to finish installing …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(locks: list[str]) -> None:
    """Installs what is missing; makes .venv anew when it is broken or was made for something else."""
    stamp = read_stamp()
    if complete(locks):
        return
    if sound(stamp):
        install([*stamp.keys() - {"made for"}, *(lock for lock in locks if lock not in stamp)])
        return
    began = time.monotonic()
    say(f"Making .venv with Python {sys.version.split()[0]} …")
    make()
    install([*locks, *(lock for lock in stamp.keys() - {"made for", *locks} if (ROOT / lock).exists())])
    say(f"Installed in {time.monotonic() - began:.0f} s.")


def complete(locks: list[str]) -> bool:
    stamp = read_stamp()
    return stamp.keys() >= set(locks) and sound(stamp)


def read_stamp() -> dict[str, str]:
    """What .venv was made for, and the hash of each lock that is in it."""
    try:
        return dict(line.split(" = ", 1) for line in STAMP.read_text().splitlines())
    except (OSError, ValueError):
        return {}


def sound(stamp: dict[str, str]) -> bool:
    """Of whatever Python it is: finding another first on the path is no reason to take it from those who use it."""
    if any(digest(lock) != stamp[lock] for lock in stamp.keys() - {"made for"}):
        return False
    return stamp.get("made for") == made_for()


def made_for() -> str:
    """The place of .venv and the version of its Python, which has to find what was installed for it."""
    question = "import sys, django, psycopg; print(sys.version.split()[0])"
    with contextlib.suppress(OSError):
        done = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
        return f"{done.stdout.strip() or 'nothing'} at {VENV}"
    return "nothing"


def digest(lock: str) -> str:
    path = ROOT / lock
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "gone"


def make() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if uses_uv():
        done = run("uv", "venv", "--quiet", "--no-project", "--python", sys.executable, VENV)
    else:
        need_ensurepip()
        done = run(sys.executable, "-m", "venv", VENV)
    if done:
        fail(f"Cannot make {VENV}: see above.")


def install(locks: list[str]) -> None:
    """Every file must have the hash that the lock names; wheels alone, so that no compiler is needed."""
    words = [word for lock in sorted(locks) for word in ("-r", str(ROOT / lock))]
    say(f"Installing {' '.join(sorted(locks))} …")
    # The locks name everything, so there is nothing to resolve.
    checks = ("--require-hashes", "--no-deps", "--only-binary", ":all:")
    if uses_uv():
        done = run("uv", "pip", "install", "--quiet", "--python", PYTHON, *checks, *words)
    else:
        pip = (PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off")
        done = counted(*pip, *checks, *words)
    if done:
        fail("Cannot install the dependencies: see above.")
    lines = [f"made for = {made_for()}", *(f"{lock} = {digest(lock)}" for lock in sorted(locks))]
    part = STAMP.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n")
    part.rename(STAMP)


def uses_uv() -> bool:
    return shutil.which("uv") is not None and not has_private_index()


def has_private_index() -> bool:
    if any(os.environ.get(f"PIP_{name.upper().replace('-', '_')}") for name in PRIVATE):
        return True
    home = Path.home()
    files = [Path("/etc/pip.conf"), Path("/etc/xdg/pip/pip.conf"), home / ".pip/pip.conf"]
    files += [home / ".config/pip/pip.conf", home / "Library/Application Support/pip/pip.conf"]
    return any(names_private_index(path) for path in [*files, Path(os.environ.get("PIP_CONFIG_FILE", os.devnull))])


def names_private_index(path: Path) -> bool:
    parser = configparser.RawConfigParser(strict=False)
    with contextlib.suppress(OSError, configparser.Error):
        parser.read(path)
    return any(parser.has_option(section, name) for section in parser.sections() for name in PRIVATE)


def need_ensurepip() -> None:
    """Debian leaves it out of its Python."""
    if run(sys.executable, "-c", "import ensurepip", quiet=True) == 0:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        fail(f"This Python cannot make environments: install {package} (as root: apt-get install {package}).")
    say(f"Installing {package}, which Debian leaves out of its Python …")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run("apt-get", "update", quiet=True)
    if run("apt-get", "install", "--yes", "--no-install-recommends", package, quiet=True):
        fail(f"Cannot install {package}: install it, and start again.")


def run(*words: str | Path, quiet: bool = False) -> int:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(words, stdout=output, stderr=output, check=False).returncode


def counted(*words: str | Path) -> int:
    """Runs pip; of all that it says, shows how far it has come, and what went wrong."""
    count = 0
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            count += line.startswith("Collecting ")
            if line.startswith("Collecting ") and count % 10 == 0:
                say(f"  {count} packages …")
            elif line.startswith("ERROR") or (line.startswith(" ") and "Expected" in line):
                print(line, end="", file=sys.stderr)
    return pip.returncode


def say(line: str) -> None:
    print(line, flush=True)


def fail(line: str) -> None:
    sys.exit(line)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        fail("Stopped while installing; the next start begins again.")
