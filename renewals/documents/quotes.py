"""A quote on paper: every line with its arithmetic, totals by currency, and how long it holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules import Actor, Kind
from interface import dates
from interface.money import money_exact, number
from licences.models import PROGRAMMES
from licences.rules.serials import masked
from renewals.documents.printing import cell, column, foot, pair, printed
from renewals.models import LINE_KINDS, Quote, QuoteLine
from renewals.rules.lines import Kind as LineKind
from renewals.rules.quotes import State

OWN_LINES = (LineKind.RENEWAL.value, LineKind.REINSTATEMENT.value, LineKind.RECOVERY.value)
STANDINGS = {
    State.DRAFT.value: lambda: _("This is a draft: it is no offer yet."),
    State.DECLINED.value: lambda: _("This quote was declined."),
    State.WITHDRAWN.value: lambda: _("This quote was withdrawn."),
    State.EXPIRED.value: lambda: _("This quote has expired: its prices have to be calculated anew."),
    State.CANCELLED.value: lambda: _("What was ordered by this quote was cancelled."),
}


def quote_pdf(
    actor: Actor, quote: Quote, lines: Sequence[QuoteLine], *, workings: Mapping[int, str], issuer: str
) -> bytes:
    """`workings` are the sums of the lines by their number. Only for readers who may see its prices."""
    facts = paper(actor, quote, lines, workings=workings) | {"issuer": issuer}
    return printed("quote", facts, dated_on=quote.priced_on)


def paper(actor: Actor, quote: Quote, lines: Sequence[QuoteLine], *, workings: Mapping[int, str]) -> dict[str, Any]:
    return {
        "title": _("Quote"),
        "subtitle": quote.customer.name,
        "reference": quote.number,
        **foot(_("Quote %(number)s, prices net of tax") % {"number": quote.number}),
        "statement": statement(quote, lines),
        "facts": facts(quote),
        "notices": notices(actor, quote, lines),
        "lines-title": _("Lines"),
        "columns": heads(),
        "rows": [row(actor, each, workings.get(each.number, "")) for each in lines],
        "sums": [sums(currency, total, lines) for currency, total in quote.money.items()],
        "total": _("Total, net of tax"),
        "notes-title": _("Notes"),
        "notes": quote.notes,
    }


def statement(quote: Quote, lines: Sequence[QuoteLine]) -> str:
    """What is bought, through when, and for how much: the quote in one sentence."""
    count = len(quote.coverages)
    words = {"count": number(count), "sum": " + ".join(money_exact(each, code) for code, each in quote.money.items())}
    if quote.ends_on:
        words["day"] = dates.day_full(quote.ends_on)
        text = ngettext(
            "%(count)s coverage through %(day)s: %(sum)s", "%(count)s coverages through %(day)s: %(sum)s", count
        )
    else:
        text = ngettext("%(count)s coverage: %(sum)s", "%(count)s coverages: %(sum)s", count)
    return text % words


def facts(quote: Quote) -> list[dict[str, Any]]:
    ends = [pair(_("New expiry date"), dates.day_full(quote.ends_on))] if quote.ends_on else []
    last = _("%(day)s, this day included") % {"day": dates.day_full(quote.valid_until)}
    return [
        pair(_("For"), quote.customer.name, strong=True),
        pair(_("Prepared by"), quote.organisation.name),
        pair(_("Prices of"), dates.day_full(quote.priced_on)),
        pair(_("Can be accepted through"), last, strong=True),
        *ends,
    ]


def notices(actor: Actor, quote: Quote, lines: Sequence[QuoteLine]) -> list[dict[str, str]]:
    """Whatever keeps it from being a plain offer, and that it may not be all."""
    found = [{"title": STANDINGS[quote.state](), "text": ""}] if quote.state in STANDINGS else []
    if quote.is_partial:
        said = _("You see the licences that were shared.")
        if actor.kind is Kind.CUSTOMER:
            said = _("Your advisor sees the licences that you shared.")
        found.append({"title": _("May be incomplete"), "text": said})
    if any(each.ends_on < each.expires_on for each in lines):
        text = _("To share out what is paid for, some coverages end earlier than they do now: look at their dates.")
        found.append({"title": _("This shortens cover"), "text": text})
    return found


def heads() -> list[dict[str, Any]]:
    return [
        column(_("Product"), wide=True),
        column(_("Covered from")),
        column(_("Through")),
        column(_("Quantity"), numeric=True),
        column(_("Amount"), numeric=True),
    ]


def row(actor: Actor, line: QuoteLine, working: str) -> list[Any]:
    """A line of cover names its product; what rests on it says what it is."""
    amount = money_exact(line.amount, line.currency)
    if line.kind not in OWN_LINES:
        return [cell(f"{LINE_KINDS[line.kind]}", joined(line.product, working)), "", "", "", amount]
    serial = line.serial if actor.kind is Kind.CUSTOMER else masked(line.serial)
    named = " · ".join(filter(None, (str(PROGRAMMES[line.programme]), serial)))
    below = joined(named, f"{LINE_KINDS[line.kind]}: {working}" if working else "")
    first, last = period(line)
    return [cell(line.product, below, strong=True), first, last, number(line.quantity), amount]


def period(line: QuoteLine) -> tuple[str, str]:
    """The days that it adds, both inclusive; a line that takes days away shows its new last day alone."""
    last = dates.day(line.ends_on)
    if line.ends_on <= line.after_on:
        return "–", last
    return dates.day(line.after_on + timedelta(1)), last


def joined(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def sums(currency: str, total: Decimal, lines: Sequence[QuoteLine]) -> dict[str, Any]:
    """One currency's total, by what it is paid for; currencies are never added up."""
    by_kind: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.currency == currency:
            by_kind[line.kind] += line.amount
    shown = ((label, by_kind[kind]) for kind, label in LINE_KINDS.items() if kind in by_kind)
    parts = [pair(str(label), money_exact(amount, currency)) for label, amount in shown]
    return {"parts": parts if len(parts) > 1 else [], "total": money_exact(total, currency)}
