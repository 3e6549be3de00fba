"""Words that several parts of the builder share: coverages by name, dates and terms."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext, ngettext, pgettext

from interface import dates
from interface.money import number
from licences.models import PROGRAMMES
from renewals.rules.choice import ONE
from renewals.rules.modes import Mode
from renewals.services.candidates import Candidate

NAMED = 3
MONTHS_A_YEAR = 12


class Names:
    """What coverages are called: their product, and the programme where the product stands here more than once."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        found = list(candidates)
        often = Counter(each.product for each in found)
        self._names = {each.coverage: _name(each, is_often=often[each.product] > 1) for each in found}

    def __call__(self, coverages: Collection[UUID]) -> str:
        """“A”, “A and B”, “A, B, C and 4 more”."""
        shown = [self._names[coverage] for coverage in list(coverages)[:NAMED]]
        if rest := len(coverages) - len(shown):
            counted = ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", rest)
            return counted % {"names": ", ".join(shown), "count": number(rest)}
        return joined(shown)


def joined(names: Sequence[str]) -> str:
    """“A, B and C”."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def term(months: int) -> str:
    """“2 years”, “18 months”."""
    if months % MONTHS_A_YEAR:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    years = months // MONTHS_A_YEAR
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}


def days(count: int) -> str:
    """“40 days”."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": number(count)}


def period(ends: Collection[date]) -> str:
    """One date, or the first and the last of several."""
    first, last = min(ends), max(ends)
    if first == last:
        return dates.day(first)
    return gettext("%(first)s to %(last)s") % {"first": dates.day(first), "last": dates.day(last)}


def _name(candidate: Candidate, *, is_often: bool) -> str:
    return f"{candidate.product} ({PROGRAMMES[candidate.programme]})" if is_often else candidate.product


def groups(months: int) -> dict[str, str]:
    """The three kinds of date by their value in the form."""
    return {
        ONE: gettext("One date for all"),
        Mode.EACH.value: gettext("Each plus %(term)s") % {"term": term(months)},
        Mode.LINES.value: gettext("Date by line"),
    }


def none() -> str:
    """No least term."""
    return pgettext("least term", "none")
