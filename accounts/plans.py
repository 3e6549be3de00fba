"""Statements whose plan the server keeps: for what is asked once a mail, planning takes longer than running."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from psycopg import Cursor

NEVER_BY_ITSELF = 2**31 - 1


def kept(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that the statement returns. Its plan is kept for as long as the connection lasts.

    Django's own cursors put the values into the text, so that every statement is a new one to the server, and its
    connections forbid prepared ones altogether: here they are allowed, where they are asked for.
    """
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = NEVER_BY_ITSELF
    with connection.wrap_database_errors, Cursor(raw) as cursor:
        cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []
