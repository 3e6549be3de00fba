"""The pipeline: how far renewals have come and what is at risk, of coverages whose prices the reader may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rules import AccessLevel, Actor, Kind
from interface.charts import meter
from interface.money import currency_of, minor_unit, money
from licences.models import Visibility
from renewals.models import Decision, Price, QuoteLine
from renewals.querysets.decisions import given_up
from renewals.rules.decisions import remaining
from renewals.rules.filters import Filters
from renewals.rules.pipeline import WINDOW, Held, Quoted, Stage, Tally, stages, worth
from renewals.rules.pricing import PriceRow, Prices
from renewals.rules.quotes import State
from renewals.views.links import link
from renewals.views.narrowing import address

LABELS: dict[Stage, str | Promise] = {
    Stage.NOT_STARTED: _("Not started"),
    Stage.DRAFT: pgettext_lazy("pipeline", "Draft"),
    Stage.SENT: pgettext_lazy("pipeline", "Sent"),
    Stage.ORDERED: pgettext_lazy("pipeline", "Ordered"),
    Stage.RENEWED: pgettext_lazy("pipeline", "Renewed"),
}
STAGES = {
    State.DRAFT.value: Stage.DRAFT,
    State.SUBMITTED.value: Stage.SENT,
    State.ACCEPTED.value: Stage.ORDERED,
    State.FULFILLED.value: Stage.RENEWED,
}
STATES = {stage: state for state, stage in STAGES.items()}
PRICED = ("coverage__licence__product", "programme", "customer__country", "quantity")
ALIKE = (*PRICED, "given_up", "is_started", "is_ordered")


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: its coverages, its amounts in words, its bar against the longest, and where it leads."""

    label: str | Promise
    coverages: int
    money: str
    meter: SafeString
    url: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """All stages in order, and the value at risk; `unpriced` of its coverages have no price.

    `given_up` coverages of the window will not be renewed, at least not with all of their seats.
    """

    steps: list[Step]
    at_risk: str
    coverages: int
    unpriced: int
    given_up: int
    given_up_url: str


def pipeline(actor: Actor, *, today: date) -> Pipeline | None:
    """In three queries; None for a reader to whom nobody shows prices."""
    rows = holdings(actor, today=today)
    found = stages(quoted(actor, today=today))
    if not rows and not found:
        return None
    prices, units = prices_of(actor, rows, today), units_of(rows)
    found[Stage.NOT_STARTED] = worth((each for each in rows if not each.is_started), prices, on=today, units=units)
    at_risk = worth((each for each in rows if not each.is_ordered), prices, on=today, units=units)
    longest = max(tally.coverages for tally in found.values()) or 1
    steps = [step(actor, stage, found.get(stage, Tally()), longest) for stage in LABELS]
    lost = sum(each.coverages for each in rows if each.given_up)
    listed = address(Filters(renewal="decided")) if actor.kind is Kind.ADVISOR else ""
    return Pipeline(steps, spoken(at_risk), at_risk.coverages, at_risk.unpriced, lost, listed)


def priced(actor: Actor) -> QuerySet[Visibility]:
    """What the reader sees the prices of."""
    seen = Visibility.objects.visible_to(actor)
    return seen.filter(access_level__gte=AccessLevel.QUOTE) if actor.kind is Kind.ADVISOR else seen


def under_way(today: date) -> Q:
    """Lines of drafts, of what can still be accepted, of orders, and of what was renewed lately."""
    lately = timezone.now() - WINDOW
    return in_hand(today) | Q(quote__state=State.FULFILLED.value, quote__orders__fulfilled_at__gte=lately)


def in_hand(today: date) -> Q:
    """Lines of drafts, of what can still be accepted, and of orders."""
    open_ = Q(quote__state=State.SUBMITTED.value, quote__valid_until__gte=today)
    return Q(quote__state__in=[State.DRAFT.value, State.ACCEPTED.value]) | open_


def quoted(actor: Actor, *, today: date) -> list[Quoted]:
    """What quotes ask for each coverage, one row a coverage and quote; not of what will not be renewed at all."""
    gone = Decision.objects.decided().filter(
        coverage=OuterRef("coverage"), expires_on=OuterRef("expires_on"), quantity__gte=OuterRef("owned")
    )
    lines = (
        QuoteLine.objects.visible_to(actor).filter(under_way(today), ~Exists(gone), coverage__isnull=False).order_by()
    )
    rows = lines.values_list("coverage", "quote", "quote__state", "currency").annotate(Sum("amount"))
    return [Quoted(coverage, quote, STAGES[state], code, amount) for coverage, quote, state, code, amount in rows]


def holdings(actor: Actor, *, today: date) -> list[Held]:
    """What expires within the window, counted by all that a price depends on."""
    rows = expiring(actor, today=today).values_list(*ALIKE).annotate(count=Count("coverage"))
    return [held(row) for row in rows]


def expiring(actor: Actor, *, today: date) -> Any:
    """What expires within the window, with what will not be renewed of it, and how far its quotes are."""
    lines = QuoteLine.objects.visible_to(actor).filter(coverage=OuterRef("coverage_id"))
    ordered = lines.filter(quote__state=State.ACCEPTED.value)
    rows = priced(actor).filter(expires_on__range=(today, today + WINDOW)).order_by()
    started = Exists(lines.filter(under_way(today)))
    return rows.annotate(given_up=given_up(Decision), is_started=started, is_ordered=Exists(ordered))


def held(row: Sequence[Any]) -> Held:
    """A row of ALIKE and its count."""
    product, programme, country, quantity, lost, is_started, is_ordered, coverages = row
    left = remaining(quantity, lost)
    return Held(product, programme, currency_of(country), left, coverages, is_started, is_ordered, quantity - left)


def prices_of(actor: Actor, rows: Iterable[Held], today: date) -> Prices:
    """The prices in force of what is held; only published ones count, whoever reads."""
    products = {each.product for each in rows}
    prices = Price.objects.visible_to(actor).in_force(today).filter(product__in=products)
    return Prices(PriceRow(**fields) for fields in prices.as_rows())


def units_of(rows: Iterable[Held]) -> dict[str, Decimal]:
    return {code: minor_unit(code) for code in {each.currency for each in rows}}


def step(actor: Actor, stage: Stage, tally: Tally, longest: int) -> Step:
    tone = "bar-soon" if stage is Stage.NOT_STARTED else "bar-ok"
    bar = meter(100 * tally.coverages / longest, tone)
    return Step(LABELS[stage], tally.coverages, spoken(tally), bar, leading(actor, stage))


def leading(actor: Actor, stage: Stage) -> str:
    """The list behind a stage."""
    if stage in STATES:
        quotes = link("renewals:quotes")
        return f"{quotes}?state={STATES[stage]}" if quotes else ""
    return address(Filters(expires="due")) if actor.kind is Kind.ADVISOR else f"{link('licences:list')}?state=soon"


def spoken(tally: Tally) -> str:
    """Amounts by currency, to the whole unit, side by side."""
    whole = ((code, amount.quantize(Decimal(1), ROUND_HALF_UP)) for code, amount in sorted(tally.money.items()))
    return " · ".join(money(amount, code) for code, amount in whole)
