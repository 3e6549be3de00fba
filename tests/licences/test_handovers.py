"""What a distributor does with a transfer, and what the schedule does when nobody does anything."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Letter, Membership
from accounts.permissions import Forbidden
from accounts.tenancy import acting_as
from licences.models import Transfer, TransferSnapshot
from licences.rules.changes import Stale
from licences.services.handovers import TransferGone, receipt, refuse, take_copy, waiting
from licences.services.transfer_requests import change_transfer
from licences.services.transfer_reviews import review_transfers
from licences.services.transfers import send_again
from licences.tasks import review_transfers as task
from tests.hats import database_clock, database_role
from tests.licences.handing import consented, now, prepared, receipted, token_of, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(alba, farid, nortegate, coverages):
    return consented(alba, prepared(alba, nortegate, coverages))


def verbs(who):
    with acting_as(who):
        return list(AuditEntry.objects.visible_to(who).order_by("id").values_list("verb", flat=True))


def told():
    with database_role("coterm_owner"):
        news = Letter.objects.filter(kind="licences.transfer").values_list("context__news", flat=True)
        return sorted(news)


def reviewed():
    with database_role("coterm_worker"):
        return review_transfers()


def in_days(days):
    return database_clock(timezone.now() + timedelta(days=days))


def test_the_snapshot_opens_with_the_receipt(sent, farid):
    with acting_as(farid):
        assert not TransferSnapshot.objects.visible_to(farid).exists()
        row = receipt(farid, token=token_of(sent))
        assert TransferSnapshot.objects.visible_to(farid).get().transfer_id == row.pk
    stored = now(sent)
    assert (stored.state, stored.receipted_by_id, stored.token_hash) == ("receipted", farid.user_id, "")


@pytest.mark.parametrize("step", [receipt, refuse, waiting])
def test_a_wrong_or_spent_token_opens_nothing(sent, farid, step):
    with acting_as(farid), pytest.raises(TransferGone):
        step(farid, token="guessed")
    token = token_of(sent)
    receipted(farid, sent)
    with acting_as(farid), pytest.raises(TransferGone):
        step(farid, token=token)


@pytest.mark.parametrize("step", [receipt, refuse, waiting])
def test_the_token_alone_is_not_enough(sent, alba, bruno, carmen, step):
    for who in (alba, bruno, carmen):
        with acting_as(who), pytest.raises(Forbidden):
            step(who, token=token_of(sent))


def test_a_refusal_leaves_the_snapshot_sealed(sent, farid, alba):
    with acting_as(farid):
        refuse(farid, token=token_of(sent), reason="Not our region")
        assert not TransferSnapshot.objects.visible_to(farid).exists()
    assert now(sent).state == "declined"
    reviewed()
    assert told() == ["delivered", "refused"]
    assert "transfer.refused" in verbs(alba)


def test_customers_hear_of_a_receipt_once(sent, farid, alba, owen):
    receipted(farid, sent)
    reviewed()
    reviewed()
    assert told() == ["delivered", "receipted", "receipted"]
    with database_role("coterm_owner"):
        people = Membership.objects.filter(user__in=(alba.user_id, owen.user_id)).values_list("user__email", flat=True)
        letters = Letter.objects.filter(context__news="receipted")
        assert set(letters.values_list("recipient", flat=True)) == set(people)


def test_copies_are_counted_for_the_customer(sent, farid, alba):
    receipted(farid, sent)
    with acting_as(farid):
        assert take_copy(farid, transfer=sent)["company"]["name"] == "Larkfield Foods"
        take_copy(farid, transfer=sent)
    assert now(sent).copies == 2
    assert verbs(alba).count("transfer.copied") == 2


def test_before_the_receipt_there_is_nothing_to_copy(sent, farid, alba):
    with acting_as(farid), pytest.raises(Stale):
        take_copy(farid, transfer=sent)
    with acting_as(alba), pytest.raises(Forbidden):
        take_copy(alba, transfer=sent)


def test_a_delivery_lapses_after_15_days(sent, farid, alba):
    with in_days(14):
        assert reviewed() == 0
    with in_days(15):
        with acting_as(farid):
            assert not Transfer.objects.visible_to(farid).exists()
            assert not Transfer.objects.exists()
            with pytest.raises(TransferGone):
                receipt(farid, token=token_of(sent))
        with acting_as(alba), pytest.raises(Stale):
            send_again(alba, transfer=sent)
        assert (reviewed(), reviewed()) == (1, 0)
    assert now(sent).state == "lapsed" and told() == ["delivered", "lapsed"]
    assert "transfer.lapsed" in verbs(farid)


def test_a_request_lapses_too_and_is_too_late_for_consent(alba, nortegate, farid, coverages):
    transfer = prepared(alba, nortegate, coverages)
    with in_days(15):
        with pytest.raises(Stale):
            consented(alba, transfer)
        with acting_as(alba), pytest.raises(Stale):
            change_transfer(alba, transfer=transfer, version=1, wish=wish(nortegate, coverages))
        assert reviewed() == 1
    assert now(transfer).state == "lapsed"


def test_after_its_last_day_nothing_is_seen_any_more(sent, farid):
    receipted(farid, sent)
    with in_days(99), acting_as(farid):
        assert TransferSnapshot.objects.visible_to(farid).exists()
    with in_days(102), acting_as(farid):
        assert not Transfer.objects.visible_to(farid).exists()
        assert not TransferSnapshot.objects.exists()
        with pytest.raises(Stale):
            take_copy(farid, transfer=sent)


def test_a_delivery_lapses_on_its_own_last_day(alba, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages, ends_on=wish(nortegate, []).plan.ends_on.today()))
    with in_days(2):
        assert reviewed() == 1
    assert now(transfer).state == "lapsed"


def test_the_schedule_reviews_transfers():
    with database_role("coterm_worker"):
        assert task() == 0
