"""The letters of transfers: to each reader what concerns it, in its language, and nothing that no longer is true."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Letter
from accounts.outbox import COMPOSERS, SECRET
from accounts.tenancy import acting_as
from licences.services.handovers import refuse
from licences.services.transfer_reviews import review_transfers
from licences.services.transfers import decline, send_again, withdraw
from tests.hats import database_clock, database_role
from tests.licences.handing import consented, mails, prepared, proposed, receipted, token_of

pytestmark = pytest.mark.django_db


def news(kind):
    """The mails of one kind of news, in the order in which they were posted."""
    return [mail for (_, what), mail in mails().items() if what == kind]


def subjects(kind):
    return [mail and mail.subject for mail in news(kind)]


def reviewed():
    with database_role("coterm_worker"):
        review_transfers()


def test_an_owner_is_asked_by_a_colleague(owen, alba, nortegate, coverages):
    transfer = prepared(owen, nortegate, coverages)
    (mail,) = news("asked")
    assert mail.subject == "Your consent is asked: 3 licences for Nortegate"
    assert f"/transfers/{transfer.pk}/consent/" in mail.text and "Renewal offer" in mail.html
    with acting_as(owen):
        withdraw(owen, transfer=transfer)
    assert subjects("asked") == [None]


def test_an_owner_is_asked_by_an_advisor(larkfield, alba, bruno, nortegate, coverages, renewing):
    transfer = proposed(bruno, larkfield, nortegate, coverages)
    assert subjects("asked") == ["Meridian Systems proposes to hand 2 licences over to Nortegate"]
    with acting_as(alba):
        decline(alba, transfer=transfer, reason="Not this year")
    (mail,) = news("declined")
    assert mail.subject == "Larkfield Foods has declined the transfer to Nortegate"
    assert "Not this year" in mail.text and "Not this year" in mail.html


def test_a_delivery_tells_everybody_their_part(larkfield, alba, bruno, farid, nortegate, coverages, renewing, contact):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    assert subjects("delivered") == ["Data of 3 licences is on its way to Nortegate"]
    (told,) = news("told")
    assert told.subject == "Larkfield Foods hands licence data over to Nortegate"
    assert "Licences that you see: 2" in told.text and "Renewal offer" not in told.text
    (link,) = news("link")
    assert link.subject == "Larkfield Foods sends you data of 3 licences"
    assert f"/transfers/receive/{token_of(transfer)}/" in link.text and transfer.sha256 in link.text
    assert coverages[0].licence.serial not in link.text


def test_only_the_newest_link_is_mailed(alba, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    with acting_as(alba):
        send_again(alba, transfer=transfer)
    with database_role("coterm_worker"):
        letters = Letter.objects.filter(kind="licences.transfer_link").order_by("id")
        assert [COMPOSERS[each.kind](each) is None for each in letters] == [True, False]


def test_the_token_is_wiped_with_its_letter():
    assert "licences.transfer_link" in SECRET


def test_an_advisor_that_sees_nothing_any_more_hears_nothing(alba, farid, nortegate, coverages, renewing, contact):
    consented(alba, prepared(alba, nortegate, coverages))
    with database_role("coterm_owner"):
        type(renewing).objects.filter(pk=renewing.pk).update(status="revoked")
    assert subjects("told") == [None]


def test_the_proposer_hears_of_consent_receipt_and_withdrawal(
    larkfield, alba, bruno, farid, nortegate, coverages, renewing
):
    transfer = consented(alba, proposed(bruno, larkfield, nortegate, coverages))
    assert subjects("agreed") == ["Larkfield Foods has consented to the transfer to Nortegate"]
    receipted(farid, transfer)
    reviewed()
    assert subjects("receipted") == [
        "Nortegate has received your licence data",
        "Nortegate has received the licence data of Larkfield Foods",
    ]
    with acting_as(alba):
        withdraw(alba, transfer=transfer)
    assert sorted(subjects("withdrawn")) == [
        "Larkfield Foods has withdrawn its transfer",
        "Larkfield Foods has withdrawn the transfer to Nortegate",
        "The transfer to Nortegate is withdrawn",
    ]


def test_a_withdrawal_says_what_has_left(alba, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    receipted(farid, transfer)
    with acting_as(alba):
        withdraw(alba, transfer=transfer, reason="Other plans")
    by_reader = {mail.subject: mail.text for mail in news("withdrawn")}
    assert "It had been received on" in by_reader["The transfer to Nortegate is withdrawn"]
    assert "delete every copy" in by_reader["Larkfield Foods has withdrawn its transfer"]
    assert "Other plans" in by_reader["Larkfield Foods has withdrawn its transfer"]


def test_a_refusal_and_a_lapse_say_that_nothing_has_left(alba, farid, nortegate, coverages):
    transfer = consented(alba, prepared(alba, nortegate, coverages))
    with acting_as(farid):
        refuse(farid, token=token_of(transfer))
    reviewed()
    (mail,) = news("refused")
    assert mail.subject == "Nortegate has sent your transfer back" and "nothing has left" in mail.text


def test_a_lapse_says_why(larkfield, alba, bruno, farid, nortegate, coverages, renewing):
    proposed(bruno, larkfield, nortegate, coverages)
    consented(alba, prepared(alba, nortegate, coverages))
    with database_clock(timezone.now() + timedelta(days=15)):
        reviewed()
    told = {mail.subject: mail.text for mail in news("lapsed")}
    assert "Nobody consented in time" in told["The transfer of Larkfield Foods to Nortegate has lapsed"]
    assert set(told) == {
        "The transfer of Larkfield Foods to Nortegate has lapsed",
        "The transfer to Nortegate has lapsed",
    }


def test_each_reads_it_in_their_own_language(alba, farid, nortegate, coverages):
    consented(alba, prepared(alba, nortegate, coverages))
    with database_role("coterm_owner"):
        Letter.objects.update(language="es")
    assert subjects("link") == ["Larkfield Foods le envía datos de 3 licencias"]
    assert "Confirmar la recepción" in news("link")[0].text
