"""Two at one transfer: one wins, the other learns of it, and nothing leaves that was taken back."""

import pytest

from accounts.models import Letter
from accounts.tenancy import acting_as
from licences.models import TransferSnapshot
from licences.rules.changes import Stale
from licences.services.handovers import TransferGone, receipt
from licences.services.snapshots import preview_of
from licences.services.transfers import consent, withdraw
from tests.hats import database_role
from tests.licences.conftest import member
from tests.licences.handing import consented, now, prepared, token_of
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def consenting(who, transfer, stamp):
    def verb():
        with acting_as(who):
            return consent(who, transfer=transfer, version=1, stamp=stamp).state

    return verb


def withdrawing(who, transfer):
    def verb():
        with acting_as(who):
            withdraw(who, transfer=transfer)
        return "withdrawn"

    return verb


def test_two_owners_consent_once(larkfield, alba, farid, nortegate, coverages):
    other, transfer = member(larkfield, "owner"), prepared(alba, nortegate, coverages)
    with acting_as(alba):
        stamp = preview_of(alba, transfer).stamp
    results = at_once(consenting(alba, transfer, stamp), consenting(other, transfer, stamp))
    assert sorted(map(str, results)) == sorted(map(str, ["delivered", Stale]))
    with database_role("coterm_owner"):
        assert TransferSnapshot.objects.count() == 1
        assert Letter.objects.filter(kind="licences.transfer_link").count() == 1


def test_what_is_withdrawn_while_it_is_consented_to_is_one_of_the_two(larkfield, alba, farid, nortegate, coverages):
    transfer = prepared(alba, nortegate, coverages)
    with acting_as(alba):
        stamp = preview_of(alba, transfer).stamp
    other = member(larkfield, "owner")
    results = at_once(consenting(alba, transfer, stamp), withdrawing(other, transfer))
    # Withdrawing follows consent as well as coming before it; in the end it is withdrawn.
    assert results[1] == "withdrawn" and now(transfer).state == "withdrawn"
    with acting_as(farid):
        assert not TransferSnapshot.objects.exists()


def test_a_receipt_and_a_withdrawal_end_withdrawn(alba, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    token = token_of(transfer)

    def receiving():
        try:
            with acting_as(farid):
                return receipt(farid, token=token).state
        except TransferGone:
            return TransferGone

    results = at_once(receiving, withdrawing(alba, transfer))
    assert results[1] == "withdrawn" and now(transfer).state == "withdrawn"
    assert (now(transfer).receipted_at is None) is (results[0] in (TransferGone, Stale))
    with acting_as(farid):
        assert not TransferSnapshot.objects.exists()
