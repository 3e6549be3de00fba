"""The code by which a customer may be asked: made, replaced and switched off by its own people."""

import secrets

from django.db.transaction import atomic

from accounts import audit
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import AccessCode
from licences.rules.approaches import ALPHABET, CODE_LENGTH
from licences.services.grants import lock_customer


def make_code(actor: Actor) -> str:
    """A new code in place of the old one, which serves nobody any more."""
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        lock_customer(actor)
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        mine = AccessCode.objects.visible_to(actor)
        verb = "code.renewed" if mine.update(code=code, made_at=database_now()) else "code.made"
        if verb == "code.made":
            AccessCode.objects.create(customer_id=actor.organisation_id, code=code, made_at=database_now())
        audit.record(actor, verb, organisations=[actor.organisation_id], customer_id=actor.organisation_id)
        return code


def drop_code(actor: Actor) -> bool:
    """Switches the code off; False when there was none. What was asked by it before stays asked."""
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        lock_customer(actor)
        dropped = bool(AccessCode.objects.visible_to(actor).delete()[0])
        if dropped:
            audit.record(
                actor, "code.dropped", organisations=[actor.organisation_id], customer_id=actor.organisation_id
            )
        return dropped
