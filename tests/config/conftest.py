"""A folder for servers to live in."""

import os
import stat
from pathlib import Path

import pytest


@pytest.fixture
def var(tmp_path_factory) -> Path:
    """A folder that the servers may enter, as pytest's own are not when root runs it."""
    folder = tmp_path_factory.mktemp("var")
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and stat.S_IMODE(parent.stat().st_mode) == 0o700:
            parent.chmod(0o711)
    return folder
