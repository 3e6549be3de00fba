"""The doctor: silent about nothing, and sure of what it says."""

import pytest
from django.core.management import call_command
from django.db import connection

from accounts import audit
from accounts.models import SWEEP, AuditEntry, JobRun
from accounts.querysets import database_now
from accounts.services import seals
from accounts.tenancy import acting_as
from licences.services import reviews
from renewals.services.examination import CHECKS
from tests.cast import MembershipFactory, actor
from tests.hats import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def jobs_ran():
    with database_role("coterm_owner"):
        JobRun.objects.bulk_create(JobRun(name=name, ran_at=database_now()) for name in (SWEEP, seals.JOB, reviews.JOB))


def examined(capsys):
    """The command's lines by name, and how it ended."""
    code = 0
    with database_role("coterm_worker"):
        try:
            call_command("doctor")
        except SystemExit as end:
            code = end.code
    lines = (line.split("  ", 1) for line in capsys.readouterr().out.splitlines())
    return {text.split(":")[0]: mark for mark, text in lines}, code


def owner(statement):
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_sound_house_passes(capsys):
    assert examined(capsys) == (dict.fromkeys(CHECKS, "ok"), 0)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("walls", "alter table licences_licence no force row level security"),
        ("migrations", "delete from django_migrations where app = 'renewals'"),
        ("jobs", "update accounts_jobrun set ran_at = ran_at - interval '2 hours' where name = 'sweep_reminders'"),
        ("jobs", "delete from accounts_jobrun"),
    ],
)
def test_what_is_not_sound_is_named(capsys, name, statement):
    owner(statement)
    found, code = examined(capsys)
    assert ([bad for bad, mark in found.items() if mark == "NO"], code) == ([name], 1)


def test_a_forged_entry_is_named(capsys):
    alba = MembershipFactory()
    with acting_as(actor(alba)):
        audit.record(actor(alba), "test.written", organisations=[alba.organisation_id])
    with database_role("coterm_worker"):
        seals.seal_audit()
    with database_role("coterm_owner"):
        AuditEntry.objects.update(verb="test.forged")
    assert examined(capsys)[0]["audit"] == "NO"


def test_a_silent_mail_server_is_named(capsys, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert examined(capsys)[0]["mail"] == "NO"


def test_a_silent_redis_is_named(capsys, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}}
    assert examined(capsys)[0]["broker"] == "NO"


def test_a_check_that_fails_itself_is_named_and_hides_no_other(capsys, monkeypatch):
    monkeypatch.setitem(CHECKS, "jobs", lambda: 1 / 0)
    assert examined(capsys) == (dict.fromkeys(CHECKS, "ok") | {"jobs": "NO"}, 1)
