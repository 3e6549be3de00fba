"""Where mail comes back, the next living reader is told instead, and nobody else (rules.recipients)."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Suppression, User
from accounts.rules import Role
from accounts.services.delivery import deliver_batch
from accounts.tenancy import acting_as
from advisors.models import Contact
from licences.models import Visibility
from renewals.models import Mute, Reminder
from renewals.rules.recipients import Why, standing_in
from renewals.services.calendar import planned, unheard
from renewals.services.sweep import sweep
from tests.cast import ContactFactory, MembershipFactory, OrganisationFactory, UserFactory, actor
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server
from tests.renewals.world import MONDAY, larkfield, madrid

pytestmark = pytest.mark.django_db
ALBA, OWEN, ANA, BRUNO = (
    "alba@larkfield.example",
    "owen@larkfield.example",
    "ana@larkfield.example",
    "bruno@meridian.example",
)
STAFF = (Role.OWNER, Role.RENEWALS_MANAGER, Role.APPROVER)
WHYS = {role: Why(role.value) for role in STAFF}


@pytest.fixture
def world():
    return larkfield()


def returns(*addresses):
    with database_role("coterm_worker"):
        for address in addresses:
            Suppression.objects.create(address=address, why="bounced", created_at=madrid())


def swept(moment=None):
    with database_clock(moment or madrid()), database_role("coterm_worker"):
        return sweep().reminders


def told(state="pending"):
    """Who is told, and why."""
    with database_role("coterm_worker"):
        rows = list(Reminder.objects.filter(state=state).values_list("recipient_id", "why"))
        names = {**dict(User.objects.values_list("pk", "name")), **dict(Contact.objects.values_list("pk", "name"))}
    return sorted((names[reader].split()[0], why) for reader, why in rows)


def second_owner(world):
    user = UserFactory(email="petra@meridian.example", name="Petra Sanz", time_zone="Europe/Madrid")
    return MembershipFactory(organisation=world.firm, user=user, role=Role.OWNER.value)


def test_while_one_is_reached_nobody_stands_in(world):
    world.coverage(60)
    returns(ALBA)
    swept()
    assert told() == [("Owen", "renewals_manager")]
    assert told("cancelled") == [("Alba", "owner")]


def test_where_mail_to_all_comes_back_the_approver_is_told(world):
    world.coverage(60)
    returns(ALBA, OWEN)
    swept()
    assert told() == [("Ana", "stand_in")]


def test_nobody_stands_in_for_somebody_who_wants_none(world):
    world.coverage(60)
    with database_role("coterm_owner"):
        for role in (Role.OWNER, Role.RENEWALS_MANAGER):
            Mute.objects.create(recipient_id=world.people[role].user_id, created_at=madrid())
    assert swept() == 0


def test_a_bounce_after_the_sweep_brings_the_stand_in_and_a_release_the_first_again(world):
    world.coverage(60)
    swept(madrid(hour=6))
    returns(ALBA, OWEN)
    swept(madrid(hour=7))
    assert told() == [("Ana", "stand_in")]
    with database_role("coterm_owner"):
        Suppression.objects.all().delete()
    swept(madrid(hour=7))
    assert ("Alba", "owner") in told()


def test_another_address_of_a_person_is_another_chance(world):
    world.coverage(60)
    returns(ALBA, OWEN)
    swept()
    with database_role("coterm_owner"):
        User.objects.filter(email=OWEN).update(email="marsh@larkfield.example")
    assert swept() == 1


@pytest.mark.parametrize("gone", [True, False])
def test_a_firms_owners_stand_in_for_a_contact_who_left_or_cannot_be_reached(world, gone):
    world.share(world.coverage(60))
    second_owner(world)
    returns(BRUNO)
    if gone:
        with database_role("coterm_owner"):
            Contact.objects.filter(pk=world.bruno.pk).update(left_on=MONDAY)
    swept()
    assert [each for each in told() if each[1] == "stand_in"] == [("Petra", "stand_in")]


def test_the_mails_say_who_stands_in_and_why(settings, world):
    settings.BASE_URL = "https://coterm.example"
    world.share(world.coverage(60))
    returns(ALBA, OWEN)
    with mail_server(settings) as server, database_clock(madrid()), database_role("coterm_worker"):
        sweep(), deliver_batch()
        said = {
            each: " ".join(m.get_body(("plain",)).get_content().split())
            for each in (ANA, BRUNO)
            for m in server.mails(each)
        }
    assert "you approve renewals at Larkfield Foods, and mail to those who manage them comes back" in said[ANA]
    assert "nobody there has been told" not in said[BRUNO]


def test_the_lead_is_told_where_nobody_at_the_customer_is(settings, world):
    settings.BASE_URL = "https://coterm.example"
    world.share(world.coverage(60))
    returns(ALBA, OWEN, ANA)
    with mail_server(settings) as server, database_clock(madrid()), database_role("coterm_worker"):
        sweep(), deliver_batch()
        (mail,) = server.mails()
    assert mail["To"] == BRUNO
    assert "Mail to Larkfield Foods comes back: nobody there has been told." in mail.get_body(("plain",)).get_content()


def test_with_nobody_left_the_home_says_so(world):
    world.coverage(60)
    alba = actor(world.people[Role.OWNER])
    returns(ALBA, OWEN)
    swept()
    with database_clock(madrid()), acting_as(alba):
        assert unheard(alba) == 0
    returns(ANA)
    with database_clock(madrid()), acting_as(alba):
        assert unheard(alba) == 1


def readers_ahead(who):
    with database_clock(madrid()), acting_as(who):
        found = planned(who, first=MONDAY + timedelta(1), last=MONDAY + timedelta(30))
    return {reader for each in found for reader in each.readers}


def test_the_calendar_names_who_is_told_and_nobody_who_is_not(world):
    world.share(world.coverage(65))
    owner = second_owner(world)
    swept()
    with database_role("coterm_owner"):
        Mute.objects.create(recipient_id=world.people[Role.OWNER].user_id, created_at=madrid())
    returns(BRUNO)
    found = readers_ahead(actor(world.people[Role.RENEWALS_MANAGER]))
    assert found == {(world.people[Role.RENEWALS_MANAGER].user_id, "renewals_manager"), (owner.user_id, "stand_in")}


@pytest.mark.parametrize("who", ["customer", "firm"])
def test_the_calendar_leaves_out_a_contact_who_wants_none(world, who):
    world.share(world.coverage(65))
    swept()
    with database_role("coterm_owner"):
        Mute.objects.create(recipient_id=world.bruno.pk, created_at=madrid())
        desk = MembershipFactory(organisation=world.firm, user=UserFactory(), role=Role.MEMBER.value)
    looking = actor(desk if who == "firm" else world.people[Role.OWNER])
    assert world.bruno.pk not in {reader for reader, _ in readers_ahead(looking)}


@settings(max_examples=25)
@given(st.sets(st.sampled_from(STAFF)), st.sets(st.sampled_from(STAFF)), st.sampled_from([60, 20]))
def test_the_sql_tells_whom_the_rule_names(returned, stopped, days):
    told_to = WHYS if days == 20 else {role: why for role, why in WHYS.items() if role is not Role.APPROVER}
    asked = {why for role, why in told_to.items() if role not in stopped}
    reached = {why for role, why in WHYS.items() if role not in returned | stopped}
    stand_in = {Why.STAND_IN} if standing_in(asked, reached) else set()
    assert whys_told(returned, stopped, days) == (asked & reached) | stand_in


def whys_told(returned, stopped, days):
    """Why Larkfield's people are told of a coverage that expires in so many days."""
    with transaction.atomic():
        world = larkfield()
        world.coverage(days)
        returns(*(world.people[role].user.email for role in returned))
        with database_role("coterm_owner"):
            for role in stopped:
                Mute.objects.create(recipient_id=world.people[role].user_id, created_at=madrid())
        swept()
        with database_role("coterm_worker"):
            found = {Why(why) for why in Reminder.objects.filter(state="pending").values_list("why", flat=True)}
        transaction.set_rollback(True)
    return found


def test_whoever_is_written_to_may_see_it(world):
    coverage = world.coverage(60)
    world.share(coverage)
    second_owner(world)
    stranger = OrganisationFactory(name="Tidewater Legal")
    MembershipFactory(organisation=stranger, user=UserFactory(), role=Role.APPROVER.value)
    ContactFactory(firm=world.bruno.firm)
    returns(ALBA, OWEN, BRUNO)
    swept()
    with database_role("coterm_worker"):
        told_at = set(Reminder.objects.values_list("organisation", flat=True))
        assert told_at <= set(Visibility.objects.filter(coverage=coverage).values_list("organisation", flat=True))
    assert told() == [("Ana", "stand_in"), ("Petra", "stand_in")]
