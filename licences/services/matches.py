"""Finds what is recorded already for the lines of an import, many lines at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Upper

from accounts.rules import Actor
from licences.models import Coverage, Licence, Product
from licences.rules import LineState
from licences.rules.differences import COVERAGE_FIELDS, LICENCE_FIELDS, Changes, Recorded, compared
from licences.rules.imports import KeyKind, ParsedLine, folded


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applying a line would do, and to which rows."""

    line: ParsedLine
    state: LineState
    changes: Changes
    licence: Licence | None = None
    coverage: Coverage | None = None


@dataclass
class Matcher:
    """Compares lines, in the order of the file, with what the actor's organisation has recorded.

    With `lock` the rows found stay as they are until the transaction ends. A licence that one of the file's licences
    was matched with is not matched with another.
    """

    actor: Actor
    lock: bool = False
    claimed: dict[UUID, str] = field(default_factory=dict)

    def outcomes(self, lines: Sequence[ParsedLine]) -> list[Outcome]:
        """Three queries, however many lines."""
        sound = [line for line in lines if not line.problems]
        licences = self._licences(sound)
        coverages = self._coverages({licence.pk for licence in licences.values()})
        return [self._outcome(line, licences, coverages) for line in lines]

    def _outcome(self, line: ParsedLine, licences: dict[str, Licence], coverages: dict[Any, Coverage]) -> Outcome:
        licence = licences.get(line.licence_key)
        coverage = coverages.get((licence.pk, line.programme)) if licence else None
        state, changes = compared(line, recorded(licence, coverage))
        return Outcome(line, state, changes, licence, coverage)

    def _licences(self, lines: Collection[ParsedLine]) -> dict[str, Licence]:
        found = {
            row.import_key or "": row for row in self._rows(Q(import_key__in={line.licence_key for line in lines}))
        }
        for key, licence in found.items():
            self.claimed[licence.pk] = key
        left = [line for line in lines if line.serial and line.licence_key not in found]
        return found | self._by_serial(left)

    def _by_serial(self, lines: Collection[ParsedLine]) -> dict[str, Licence]:
        """Licences entered by hand, or imported by another key, that have the product and serial of a line."""
        if not lines:
            return {}
        serials = {line.serial.upper() for line in lines}
        recorded: dict[tuple[str, str], list[Licence]] = {}
        for row in self._rows(Q(capital_serial__in=serials)):
            recorded.setdefault((folded(row.product.name), folded(row.serial)), []).append(row)
        found: dict[str, Licence] = {}
        for line in lines:
            rows = recorded.get((folded(line.product), folded(line.serial)), [])
            if free := next((row for row in rows if self._may_claim(row, line)), None):
                found[line.licence_key] = free
                self.claimed[free.pk] = line.licence_key
        return found

    def _may_claim(self, row: Licence, line: ParsedLine) -> bool:
        if self.claimed.get(row.pk, line.licence_key) != line.licence_key:
            return False
        # Two references are two licences, even with one serial.
        return not (line.reference and (row.import_key or "").startswith(KeyKind.REFERENCE))

    def _rows(self, question: Q) -> list[Licence]:
        rows = Licence.objects.visible_to(self.actor).alias(capital_serial=Upper("serial")).filter(question)
        rows = rows.select_related("product").order_by("id")
        return list(rows.select_for_update(no_key=True, of=("self",)) if self.lock else rows)

    def _coverages(self, licences: Collection[UUID]) -> dict[Any, Coverage]:
        rows = Coverage.objects.visible_to(self.actor).filter(licence__in=licences).order_by("id")
        rows = rows.select_for_update(no_key=True) if self.lock else rows
        return {(row.licence_id, row.programme): row for row in rows}


def recorded(licence: Licence | None, coverage: Coverage | None) -> Recorded | None:
    """What is recorded, as the rules compare it."""
    if licence is None:
        return None
    own = {name: getattr(licence, name) for name in LICENCE_FIELDS if name != "product"}
    dates = {name: getattr(coverage, name) for name in COVERAGE_FIELDS} if coverage else None
    return Recorded(own | {"product": licence.product.name}, dates)


@dataclass
class Products:
    """The products that the actor's organisation may name; names that are new become products of its own."""

    actor: Actor
    known: dict[str, Product] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The catalogue comes last, so that it wins over the customer's own of the same name.
        for row in Product.objects.visible_to(self.actor).order_by("-customer", "id"):
            self.known[folded(row.name)] = row

    def add(self, lines: Collection[ParsedLine]) -> None:
        """Makes the products that these lines name and nobody knows yet, in one statement."""
        unknown = {folded(line.product): line for line in lines if folded(line.product) not in self.known}
        fresh = {
            name: Product(customer_id=self.actor.organisation_id, name=line.product, manufacturer=line.manufacturer)
            for name, line in unknown.items()
        }
        Product.objects.bulk_create(fresh.values())
        self.known |= fresh

    def named(self, name: str) -> Product:
        return self.known[folded(name)]
