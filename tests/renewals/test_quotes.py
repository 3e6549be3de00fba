"""Quotes: drafted with all that they rest on, submitted, accepted once, placed, fulfilled."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ApprovalLimit, Letter
from accounts.outbox import COMPOSERS
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from licences.models import Assignment, Coverage, CoverageTerm, Visibility
from licences.rules.changes import Stale
from renewals.models import Certificate, Order, Quote, QuoteLine, Reminder
from renewals.rules import orders as order_rules
from renewals.rules.quotes import Closed, Difference, Hindrance
from renewals.services.acceptance import ConsentNeeded, Hindered, OutOfDate, Taken, accept
from renewals.services.certificates import issue
from renewals.services.orders import cancel, fulfil, place
from renewals.services.quote_reviews import review_quotes
from renewals.services.quote_rows import restored
from renewals.services.quotes import (
    OutOfReach,
    decline,
    discard,
    recalculate,
    send,
    submit,
    withdraw,
)
from renewals.services.sweep import sweep
from tests.cast import AssignmentFactory, MembershipFactory, today
from tests.hats import database_role
from tests.renewals.quoting import acting, covered, drafted, make_house, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def fresh(row):
    with database_role("coterm_owner"):
        return type(row).objects.get(pk=row.pk)


def change(model, pk, **values):
    with database_role("coterm_owner"):
        model.objects.filter(pk=pk).update(**values)


def test_a_draft_keeps_what_it_rested_on(house):
    quote = drafted(house, house.bruno)
    kept = restored(quote, quote.lines.all())
    assert quote.money == {"EUR": Decimal("880.00")}
    assert [line.amount for line in kept.lines.values()] == [Decimal("440.00")] * 2
    assert kept.basis.prices.rows[0].amount == 44
    assert kept.positions[house.coverages[0].pk].entitlement.quantity == 10


def test_a_customer_never_sees_the_draft_of_a_firm(house):
    quote = drafted(house, house.bruno)
    who = acting(house.alba)
    assert not Quote.objects.visible_to(who).exists() and not Quote.objects.filter(pk=quote.pk).exists()
    assert not QuoteLine.objects.exists()


def test_an_acceptance_makes_one_order_that_holds_the_coverages(house):
    quote = submitted(house)
    order = accept(acting(house.alba), quote=quote, key="once")
    assert (fresh(quote).state, order.state, order.count, order.totals) == ("accepted", "to_place", 2, quote.totals)
    assert QuoteLine.objects.held().count() == 2
    assert accept(acting(house.alba), quote=quote, key="once") == order


def test_a_second_acceptance_names_the_first(house):
    quote = submitted(house)
    order = accept(acting(house.alba), quote=quote, key="once")
    with pytest.raises(Taken) as taken:
        accept(acting(house.alba), quote=quote, key="again")
    assert taken.value.order == order


def test_a_key_is_for_one_quote(house):
    first, second = submitted(house), submitted(house)
    order = accept(acting(house.alba), quote=first, key="once")
    with pytest.raises(Taken) as taken:
        accept(acting(house.alba), quote=second, key="once")
    assert taken.value.order == order


def test_two_quotes_on_one_coverage_cannot_both_be_accepted(house):
    first, second = submitted(house), submitted(house, coverages=house.coverages[:1])
    order = accept(acting(house.alba), quote=first)
    with pytest.raises(Taken) as taken:
        accept(acting(house.alba), quote=second)
    assert taken.value.order == order


def test_a_customer_accepts_its_own_draft(house):
    quote = drafted(house, house.alba)
    assert accept(acting(house.alba), quote=quote).state == "to_place"


def test_an_advisor_never_accepts(house):
    quote = submitted(house)
    with pytest.raises(Forbidden):
        accept(acting(house.bruno), quote=quote)


def test_a_renewals_manager_accepts_only_while_there_is_no_approver(house):
    quote = submitted(house)
    ana = MembershipFactory(organisation=house.customer, role="approver")
    with pytest.raises(Hindered) as hindered:
        accept(acting(house.owen), quote=quote)
    assert hindered.value.why is Hindrance.APPROVERS_DECIDE
    with database_role("coterm_owner"):
        ana.delete()
    assert accept(acting(house.owen), quote=quote)


@pytest.mark.parametrize(
    ("currency", "limit", "may"), [("EUR", "880.00", True), ("EUR", "879.99", False), ("USD", "9999", False)]
)
def test_an_approver_accepts_up_to_the_own_limit(house, currency, limit, may):
    ana = MembershipFactory(organisation=house.customer, role="approver")
    with database_role("coterm_owner"):
        ApprovalLimit.objects.create(organisation=house.customer, membership=ana, currency=currency, amount=limit)
    quote = submitted(house)
    if may:
        assert accept(acting(ana), quote=quote)
    else:
        with pytest.raises(Hindered):
            accept(acting(ana), quote=quote)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"expires_on": today() + timedelta(400)}, Difference.EXPIRY),
        ({"quantity": 11}, Difference.QUANTITY),
    ],
)
def test_a_quote_says_what_has_changed_instead_of_being_accepted(house, values, what):
    quote = submitted(house)
    change(Coverage, house.coverages[0].pk, **values)
    with pytest.raises(OutOfDate) as stale:
        accept(acting(house.alba), quote=quote)
    assert [each.difference for each in stale.value.changes] == [what]


def test_a_quote_over_a_removed_coverage_is_not_accepted(house):
    quote = drafted(house, house.alba)
    with database_role("coterm_owner"):
        house.coverages[0].licence.delete()
    with pytest.raises(OutOfDate) as stale:
        accept(acting(house.alba), quote=quote)
    assert [each.difference for each in stale.value.changes] == [Difference.REMOVED]


def test_a_quote_whose_author_lost_sight_is_not_accepted(house):
    quote = submitted(house)
    change(Assignment, house.grant.pk, status="revoked")
    with pytest.raises(OutOfDate) as stale:
        accept(acting(house.alba), quote=quote)
    assert [each.difference for each in stale.value.changes] == [Difference.NOT_SHARED]


def test_nothing_is_saved_once_access_has_ended(house):
    change(Assignment, house.grant.pk, level=AccessLevel.VIEW.value)
    with pytest.raises(OutOfReach):
        drafted(house, house.bruno)
    with database_role("coterm_owner"):
        assert not Quote.objects.exists()


def test_a_draft_is_out_of_reach_once_access_has_ended(house):
    quote = drafted(house, house.bruno)
    change(Assignment, house.grant.pk, status="revoked")
    with pytest.raises(OutOfReach):
        submit(acting(house.bruno), quote=quote, version=1)


def test_a_quote_expires_by_the_calendar_alone(house):
    quote = drafted(house, house.alba)
    change(Quote, quote.pk, priced_on=today() - timedelta(31), valid_until=today() - timedelta(1))
    with pytest.raises(Closed):
        accept(acting(house.alba), quote=quote)
    with pytest.raises(Closed):
        submit(acting(house.alba), quote=quote, version=1)


def test_recalculating_prices_a_draft_anew(house):
    quote = drafted(house, house.alba)
    change(Coverage, house.coverages[0].pk, quantity=20)
    again = recalculate(acting(house.alba), quote=quote, version=1)
    assert (again.pk, again.version, again.money["EUR"]) == (quote.pk, 2, Decimal("1320.00"))
    with pytest.raises(Stale):
        recalculate(acting(house.alba), quote=quote, version=1)


def test_recalculating_what_was_submitted_makes_a_draft_that_takes_its_place(house):
    quote = submitted(house)
    again = recalculate(acting(house.bruno), quote=quote, version=quote.version)
    assert (again.state, again.replaces_id) == ("draft", quote.pk)
    submit(acting(house.bruno), quote=again, version=again.version)
    assert fresh(quote).state == "withdrawn"


def test_a_submitted_quote_goes_to_the_chosen_people_alone(house):
    quote = drafted(house, house.bruno)
    submit(acting(house.bruno), quote=quote, version=1, to=[house.owen.user_id, house.bruno.user_id], message="Hello")
    send(acting(house.bruno), quote=quote, to=[house.alba.user_id])
    with database_role("coterm_owner"):
        assert list(Letter.objects.order_by("id").values_list("recipient", flat=True)) == [
            house.owen.user.email,
            house.alba.user.email,
        ]


def test_a_quote_is_declined_by_the_customer_and_withdrawn_by_its_author(house):
    first, second = submitted(house), submitted(house)
    decline(acting(house.owen), quote=first, reason="Too dear")
    withdraw(acting(house.bruno), quote=second, reason="Wrong date")
    assert (fresh(first).state, fresh(first).reason) == ("declined", "Too dear")
    assert fresh(second).state == "withdrawn"


def test_a_discarded_draft_is_gone(house):
    quote = drafted(house, house.bruno)
    discard(acting(house.bruno), quote=quote)
    with database_role("coterm_owner"):
        assert not Quote.objects.exists() and not QuoteLine.objects.exists()


def ordered(house, **how):
    quote = submitted(house, **how)
    return accept(acting(house.alba), quote=quote)


def placed(house, order=None):
    order = order or ordered(house)
    return place(acting(house.alba), order=order, purchase_order="PO-7")


def test_an_order_is_placed_and_fulfilled_in_one_step(house):
    order = ordered(house)
    order = place(acting(house.bruno), order=order, purchase_order="PO-7")
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_owner"):
        ends = set(Coverage.objects.values_list("expires_on", flat=True))
        seen = set(Visibility.objects.values_list("expires_on", flat=True))
        terms = CoverageTerm.objects.filter(order_number=order.number)
        assert ends == seen == {fresh(order).ends_on}
        assert {(term.amount, term.starts_on) for term in terms} == {(440, today() + timedelta(91))}
        assert Quote.objects.get().state == "fulfilled" and not QuoteLine.objects.held().exists()


def test_what_was_renewed_has_a_new_certificate_at_once(house):
    old = issue(acting(house.alba), house.coverages[0])
    order = placed(house)
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_owner"):
        found = Certificate.objects.filter(order=order, superseded_at=None)
        assert {each.facts["coverages"][0]["expires_on"] for each in found} == {fresh(order).ends_on.isoformat()}
        assert (found.count(), found[0].facts["issuer"]) == (2, house.elena.organisation.name)
        assert fresh(old).superseded_at


def test_the_certificate_of_recovered_cover_says_that_it_begins_tomorrow(house):
    lapsed, gone = (covered(house, expires_on=today() - timedelta(days)) for days in (90, 600))
    order = placed(house, ordered(house, coverages=[lapsed, gone], query=f"mode=date&date={today() + timedelta(500)}"))
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_owner"):
        found = {each.coverage_id: each.facts["coverages"][0] for each in Certificate.objects.all()}
    assert found[gone.pk]["starts_on"] == (today() + timedelta(1)).isoformat()
    assert found[lapsed.pk]["starts_on"] == lapsed.starts_on.isoformat()


def test_an_advisor_below_renew_does_not_place(house):
    change(Assignment, house.grant.pk, level=AccessLevel.QUOTE.value)
    order = ordered(house)
    with pytest.raises(Forbidden):
        place(acting(house.bruno), order=order, purchase_order="PO-7")


def test_whoever_may_renew_all_of_it_places_an_order_of_others_and_sees_no_more(house):
    order = accept(acting(house.alba), quote=drafted(house, house.alba))
    bruno = acting(house.bruno)
    assert list(Order.objects.visible_to(bruno)) == list(Order.objects.all()) == [order]
    assert QuoteLine.objects.visible_to(bruno).count() == QuoteLine.objects.count() == 2
    place(bruno, order=order, purchase_order="PO-7")
    assert Order.objects.visible_to(bruno).exists() and not Quote.objects.exists()
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_owner"):
        told = Letter.objects.filter(context__news="fulfilled").values_list("recipient", flat=True)
        assert set(told) == {each.user.email for each in (house.alba, house.owen, house.bruno)}


@pytest.mark.parametrize("change_to", [{"level": AccessLevel.QUOTE.value}, {"status": "revoked"}])
def test_an_order_of_others_is_not_there_for_whoever_may_not_renew_all_of_it(house, change_to):
    order = accept(acting(house.alba), quote=drafted(house, house.alba))
    change(Assignment, house.grant.pk, **change_to)
    bruno = acting(house.bruno)
    assert not Order.objects.visible_to(bruno).exists() and not Order.objects.exists()
    assert not QuoteLine.objects.visible_to(bruno).exists() and not QuoteLine.objects.exists()
    with pytest.raises(Forbidden):
        place(bruno, order=order, purchase_order="PO-7")


def test_a_cancelled_order_frees_its_coverages(house):
    order = ordered(house)
    cancel(acting(house.alba), order=order, reason="Another budget")
    assert fresh(order).state == "cancelled"
    assert ordered(house).state == "to_place"


def test_once_placed_the_programme_alone_cancels_and_never_what_is_fulfilled(house):
    order = placed(house)
    with pytest.raises(order_rules.Closed):
        cancel(acting(house.alba), order=order, reason="")
    fulfil(acting(house.elena), order=order)
    with pytest.raises(order_rules.Closed):
        cancel(acting(house.elena), order=order, reason="Too late")


def test_what_changed_since_the_order_is_not_fulfilled(house):
    order = placed(house)
    change(Coverage, house.coverages[0].pk, quantity=99)
    with pytest.raises(OutOfDate):
        fulfil(acting(house.elena), order=order)


def test_shorter_cover_needs_consent_and_cuts_the_term(house):
    late = covered(house, expires_on=today() + timedelta(190))
    quote = submitted(house, coverages=[house.coverages[0], late], query="mode=cost_free")
    with pytest.raises(ConsentNeeded):
        accept(acting(house.alba), quote=quote)
    order = accept(acting(house.alba), quote=quote, consents=True)
    order = placed(house, order)
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_owner"):
        assert late.terms.get().ends_on == Coverage.objects.get(pk=late.pk).expires_on == quote.ends_on


def test_lapsed_cover_is_reinstated_without_a_gap_and_recovered_with_one(house):
    lapsed, gone = (covered(house, expires_on=today() - timedelta(days)) for days in (90, 600))
    order = ordered(house, coverages=[lapsed, gone], query=f"mode=date&date={today() + timedelta(500)}")
    order = placed(house, order)
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_owner"):
        starts = {term.coverage_id: term.starts_on for term in CoverageTerm.objects.exclude(order_number="")}
    assert starts == {lapsed.pk: today() - timedelta(89), gone.pk: today() + timedelta(1)}


def test_many_lines_take_as_many_statements_as_two(house):

    counts = []
    for number in (2, 60):
        many = [covered(house) for _ in range(number)]
        with CaptureQueriesContext(connection) as found:
            drafted(house, house.bruno, coverages=many)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_firm_that_is_a_stranger_sees_no_order(house):
    ordered(house)
    stranger = MembershipFactory(organisation__kind="advisor")
    AssignmentFactory(customer=house.customer, advisor=stranger.organisation, level=AccessLevel.QUOTE)
    who = acting(stranger)
    assert not Order.objects.visible_to(who).exists() and not Order.objects.exists()


def swept():
    with database_role("coterm_worker"):
        sweep()
    with database_role("coterm_owner"):
        return sorted(Reminder.objects.values_list("state", flat=True))


def test_reminders_are_quiet_once_a_quote_is_accepted_and_speak_again_when_its_order_is_cancelled(house):
    order = ordered(house)
    assert swept() == []
    cancel(acting(house.alba), order=order, reason="")
    assert "pending" in swept()


def test_what_quiet_cancelled_is_owed_again(house):
    assert "pending" in swept()
    order = ordered(house)
    with database_role("coterm_owner"):
        Reminder.objects.filter(state="pending").update(state="cancelled", reason="ordered")
    assert "pending" not in swept()
    cancel(acting(house.alba), order=order, reason="")
    assert "pending" in swept()


def test_a_fulfilled_order_opens_a_new_series(house):
    swept()
    order = placed(house)
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_owner"):
        before = Reminder.objects.count()
    swept()
    with database_role("coterm_owner"):
        assert Reminder.objects.count() == before


def test_the_schedule_writes_down_what_expired_warns_and_tells_the_programme(house):
    old, near = drafted(house, house.bruno), drafted(house, house.bruno)
    change(Quote, old.pk, priced_on=today() - timedelta(40), valid_until=today() - timedelta(1))
    change(Quote, near.pk, priced_on=today() - timedelta(27), valid_until=today() + timedelta(3))
    for each in (old, near):
        change(Quote, each.pk, state="submitted")
    placed(house)
    with database_role("coterm_worker"):
        assert [review_quotes(), review_quotes()] == [1, 0]
    with database_role("coterm_owner"):
        assert Quote.objects.get(pk=old.pk).state == "expired"
        kinds = Letter.objects.filter(context__news="ending").values_list("recipient", flat=True)
        assert house.bruno.user.email in kinds and len(kinds) == len(set(kinds)) == 3
        assert Letter.objects.filter(recipient=house.elena.user.email, context__news="placed").count() == 1


def test_every_letter_is_composed_in_both_languages(house):
    quote = drafted(house, house.bruno)
    submit(acting(house.bruno), quote=quote, version=1, to=[house.alba.user_id], message="Hola")
    order = placed(house)
    fulfil(acting(house.elena), order=order)
    with database_role("coterm_worker"):
        review_quotes()
        for letter in Letter.objects.filter(kind__startswith="renewals."):
            letter.language = "es"
            mail = COMPOSERS[letter.kind](letter)
            assert mail is None or mail.subject


def test_a_firm_whose_access_ended_gets_no_amounts(house):
    order = ordered(house)
    cancel(acting(house.alba), order=order, reason="")
    change(Assignment, house.grant.pk, status="revoked")
    with database_role("coterm_worker"):
        letters = Letter.objects.filter(recipient=house.bruno.user.email)
        assert letters and all(COMPOSERS[letter.kind](letter) is None for letter in letters)
