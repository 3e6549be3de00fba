"""Whom the servers run as: those that root starts become `nobody`, anyone else's stay their own."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from config.embedded.trouble import Trouble

NOBODY = "nobody"


def is_root() -> bool:
    return os.geteuid() == 0


def as_servant() -> dict[str, Any]:
    """Keywords for Popen. PostgreSQL refuses to run as root, and Valkey has no need to."""
    if not is_root():
        return {}
    return {"user": NOBODY, "group": pwd.getpwnam(NOBODY).pw_gid, "extra_groups": []}


def check_known() -> None:
    """PostgreSQL looks up the name of its user, which containers with a bare uid do not have."""
    uid = pwd.getpwnam(NOBODY).pw_uid if is_root() else os.geteuid()
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise Trouble(
            f"User {uid} has no entry in /etc/passwd, and PostgreSQL needs one: add it, or give DATABASE_URL."
        ) from None


def may_reach(path: Path) -> bool:
    """Whether the servant may execute this file or enter this folder; asks the system, so that every parent counts."""
    probe = subprocess.run(["/bin/sh", "-c", 'test -x "$0"', path], cwd="/", check=False, **as_servant())
    return probe.returncode == 0


def own_folder(path: Path) -> Path:
    """Makes a folder that the servant alone may enter; refuses one that somebody else has laid there."""
    path.mkdir(mode=0o700, exist_ok=True)
    servant = pwd.getpwnam(NOBODY).pw_uid if is_root() else os.geteuid()
    if path.is_symlink() or path.stat().st_uid not in {servant, os.geteuid()}:
        raise Trouble(f"{path} belongs to somebody else: remove it, or choose another --var.")
    path.chmod(0o700)
    hand_over(path)
    return path


def hand_over(path: Path) -> None:
    if is_root():
        shutil.chown(path, NOBODY, pwd.getpwnam(NOBODY).pw_gid)
