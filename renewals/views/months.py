"""Coverages by month of expiry: half a year back, a year ahead."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rules import Actor
from interface.charts import Column, month_add
from licences.models import CoverageTerm, Visibility
from renewals.models import QuoteLine
from renewals.querysets.portfolio import not_renewed
from renewals.rules.filters import Filters
from renewals.views.narrowing import address
from renewals.views.pipeline import in_hand

BEFORE, AFTER = 6, 12
# The past is read from every term: with more coverages than this it would cost more than the page.
MOST = 5_000
NOTHING = {"quoted": 0, "open": 0, "lapsed": 0}


def columns(actor: Actor, shared: QuerySet[Visibility], *, today: date, with_past: bool) -> list[Column]:
    """One column a month; `with_past` counts what was renewed as well, for those who do not see too many."""
    this = today.replace(day=1)
    firsts = [month_add(this, index) for index in range(-BEFORE, AFTER)]
    ahead = _ahead(actor, shared, firsts, today)
    renewed = _renewed(actor, firsts[0], today) if with_past else {}
    return [
        Column(
            first,
            renewed=renewed.get(first, 0),
            **ahead.get(first, NOTHING),
            url=address(Filters(first=first, last=month_add(first, 1) - timedelta(1))),
        )
        for first in firsts
    ]


def _ahead(actor: Actor, shared: QuerySet[Visibility], firsts: list[date], today: date) -> dict[date, dict[str, int]]:
    """By month: what is in force and quoted or not to be renewed, what nobody has begun with, and what has lapsed."""
    within = shared.filter(expires_on__gte=firsts[0], expires_on__lt=month_add(firsts[-1], 1))
    by_month = within.annotate(month=TruncMonth("expires_on")).order_by().values_list("month")
    current, taken = Q(expires_on__gte=today), _taken(actor, today)
    found: Iterable[Any] = by_month.annotate(
        quoted=Count("coverage", filter=current & taken),
        open=Count("coverage", filter=current & ~taken),
        lapsed=Count("coverage", filter=~current),
    )
    return {month: dict(zip(NOTHING, counts, strict=True)) for month, *counts in found}


def _taken(actor: Actor, today: date) -> Q:
    """Coverages in a quote that is under way, and those that will not be renewed at all."""
    lines = QuoteLine.objects.visible_to(actor).filter(in_hand(today), coverage__isnull=False)
    return Q(coverage__in=lines.values("coverage")) | not_renewed(actor, "decided", whole=True)


def _renewed(actor: Actor, start: date, today: date) -> dict[date, int]:
    """By month: the terms that ended in it, of coverages that went on."""
    ended = CoverageTerm.objects.visible_to(actor).filter(
        ends_on__gte=start, ends_on__lt=today, coverage__expires_on__gt=F("ends_on")
    )
    by_month = ended.annotate(month=TruncMonth("ends_on")).order_by().values_list("month")
    return dict(by_month.annotate(count=Count("coverage", distinct=True)))


def legend(shown: list[Column]) -> list[tuple[str, str | Promise]]:
    """The keys of what there is."""
    keys: list[tuple[str, str | Promise]] = [
        ("bar-soon", _("Not started, within 90 days")),
        ("bar-soft", _("Later")),
        ("bar-late", pgettext_lazy("coverages", "Lapsed")),
    ]
    if any(column.quoted for column in shown):
        keys.insert(0, ("bar-hatch", _("Quoted, or not renewing")))
    return [("bar-ok", _("Renewed")), *keys] if any(column.renewed for column in shown) else keys
