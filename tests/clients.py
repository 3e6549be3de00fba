"""Browsers for tests: a person signed in to act for one organisation."""

from django.test import Client

from accounts.models import Membership
from tests.hats import database_role


def signed_in(membership: Membership, **kwargs) -> Client:
    """A client whose session is this member's; signing in itself writes as the owner, so that any test may do it."""
    client = Client(**kwargs)
    with database_role("coterm_owner"):
        client.force_login(membership.user)
        session = client.session
        session["organisation_id"] = str(membership.organisation_id)
        session.save()
    return client
