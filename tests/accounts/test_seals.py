"""The hash chain: what was written cannot be changed, taken out or slipped in unseen."""

import pytest
from django.core.management import call_command

from accounts import audit
from accounts.models import AuditEntry, AuditSeal
from accounts.services.seals import seal_audit, verify_audit
from accounts.tenancy import acting_as
from tests.cast import MembershipFactory, actor
from tests.hats import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def alba():
    return MembershipFactory(organisation__slug="larkfield")


def write(member, count=3):
    with acting_as(actor(member)):
        for number in range(count):
            audit.record(actor(member), "test.written", organisations=[member.organisation_id], number=number)


def sealed(**kwargs):
    with database_role("coterm_worker"):
        return seal_audit(**kwargs)


def verdict():
    with database_role("coterm_worker"):
        return verify_audit()


def test_each_organisation_has_its_own_chain(alba):
    carmen = MembershipFactory()
    write(alba, 3)
    write(carmen, 2)
    assert sealed() == 5
    with database_role("coterm_owner"):
        own = AuditSeal.objects.filter(organisation=alba.organisation).values_list("sequence", flat=True)
        assert sorted(own) == [1, 2, 3]
    assert (verdict().sealed, verdict().unsealed, verdict().broken) == (5, 0, [])


def test_sealing_again_adds_what_is_new(alba):
    write(alba)
    sealed()
    assert sealed() == 0
    write(alba, 1)
    assert verdict().unsealed == 1
    assert sealed() == 1
    assert not verdict().broken


def test_long_chains_are_sealed_to_the_end(alba, monkeypatch):
    monkeypatch.setattr("accounts.services.seals.BATCH", 2)
    write(alba, 5)
    assert sealed() == 5
    assert not verdict().broken


def test_an_entry_that_comes_late_is_sealed_too(alba):
    write(alba, 2)
    with database_role("coterm_owner"):
        first = AuditEntry.objects.order_by("id").first()
        first.delete()
    sealed()
    with database_role("coterm_owner"):
        first.save(force_insert=True)
    assert sealed() == 1
    assert not verdict().broken


@pytest.mark.parametrize("field", ["verb", "details", "at", "actor_user_id", "customer_id", "subject_id"])
def test_a_changed_entry_is_found_and_named(alba, field):
    write(alba)
    sealed()
    with database_role("coterm_owner"):
        entry = AuditEntry.objects.order_by("id")[1]
        other = {"verb": "test.forged", "details": {"number": 9}, "at": entry.at.replace(year=2001)}
        AuditEntry.objects.filter(pk=entry.pk).update(**{field: other.get(field, entry.organisation_id)})
    assert verdict().broken == [f"larkfield: entry {entry.pk} is not what seal 2 says"]


def test_an_entry_taken_out_is_found(alba):
    write(alba)
    sealed()
    with database_role("coterm_owner"):
        taken = AuditEntry.objects.order_by("id")[1].pk
        AuditEntry.objects.filter(pk=taken).delete()
    assert verdict().broken == [f"larkfield: entry {taken} of seal 2 is missing"]


def test_a_seal_taken_out_is_found(alba):
    write(alba)
    sealed()
    with database_role("coterm_owner"):
        AuditSeal.objects.filter(sequence=2).delete()
    assert verdict().broken == ["larkfield: seal 2 is missing"]


def test_the_command_ends_with_one_when_a_chain_is_broken(alba, capsys):
    write(alba)
    with database_role("coterm_worker"):
        call_command("seal_audit")
        call_command("verify_audit")
    assert "3 entries sealed, 0 not yet." in capsys.readouterr().out
    with database_role("coterm_owner"):
        AuditEntry.objects.update(verb="test.forged")
    with database_role("coterm_worker"), pytest.raises(SystemExit) as end:
        call_command("verify_audit")
    assert end.value.code == 1
