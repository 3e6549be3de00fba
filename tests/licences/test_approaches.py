"""A firm asks blindly: the customer decides, and the firm learns nothing but what the customer lets it know."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from accounts.models import AuditEntry, Letter
from accounts.permissions import POWERS, Forbidden
from accounts.rules import AccessLevel, Power
from accounts.tenancy import acting_as
from licences.letters.access import compose_access
from licences.models import AccessCode, AccessPolicy, Approach, Assignment
from licences.rules import Scope
from licences.rules.access import Refused, Terms, Ticks
from licences.rules.approaches import DAILY, Plea, TooOften, read_target
from licences.rules.changes import Stale
from licences.services.approaches import answers, approach, withdraw_approach
from licences.services.approvals import approve, turn_down
from licences.services.codes import drop_code, make_code
from licences.services.introductions import introduce_firms, lapse_introductions
from tests.cast import (
    AssignmentFactory,
    ContactFactory,
    FirmFactory,
    MembershipFactory,
    OrganisationFactory,
    actor,
    today,
)
from tests.hats import database_role
from tests.licences.conftest import member
from tests.tenancy.probes import undone

pytestmark = pytest.mark.django_db
END = today() + timedelta(200)
VIEW, QUOTE, RENEW = AccessLevel.VIEW, AccessLevel.QUOTE, AccessLevel.RENEW
ROLES = list(POWERS)


@pytest.fixture
def alba(larkfield):
    return actor(MembershipFactory(organisation=larkfield, user__email="alba@larkfield.example"))


@pytest.fixture
def asked(alba, bruno, contact):
    """Bruno has asked, and Larkfield knows."""
    row = ask(bruno, contact=contact)
    introduce()
    return row


def ask(who, typed="larkfield.example", *, level=QUOTE, scope=Scope.SELECTED, contact=None):
    with acting_as(who):
        return approach(who, target=read_target(typed), plea=Plea(level, scope, "We sold it to you"), contact=contact)


def introduce():
    with database_role("coterm_worker"):
        return introduce_firms()


def requests():
    with database_role("coterm_owner"):
        return list(Assignment.objects.filter(approach__isnull=False).order_by("id"))


def state():
    return [row.status for row in requests()]


def give(who, coverages=(), *, level=QUOTE, scope=Scope.SELECTED, version=None):
    [row] = requests()
    ticks = Ticks(add=frozenset(each.pk for each in coverages))
    with acting_as(who):
        approve(who, assignment=row, version=version or row.version, terms=Terms(scope, level, END), ticks=ticks)


def refuse(who, reply=""):
    [row] = requests()
    with acting_as(who):
        turn_down(who, assignment=row, reply=reply)


def take_back(who, row):
    with acting_as(who):
        withdraw_approach(who, approach=row)


def mails():
    with database_role("coterm_worker"):
        found = [(letter.organisation_id, compose_access(letter)) for letter in Letter.objects.order_by("id")]
        return [(to, mail.subject) for to, mail in found if mail]


def entries(who):
    with acting_as(who):
        return list(AuditEntry.objects.visible_to(who).order_by("id").values_list("verb", flat=True))


def known_to(who, row):
    """The answer that the firm sees in its own list."""
    with acting_as(who):
        found = answers(who, [row]).get(row.pk)
        return found and (found.status, found.reply)


def test_asking_by_the_domain_reaches_the_customer_and_shares_nothing(asked, alba, bruno, coverages, larkfield, seen):
    assert state() == ["requested"]
    assert seen(bruno) == {}
    assert mails() == [(larkfield.pk, "Meridian Systems asks for access to your licences")]
    assert entries(alba) == ["assignment.requested"]
    assert entries(bruno) == ["approach.asked"]


def test_a_code_reaches_its_customer_until_it_is_replaced_or_switched_off(alba, bruno):
    with acting_as(alba):
        old, new = make_code(alba), make_code(alba)
    ask(bruno, old)
    assert introduce() == 0
    ask(bruno, f"{new[:5].lower()} - {new[5:]}")
    assert introduce() == 1
    with acting_as(alba):
        assert drop_code(alba) and not drop_code(alba)
    ask(bruno, new)
    assert introduce() == 0
    assert entries(alba) == ["code.made", "code.renewed", "assignment.requested", "code.dropped"]


@pytest.mark.parametrize(
    "typed", ["sub.larkfield.example", "arkfield.example", "example", "gmail.com", "nobody.example"]
)
def test_only_the_exact_domain_of_an_owner_matches_and_no_public_provider(alba, larkfield, bruno, typed):
    MembershipFactory(organisation=larkfield, user__email="alba@gmail.com")
    MembershipFactory(organisation=larkfield, user__email="zoe@nobody.example", role="viewer")
    if read_target(typed):
        ask(bruno, typed)
    assert introduce() == 0


def test_who_has_access_or_has_asked_doubles_nothing(asked, alba, bruno, meridian, larkfield):
    ask(bruno)
    ask(bruno, "alba@larkfield.example")
    assert introduce() == 0
    assert len(mails()) == 1


def test_who_has_access_is_not_asked_again(alba, bruno, meridian, larkfield):
    AssignmentFactory(customer=larkfield, advisor=meridian)
    ask(bruno)
    assert introduce() == 0


def test_the_sixth_of_a_day_is_refused_until_a_day_after_the_first(bruno, meridian):
    first, *_ = [ask(bruno, f"company{n}.example") for n in range(DAILY)]
    with pytest.raises(TooOften) as refused:
        ask(member(meridian, "member"))
    with acting_as(bruno):
        created = Approach.objects.get(pk=first.pk).created_at
    assert refused.value.again_at == created + timedelta(1)


def test_the_firm_cannot_ask_through_anothers_contact_or_without_agreement(bruno, firm):
    with pytest.raises(Refused):
        ask(bruno, contact=ContactFactory(firm=FirmFactory()))
    with database_role("coterm_owner"):
        type(firm).objects.filter(pk=firm.pk).update(agreement_active=False)
    with pytest.raises(Refused):
        ask(bruno)


def test_approving_gives_what_the_customer_chose_and_tells_both_sides(
    asked, owen, bruno, coverages, larkfield, meridian, seen
):
    give(owen, coverages[:1], level=VIEW)
    assert seen(bruno) == {coverages[0].pk: VIEW}
    assert state() == ["active"]
    assert {to for to, _ in mails()} == {larkfield.pk, meridian.pk}
    assert known_to(bruno, asked) == ("active", "")
    assert entries(bruno) == ["approach.asked", "assignment.granted"]


def test_an_owner_may_give_everything_and_a_manager_may_not(asked, alba, owen, bruno, coverages, seen):
    for terms in ({"level": RENEW}, {"scope": Scope.ALL}):
        with pytest.raises(Forbidden):
            give(owen, coverages, **terms)
    give(alba, level=RENEW, scope=Scope.ALL)
    assert set(seen(bruno).values()) == {RENEW}


def test_nothing_chosen_and_a_second_grant_of_everything_are_refused(asked, alba, larkfield, meridian, contact):
    with pytest.raises(Refused):
        give(alba)
    AssignmentFactory(customer=larkfield, advisor=meridian, contact=contact)
    with pytest.raises(Refused):
        give(alba, scope=Scope.ALL)


def test_declining_is_silence_to_the_firm(asked, owen, alba, bruno, larkfield):
    refuse(owen)
    assert state() == ["declined"]
    assert known_to(bruno, asked) is None
    assert entries(bruno) == ["approach.asked"]
    assert entries(alba) == ["assignment.requested", "assignment.turned_down"]
    assert {to for to, _ in mails()} == {larkfield.pk}


def test_a_word_of_the_customer_reaches_the_firm(asked, alba, bruno, meridian):
    refuse(alba, "We have somebody already")
    assert known_to(bruno, asked) == ("declined", "We have somebody already")
    assert (meridian.pk, "Larkfield Foods has declined your request for access") in mails()


def test_a_refusal_holds_for_the_domain_but_not_for_who_got_the_code(asked, alba, bruno):
    refuse(alba)
    ask(bruno)
    assert introduce() == 0
    with acting_as(alba):
        code = make_code(alba)
    ask(bruno, code)
    assert introduce() == 1


def test_taking_back_hides_it_at_once_and_the_worker_writes_it_down(asked, alba, bruno, larkfield):
    take_back(bruno, asked)
    with acting_as(alba):
        assert not Assignment.objects.visible_to(alba).requested().exists()
    with pytest.raises(Stale):
        give(alba)
    introduce()
    assert state() == ["withdrawn"]
    assert mails() == [(larkfield.pk, "Meridian Systems has taken its request back")]
    with pytest.raises(Stale):
        take_back(bruno, asked)


def test_what_is_answered_cannot_be_taken_back(asked, alba, bruno, coverages):
    give(alba, coverages)
    with pytest.raises(Stale):
        take_back(bruno, asked)


def test_after_ninety_days_it_lapses_for_both(asked, alba, bruno):
    with database_role("coterm_owner"):
        Approach.objects.update(created_at=timezone.now() - timedelta(91))
    with pytest.raises(Stale):
        give(alba)
    with pytest.raises(Stale):
        take_back(bruno, asked)
    with database_role("coterm_worker"):
        assert lapse_introductions() == 1
    assert state() == ["lapsed"]


def test_the_letter_about_a_lapse_says_how_long_the_policy_lets_a_request_wait(asked):
    with database_role("coterm_owner"):
        AccessPolicy.objects.update(request_days=45)
        Approach.objects.update(created_at=timezone.now() - timedelta(46))
    with database_role("coterm_worker"):
        assert lapse_introductions() == 1
        texts = [compose_access(letter).text for letter in Letter.objects.filter(key__startswith="lapsed:")]
    assert texts
    assert all("Nobody has answered it for 45 days." in text for text in texts)


def test_an_answer_stands(asked, alba, coverages):
    with pytest.raises(Stale):
        give(alba, coverages, version=9)
    refuse(alba)
    with pytest.raises(Stale):
        give(alba, coverages)
    with pytest.raises(Stale):
        refuse(alba)


@pytest.mark.parametrize(("kind", "role"), ROLES)
@pytest.mark.parametrize("status", ["requested", "declined", "withdrawn", "lapsed", "active"])
def test_every_role_may_do_to_a_request_what_the_table_says(asked, larkfield, meridian, coverages, kind, role, status):
    home = {"customer": larkfield, "advisor": meridian}.get(kind.value) or OrganisationFactory(kind=kind.value)
    who, powers = member(home, role.value), POWERS[kind, role]
    if status != "requested":
        with database_role("coterm_owner"):
            Assignment.objects.update(status=status)
    verbs = {
        lambda: give(who, coverages): Power.GRANT_SELECTED,
        lambda: refuse(who): Power.NARROW_ACCESS,
        lambda: take_back(who, asked): Power.ASK_ACCESS,
    }
    for verb, power in verbs.items():
        fits = status == "requested" or (power is Power.ASK_ACCESS and status != "active")
        with undone():
            assert outcome_of(verb) is (None if power in powers and fits else Stale if power in powers else Forbidden)


def outcome_of(verb):
    try:
        verb()
    except (Forbidden, Stale) as refused:
        return type(refused)
    return None


def test_strangers_answer_nothing_and_take_nothing_back(asked, carmen):
    with pytest.raises(Assignment.DoesNotExist):
        refuse(carmen)
    with pytest.raises(Stale):
        take_back(member(FirmFactory().organisation, "owner"), asked)


def test_the_database_keeps_a_firm_from_the_request_and_from_codes(asked, alba, bruno):
    with acting_as(alba):
        make_code(alba)
    with acting_as(bruno):
        assert not Assignment.objects.exists() and not AccessCode.objects.exists()
        assert Assignment.objects.update(status="resigned") == 0
    with pytest.raises(ProgrammingError), acting_as(bruno):
        Approach.objects.update(looked_at=None)


def test_a_customer_reads_what_it_was_asked_by_and_no_more(asked, alba, bruno, carmen):
    ask(bruno, "elsewhere.example")
    for who, count in ((alba, 1), (carmen, 0), (bruno, 2)):
        with acting_as(who):
            assert Approach.objects.count() == Approach.objects.visible_to(who).count() == count
