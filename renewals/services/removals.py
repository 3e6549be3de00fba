"""A licence that was entered by mistake is removed; what was quoted, bought or certified stays."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.transaction import atomic

from accounts.models import Organisation
from accounts.permissions import require
from accounts.rules import Actor, Power
from licences.models import Assignment, CoverageTerm, Licence, TransferItem
from licences.rules import Status
from licences.rules.access import Wish
from licences.rules.changes import Stale
from licences.services.grants import held, lock_customer, today_of
from licences.services.licences import record
from licences.services.shares import preview_changes, set_access
from renewals.models import Certificate, QuoteLine
from renewals.rules.removals import Held, Hold, Holds


def remove_licence(actor: Actor, *, licence: Licence, version: int) -> None:
    """Takes a licence away with its coverages, reminders and dates; firms that saw it are told that it is gone.

    Raises `Held` while anybody relies on it, and `Stale` when it is not as `version` was or gone already.
    """
    with atomic():
        require(actor, Power.EDIT_LICENCES)
        lock_customer(actor)
        row = Licence.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=licence.pk).first()
        if row is None or row.version != version:
            raise Stale
        # Whoever writes a quote of them now is waited for, and then counted.
        coverages = list(row.coverages.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        if holds := holds_of(actor, coverages):
            raise Held(holds)
        for firm in firms_seeing(actor, coverages):
            take_from(actor, firm, coverages)
        with connection.cursor() as cursor:  # All that hangs on it goes with it, by the database's own keys.
            cursor.execute("delete from licences_licence where id = %s", [row.pk])
        record(actor, "licence.removed", row, product=str(row.product_id), count=len(coverages))


def holds_of(actor: Actor, coverages: Collection[UUID]) -> Holds:
    """Why a licence with these coverages stays, as far as its customer knows; four queries.

    A firm's draft, which the customer does not know, holds nothing: its firm sees it no more, as when access ends.
    """
    stated = Q(coverage__in=coverages)
    for each in coverages:
        stated |= Q(facts__coverages__contains=[{"coverage": str(each)}])
    bought = Q(coverage__in=coverages) & (~Q(order_number="") | Q(amount__isnull=False))
    quoted = QuoteLine.objects.visible_to(actor).filter(coverage__in=coverages)
    waiting = TransferItem.objects.visible_to(actor).filter(coverage__in=coverages, transfer__state="requested")
    found = {
        Hold.QUOTED: quoted.values("quote").distinct().count(),
        Hold.BOUGHT: CoverageTerm.objects.visible_to(actor).filter(bought).count(),
        Hold.CERTIFIED: Certificate.objects.visible_to(actor).filter(stated).count(),
        Hold.PROPOSED: waiting.values("transfer").distinct().count(),
    }
    return {hold: count for hold, count in found.items() if count}


def firms_seeing(actor: Actor, coverages: Collection[UUID]) -> list[Organisation]:
    """The firms that a grant in force lets see one of these coverages, by name."""
    today = today_of(actor)
    active = Assignment.objects.visible_to(actor).filter(status=Status.ACTIVE.value, ends_on__gte=today)
    firms = Organisation.objects.filter(pk__in=active.values("advisor")).order_by("name", "pk")
    wish = Wish(frozenset(coverages))
    return [firm for firm in firms if preview_changes(actor, advisor=firm, wish=wish, today=today).changes]


def take_from(actor: Actor, firm: Organisation, coverages: Collection[UUID]) -> None:
    """The firm sees them no more, and is told, as when the customer takes them from it by hand."""
    today = today_of(actor)
    stamp = held(actor, advisor_id=firm.pk, coverages=coverages, today=today).stamp
    set_access(actor, advisor=firm, wish=Wish(frozenset(coverages)), stamp=stamp)
