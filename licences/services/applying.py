"""Writes the outcomes of an import: products, licences, coverages and their terms, many at a time."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Max, OuterRef, Subquery

from accounts.rules import Actor
from licences.models import Coverage, Licence
from licences.rules import LineState
from licences.rules.differences import COVERAGE_FIELDS, LICENCE_FIELDS
from licences.services.matches import Outcome, Products
from licences.services.rewriting import rewrite
from licences.services.terms import Dated, keep_terms


class Writer:
    """Applies outcomes chunk by chunk; a dozen statements each, however many lines."""

    def __init__(self, actor: Actor, *, today: date) -> None:
        self._actor, self._today = actor, today
        self._products = Products(actor)

    def write(self, outcomes: Sequence[Outcome]) -> None:
        self._products.add([each.line for each in outcomes if each.state is LineState.NEW or "product" in each.changes])
        licences = self._new_licences(outcomes)
        self._change_licences(outcomes)
        touched = self._new_coverages(outcomes, licences) | self._change_coverages(outcomes)
        raise_quantities(touched)

    def _new_licences(self, outcomes: Iterable[Outcome]) -> dict[str, Licence]:
        fresh: dict[str, Licence] = {}
        for each in outcomes:
            if each.state is LineState.NEW and each.licence is None:
                fresh.setdefault(each.line.licence_key, self._licence(each))
        Licence.objects.bulk_create(fresh.values())
        return fresh

    def _licence(self, outcome: Outcome) -> Licence:
        line = outcome.line
        own = {name: getattr(line, name) for name in LICENCE_FIELDS if name != "product"}
        return Licence(
            customer_id=self._actor.organisation_id,
            product=self._products.named(line.product),
            quantity=line.quantity or 1,
            import_key=line.licence_key,
            **own,
        )

    def _change_licences(self, outcomes: Iterable[Outcome]) -> None:
        changed = []
        for each in outcomes:
            names = [name for name in LICENCE_FIELDS if name in each.changes]
            if each.licence is None or not (names or adopted(each)):
                continue
            for name in names:
                wanted = getattr(each.line, name)
                setattr(each.licence, name, self._products.named(wanted) if name == "product" else wanted)
            each.licence.import_key = adopted(each) or each.licence.import_key
            each.licence.version += bool(names)
            changed.append(each.licence)
        rewrite(changed, [*LICENCE_FIELDS, "import_key", "version"])

    def _new_coverages(self, outcomes: Iterable[Outcome], licences: dict[str, Licence]) -> set[UUID]:
        fresh = [
            self._coverage(each, each.licence or licences[each.line.licence_key])
            for each in outcomes
            if each.state is LineState.NEW
        ]
        Coverage.objects.bulk_create(dated.coverage for dated in fresh)
        keep_terms(fresh, today=self._today)
        return {dated.coverage.licence_id for dated in fresh}

    def _coverage(self, outcome: Outcome, licence: Licence) -> Dated:
        line = outcome.line
        coverage = Coverage(
            customer_id=self._actor.organisation_id,
            licence=licence,
            programme=line.programme.value,
            quantity=line.quantity or licence.quantity,
            starts_on=line.starts_on,
            expires_on=line.expires_on,
        )
        return Dated(coverage, line.starts_on, line.bought_on)

    def _change_coverages(self, outcomes: Iterable[Outcome]) -> set[UUID]:
        changed = []
        for each in outcomes:
            names = [name for name in COVERAGE_FIELDS if name in each.changes]
            if each.coverage and names:
                for name in names:
                    setattr(each.coverage, name, getattr(each.line, name))
                each.coverage.version += 1
                changed.append(Dated(each.coverage, each.line.starts_on, each.line.bought_on))
        rewrite([dated.coverage for dated in changed], [*COVERAGE_FIELDS, "version"])
        keep_terms(changed, today=self._today)
        return {dated.coverage.licence_id for dated in changed}


def adopted(outcome: Outcome) -> str:
    """The key by which a licence that was found by its serial is found from now on; "" when it keeps its own."""
    licence, line = outcome.licence, outcome.line
    if licence and licence.import_key != line.licence_key and (line.reference or not licence.import_key):
        return line.licence_key
    return ""


def raise_quantities(licences: Iterable[UUID]) -> None:
    """A licence has the quantity of its widest coverage, once an import has said how wide they are."""
    widest = Coverage.objects.filter(licence=OuterRef("pk")).order_by().values("licence").annotate(most=Max("quantity"))
    rows = Licence.objects.filter(pk__in=list(licences))
    rows.update(quantity=Subquery(widest.values("most")))
