"""Statements whose plan the server keeps: for what is asked once a mail, planning takes longer than running."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import RawCursor

NEVER_BY_ITSELF = 2**31 - 1
NAMED = re.compile(r"%\((\w+)\)s")


def kept(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that the statement returns. Its plan is kept for as long as the connection lasts.

    Django's own cursors put the values into the text, so that every statement is a new one to the server, and its
    connections forbid prepared ones altogether: here they are allowed, where they are asked for.
    """
    text, names = numbered(statement)
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = NEVER_BY_ITSELF
    with connection.wrap_database_errors, RawCursor(raw) as cursor:
        cursor.execute(text, [parameters[name] for name in names], prepare=True)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def for_any_values() -> Iterator[None]:
    """Within, plans are kept from the first time on, and serve any values.

    By itself the server makes five plans for the values at hand, and goes on with that while they look cheaper: where
    thousands of letters wait, planning one mail's question takes eight times as long as all else.
    """
    set_plans("force_generic_plan")
    yield
    set_plans("default")


def set_plans(mode: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"set plan_cache_mode to {mode}")


@lru_cache(maxsize=64)
def numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement as the server reads it, `$1` for its first parameter: read once, for some of them are long."""
    names = tuple(dict.fromkeys(NAMED.findall(statement)))
    return NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement).encode(), names


def ids(keys: Iterable[UUID]) -> str:
    """An array of them as the server reads it: the driver takes several times as long for a list."""
    return f"{{{','.join(map(str, keys))}}}"
