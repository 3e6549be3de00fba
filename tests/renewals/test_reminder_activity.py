"""The activity tells each organisation how many reminders were written, and who wants none."""

import pytest

from accounts.audit import PHRASES, Told
from accounts.models import AuditEntry
from accounts.rules import Role
from renewals.services.mutes import Way, mute, unmute
from renewals.services.sweep import sweep
from tests.hats import database_clock, database_role
from tests.renewals.world import larkfield, madrid

pytestmark = pytest.mark.django_db


def told(entry, **names):
    return str(PHRASES[entry.verb][1](Told(entry, names)))


def entries():
    with database_role("coterm_owner"):
        return list(AuditEntry.objects.filter(verb__startswith="reminder.").order_by("id"))


def test_each_organisation_reads_how_many_were_written():
    world = larkfield()
    world.share(world.coverage(7))
    world.coverage(1)
    with database_clock(madrid()), database_role("coterm_worker"):
        sweep()
    said = {entry.organisation_id: told(entry) for entry in entries()}
    assert said == {
        world.customer.pk: "Wrote <b>6</b> expiry reminders to 3 people",
        world.firm.pk: "Wrote <b>1</b> expiry reminder to 1 person",
    }


def test_a_customer_reads_who_wants_no_more_reminders():
    world = larkfield()
    alba = world.people[Role.OWNER].user
    way = Way(alba.pk, world.customer.pk)
    mute(way), mute(way), unmute(way), unmute(way)
    off, on = entries()
    assert off.organisation_id == world.customer.pk
    assert told(off, **{str(alba.pk): "Alba"}) == "<b>Alba</b> wants no more reminders"
    assert told(on, **{str(alba.pk): "Alba"}) == "<b>Alba</b> wants reminders again"
