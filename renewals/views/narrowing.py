"""How the portfolio says what it is narrowed to: views with their counts, chips that come off, choices to tick."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rules import Actor
from interface import dates
from interface.countries import country_name
from interface.labels import LEVEL_NAMES
from licences.models import PROGRAMMES, CustomerVisibility, Visibility
from renewals.models import SavedView
from renewals.querysets.portfolio import wanted
from renewals.rules.filters import LEVELS, UNDATED, Filters

PERIOD_LABELS: dict[str, str | Promise] = {
    "30": pgettext_lazy("expires", "next 30 days"),
    "31-60": pgettext_lazy("expires", "in 31 to 60 days"),
    "61-90": pgettext_lazy("expires", "in 61 to 90 days"),
    "31-90": pgettext_lazy("expires", "in 31 to 90 days"),
    "later": pgettext_lazy("expires", "after 90 days"),
    "lapsed": pgettext_lazy("expires", "lapsed"),
    "due": pgettext_lazy("expires", "lapsed or within 30 days"),
    UNDATED: pgettext_lazy("expires", "no date"),
}
STANDARD = (
    (_("All"), Filters()),
    (_("Next 30 days"), Filters(expires="30")),
    (_("31 to 90 days"), Filters(expires="31-90")),
    (pgettext_lazy("coverages", "Lapsed"), Filters(expires="lapsed")),
    (_("My accounts"), Filters(mine=True)),
    (_("Not renewing"), Filters(renewal="decided")),
)
RENEWAL_LABELS: dict[str, str | Promise] = {
    "decided": _("Will not be renewed"),
    "proposed": _("Proposed not to be renewed"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A view: a name for filters. `count` is None where counting would mean searching; `saved` may be deleted."""

    label: str | Promise
    url: str
    count: int | None
    current: bool
    saved: UUID | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set; `url` takes it off."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tick; `count` is how many rows it would show."""

    value: str
    label: str | Promise
    count: int
    ticked: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """What the filters leave: rows and licences, and the choices that would narrow them further."""

    rows: int
    licences: int
    programmes: list[Option]
    levels: list[Option]


def address(filters: Filters) -> str:
    """The portfolio with these filters."""
    query = filters.query()
    return f"{reverse('renewals:portfolio')}{query and '?'}{query}"


def tabs(actor: Actor, filters: Filters, *, today: date) -> list[Tab]:
    """The standard views, then the firm's own, with their counts: two queries, however many views there are."""
    saved = SavedView.objects.visible_to(actor).order_by("name").values_list("pk", "name", "query")
    views: list[tuple[UUID | None, str | Promise, Filters]] = [(None, label, each) for label, each in STANDARD]
    views += [(pk, name, Filters.read(query)) for pk, name, query in saved]
    counted = {
        f"view_{index}": Count("coverage", filter=wanted(each, actor=actor, today=today) or None)
        for index, (_pk, _label, each) in enumerate(views)
        if not each.text  # Searching for each view would cost more than the page.
    }
    counts = Visibility.objects.visible_to(actor).aggregate(**counted)
    now = filters.unsorted()
    return [
        Tab(
            label,
            address(each),
            counts.get(f"view_{index}"),
            each.unsorted() == now and (not pk or bool(now.query)),
            pk,
        )
        for index, (pk, label, each) in enumerate(views)
    ]


def totals(actor: Actor, filters: Filters, *, today: date) -> Totals:
    """How much the filters leave, in one query."""
    others = wanted(replace(filters, programmes=(), levels=()), actor=actor, today=today)
    by_programme, by_level = _ticked(programme=filters.programmes), _ticked(level=filters.levels)
    counted: dict[str, Any] = {
        "rows": Count("coverage", filter=by_programme & by_level or None),
        "licences": Sum("quantity", filter=by_programme & by_level or None, default=0),
    }
    counted |= {f"p_{code}": Count("coverage", filter=Q(programme=code) & by_level) for code in PROGRAMMES}
    counted |= {
        f"l_{name}": Count("coverage", filter=Q(access_level=rank) & by_programme) for name, rank in LEVELS.items()
    }
    counts = Visibility.objects.visible_to(actor).filter(others).aggregate(**counted)
    return Totals(
        counts["rows"],
        counts["licences"],
        _options({code: PROGRAMMES[code] for code in PROGRAMMES}, counts, "p_", filters.programmes),
        _options({name: LEVEL_NAMES[rank] for name, rank in LEVELS.items()}, counts, "l_", filters.levels),
    )


def _ticked(*, programme: tuple[str, ...] = (), level: tuple[str, ...] = ()) -> Q:
    if programme:
        return Q(programme__in=programme)
    return Q(access_level__in=[LEVELS[name] for name in level]) if level else Q()


def _options(
    labels: Mapping[str, str | Promise], counts: Mapping[str, int], prefix: str, ticked: Iterable[str]
) -> list[Option]:
    return [Option(key, label, counts[f"{prefix}{key}"], key in ticked) for key, label in labels.items()]


def countries(actor: Actor, filters: Filters) -> list[Option]:
    """The countries of the actor's customers, with how many customers are in each."""
    found = CustomerVisibility.objects.visible_to(actor).values_list("customer__country").annotate(count=Count("*"))
    options = [Option(code, country_name(code), count, code in filters.countries) for code, count in found.order_by()]
    return sorted(options, key=lambda option: str(option.label))


def chips(filters: Filters, *, customer: str) -> Iterator[Chip]:
    """What can be taken off again; `customer` is the name of the one that is filtered by."""
    if expires := _expires(filters):
        without = replace(filters, expires="", first=None, last=None)
        yield Chip(gettext("Expires: %(period)s") % {"period": expires}, address(without))
    if filters.customer:
        yield Chip(gettext("Customer: %(name)s") % {"name": customer}, address(replace(filters, customer="")))
    if filters.renewal:
        yield Chip(str(RENEWAL_LABELS[filters.renewal]), address(replace(filters, renewal="")))
    if filters.mine:
        yield Chip(gettext("My accounts"), address(replace(filters, mine=False)))
    for code in filters.programmes:
        rest = tuple(each for each in filters.programmes if each != code)
        yield Chip(str(PROGRAMMES[code]), address(replace(filters, programmes=rest)))
    yield from _access_chips(filters)
    for code in filters.countries:
        rest = tuple(each for each in filters.countries if each != code)
        yield Chip(country_name(code), address(replace(filters, countries=rest)))


def _access_chips(filters: Filters) -> Iterator[Chip]:
    for name in filters.levels:
        rest = tuple(each for each in filters.levels if each != name)
        label = gettext("Access: %(level)s") % {"level": LEVEL_NAMES[LEVELS[name]]}
        yield Chip(label, address(replace(filters, levels=rest)))


def periods(filters: Filters) -> list[Chip]:
    """The periods to choose from."""
    keys = ("lapsed", "30", "31-60", "61-90", "later", UNDATED)
    dateless = replace(filters, first=None, last=None)
    return [Chip(capfirst(str(PERIOD_LABELS[key])), address(replace(dateless, expires=key))) for key in keys]


def _expires(filters: Filters) -> str:
    if filters.expires:
        return str(PERIOD_LABELS[filters.expires])
    if filters.first and filters.last:
        return f"{dates.day(filters.first)} – {dates.day(filters.last)}"
    if filters.first:
        return gettext("from %(date)s") % {"date": dates.day(filters.first)}
    return gettext("through %(date)s") % {"date": dates.day(filters.last)} if filters.last else ""
