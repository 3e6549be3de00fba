"""The builder's line of time: what is covered now, what the quote adds, and the slider that stands above it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from interface import dates
from interface.charts import Strip, month_add
from licences.models import PROGRAMMES
from renewals.rules.choice import ONE, Choice
from renewals.rules.lines import Kind, Line
from renewals.rules.modes import Mode, Plan
from renewals.services.candidates import Candidate
from renewals.services.previews import Preview

MOST = 12
MONTHS_BEFORE, MONTHS_AFTER, ROOM = 6, 38, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One coverage on the line of time."""

    product: str
    programme: str | Promise
    drawing: SafeString
    expires_on: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """Days from `start`: all of them, the first possible one, the chosen one; `rest` lines are not drawn."""

    axis: SafeString
    bars: list[Bar]
    rest: int
    start: date
    most: int
    first: int
    value: int
    target: date | None


def timeline(found: Preview, choice: Choice) -> Timeline:
    """The lines that expire first, at most MOST, up to their new dates."""
    lines = _covers(found)
    target = shown_date(found, choice) if choice.group == ONE else None
    strip = _strip(found, lines, target)
    drawn = [each for each in found.candidates if each.expires_on and each.coverage in lines] or [
        each for each in found.candidates if each.expires_on and each.coverage not in choice.out
    ]
    return Timeline(
        axis=strip.axis(every=6),
        bars=[_bar(each, lines.get(each.coverage), strip) for each in drawn[:MOST]],
        rest=max(0, len(drawn) - MOST),
        start=strip.start,
        most=(strip.end - strip.start).days,
        first=(first_date(found) - strip.start).days,
        value=((target or first_date(found)) - strip.start).days,
        target=target,
    )


def shown_date(found: Preview, choice: Choice) -> date | None:
    """The one date as it came out, or as it was asked for where that was refused."""
    if found.plan:
        return found.plan.calculation.ends_on
    return choice.ends_on if choice.mode is Mode.DATE else None


def first_date(found: Preview) -> date:
    """The first date that all lines can have."""
    way = found.ways.get(Mode.LATEST)
    ends_on = way.calculation.ends_on if isinstance(way, Plan) else None
    return ends_on or max((each.first_end() for each in found.held), default=found.buyer.today)


def _covers(found: Preview) -> Mapping[UUID, Line]:
    lines = found.plan.calculation.lines if found.plan else ()
    return {line.coverage: line for line in lines if line.kind not in (Kind.REINSTATEMENT_FEE, Kind.REINSTATEMENT_CAP)}


def _strip(found: Preview, lines: Mapping[UUID, Line], target: date | None) -> Strip:
    month = found.buyer.today.replace(day=1)
    ends = [*(line.ends_on for line in lines.values()), first_date(found), *([target] if target else ())]
    end = max(month_add(month, MONTHS_AFTER), month_add(max(ends).replace(day=1), ROOM))
    return Strip(month_add(month, -MONTHS_BEFORE), end, found.buyer.today, target)


def _bar(each: Candidate, line: Line | None, strip: Strip) -> Bar:
    expires_on = each.expires_on or strip.today
    term = (min(each.starts_on or strip.start, expires_on), expires_on)
    new = (line.after_on, line.ends_on) if line else None
    words = gettext("covered through %(date)s") % {"date": dates.day(expires_on)}
    if line:
        through = gettext("in this quote through %(date)s") % {"date": dates.day(line.ends_on)}
        words = f"{words}, {through}"
    return Bar(each.product, PROGRAMMES[each.programme], strip.bar([term], new=new, label=words), expires_on)
