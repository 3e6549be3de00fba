"""The mail itself, out of a real mail server: to whom, what it says, and what holds it back at the last moment."""

from datetime import timedelta

import pytest

from accounts.models import Letter, Organisation
from accounts.rules import Role
from accounts.services.delivery import deliver_batch
from licences.models import Coverage
from renewals.models import Decision, Reminder
from renewals.services.mutes import Way, mute, unmute
from renewals.services.sweep import sweep
from tests.cast import MembershipFactory, OrganisationFactory, UserFactory
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server
from tests.renewals.world import MONDAY, World, larkfield, madrid

pytestmark = pytest.mark.django_db
HEADERS = {
    *("Content-Type", "MIME-Version", "Subject", "From", "To", "Message-ID", "Date", "Auto-Submitted"),
    *("Content-Language", "X-Coterm-Edition", "List-Unsubscribe", "List-Unsubscribe-Post"),
}
STAFF = ["alba@larkfield.example", "ana@larkfield.example", "owen@larkfield.example"]


@pytest.fixture
def world():
    return larkfield()


@pytest.fixture
def server(settings):
    settings.BASE_URL = "https://coterm.example"
    with mail_server(settings) as server:
        yield server


def as_worker(work, moment=None):
    with database_clock(moment or madrid()), database_role("coterm_worker"):
        return work()


def run(moment=None):
    as_worker(sweep, moment)
    as_worker(deliver_batch, moment)


def plain(mail):
    return mail.get_body(("plain",)).get_content()


def change(model, row, **fields):
    with database_role("coterm_owner"):
        model.objects.filter(pk=row.pk).update(**fields)


def test_who_gets_what_when_coverages_are_at_thirty_seven_and_minus_seven(server, world):
    in_thirty, _, lapsed = (world.coverage(days, product=f"At {days}") for days in (30, 7, -7))
    world.share(in_thirty, lapsed)
    carmen = UserFactory(email="carmen@tidewater.example")
    MembershipFactory(organisation=OrganisationFactory(), user=carmen)
    run()
    assert server.addresses() == [*STAFF[:2], "bruno@meridian.example", STAFF[2]]
    for address in STAFF:
        (mail,) = server.mails(address)
        assert all(f"At {days}" in plain(mail) for days in (30, 7, -7))
    (mail,) = server.mails("bruno@meridian.example")
    assert "At 30" in plain(mail)
    assert "At 7" not in plain(mail)


def test_a_second_run_mails_nothing(server, world):
    world.coverage(7)
    run()
    run(madrid(hour=10))
    assert len(server.taken) == 3


def test_a_contact_revoked_after_the_sweep_gets_nothing(server, world):
    assignment = world.share(world.coverage(7))
    as_worker(sweep)
    change(type(assignment), assignment, status="revoked")
    as_worker(deliver_batch)
    assert server.addresses() == STAFF
    with database_role("coterm_worker"):
        assert Letter.objects.get(recipient="bruno@meridian.example").state == "cancelled"
        assert Reminder.objects.get(organisation=world.firm, state="cancelled").reason == "access"


def test_what_was_renewed_after_the_sweep_leaves_the_mail(server, world):
    renewed, _ = world.coverage(7, product="Renewed"), world.coverage(7, product="Open")
    as_worker(sweep)
    change(Coverage, renewed, expires_on=MONDAY + timedelta(400))
    as_worker(deliver_batch)
    assert all("Renewed" not in plain(mail) and "Open" in plain(mail) for mail in server.mails())
    with database_role("coterm_worker"):
        assert {row.reason for row in Reminder.objects.filter(coverage=renewed, state="cancelled")} == {"renewed"}


def test_somebody_who_lost_the_role_after_the_sweep_gets_nothing(server, world):
    world.coverage(7)
    as_worker(sweep)
    manager = world.people[Role.RENEWALS_MANAGER]
    change(type(manager), manager, role=Role.VIEWER.value)
    as_worker(deliver_batch)
    assert server.addresses() == STAFF[:2]


def test_a_mail_delayed_past_the_next_window_is_not_sent(server, world):
    world.coverage(7)
    as_worker(sweep)
    run(madrid(MONDAY + timedelta(6)))
    assert len(server.taken) == 3
    assert all("tomorrow" in mail["Subject"] for mail in server.mails())


def test_days_are_counted_when_it_is_sent(server, world):
    world.coverage(7)
    as_worker(sweep)
    as_worker(deliver_batch, madrid(MONDAY + timedelta(2)))
    assert server.mails()[0]["Subject"] == "1 coverage expires on 30 Nov 2026, in 5 days"


def test_the_mail_says_why_where_and_how_to_stop_it(server, world):
    coverage = world.coverage(7, product="Access Gateway 5500")
    world.share(coverage)
    run()
    (mail,) = server.mails("owen@larkfield.example")
    text = " ".join(plain(mail).split())
    assert "You get this because you manage renewals at Larkfield Foods." in text
    assert "Your advisor Meridian Systems may quote for these. Your contact there is Bruno Vidal" in text
    assert f"https://coterm.example/licences/{coverage.licence_id}/" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<https://coterm.example/reminders/stop/")
    assert mail["To"] == "owen@larkfield.example"
    assert "Stop reminders of Larkfield Foods: https://coterm.example/reminders/stop/" in text


def test_hostile_names_stay_in_their_place(server, world):
    evil = "X\r\nBcc: all@evil.example\r\n\r\n<script>\u202egpj.exe " + "é" * 150
    with database_role("coterm_owner"):
        Organisation.objects.filter(pk=world.customer.pk).update(name=evil)
    user = world.people[Role.RENEWALS_MANAGER].user
    change(type(user), user, single_mails=True)
    world.coverage(7, product=evil)
    run()
    for mail in server.mails():
        assert {*mail.keys()} == HEADERS
        assert "\n" not in mail["Subject"]
        assert "<script>" not in mail.get_body(("html",)).get_content()
        assert mail["To"] in STAFF
    assert server.addresses() == STAFF


def test_the_most_urgent_comes_first_and_the_subject_counts_the_rest(server, world):
    for days in (30, 2, -7, 1):
        world.coverage(days, product=f"At {days} {days}")
    run()
    (mail,) = server.mails("alba@larkfield.example")
    assert mail["Subject"] == "1 coverage expires tomorrow, 24 Nov 2026, and 3 more"
    text = plain(mail)
    assert text.index("At 1 ") < text.index("At 2 ") < text.index("At -7") < text.index("At 30")


def test_spanish_readers_get_spanish(server, world):
    world.person(Role.OWNER, "nuria@larkfield.example", name="Nuria Gil", language="es")
    world.coverage(7)
    run()
    (mail,) = server.mails("nuria@larkfield.example")
    assert mail["Subject"] == "1 cobertura caduca el 30 nov 2026, en 7 días"
    assert "Recibe este mensaje porque" in plain(mail)
    assert 'lang="es"' in mail.get_body(("html",)).get_content()


def test_a_contact_of_several_customers_gets_one_mail_by_customer(server, world):
    world.share(world.coverage(7))
    other = World(OrganisationFactory(name="Tidewater Legal", time_zone="Europe/Madrid"), world.firm, world.bruno)
    other.share(other.coverage(1))
    run()
    (mail,) = server.mails("bruno@meridian.example")
    assert mail["Subject"].startswith("Tidewater Legal: 1 coverage expires tomorrow")
    assert plain(mail).index("Tidewater Legal") < plain(mail).index("Larkfield Foods")


def test_a_contact_of_many_customers_gets_one_link_that_stops_all(server, world):
    for number in range(6):
        customer = OrganisationFactory(name=f"Customer {number}", time_zone="Europe/Madrid")
        other = World(customer, world.firm, world.bruno)
        other.share(other.coverage(7))
    run()
    (mail,) = server.mails("bruno@meridian.example")
    assert plain(mail).count("Stop all reminders") == 1
    assert "Stop reminders of" not in plain(mail)


def test_a_long_mail_says_what_it_leaves_out(server, world):
    for _ in range(43):
        world.coverage(7)
    run()
    (mail,) = server.mails("alba@larkfield.example")
    assert "And 3 more coverages, less urgent, which the page shows." in plain(mail)
    assert "43 coverages expire on 30 November 2026" in plain(mail)
    assert "See these 43 coverages" in plain(mail)


def test_muting_a_customer_stops_its_reminders_for_that_person_alone(server, world):
    world.coverage(7)
    as_worker(sweep)
    owen = world.people[Role.RENEWALS_MANAGER].user
    mute(Way(owen.pk, world.customer.pk, "Larkfield Foods"))
    as_worker(deliver_batch)
    assert server.addresses() == STAFF[:2]
    with database_role("coterm_worker"):
        assert Reminder.objects.get(recipient_id=owen.pk, state="cancelled").reason == "muted"


def test_unmuting_lets_the_next_window_come(server, world):
    owen = world.people[Role.RENEWALS_MANAGER].user
    way = Way(owen.pk, None)
    mute(way)
    world.coverage(7)
    run()
    assert server.addresses() == STAFF[:2]
    unmute(way)
    run()
    assert server.addresses() == STAFF


def keep_three(world, coverage):
    """The customer gives up all but three seats."""
    with database_role("coterm_owner"):
        Decision.objects.create(
            customer=world.customer, organisation=world.customer, coverage=coverage, expires_on=coverage.expires_on,
            quantity=coverage.quantity - 3, reason="budget", state="decided", created_at=madrid(),
        )  # fmt: skip


def test_a_mail_that_is_tried_again_speaks_of_the_seats_that_are_left_by_then(server, world):
    coverage = world.coverage(7)
    server.at_rcpt["owen@larkfield.example"] = "451 later"
    run()
    server.at_rcpt.clear()
    keep_three(world, coverage)
    run(madrid(hour=19))
    (mail,) = server.mails("owen@larkfield.example")
    assert any(line.endswith(", 3") for line in plain(mail).splitlines())


def test_the_mail_speaks_of_the_seats_that_are_left_and_leads_to_the_decision(server, world):
    coverage = world.coverage(30)
    keep_three(world, coverage)
    run()
    texts = {mail["To"].split("@")[0]: plain(mail) for mail in server.mails()}
    assert all(any(line.endswith(", 3") for line in text.splitlines()) for text in texts.values())
    asks = {name for name, text in texts.items() if f"/licences/coverages/{coverage.pk}/not-renewing/" in text}
    assert asks == {"alba", "owen"}
