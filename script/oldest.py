"""The oldest servers that Coterm is promised to run on, as Debian 12 packages them: PostgreSQL 15 and Redis 7."""

import os
import shutil
import subprocess
from pathlib import Path

from config.embedded.servers import WHEELS, Programs
from config.embedded.trouble import Trouble

POSTGRES = Path("/usr/lib/postgresql/15/bin")
PACKAGES = ("postgresql-15", "redis-server")


def oldest() -> Programs:
    """Their programs, installed first where that is possible; Trouble where they are not to be had."""
    redis = shutil.which("redis-server")
    if redis is None or not (POSTGRES / "postgres").exists():
        install(*PACKAGES)
        redis = shutil.which("redis-server")
    if redis is None or not (POSTGRES / "postgres").exists():
        raise Trouble(f"PostgreSQL 15 and Redis are not here: install {' and '.join(PACKAGES)}.")
    return Programs(postgres=lambda places: POSTGRES, broker=lambda places: Path(redis))


def chosen(words: list[str]) -> Programs:
    """`--oldest` insists on them, `--deep` takes them where they are to be had; otherwise the wheels' own."""
    try:
        return oldest() if {"--oldest", "--deep"} & set(words) else WHEELS
    except Trouble as trouble:
        if "--oldest" in words:
            raise
        print(f"script/test: not on the oldest servers. {trouble}", flush=True)
        return WHEELS


def install(*packages: str) -> None:
    """From Debian, as root; elsewhere nothing happens."""
    if os.geteuid() or not shutil.which("apt-get"):
        return
    print(f"Installing {' and '.join(packages)} …", flush=True)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update",), ("install", "--yes", "--no-install-recommends", *packages)):
        subprocess.run(["apt-get", *words], env=env, capture_output=True, check=False)
