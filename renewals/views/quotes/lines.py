"""The lines of a kept quote: what each is, costs and why; nothing is recalculated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise

from interface.money import money_exact, number
from licences.models import PROGRAMMES
from licences.rules.serials import masked
from renewals.models import LINE_KINDS, Quote, QuoteLine
from renewals.rules.lines import Kind
from renewals.services.quote_rows import COVER, restored
from renewals.views.builder.arithmetic import Working, working


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `is_cover` stands for a coverage, the others come on top of it."""

    number: int
    kind: str | Promise
    is_cover: bool
    is_plain: bool
    product: str
    programme: str | Promise
    serial: str
    quantity: str
    expires_on: date
    ends_on: date
    days: str
    amount: str
    working: Working | None


@dataclass(frozen=True, slots=True)
class Part:
    """What a total consists of, by kind and currency."""

    label: str | Promise
    amount: str
    css: str


def rows_of(found: Sequence[QuoteLine], *, is_masked: bool, quote: Quote | None = None) -> list[Row]:
    """These lines as the page shows them, with their arithmetic where the quote is given.

    An advisor knows serials by their last characters.
    """
    kept = restored(quote, found) if quote else None
    workings: Mapping[int, Working] = (
        {pk: working(line, kept.positions[line.coverage], kept.basis) for pk, line in kept.lines.items()}
        if kept
        else {}
    )
    return [row(each, is_masked=is_masked, working=workings.get(each.number)) for each in found]


def row(line: QuoteLine, *, is_masked: bool, working: Working | None) -> Row:
    is_cover = line.kind in COVER
    return Row(
        number=line.number,
        kind=LINE_KINDS[line.kind],
        is_cover=is_cover,
        is_plain=line.kind == Kind.RENEWAL.value,
        product=line.product,
        programme=PROGRAMMES[line.programme],
        serial=masked(line.serial) if is_masked else line.serial,
        quantity=number(line.quantity),
        expires_on=line.expires_on,
        ends_on=line.ends_on,
        days=number((line.ends_on - line.after_on).days) if is_cover else "",
        amount=money_exact(line.amount, line.currency),
        working=working,
    )


def parts_of(lines: QuerySet[QuoteLine]) -> list[Part]:
    """The bill's items: the sum of each kind of line; one query."""
    found = lines.order_by().values("kind", "currency").annotate(sum=Sum("amount"))
    order = list(LINE_KINDS)
    ranked = sorted(found, key=lambda each: (each["currency"], order.index(each["kind"])))
    return [part(each["kind"], each["currency"], each["sum"]) for each in ranked]


def part(kind: str, currency: str, amount: Decimal) -> Part:
    return Part(LINE_KINDS[kind], money_exact(amount, currency), "fee" if kind == Kind.REINSTATEMENT_FEE else "")
