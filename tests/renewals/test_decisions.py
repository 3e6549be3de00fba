"""Not renewing: the whole of a coverage or some of its seats, with a reason, and taking it back."""

from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Letter
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from licences.models import Coverage, Visibility
from licences.rules.changes import Stale
from renewals import models
from renewals.letters.decisions import compose_decision
from renewals.models import Decision, Reminder, Silence
from renewals.rules.decisions import Reason, remaining
from renewals.rules.quotes import Difference
from renewals.services.acceptance import OutOfDate, Taken, accept
from renewals.services.decision_news import LETTER
from renewals.services.decisions import agree, decide, drop, propose, take_back, withdraw
from renewals.services.orders import fulfil
from renewals.services.quotes import Unquotable
from renewals.services.sweep import sweep
from tests.cast import AssignmentFactory, MembershipFactory
from tests.clients import signed_in
from tests.hats import database_role
from tests.renewals.quoting import acting, drafted, make_house, submitted
from tests.renewals.test_quotes import placed

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(coverages=1)


def decided(house, membership, quantity):
    who = acting(membership)
    seen = Visibility.objects.visible_to(who).get()
    verb = propose if membership.organisation.kind == "advisor" else decide
    return verb(who, seen=seen, quantity=quantity, reason=Reason.BUDGET)


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
    agree(acting(house.alba), decision=proposal)
    assert states() == ["agreed", "decided"] and not waiting()


@pytest.mark.parametrize(("verb", "who", "state"), [(drop, "alba", "dropped"), (withdraw, "bruno", "taken_back")])
def test_a_proposal_is_dropped_by_the_customer_or_withdrawn_by_the_firm(house, verb, who, state):
    proposal = decided(house, house.bruno, 1)
    verb(acting(getattr(house, who)), decision=proposal)
    assert states() == [state]
    with pytest.raises(Stale):
        verb(acting(getattr(house, who)), decision=proposal)


def test_two_firms_propose_without_seeing_each_others_proposal(house):
    other = MembershipFactory(organisation__kind="advisor")
    AssignmentFactory(customer=house.customer, advisor=other.organisation, level=AccessLevel.QUOTE)
    decided(house, house.bruno, 3), decided(house, other, 4)
    for who, seen in ((house.bruno, [3]), (other, [4]), (house.alba, [3, 4])):
        acting(who)
        assert list(Decision.objects.order_by("quantity").values_list("quantity", flat=True)) == seen
    decided(house, house.alba, 2)
    assert states() == ["decided", "dropped", "dropped"]


def test_a_firm_below_quote_proposes_nothing():
    house = make_house(coverages=1, level=AccessLevel.VIEW)
    with pytest.raises(Forbidden):
        decided(house, house.bruno, 1)


def test_the_page_decides_and_takes_back(house):
    address = reverse("renewals:not-renewing", args=[house.coverages[0].pk])
    client = signed_in(house.alba)
    assert client.post(address, {"quantity": 11, "reason": "budget", "note": ""}).status_code == 422
    assert client.post(address, {"quantity": 3, "reason": "budget", "note": ""}).status_code == 303
    assert "3 of 10 seats will not be renewed" in client.get(address).content.decode()
    made = Decision.objects.get()
    client.post(f"{address}{made.pk}/", {"verb": "take_back"})
    assert states() == ["taken_back"]
    assert client.post(f"{address}{made.pk}/", {"verb": "take_back"}).status_code == 409


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


LETTERS = {
    "proposed": ("bruno", None, {"alba", "owen"}),
    "agreed": ("bruno", agree, {"bruno"}),
    "dropped": ("bruno", drop, {"bruno"}),
    "decided": ("alba", None, {"bruno"}),
    "taken_back": ("alba", take_back, {"bruno"}),
}


@pytest.mark.parametrize("news", LETTERS)
def test_everybody_whom_it_concerns_is_written_to(house, news):
    who, verb, readers = LETTERS[news]
    made = decided(house, getattr(house, who), 4)
    if verb:
        verb(acting(house.alba), decision=made)
    with database_role("coterm_owner"):
        told = Letter.objects.filter(kind=LETTER, context__news=news).values_list("recipient", flat=True)
        names = {getattr(house, name).user.email: name for name in ("alba", "owen", "bruno")}
        assert {names[each] for each in told} == readers


def composed(news):
    with database_role("coterm_worker"):
        letter = Letter.objects.filter(kind=LETTER, context__news=news).order_by("id").first()
        return compose_decision(letter)


def test_the_letter_asks_with_a_link_to_the_page_that_does(house):
    proposal = decided(house, house.bruno, 4)
    mail = composed("proposed")
    assert "4 of 10 seats" in mail.subject and "264.00" in mail.text
    assert reverse("renewals:not-renewing", args=[house.coverages[0].pk]) in mail.text
    drop(acting(house.alba), decision=proposal)
    assert composed("proposed") is None
    text = composed("dropped").text
    assert "Still to renew: 10" in text and "440.00" in text and "Not renewed" not in text


@pytest.mark.parametrize(("level", "shown"), [(AccessLevel.VIEW, False), (AccessLevel.QUOTE, True)])
def test_a_contact_reads_amounts_from_level_quote_on(level, shown):
    house = make_house(coverages=1, level=level)
    decided(house, house.alba, 4)
    mail = composed("decided")
    assert "4 of 10 seats" in mail.text and ("264.00" in mail.text) is shown


def test_a_contact_whose_access_has_ended_is_told_nothing(house):
    decided(house, house.alba, 4)
    with database_role("coterm_owner"):
        Visibility.objects.filter(organisation=house.bruno.organisation).delete()
    assert composed("decided") is None


def test_the_homes_the_portfolio_and_the_licence_say_so(house):
    decided(house, house.bruno, 4)
    alba, bruno = signed_in(house.alba), signed_in(house.bruno)
    assert "proposes not to renew 4 of 10 seats" in alba.get("/").content.decode()
    decided(house, house.alba, 4)
    for browser, page in ((alba, "/"), (bruno, "/"), (alba, licence_page(house)), (bruno, licence_page(house))):
        assert "4 of 10" in browser.get(page).content.decode()
    assert "4 of 10 will not be renewed" in bruno.get("/portfolio/?renewal=decided").content.decode()
    assert "4 of 10" not in bruno.get("/portfolio/?renewal=proposed").content.decode()


def licence_page(house):
    return reverse("licences:licence", args=[house.coverages[0].licence_id])


def test_an_advisor_is_told_of_quotes_that_need_it(house):
    submitted(house)
    decided(house, house.alba, 4)
    page = signed_in(house.bruno).get("/").content.decode()
    assert "Coverages changed since it was priced" in page and "1 in hand" in page
    offer = submitted(house)
    order = accept(acting(house.alba), quote=offer)
    page = signed_in(house.bruno).get("/").content.decode()
    assert "its order is not placed yet" in page and reverse("renewals:order", args=[order.pk]) in page


def test_what_was_silenced_as_not_to_be_renewed_becomes_a_decision(house):
    coverage = house.coverages[0]
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute("alter table renewals_silence drop constraint silence_why")
        Silence.objects.create(
            customer=house.customer, coverage=coverage, expires_on=coverage.expires_on, why="forgone",
            reason="Replaced", created_at=timezone.now(),
        )  # fmt: skip
        cursor.execute((Path(models.__file__).parents[1] / "sql" / "forgone.sql").read_text())
        assert not Silence.objects.exists()
        assert Decision.objects.values_list("quantity", "note", "state").get() == (10, "Replaced", "decided")
    assert not waiting()
