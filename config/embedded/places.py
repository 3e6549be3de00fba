"""Where things lie: what the operator may read in `var`, the servers' data in `home`, their sockets in `run`."""

import fcntl
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded.identity import is_root, may_reach, own_folder
from config.embedded.trouble import Trouble

# The system cuts a socket's path at 104 to 108 bytes, and Valkey does not say so.
LONGEST_SOCKET = 100
LAST_SOCKET = ".s.PGSQL.5432"
PLAIN = re.compile(r"[\w./-]+", re.ASCII)


class Taken(Trouble):
    """Another start is at work in this folder."""


@dataclass(frozen=True)
class Places:
    """`home` and `run` lie in `var` unless the servers could not reach them there."""

    var: Path
    home: Path
    run: Path

    def secret(self, name: str) -> str:
        """A random word of its own for each name, kept readable by its owner alone."""
        path = self.home / "secrets" / name
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            fresh = path.with_suffix(".part")
            fresh.unlink(missing_ok=True)
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48))
            fresh.rename(path)
        return path.read_text()

    def folder(self, name: str) -> Path:
        """A folder of the operator's own in `var`."""
        path = self.var / name
        path.mkdir(mode=0o700, exist_ok=True)
        return path


@contextmanager
def taken(var: Path) -> Iterator[Places]:
    """The places below `var`, for one start at a time. The lock is the system's: it ends with whoever held it."""
    writable(var)
    with (var / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise Taken(f"Coterm already runs in {var} (process {holder}): stop it, or choose another --var.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        home = home_of(var)
        yield Places(var, home, run_of(home))


def writable(var: Path) -> None:
    try:
        var.mkdir(parents=True, exist_ok=True)
        # Root's servers are nobody's, and have to walk through.
        var.chmod(0o711 if is_root() else 0o700)
        (var / "lock").touch()
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise Trouble(f"Cannot write to {var} ({error.strerror}): choose another folder with --var.") from None


def home_of(var: Path) -> Path:
    """`var` itself, or, when root's `var` lies where nobody else may walk, a folder that stands open."""
    if may_reach(var):
        return var
    for parent in (Path("/var/lib"), Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 own_folder guards it
        if parent.is_dir() and os.access(parent, os.W_OK) and may_reach(parent):
            home = parent / name_for(var)
            own_folder(home)
            os.chown(home, 0, 0)
            home.chmod(0o711)
            return home
    raise Trouble(f"No folder that the servers may enter: {var} lies below one that only root may. Choose --var.")


def run_of(home: Path) -> Path:
    """The folder of the sockets: short, without characters that URLs would have to escape, and the servant's alone."""
    temporary = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 own_folder refuses another's
    for run in (home / "run", *(parent / name_for(home) for parent in temporary)):
        if fits(run) and may_reach(run.parent):
            return own_folder(run)
    raise Trouble(f"{home} is too long a path for a socket: choose a shorter --var.")


def fits(run: Path) -> bool:
    socket = run / LAST_SOCKET
    return len(os.fsencode(socket)) <= LONGEST_SOCKET and PLAIN.fullmatch(str(socket)) is not None


def name_for(path: Path) -> str:
    return "coterm-" + hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
