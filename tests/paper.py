"""The settings on paper, for tools that read them and never connect: `mypy` runs by hand and in editors too."""

import os

for name in ("SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL"):
    os.environ.setdefault(name, "postgres://nobody@localhost/nowhere")

from config.settings import *  # noqa: E402, F403
