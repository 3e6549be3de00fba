"""Transfers: who may do what, and what each of them leaves behind."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Distributor, Letter
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import Coverage, Transfer, TransferItem, TransferSnapshot
from licences.rules.changes import Stale
from licences.rules.transfers import PRESET, CompanyField, Fields, LicenceField, Refusal, Refused, digest
from licences.services.snapshots import preview_of
from licences.services.transfer_requests import change_transfer, prepare_transfer, propose_transfer
from licences.services.transfers import consent, decline, send_again, withdraw
from tests.cast import AssignmentFactory, MembershipFactory, OrganisationFactory, actor, today
from tests.hats import database_role
from tests.licences.handing import consented, now, prepared, proposed, receipted, token_of, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(larkfield):
    return lambda role: actor(MembershipFactory(organisation=larkfield, role=role))


def letters(**filters):
    with database_role("coterm_owner"):
        rows = Letter.objects.filter(**filters).values_list("context__news", "recipient")
        return sorted((news or "link", to) for news, to in rows)


def entries(who, verb):
    with acting_as(who):
        return list(AuditEntry.objects.visible_to(who).filter(verb=verb))


def email(who):
    with database_role("coterm_owner"):
        return MembershipFactory._meta.model.objects.get(user=who.user_id).user.email


def test_an_owner_prepares_and_consents_and_the_distributor_is_written_to(alba, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages[:2]))
    stored = now(transfer)
    assert (stored.state, stored.count, stored.sender) == ("delivered", 2, "Larkfield Foods")
    assert stored.consented_by_id == alba.user_id
    assert stored.lapses_at - stored.consented_at == timedelta(days=15)
    assert letters() == [("delivered", email(alba)), ("link", email(farid))]
    assert len(stored.token_hash) == 64 and token_of(stored) not in stored.token_hash


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_only_reads_prepares_nothing(person, role, nortegate, coverages):
    who = person(role)
    with acting_as(who), pytest.raises(Forbidden):
        prepare_transfer(who, wish(nortegate, coverages))


def test_a_renewals_manager_prepares_and_an_owner_is_asked(alba, owen, farid, nortegate, coverages):
    transfer = prepared(owen, nortegate, coverages)
    assert letters() == [("asked", email(alba))]
    with acting_as(owen), pytest.raises(Forbidden):
        consent(owen, transfer=transfer, version=1, stamp="")
    assert consented(alba, transfer).state == "delivered"


def test_a_manager_asks_owners_and_never_themself(owen, alba, nortegate, coverages):
    prepared(alba, nortegate, coverages)
    assert letters() == []


def test_only_what_was_shown_is_consented_to(alba, farid, nortegate, coverages):
    transfer = prepared(alba, nortegate, coverages)
    with acting_as(alba):
        stamp = preview_of(alba, transfer).stamp
        Coverage.objects.filter(pk=coverages[0].pk).update(quantity=11)
        with pytest.raises(Stale):
            consent(alba, transfer=transfer, version=1, stamp=stamp)
    assert now(transfer).state == "requested"


def test_the_snapshot_is_sealed_with_its_hash(alba, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages[:1], address="Calle Mayor 1"))
    with acting_as(alba):
        content = TransferSnapshot.objects.visible_to(alba).get(transfer=transfer).content
    assert digest(content) == transfer.sha256
    assert content["company"]["name"] == "Larkfield Foods" and "address" not in content["company"]
    assert content["licences"][0]["serial"] == coverages[0].licence.serial
    assert content["purpose"] == "Renewal offer" and "note" not in str(content)


def test_the_hash_stands_in_the_chain_of_all_whom_it_concerns(alba, bruno, farid, nortegate, coverages, renewing):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    for who in (alba, bruno, farid):
        (entry,) = entries(who, "transfer.delivered")
        assert entry.details["hash"] == transfer.sha256
        assert ("count" in entry.details) is (who is not bruno)


def test_other_advisors_of_these_licences_are_told(alba, farid, nortegate, coverages, renewing, contact):
    consented(alba, prepared(alba, nortegate, coverages[1:]))
    assert ("told", contact.email) in letters()


def test_advisors_of_other_licences_are_not_told(alba, bruno, farid, nortegate, coverages, renewing):
    consented(alba, prepared(alba, nortegate, coverages[2:]))
    assert not entries(bruno, "transfer.delivered")
    assert [news for news, _ in letters()] == ["delivered", "link"]


def test_an_advisor_proposes_what_it_may_renew(larkfield, alba, bruno, nortegate, coverages, renewing):
    transfer = proposed(bruno, larkfield, nortegate, coverages)
    with acting_as(alba):
        chosen = TransferItem.objects.visible_to(alba).filter(transfer=transfer)
        assert {item.coverage_id for item in chosen} == {c.pk for c in coverages[:2]}
    assert letters() == [("asked", email(alba))]
    with acting_as(bruno), pytest.raises(Forbidden):
        consent(bruno, transfer=transfer, version=1, stamp="")


@pytest.mark.parametrize("level", [AccessLevel.VIEW, AccessLevel.QUOTE])
def test_a_lower_level_proposes_nothing(larkfield, meridian, bruno, nortegate, coverages, level):
    AssignmentFactory(customer=larkfield, advisor=meridian, level=level)
    with acting_as(bruno), pytest.raises(Forbidden):
        propose_transfer(bruno, larkfield, wish(nortegate, coverages))


def test_a_second_proposal_waits_for_the_answer_to_the_first(larkfield, bruno, nortegate, coverages, renewing):
    proposed(bruno, larkfield, nortegate, coverages)
    assert refusal(proposed, bruno, larkfield, nortegate, coverages) is Refusal.STILL_OPEN


def refusal(step, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        step(*args, **kwargs)
    return caught.value.refusal


def test_an_advisor_sees_its_proposal_without_the_snapshot(
    larkfield, alba, bruno, farid, nortegate, coverages, renewing
):
    transfer = consented(alba, proposed(bruno, larkfield, nortegate, coverages))
    with acting_as(bruno):
        assert Transfer.objects.visible_to(bruno).get().state == "delivered"
        assert not TransferSnapshot.objects.visible_to(bruno).exists()
        assert not TransferSnapshot.objects.filter(transfer=transfer).exists()
    assert ("agreed", email(bruno)) in letters()


def test_nobody_else_sees_a_transfer(alba, carmen, bruno, farid, nortegate, coverages, renewing):
    consented(alba, prepared(alba, nortegate, coverages))
    other = actor(MembershipFactory(organisation=OrganisationFactory(kind="distributor"), role="member"))
    for who in (carmen, bruno, other):
        with acting_as(who):
            assert not Transfer.objects.visible_to(who).exists()
            assert not Transfer.objects.exists()


def test_only_a_distributor_certified_today_is_chosen(alba, farid, nortegate, coverages):
    transfer = prepared(alba, nortegate, coverages)
    with database_role("coterm_owner"):
        Distributor.objects.update(certified_until=today() - timedelta(1))
    assert refusal(consented, alba, transfer) is Refusal.NOT_CERTIFIED
    assert refusal(prepared, alba, nortegate, coverages) is Refusal.NOT_CERTIFIED


def test_nothing_leaves_where_nobody_works(alba, nortegate, coverages):
    assert refusal(consented, alba, prepared(alba, nortegate, coverages)) is Refusal.NOBODY_THERE


def test_licences_of_others_are_passed_over(alba, carmen, nortegate, coverages):
    with acting_as(carmen):
        assert refusal(prepare_transfer, carmen, wish(nortegate, coverages)) is Refusal.NOTHING_CHOSEN


def test_a_request_is_changed_until_it_is_consented_to(alba, owen, farid, nortegate, coverages):
    transfer = prepared(alba, nortegate, coverages)
    less = wish(nortegate, coverages[:1], fields=Fields.of([], ["quantity"]))
    with acting_as(owen):
        change_transfer(owen, transfer=transfer, version=1, wish=less)
        with pytest.raises(Stale):
            change_transfer(owen, transfer=transfer, version=1, wish=less)
    stored = consented(alba, transfer)
    assert (stored.count, stored.licence_fields) == (1, ["product", "programme", "quantity"])
    with acting_as(owen), pytest.raises(Stale):
        change_transfer(owen, transfer=transfer, version=stored.version, wish=less)


def test_a_proposal_is_declined_and_the_advisor_told(larkfield, owen, bruno, nortegate, coverages, renewing):
    transfer = proposed(bruno, larkfield, nortegate, coverages)
    with acting_as(owen):
        decline(owen, transfer=transfer, reason="Not now")
    assert (now(transfer).state, now(transfer).reason) == ("declined", "Not now")
    assert ("declined", email(bruno)) in letters()


def test_an_advisor_takes_its_proposal_back_but_nothing_that_was_consented_to(
    larkfield, alba, bruno, farid, nortegate, coverages, renewing
):
    transfer = proposed(bruno, larkfield, nortegate, coverages)
    with acting_as(bruno):
        withdraw(bruno, transfer=transfer)
    assert now(transfer).state == "withdrawn"
    second = consented(alba, proposed(bruno, larkfield, nortegate, coverages))
    with acting_as(bruno), pytest.raises(Stale):
        withdraw(bruno, transfer=second)


@pytest.mark.parametrize("received", [False, True])
def test_withdrawal_ends_what_the_distributor_sees(alba, owen, farid, nortegate, coverages, received):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    if received:
        receipted(farid, transfer)
    with acting_as(owen):
        withdraw(owen, transfer=transfer, reason="Other plans")
    with acting_as(farid):
        assert not Transfer.objects.visible_to(farid).exists()
        assert not TransferSnapshot.objects.exists()
    (entry,) = entries(farid, "transfer.withdrawn")
    assert entry.details["before"] == ("receipted" if received else "delivered")
    assert {to for news, to in letters() if news == "withdrawn"} == {email(alba), email(owen), email(farid)}


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_only_reads_neither_declines_nor_withdraws_nor_sends(person, alba, farid, nortegate, coverages, role):
    transfer, who = consented(alba, prepared(alba, nortegate, coverages)), person(role)
    with acting_as(who):
        for step in (decline, withdraw, send_again):
            with pytest.raises(Forbidden):
                step(who, transfer=transfer)


def test_a_new_link_makes_the_old_one_void(alba, owen, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    old, until = token_of(transfer), transfer.lapses_at
    with acting_as(owen):
        send_again(owen, transfer=transfer)
    assert token_of(transfer) != old
    assert now(transfer).lapses_at == until


def test_the_contact_is_somebody_who_works_there_now(alba, owen, nortegate, coverages):
    fields = Fields(PRESET.company | {CompanyField.CONTACT_PHONE}, frozenset({LicenceField.PRODUCT}))
    stranger = actor(MembershipFactory())
    for contact_id, who in ((owen.user_id, owen), (stranger.user_id, alba), (None, alba)):
        transfer = prepared(alba, nortegate, coverages, fields=fields, contact_id=contact_id, contact_phone="+34 1")
        with acting_as(alba):
            company = preview_of(alba, transfer).content["company"]
        assert (company["contact_email"], company["contact_phone"]) == (email(who), "+34 1")


def test_the_end_is_the_midnight_after_the_last_day_in_the_customers_zone(alba, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    assert transfer.valid_until.isoformat().startswith((transfer.ends_on).isoformat())  # Madrid is ahead of UTC
