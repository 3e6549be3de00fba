"""The history of coverages, kept as their dates change."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from licences.models import Coverage, CoverageTerm
from licences.rules.terms import Span, next_term, opens_term
from licences.services.rewriting import rewrite


@dataclass(frozen=True, slots=True)
class Dated:
    """A coverage whose dates have just been written; `starts_on` only when it was said with this change."""

    coverage: Coverage
    starts_on: date | None = None
    bought_on: date | None = None


def keep_terms(changes: Collection[Dated], *, today: date) -> None:
    """Opens a new term or corrects the last one, for each of the coverages; three statements, however many.

    Where nothing says when the first term began, it counts from the purchase, or from `today`: cover before that is
    not known of.
    """
    dated = [(each, each.coverage.expires_on) for each in changes if each.coverage.expires_on]
    lasts = last_terms([each.coverage.pk for each, _ in dated])
    opened, corrected = [], []
    for each, ends_on in dated:
        last = lasts.get(each.coverage.pk)
        before = Span(last.starts_on, last.ends_on) if last else None
        known_from = each.bought_on or today
        span = next_term(before, starts_on=each.starts_on, ends_on=ends_on, known_from=known_from)
        if last and not opens_term(before, starts_on=each.starts_on, ends_on=ends_on):
            last.starts_on, last.ends_on, last.quantity = span.starts_on, span.ends_on, each.coverage.quantity
            corrected.append(last)
        else:
            opened.append(new_term(each.coverage, span))
    CoverageTerm.objects.bulk_create(opened)
    rewrite(corrected, ["starts_on", "ends_on", "quantity"])


def last_terms(coverages: Collection[UUID]) -> dict[UUID, CoverageTerm]:
    """The latest term of each coverage."""
    terms = CoverageTerm.objects.filter(coverage__in=coverages).order_by("coverage", "-ends_on", "-id")
    return {term.coverage_id: term for term in terms.distinct("coverage")}


def new_term(coverage: Coverage, span: Span) -> CoverageTerm:
    return CoverageTerm(
        customer_id=coverage.customer_id,
        coverage=coverage,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        quantity=coverage.quantity,
    )
