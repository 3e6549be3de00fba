"""Scoped querysets alone, with the policies out of the way: what each actor sees, and that no scope is idle."""

import pytest
from django.apps import apps
from django.db.models import Q

from accounts.querysets import TenantQuerySet
from tests.hats import database_role
from tests.tenancy.expected import SCOPES
from tests.tenancy.probes import PEOPLE, undone
from tests.tenancy.world import make_world

pytestmark = pytest.mark.django_db
# The directory, which distributors are certified, and the supplier form are for everybody who is signed in.
OPEN = {
    "accounts.Distributor",
    "advisors.Firm",
    "advisors.FirmWord",
    "advisors.Contact",
    "renewals.RenewalPolicy",
    "licences.AccessPolicy",
    "renewals.SupplierDetails",
}
# A view that asks for the role by itself, whatever the policies do: tests/tenancy/test_queue.py.
VIEWS = {"accounts.Queued"}


def scoped_models():
    models = (model for model in apps.get_models() if isinstance(model._default_manager.all(), TenantQuerySet))
    return sorted(models, key=lambda model: model._meta.label)


def seen(world, model):
    """How many rows each of the people sees, in the order of `PEOPLE`; then nobody."""
    actors = [world.actors[person] for person in PEOPLE] + [None]
    return "/".join(str(model.objects.visible_to(actor).distinct().count()) for actor in actors)


def test_each_actor_sees_exactly_its_rows():
    world = make_world()
    with database_role("coterm_owner"):
        found = {model._meta.label: seen(world, model) for model in scoped_models()}
    changed = [f'"{label}": "{answer}",' for label, answer in found.items() if SCOPES.get(label) != answer]
    assert not changed, "Judge each of these, then write it into expected.py:\n" + "\n".join(changed)
    assert SCOPES.keys() == found.keys()


def test_no_scope_can_be_lost_unnoticed(monkeypatch):
    world, unseen = make_world(), []
    for model in scoped_models():
        queryset = type(model.objects.all())
        with database_role("coterm_owner"), undone(), monkeypatch.context() as patch:
            patch.setattr(queryset, "seen_by", lambda rows, actor: Q())
            if seen(world, model) == SCOPES[model._meta.label]:
                unseen.append(model._meta.label)
    assert set(unseen) == OPEN | VIEWS
