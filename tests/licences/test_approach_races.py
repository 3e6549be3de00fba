"""Several people of a firm ask at once, and a firm takes back what the customer approves."""

import pytest

from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Approach, Assignment
from licences.rules import Scope
from licences.rules.access import Terms, Ticks
from licences.rules.approaches import DAILY, Plea, TooOften, read_target
from licences.rules.changes import Stale
from licences.services.approaches import approach, withdraw_approach
from licences.services.approvals import approve
from licences.services.introductions import introduce_firms
from tests.cast import MembershipFactory, today
from tests.hats import database_role
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def asking(who):
    def verb():
        with acting_as(who):
            approach(who, target=read_target("larkfield.example"), plea=Plea(AccessLevel.VIEW, Scope.ALL))

    return verb


def test_of_six_at_once_five_are_asked(bruno):
    results = at_once(*[asking(bruno)] * (DAILY + 1), losing=(TooOften,))
    assert results.count(TooOften) == 1
    with acting_as(bruno):
        assert Approach.objects.count() == DAILY


@pytest.mark.parametrize("_", range(3))
def test_one_takes_back_what_the_other_approves(bruno, alba, larkfield, coverages, _):
    MembershipFactory(organisation=larkfield, user__email="zoe@larkfield.example")
    asking(bruno)()
    with database_role("coterm_worker"):
        introduce_firms()
    with acting_as(alba):
        row, asked = Assignment.objects.get(), Approach.objects.get()

    def approving():
        with acting_as(alba):
            approve(alba, assignment=row, version=1, terms=Terms(Scope.ALL, AccessLevel.VIEW, today()), ticks=Ticks())

    def taking_back():
        with acting_as(bruno):
            withdraw_approach(bruno, approach=asked)

    assert sorted(map(str, at_once(approving, taking_back))) == sorted(map(str, [None, Stale]))
    with acting_as(alba):
        granted = Assignment.objects.get().status == "active"
        assert granted is (Approach.objects.get().withdrawn_at is None)
