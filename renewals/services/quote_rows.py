"""A calculation as rows that are kept, and rows as the calculation that they were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.rules import Actor, Kind
from renewals.models import Quote, QuoteLine
from renewals.rules.choice import Choice
from renewals.rules.lines import Kind as LineKind
from renewals.rules.lines import Line
from renewals.rules.positions import Basis, Position, position
from renewals.rules.quoting import Calculation
from renewals.rules.records import basis_data, basis_from, owned_from, parts_data, parts_from
from renewals.services.candidates import Candidate
from renewals.services.previews import Preview

COVER = (LineKind.RENEWAL.value, LineKind.REINSTATEMENT.value, LineKind.RECOVERY.value)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Restored:
    """A quote's lines as the rules made them, by their number, with what they rested on."""

    lines: dict[int, Line]
    positions: dict[UUID, Position]
    basis: Basis


def priced(actor: Actor, found: Preview, calculation: Calculation, choice: Choice) -> dict[str, Any]:
    """The columns of a quote that its calculation gives."""
    charged = {line.coverage for line in calculation.lines}
    return {
        "coverages": list(charged),
        "priced_on": calculation.priced_on,
        "valid_until": calculation.valid_until,
        "ends_on": calculation.ends_on,
        "mode": choice.mode.value,
        "inputs": {"query": choice.query()},
        "basis": basis_data(found.basis, (each for each in found.held if each.coverage in charged), tier=found.tier),
        "totals": {currency: str(amount) for currency, amount in calculation.totals.items()},
        "is_partial": actor.kind is Kind.ADVISOR and any(each.is_selected for each in found.candidates),
    }


def keep_lines(quote: Quote, found: Preview, lines: Sequence[Line]) -> None:
    """Writes the lines in their order, each with what its coverage was.

    Whoever removes one of the licences waits from here on. Raises IntegrityError when one was removed meanwhile.
    """
    owned = {each.coverage: each for each in found.candidates}
    rows = (line_row(quote, number, line, owned[line.coverage]) for number, line in enumerate(lines, 1))
    QuoteLine.objects.bulk_create(list(rows), batch_size=AT_ONCE)
    with connection.cursor() as cursor:
        cursor.execute("set constraints quoteline_coverage immediate")


def line_row(quote: Quote, number: int, line: Line, owned: Candidate) -> QuoteLine:
    return QuoteLine(
        customer_id=quote.customer_id,
        organisation_id=quote.organisation_id,
        quote=quote,
        number=number,
        coverage_id=line.coverage,
        kind=line.kind.value,
        product=owned.product,
        programme=owned.programme,
        serial=owned.serial,
        owned=owned.owned,
        quantity=line.quantity,
        expires_on=owned.expires_on or line.after_on,
        after_on=line.after_on,
        ends_on=line.ends_on,
        years=str(line.years),
        unit_price=line.unit_price,
        parts=parts_data(line.parts),
        back=line.back,
        amount=line.amount,
        currency=line.currency,
    )


def restored(quote: Quote, rows: Iterable[QuoteLine]) -> Restored:
    """The rules' own view of what was kept, to show its arithmetic; nothing is recalculated."""
    basis, owned = basis_from(quote.basis, priced_on=quote.priced_on), owned_from(quote.basis)
    lines = {row.number: line_from(row) for row in rows if row.coverage_id}
    wanted = {line.coverage for line in lines.values()}
    positions = {pk: position(each, basis) for pk, each in owned.items() if pk in wanted}
    return Restored(lines, positions, basis)


def line_from(row: QuoteLine) -> Line:
    return Line(
        coverage=row.covered,
        kind=LineKind(row.kind),
        currency=row.currency,
        quantity=row.quantity,
        after_on=row.after_on,
        ends_on=row.ends_on,
        amount=row.amount,
        parts=parts_from(row.parts),
        back=row.back,
    )
