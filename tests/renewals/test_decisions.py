"""Not renewing: the whole of a coverage or some of its seats, with a reason, and taking it back."""

import pytest
from django.urls import reverse

from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from licences.models import Coverage, Visibility
from renewals.models import Decision, Reminder
from renewals.rules.decisions import Reason, remaining
from renewals.rules.quotes import Difference
from renewals.services.acceptance import OutOfDate, Taken, accept
from renewals.services.decisions import answer, decide, take_back
from renewals.services.orders import fulfil
from renewals.services.quotes import Unquotable
from renewals.services.sweep import sweep
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.quoting import acting, drafted, make_house
from tests.renewals.test_quotes import placed

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(coverages=1)


def decided(house, membership, quantity):
    who = acting(membership)
    seen = Visibility.objects.visible_to(who).get()
    return decide(who, seen=seen, quantity=quantity, reason=Reason.BUDGET)


def states():
    with database_role("coterm_owner"):
        return sorted(Decision.objects.values_list("state", flat=True))


def waiting():
    with database_role("coterm_worker"):
        sweep()
    with database_role("coterm_owner"):
        return Reminder.objects.filter(state="pending").exists()


def test_what_remains_is_never_less_than_nothing():
    assert [remaining(10, 3), remaining(10, 12)] == [7, 0]


def test_reminders_of_what_is_not_renewed_are_silent_until_it_is_taken_back(house):
    decision = decided(house, house.alba, 10)
    assert not waiting()
    take_back(acting(house.alba), decision=decision)
    assert waiting()


def test_fewer_seats_are_still_reminded_of(house):
    decided(house, house.alba, 4)
    assert waiting()


def test_a_quote_leaves_out_the_seats_that_are_given_up(house):
    decided(house, house.alba, 4)
    quote = drafted(house, house.alba)
    line = quote.lines.get()
    assert (line.quantity, line.owned, line.amount) == (6, 10, 264)
    order = placed(house, accept(acting(house.alba), quote=quote))
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_owner"):
        assert Coverage.objects.get().quantity == 6


def test_what_is_given_up_altogether_cannot_be_quoted(house):
    decided(house, house.alba, 10)
    with pytest.raises(Unquotable):
        drafted(house, house.alba)


def test_a_firm_proposes_and_the_customer_decides(house):
    proposal = decided(house, house.bruno, 10)
    assert states() == ["proposed"] and waiting()
    answer(acting(house.alba), decision=proposal, agrees=True)
    assert states() == ["decided", "taken_back"]


def test_a_proposal_may_be_dropped(house):
    proposal = decided(house, house.bruno, 1)
    answer(acting(house.alba), decision=proposal, agrees=False)
    assert states() == ["taken_back"]


def test_a_firm_below_quote_proposes_nothing():
    house = make_house(coverages=1, level=AccessLevel.VIEW)
    with pytest.raises(Forbidden):
        decided(house, house.bruno, 1)


def test_the_page_decides_and_takes_back(house):
    address = reverse("renewals:not-renewing", args=[house.coverages[0].pk])
    client = signed_in(house.alba)
    assert client.post(address, {"quantity": 3, "reason": "budget", "note": ""}).status_code == 303
    assert "3 seats will not be renewed" in client.get(address).content.decode()
    client.post(address, {"verb": "take_back"})
    assert states() == ["taken_back"]


def test_a_quote_from_before_the_decision_can_no_longer_be_accepted(house):
    quote = drafted(house, house.alba)
    decided(house, house.alba, 4)
    with pytest.raises(OutOfDate) as stale:
        accept(acting(house.alba), quote=quote)
    assert [each.difference for each in stale.value.changes] == [Difference.DECIDED]


def test_nothing_is_decided_or_taken_back_once_the_renewal_is_on_order(house):
    made = decided(house, house.alba, 4)
    quote = drafted(house, house.alba)
    order = accept(acting(house.alba), quote=quote)
    for act in (lambda: decided(house, house.alba, 10), lambda: take_back(acting(house.alba), decision=made)):
        with pytest.raises(Taken) as refused:
            act()
        assert refused.value.order == order
