"""Keeping the supplier form: each change is a version of its own."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.permissions import require
from accounts.rules import Actor, Power
from renewals.models import SupplierDetails


class Overtaken(Exception):
    """Somebody else has written a version in the meantime."""


def change_details(actor: Actor, *, after: int, **fields: Any) -> SupplierDetails:
    """The next version, made from version `after` (0: the first); none where nothing changes. Raises `Overtaken`."""
    with transaction.atomic():
        require(actor, Power.MANAGE_PROGRAMME)
        before = SupplierDetails.objects.visible_to(actor).newest()
        if (before.version if before else 0) != after:
            raise Overtaken
        changed = [name for name, value in fields.items() if before is None or getattr(before, name) != value]
        if before and not changed:
            return before
        details = added(actor, after + 1, fields)
        audit.record(
            actor,
            "supplier.changed",
            organisations=[actor.organisation_id],
            subject_id=details.pk,
            version=details.version,
            fields=changed,
        )
        return details


def added(actor: Actor, version: int, fields: dict[str, Any]) -> SupplierDetails:
    signed = {"organisation_id": actor.organisation_id, "created_by_id": actor.user_id, "created_at": timezone.now()}
    try:
        with transaction.atomic():
            return SupplierDetails.objects.create(version=version, **signed, **fields)
    except IntegrityError:
        raise Overtaken from None
