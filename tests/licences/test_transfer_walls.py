"""The database itself holds a transfer to its life, and keeps what was consented to."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import Error, transaction
from django.utils import timezone

from licences.models import Transfer
from licences.rules.transfers import TRANSITIONS, State
from tests.cast import OrganisationFactory, today
from tests.hats import database_role

pytestmark = pytest.mark.django_db


def planted(state):
    now = timezone.now()
    with database_role("coterm_owner"):
        return Transfer.objects.create(
            customer=OrganisationFactory(),
            distributor=OrganisationFactory(kind="distributor"),
            state=state.value,
            purpose="Renewal",
            ends_on=today(),
            created_at=now,
            lapses_at=now + timedelta(15),
        )


def can(transfer, **values):
    with database_role("coterm_owner"):
        try:
            with transaction.atomic():
                Transfer.objects.filter(pk=transfer.pk).update(**values)
        except Error:
            return False
        return True


@pytest.mark.parametrize(("state", "end"), list(product(State, State)))
def test_the_database_knows_the_same_life_as_the_rules(state, end):
    known = {(start, finish) for (start, _, _), finish in TRANSITIONS.items()}
    assert can(planted(state), state=end.value) is (state is end or (state, end) in known)


@pytest.mark.parametrize(
    ("column", "value"),
    [("purpose", "Else"), ("licence_fields", ["serial"]), ("sha256", "f" * 64), ("count", 9), ("address", "Elsewhere")],
)
def test_what_was_consented_to_is_never_rewritten(column, value):
    assert can(planted(State.REQUESTED), **{column: value})
    assert not can(planted(State.DELIVERED), **{column: value})


def test_progress_is_still_written_down():
    assert can(planted(State.DELIVERED), token_hash="0" * 64, told_at=timezone.now(), contact=None)
