"""An address that returned mail gets no reminders, until somebody lets them go on."""

import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, Letter, MailEvent, Suppression
from accounts.outbox import COMPOSERS, OPTIONAL, Addressee, Mail, post
from accounts.permissions import Forbidden
from accounts.rules import Kind, Role, is_gone
from accounts.services.delivery import deliver_batch
from accounts.services.returns import apply_events, lift, try_again, write_down
from accounts.tenancy import acting_as
from accounts.views import events
from config import providers
from tests.cast import MembershipFactory, actor
from tests.clients import signed_in
from tests.hats import database_clock, database_role
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db
URL = "/mail/events/postmark/"
BOUNCE = {
    "RecordType": "Bounce", "MessageID": "pm-1", "Type": "HardBounce", "TypeCode": 1, "Email": "x@y.example",
    "Details": "smtp;550 5.1.1 no such mailbox", "BouncedAt": "2026-11-22T10:00:00Z", "ID": 1, "Description": "gone",
}  # fmt: skip


HARD = "550 5.1.1 no such mailbox"
EMAIL = "x@y.example"
# What each provider reports of a bounce of the mail that it calls `told-1`.
REPORTS = {
    "brevo": {"event": "hard_bounce", "email": EMAIL, "message-id": "told-1", "reason": HARD},
    "mailersend": {
        "type": "activity.hard_bounced",
        "data": {
            "type": "hard_bounced",
            "email": {"message": {"id": "told-1"}, "recipient": {"email": EMAIL}},
            "morph": {"object": "recipient_bounce", "reason": HARD},
        },
    },
    "mailgun": {
        "signature": {"timestamp": "1", "token": "t"},
        "event-data": {
            "event": "failed", "severity": "permanent", "reason": "bounce", "recipient": EMAIL,
            "message": {"headers": {"message-id": "told-1"}}, "delivery-status": {"message": HARD},
        },
    },
    "mailjet": [{"event": "bounce", "MessageID": "told-1", "email": EMAIL, "error": "user unknown", "comment": HARD}],
    "postmark": BOUNCE | {"MessageID": "told-1"},
    "sendgrid": [{"event": "bounce", "email": EMAIL, "anymail_id": "told-1", "type": "bounce", "reason": HARD}],
    "sparkpost": [
        {"msys": {"message_event": {"type": "bounce", "transmission_id": "told-1", "rcpt_to": EMAIL, "reason": HARD}}}
    ],
}  # fmt: skip


@pytest.fixture
def member():
    return MembershipFactory(organisation__kind=Kind.CUSTOMER, role=Role.OWNER, user__email="alba@larkfield.example")


@pytest.fixture
def server(settings, monkeypatch):
    for kind in ("reminders", "notice"):
        monkeypatch.setitem(COMPOSERS, kind, lambda letter: Mail("Hello", "Good day\n"))
    with mail_server(settings) as server, database_role("coterm_worker"):
        yield server


@pytest.fixture
def webhook(settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "coterm:word"}
    return {"content_type": "application/json", "HTTP_AUTHORIZATION": "Basic Y290ZXJtOndvcmQ="}


def suppressed(why="bounced", *, gone=False, address="alba@larkfield.example"):
    with database_role("coterm_worker"):
        write_down([(address, why, gone, "550 5.1.1")])


def sent(kind, member):
    with database_role("coterm_worker"):
        letter = post(None, kind, Addressee(member.user.email, organisation_id=member.organisation_id))
        deliver_batch()
        return Letter.objects.get(pk=letter.pk)


def test_reminders_are_what_readers_may_do_without():
    assert {"reminders"} == OPTIONAL


def test_a_refused_address_gets_no_reminders_and_still_its_notices(server, member):
    server.at_rcpt[member.user.email] = "550 5.7.9 not you"
    server.at_rcpt[member.user.email] = "550 we do not want you"
    assert sent("reminders", member).state == "dead"
    server.at_rcpt.clear()
    again = sent("reminders", member)
    assert (again.state, again.reason) == ("cancelled", "suppressed")
    assert sent("notice", member).state == "sent"


def test_a_mailbox_that_is_not_there_gets_nothing(server, member):
    suppressed(gone=True, address="Alba@Larkfield.example")
    assert sent("notice", member).state == "cancelled"


@pytest.mark.parametrize(("answer", "gone"), [("550 5.1.1 no", True), ("5.1.10 no", True), ("550 5.2.1 off", False)])
def test_only_an_unknown_mailbox_is_gone(answer, gone):
    assert is_gone(answer) is gone


def test_one_lifts_the_own_suppression(member):
    suppressed("complained")
    page = signed_in(member).get("/settings/")
    assert "one was reported as unwanted" in page.content.decode()
    row = page.context["suppression"]
    assert signed_in(member).post(f"/settings/addresses/{row.pk}/release/").status_code == 303
    assert not Suppression.objects.exists()


def test_an_owner_lifts_a_colleagues_but_no_complaint(member):
    owner = actor(MembershipFactory(organisation=member.organisation, role=Role.OWNER))
    for why, done in (("bounced", True), ("complained", False)):
        suppressed(why)
        with acting_as(owner), database_role("coterm_web"):
            assert lift(owner, Suppression.objects.get()) is done


def test_a_viewer_lifts_no_colleagues(member):
    viewer = actor(MembershipFactory(organisation=member.organisation, role=Role.VIEWER))
    suppressed()
    with acting_as(viewer), database_role("coterm_web"), pytest.raises(Forbidden):
        lift(viewer, Suppression.objects.get())


def test_a_complaint_stays_one_whatever_comes_back_later():
    suppressed("complained")
    suppressed("bounced")
    with database_role("coterm_worker"):
        assert Suppression.objects.get().why == "complained"


@pytest.mark.parametrize(("why", "gone", "days", "released"), [
    ("bounced", False, 14, 1), ("refused", False, 15, 1), ("bounced", False, 13, 0), ("bounced", True, 400, 0),
    ("complained", False, 400, 0),
])  # fmt: skip
def test_a_mailbox_that_is_there_is_tried_again_after_a_fortnight(member, why, gone, days, released):
    suppressed(why, gone=gone)
    with database_clock(timezone.now() + timedelta(days=days, minutes=1)), database_role("coterm_worker"):
        assert (try_again(), try_again()) == (released, 0)
        assert Suppression.objects.count() == 1 - released
    with database_role("coterm_owner"):
        told = AuditEntry.objects.filter(verb="address.tried", organisation=member.organisation)
        assert [entry.details for entry in told] == [{"count": 1}] * released


def test_one_reads_when_reminders_go_on_by_themselves(member):
    suppressed()
    with database_role("coterm_owner"):
        Suppression.objects.update(created_at=datetime(2026, 11, 8, 12, tzinfo=UTC))
    page = signed_in(member).get("/settings/").content.decode()
    assert "They go on by themselves on 22\u00a0Nov\u00a02026, to see" in page


def test_a_bounce_that_a_provider_reports_ends_reminders(client, webhook, server, member):
    letter = sent("reminders", member)
    Letter.objects.update(provider_id="pm-1")
    with database_role("coterm_web"):
        answer = client.post(URL, json.dumps(BOUNCE), **webhook)
    assert (answer.status_code, answer.content) == (200, b"")
    assert (apply_events(), apply_events()) == (1, 0)
    letter.refresh_from_db()
    assert (letter.state, Suppression.objects.get().is_gone) == ("bounced", True)
    with database_role("coterm_owner"):
        assert AuditEntry.objects.get(verb="letter.returned").details == {"count": 1}


def test_a_late_delivery_does_not_undo_a_bounce(server, member):
    letter = sent("reminders", member)
    Letter.objects.update(provider_id="pm-1", state="bounced")
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_mailevent values (gen_random_uuid(), 'pm-1', 'delivered', false, '', now())"
        )
    apply_events()
    letter.refresh_from_db()
    assert letter.state == "bounced"


@pytest.mark.parametrize("header", [{}, {"HTTP_AUTHORIZATION": "Basic bm86bm8="}])
def test_without_the_secret_nothing_is_taken(client, webhook, header):
    answer = client.post(URL, json.dumps(BOUNCE), content_type="application/json", **header)
    assert (answer.status_code, answer.content) == (400, b"")
    with database_role("coterm_owner"):
        assert not MailEvent.objects.exists()


def reported(client, settings, provider, *, key=b"signing"):
    """The provider's report, with its secret and, where it signs, its signature made with `key`."""
    settings.MAIL_PROVIDER = provider
    settings.ANYMAIL = providers.options(f"{provider}://a:b@c", secret="coterm:word", signing_key="signing")
    body, headers = REPORTS[provider], {"Authorization": "Basic Y290ZXJtOndvcmQ="}
    if provider == "mailgun":
        body = body | {"signature": body["signature"] | {"signature": hmac.new(key, b"1t", "sha256").hexdigest()}}
    text = json.dumps(body)
    if provider == "mailersend":
        headers["Signature"] = hmac.new(key, text.encode(), "sha256").hexdigest()
    if provider == "sendgrid":
        del settings.ANYMAIL["SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"]
    answer = client.post(f"/mail/events/{provider}/", text, content_type="application/json", headers=headers)
    assert answer.content == b""
    return answer.status_code


@pytest.mark.parametrize("provider", sorted(events.PROVIDERS))
@pytest.mark.filterwarnings("ignore:django-anymail has dropped")
def test_every_provider_is_understood_and_told_twice_changes_nothing(client, settings, server, member, provider):
    letter = sent("reminders", member)
    Letter.objects.update(provider_id="<told-1>" if provider == "mailgun" else "told-1")
    with database_role("coterm_web"):
        assert reported(client, settings, provider) == 200
    assert apply_events() == 1
    letter.refresh_from_db()
    assert letter.state == "bounced"
    with database_role("coterm_owner"):
        Suppression.objects.all().delete()
    with database_role("coterm_web"):
        assert reported(client, settings, provider) == 200
    assert (apply_events(), Suppression.objects.count()) == (0, 0)


@pytest.mark.parametrize("provider", ["mailersend", "mailgun"])
def test_a_report_that_another_key_signed_is_refused(client, settings, provider):
    assert reported(client, settings, provider, key=b"another") == 400


def test_what_concerns_no_mail_of_ours_is_forgotten(client, settings, server):
    with database_role("coterm_web"):
        assert reported(client, settings, "postmark") == 200
    assert (apply_events(), Suppression.objects.count()) == (0, 0)
    with database_clock(timezone.now() + timedelta(days=2)):
        apply_events()
    assert not MailEvent.objects.exists()


@pytest.mark.parametrize(("reason", "gone"), [(HARD, True), ("552 5.2.2 mailbox full", False)])
def test_only_without_a_mailbox_all_mail_ends(client, settings, monkeypatch, reason, gone):
    monkeypatch.setitem(REPORTS["brevo"], "reason", reason)
    assert reported(client, settings, "brevo") == 200
    with database_role("coterm_owner"):
        assert MailEvent.objects.get().is_gone is gone


def test_nobody_without_the_secret_crowds_out_the_provider(client, webhook, settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "events"}}
    monkeypatch.setattr(events, "A_MINUTE", 2)
    strangers = [client.post(URL, "[]", content_type="application/json").status_code for _ in range(4)]
    assert strangers == [400, 400, 429, 429]
    assert client.post(URL, json.dumps(BOUNCE), **webhook).status_code == 200


def test_without_a_secret_of_its_own_there_is_no_address(client, settings, webhook):
    settings.ANYMAIL = {}
    assert client.post(URL, json.dumps(BOUNCE), **webhook).status_code == 404


def test_nonsense_is_refused_quietly(client, webhook):
    assert client.post(URL, "{", **webhook).status_code == 400


def test_a_provider_is_named_by_its_url():
    url = "mailgun://key@mg.example.com"
    found = providers.options(url, secret="a:b", signing_key="s")
    assert providers.provider_of(url) == "mailgun"
    assert found == {
        "MAILGUN_API_KEY": "key",
        "MAILGUN_SENDER_DOMAIN": "mg.example.com",
        "WEBHOOK_SECRET": "a:b",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "s",
    }
    assert providers.options("smtp://x@y:25", secret="", signing_key="") == {}
