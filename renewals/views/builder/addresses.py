"""The builder's address: the choice itself, or a short name for one that is too long for an address."""

from hashlib import sha256
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from renewals.rules.choice import Choice

LONGEST = 3_000
KEPT = 5
KEY, NAME = "quote_choices", "choice"


def state(session: Any, choice: Choice) -> str:
    """The query string that leads back to the choice; what is too long waits in the session under its fingerprint."""
    query = choice.query()
    if len(query) <= LONGEST:
        return query
    name = sha256(query.encode()).hexdigest()[:20]
    others = [each for each in session.get(KEY, []) if each[0] != name]
    session[KEY] = [*others, [name, query]][-KEPT:]
    return f"{NAME}={name}"


def read(session: Any, query: str) -> Choice:
    """The choice of a query string; one that the session no longer knows is nothing chosen."""
    query = query[: 4 * LONGEST]
    name = QueryDict(query).get(NAME, "")
    if not name:
        return Choice.read(query)
    return Choice.read(dict(session.get(KEY, [])).get(name, ""))


def address(session: Any, choice: Choice) -> str:
    """The builder with this choice."""
    query = state(session, choice)
    return f"{reverse('renewals:quote-new')}{query and '?'}{query}"
