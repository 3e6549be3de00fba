"""Steps of a transfer, as the people of the stage take them."""

from datetime import timedelta

from accounts.models import Letter
from accounts.outbox import COMPOSERS
from accounts.tenancy import acting_as
from licences.models import Transfer
from licences.rules.transfers import PRESET, Plan
from licences.services.handovers import receipt
from licences.services.snapshots import preview_of
from licences.services.transfer_requests import Wish, prepare_transfer, propose_transfer
from licences.services.transfers import consent
from tests.cast import today
from tests.hats import database_role

ENDS_ON = today() + timedelta(100)


def wish(distributor, coverages, *, fields=PRESET, ends_on=ENDS_ON, **more):
    plan = Plan(fields, "Renewal offer", ends_on)
    return Wish(distributor=distributor, plan=plan, coverages=frozenset(c.pk for c in coverages), **more)


def prepared(who, distributor, coverages, **more):
    with acting_as(who):
        return prepare_transfer(who, wish(distributor, coverages, **more))


def proposed(who, customer, distributor, coverages, **more):
    with acting_as(who):
        return propose_transfer(who, customer, wish(distributor, coverages, **more))


def now(transfer):
    """The transfer as it is stored, whoever may see it."""
    with database_role("coterm_owner"):
        return Transfer.objects.get(pk=transfer.pk)


def consented(who, transfer):
    with acting_as(who):
        stored = Transfer.objects.visible_to(who).select_related("distributor").get(pk=transfer.pk)
        stamp = preview_of(who, stored).stamp
        return consent(who, transfer=stored, version=stored.version, stamp=stamp)


def token_of(transfer):
    """The newest token that was mailed."""
    with database_role("coterm_worker"):
        letters = Letter.objects.filter(kind="licences.transfer_link", context__transfer=str(transfer.pk))
        return letters.latest("id").context["token"]


def receipted(who, transfer):
    with acting_as(who):
        return receipt(who, token=token_of(transfer))


def mails(**letter):
    """What the sender would send now, by recipient; None where nothing goes any more."""
    with database_role("coterm_worker"):
        found = Letter.objects.filter(**letter).order_by("id")
        return {(each.recipient, each.context.get("news", "link")): COMPOSERS[each.kind](each) for each in found}
