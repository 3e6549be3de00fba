"""Servers of one's own for drills and benchmarks, and Django set up on them."""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from config.embedded.children import Children
from config.embedded.places import Places
from config.embedded.roles import VARIABLES
from tests.drills.servers import Servers

if TYPE_CHECKING:
    from tests.drills.stage import Stage


@contextmanager
def stage_of(places: Places) -> Iterator["Stage"]:
    """Servers that are durable as in life, Django set up as their owner, and a migrated template."""
    for name in (*VARIABLES, "REDIS_URL"):
        os.environ.pop(name, None)  # They are crashed, frozen and filled, and therefore never anybody's own.
    children = Children(places.folder("log"))
    try:
        servers = Servers.start(places, children)
        found = servers.variables() | {"SECRET_KEY": secrets.token_urlsafe(32), "COTERM_VAR": str(places.var)}
        os.environ |= found | {"COTERM_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "config.settings"}
        yield prepared(places, servers, found)
    finally:
        children.stop()


def prepared(places: Places, servers: Servers, found: dict[str, str]) -> "Stage":
    # Only now, because the settings are read from the environment.
    import django

    places.folder("static")  # WhiteNoise looks for it, and says so
    django.setup()
    for name in ("mail.log", "django.request"):  # the mail server tells of every line, and conflicts are what is wanted
        logging.getLogger(name).setLevel(logging.ERROR)
    from tests.drills.stage import Stage, migrate_template

    migrate_template(servers.children, found)
    return Stage(places, servers, found)
