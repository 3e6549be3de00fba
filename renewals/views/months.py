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
from renewals.rules.filters import Filters
from renewals.views.narrowing import address

BEFORE, AFTER = 6, 12
# The past is read from every term: with more coverages than this it would cost more than the page.
MOST = 5_000


def columns(actor: Actor, shared: QuerySet[Visibility], *, today: date, with_past: bool) -> list[Column]:
    """One column a month; `with_past` counts what was renewed as well, for those who do not see too many."""
    this = today.replace(day=1)
    firsts = [month_add(this, index) for index in range(-BEFORE, AFTER)]
    open_ones, lapsed = _ahead(shared, firsts, today)
    renewed = _renewed(actor, firsts[0], today) if with_past else {}
    return [
        Column(
            first,
            renewed=renewed.get(first, 0),
            quoted=0,
            open=open_ones.get(first, 0),
            lapsed=lapsed.get(first, 0),
            url=address(Filters(first=first, last=month_add(first, 1) - timedelta(1))),
        )
        for first in firsts
    ]


def _ahead(shared: QuerySet[Visibility], firsts: list[date], today: date) -> tuple[dict[date, int], dict[date, int]]:
    """By month: what is still in force, and what has lapsed."""
    within = shared.filter(expires_on__gte=firsts[0], expires_on__lt=month_add(firsts[-1], 1))
    by_month = within.annotate(month=TruncMonth("expires_on")).order_by().values_list("month")
    found: Iterable[Any] = by_month.annotate(
        ahead=Count("coverage", filter=Q(expires_on__gte=today)),
        lapsed=Count("coverage", filter=Q(expires_on__lt=today)),
    )
    counts = list(found)
    return {month: ahead for month, ahead, _gone in counts}, {month: gone for month, _ahead, gone in counts}


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
    return [("bar-ok", _("Renewed")), *keys] if any(column.renewed for column in shown) else keys
