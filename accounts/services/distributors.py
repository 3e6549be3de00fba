"""Distributors: which of them the programme certifies, and until when."""

from datetime import date

from django.db import transaction

from accounts import audit
from accounts.models import Distributor, Organisation
from accounts.permissions import require
from accounts.rules import Actor, Kind, Power


@transaction.atomic
def certify(actor: Actor, distributor: Organisation, *, until: date | None) -> bool:
    """Certifies a distributor through `until`, inclusive, or with None no longer; False when that changes nothing.

    What was transferred before stays as it was consented to: the customer alone withdraws it.
    """
    require(actor, Power.MANAGE_PROGRAMME)
    if distributor.kind != Kind.DISTRIBUTOR:
        raise ValueError(f"{distributor.kind} is not a kind that is certified to receive transfers")
    known = Distributor.objects.filter(pk=distributor.pk).first()
    if (known.certified_until if known else None) == until:
        return False
    Distributor(organisation=distributor, certified_until=until).save(force_insert=known is None)
    audit.record(
        actor,
        "distributor.certified" if until else "distributor.uncertified",
        organisations=(actor.organisation_id, distributor.pk),
        subject_id=distributor.pk,
        until=until and until.isoformat(),
    )
    return True
