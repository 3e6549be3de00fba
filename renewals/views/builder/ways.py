"""All ways of setting the date, side by side: the date that each gives and what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from interface import dates
from interface.money import money_exact
from renewals.rules.choice import ONE, Choice
from renewals.rules.modes import Mode, Plan
from renewals.rules.quoting import Calculation
from renewals.rules.refusals import Refusal
from renewals.services.previews import Preview
from renewals.views.builder import words
from renewals.views.builder.bill import because


@dataclass(frozen=True, slots=True)
class Way:
    """One way; `ends` is a date or a range of dates, empty with a `reason` why it does not work."""

    mode: str
    label: str
    note: str = ""
    ends: str = ""
    totals: tuple[str, ...] = ()
    reason: str = ""
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """What a budget reaches: the date, its price, what is left and what the day after costs; or why it does not."""

    ends_on: str = ""
    iso: str = ""
    amount: str = ""
    left: str = ""
    following: str = ""
    reason: str = ""
    least: str = ""


def ways(found: Preview, choice: Choice) -> list[Way]:
    """Every way that there is enough said for."""
    return [_way(mode, way, choice) for mode, way in found.ways.items()]


def heading(choice: Choice, count: int) -> str:
    """What the quote does, as the page's headline."""
    if choice.group == ONE and count > 1:
        return ngettext("Bring %(count)s coverage to one date", "Bring %(count)s coverages to one date", count) % {
            "count": count
        }
    return ngettext("Renew %(count)s coverage", "Renew %(count)s coverages", count) % {"count": count}


def fit(found: Preview) -> Fit | None:
    """The answer to the budget; None where none was given."""
    way = found.ways.get(Mode.BUDGET)
    if isinstance(way, Refusal):
        least = getattr(way, "minimum", None)
        return Fit(reason=because(way), least=money_exact(least, found.buyer.currency) if least is not None else "")
    if way is None or way.reach is None:
        return None
    currency = found.held[0].currency
    reach = way.reach
    following = money_exact(reach.next_amount, currency) if reach.next_amount is not None else ""
    return Fit(
        dates.day(reach.ends_on),
        reach.ends_on.isoformat(),
        money_exact(reach.amount, currency),
        money_exact(reach.left, currency),
        following,
    )


def _way(mode: Mode, way: Plan | Refusal, choice: Choice) -> Way:
    label, is_used = _label(mode, choice), mode is choice.mode
    if isinstance(way, Refusal):
        return Way(mode.value, label, reason=because(way), is_used=is_used)
    ends = {line.ends_on for line in way.calculation.lines if line.kind != "reinstatement_fee"}
    return Way(
        mode.value, label, " · ".join(_notes(way)), words.period(ends), _totals(way.calculation), is_used=is_used
    )


def _label(mode: Mode, choice: Choice) -> str:
    term = {"term": words.term(choice.months)}
    return {
        Mode.EARLIEST: gettext("Earliest expiry plus %(term)s") % term,
        Mode.LATEST: gettext("Latest expiry"),
        Mode.DATE: gettext("The date you chose"),
        Mode.COST_FREE: gettext("One date at no cost"),
        Mode.EACH: gettext("Each plus %(term)s") % term,
        Mode.LINES: gettext("Date by line"),
        Mode.BUDGET: gettext("As far as the budget goes"),
    }[mode]


def _notes(plan: Plan) -> Iterator[str]:
    if plan.target and plan.target.raised_by:
        yield gettext("raised from %(date)s") % {"date": dates.day(plan.target.computed_on)}
    if plan.reach:
        yield gettext("%(amount)s left") % {"amount": money_exact(plan.reach.left, plan.calculation.lines[0].currency)}
    if plan.cost_free:
        if lost := sum(-days for days in plan.cost_free.days.values() if days < 0):
            yield gettext("takes %(days)s from the later ones") % {"days": words.days(lost)}
        if out := len(plan.cost_free.left_out):
            yield ngettext("without %(count)s line", "without %(count)s lines", out) % {"count": out}


def _totals(calculation: Calculation) -> tuple[str, ...]:
    return tuple(money_exact(amount, currency) for currency, amount in calculation.totals.items())
