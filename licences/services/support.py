"""Support access: given, changed and ended by the customer, ended by the calendar, and every look written down."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.transaction import atomic

from accounts import audit, outbox
from accounts.models import Membership, Organisation
from accounts.outbox import Addressee
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Kind, Power, Role
from licences.models import SupportAccess
from licences.querysets import today_in
from licences.rules.access import Refusal, Refused
from licences.rules.changes import Stale
from licences.rules.support import check_end
from licences.services.grants import lock_customer
from licences.services.notices import TOLD_OF_ACCESS
from licences.services.policies import policy_on

LETTER = "licences.support"


def give_support(actor: Actor, *, reason: str, ends_on: date) -> SupportAccess:
    """Lets the programme's managers look at every licence, at once; both sides are told.

    `ends_on` is inclusive in the customer's zone. Raises `Refused` for an impossible end, or while they may look
    already.
    """
    with atomic():
        require(actor, Power.GRANT_SUPPORT)
        today = lock_customer(actor)
        check_end(ends_on, today=today, policy=policy_on(today))
        make_room(actor, today=today)
        given = SupportAccess.objects.create(
            customer_id=actor.organisation_id,
            programme=programme(actor),
            reason=reason,
            ends_on=ends_on,
            created_by_id=actor.user_id,
            created_at=database_now(),
        )
        announce(actor, "support.granted", given, to=readers(given))
        return given


def programme(actor: Actor) -> Organisation:
    """The programme's organisation; raises `Refused` where there is none yet."""
    rows = Organisation.objects.visible_to(actor).filter(kind=Kind.PROGRAMME.value)
    found = rows.order_by("id").first()
    if found is None:
        raise Refused(Refusal.NO_PROGRAMME)
    return found


def make_room(actor: Actor, *, today: date) -> None:
    """Ends what is over before the review came to it; raises `Refused` when the programme may look already.

    Raises `Stale` while the review is at that very row: waiting for it here could wait for ever.
    """
    rows = SupportAccess.objects.visible_to(actor).filter(ended_at=None)
    if rows.filter(ends_on__gte=today).exists():
        raise Refused(Refusal.SUPPORTED_ALREADY)
    for row in rows.select_for_update(no_key=True, skip_locked=True):
        close(actor, row, by_calendar=True)
    if rows.exists():
        raise Stale


def change_support(actor: Actor, *, support: SupportAccess, version: int, reason: str, ends_on: date) -> bool:
    """Another end, or another reason; False when that changes nothing. Raises `Stale` and `Refused`."""
    with atomic():
        require(actor, Power.GRANT_SUPPORT)
        today = lock_customer(actor)
        row = fresh(actor, support, version=version, today=today)
        if (row.reason, row.ends_on) == (reason, ends_on):
            return False
        check_end(ends_on, today=today, policy=policy_on(today))
        before = row.ends_on
        keep(row, reason=reason, ends_on=ends_on)
        row.ends_on = ends_on
        announce(actor, "support.changed", row, to=readers(row), ends_on_before=before.isoformat())
        return True


def end_support(actor: Actor, *, support: SupportAccess, version: int) -> None:
    """Ends the look at once: whoever may narrow access may. Raises `Stale` when it has changed or ended already."""
    with atomic():
        require(actor, Power.NARROW_ACCESS)
        today = lock_customer(actor)
        close(actor, fresh(actor, support, version=version, today=today))


def fresh(actor: Actor, support: SupportAccess, *, version: int, today: date) -> SupportAccess:
    """The row as it is stored now; raises `Stale` when it is over or not as `version` was."""
    row = SupportAccess.objects.visible_to(actor).filter(pk=support.pk).first()
    if row is None or row.version != version or row.ended_at or row.ends_on < today:
        raise Stale
    return row


def close_what_is_over() -> int:
    """Marks what the calendar has ended, and tells both sides; sight was gone already. Runs as worker."""
    over = SupportAccess.objects.filter(ended_at=None, ends_on__lt=today_in("customer__time_zone"))
    rows = list(over.order_by("customer", "id"))
    for row in rows:
        close(None, row, by_calendar=True)
    return len(rows)


def close(actor: Actor | None, row: SupportAccess, *, by_calendar: bool = False) -> None:
    """Ends it. The readers are asked for first: afterwards the customer no longer sees the programme's people."""
    to = readers(row)
    keep(row, ended_at=database_now())
    announce(actor, "support.ended", row, to=to, why="expired" if by_calendar else "ended")


def keep(row: SupportAccess, **values: object) -> None:
    SupportAccess.objects.filter(pk=row.pk).update(**values, version=F("version") + 1)


def readers(row: SupportAccess) -> list[Addressee]:
    """Who is told: the customer's owners and renewals managers, and the programme's managers."""
    wanted: dict[UUID, tuple[str, ...]] = {
        row.customer_id: TOLD_OF_ACCESS,
        row.programme_id: (Role.MANAGER.value,),
    }
    people = Membership.objects.filter(organisation__in=wanted, user__is_active=True).select_related("user")
    return [
        Addressee.person(member.user, member.organisation_id)
        for member in people.order_by("id")
        if member.role in wanted[member.organisation_id]
    ]


def announce(actor: Actor | None, verb: str, row: SupportAccess, *, to: list[Addressee], **details: Any) -> None:
    """One audit entry for each side and one letter for each reader."""
    shown = {"ends_on": row.ends_on.isoformat(), **details}
    both = (row.customer_id, row.programme_id)
    audit.record(actor, verb, organisations=both, customer_id=row.customer_id, subject_id=row.pk, **shown)
    for reader in to:
        outbox.post(
            actor,
            LETTER,
            reader,
            customer_id=row.customer_id,
            support=str(row.pk),
            verb=verb,
            by=str(actor.user_id) if actor and actor.user_id else None,
            **shown,
        )


@atomic
def write_down_look(actor: Actor, *, customer_id: UUID, subject_id: UUID | None = None) -> None:
    """A manager looks at a customer's licences, or at one of them: both sides read it in their history."""
    require(actor, Power.SEE_SUPPORTED)
    both = (customer_id, actor.organisation_id)
    audit.record(actor, "support.looked", organisations=both, customer_id=customer_id, subject_id=subject_id)
