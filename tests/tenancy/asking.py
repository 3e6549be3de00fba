"""Asking an address of the small world as one of its people."""

from contextlib import contextmanager
from copy import deepcopy
from io import BytesIO
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.querysets import TenantQuerySet
from tests.hats import database_role
from tests.tenancy.addresses import ADDRESSES
from tests.tenancy.probes import undone

BOTH, POLICIES, SCOPES = MODES = ("both walls", "policies alone", "scopes alone")
READABLE = sorted(name for name, address in ADDRESSES.items() if address.get is not None)


@contextmanager
def kept_for_a_module(blocker, make):
    """A world in a transaction that each question leaves as it was."""
    with blocker.unblock(), transaction.atomic():
        yield make()
        transaction.set_rollback(True)


def signed_in(world):
    """Everybody has signed in once; a client of its own for each, because making one loads the middleware."""
    clients = {person: Client(raise_request_exception=False) for person in (*world.memberships, "anonymous")}
    with database_role("coterm_owner"):
        for person, membership in world.memberships.items():
            clients[person].force_login(membership.user)
    return clients


def answer_of(client, method, url):
    """Whatever the answer changed is undone."""
    cookies = deepcopy(client.cookies)
    with undone():
        answer = getattr(client, method)(url)
    client.cookies = cookies
    return answer


def without_scopes(patch):
    """Every queryset shows what the policies let through."""
    patch.setattr(TenantQuerySet, "visible_to", lambda rows, actor: rows if actor else rows.none())


def address_of(name, world, *, absent=False):
    arguments = ADDRESSES[name].own(world)
    return reverse(name, kwargs={key: twin(value) if absent else value for key, value in arguments.items()})


def twin(value):
    """Something of the same form that nobody has."""
    return uuid4() if isinstance(value, UUID) else "absent"


def read(answer):
    """What a reader gets to see, of a page or of a document, and what its headers and cookies say."""
    around = "\n".join([*answer.headers.values(), *(each.value for each in answer.cookies.values())])
    if answer.headers.get("Content-Type") != "application/pdf":
        return f"{around}\n{answer.content.decode(errors='replace')}"
    return "\n".join([around, *(each.extract_text() for each in PdfReader(BytesIO(answer.content)).pages)])
