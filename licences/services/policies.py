"""The programme's policy of ends: which version counts on a day, and how its managers set the next one."""

from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.transaction import atomic

from accounts import audit
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import AccessPolicy
from licences.rules.changes import Stale
from licences.rules.ends import STANDARD, EndPolicy


class PolicyRefused(Exception):
    """A version may not begin in the past, nor on a day from which there is one already."""


def policy_on(today: date) -> EndPolicy:
    """The policy in force on this day; before the first version the product's own defaults."""
    found = AccessPolicy.objects.on(today).first()
    return found.rules if found else STANDARD


def set_policy(actor: Actor, *, valid_from: date, policy: EndPolicy, today: date) -> AccessPolicy:
    """A version from this day on, until the next. Grants keep the end that they were given.

    `today` is the manager's. Raises `PolicyRefused` for a day that is past or taken.
    """
    with atomic():
        require(actor, Power.MANAGE_PROGRAMME)
        if valid_from < today:
            raise PolicyRefused
        before = policy_on(valid_from)
        kept = store(actor, valid_from, policy)
        audit.record(
            actor,
            "policy.set",
            organisations=[actor.organisation_id],
            subject_id=kept.pk,
            valid_from=valid_from.isoformat(),
            **differences(before, policy),
        )
        return kept


def store(actor: Actor, valid_from: date, policy: EndPolicy) -> AccessPolicy:
    """The new row; two managers who choose the same day at once cannot both win."""
    try:
        with atomic():
            return AccessPolicy.objects.create(
                valid_from=valid_from,
                created_by_id=actor.user_id,
                created_at=database_now(),
                **columns(policy),
            )
    except IntegrityError:
        raise PolicyRefused from None


def columns(policy: EndPolicy) -> dict[str, Any]:
    names = EndPolicy.__dataclass_fields__
    return {name: getattr(policy, name) for name in names} | {"notice_days": list(policy.notice_days)}


def differences(before: EndPolicy, after: EndPolicy) -> dict[str, Any]:
    """What a version changes, each value beside the one that it follows."""
    old, new = columns(before), columns(after)
    changed = {name: value for name, value in new.items() if value != old[name]}
    return changed | {f"{name}_before": old[name] for name in changed}


def withdraw_policy(actor: Actor, *, policy: AccessPolicy, today: date) -> None:
    """Takes back a version that has not begun. Raises `Stale` when it has, or when somebody else took it back."""
    with atomic():
        require(actor, Power.MANAGE_PROGRAMME)
        gone, _ = AccessPolicy.objects.visible_to(actor).filter(pk=policy.pk, valid_from__gt=today).delete()
        if not gone:
            raise Stale
        audit.record(
            actor,
            "policy.withdrawn",
            organisations=[actor.organisation_id],
            subject_id=policy.pk,
            valid_from=policy.valid_from.isoformat(),
        )
