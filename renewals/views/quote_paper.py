"""A quote as a PDF."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.permissions import require
from accounts.rules import AccessLevel, Kind, Power
from accounts.views.gate import KnownRequest
from interface.downloads import file_answer
from renewals.documents.quotes import quote_pdf
from renewals.models import Quote, QuoteLine
from renewals.services.certificates import issuer
from renewals.services.quote_rows import restored
from renewals.views.builder.arithmetic import working


@require_GET
def pdf(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Whoever sees a quote at all sees its amounts: a firm does while it holds every coverage at level Quote."""
    actor = request.actor
    quotes = Quote.objects.visible_to(actor).select_related("customer", "organisation")
    quote = get_object_or_404(quotes, pk=pk)
    level = AccessLevel.QUOTE if actor.kind is Kind.ADVISOR else AccessLevel.NONE
    require(actor, Power.SEE_PRICES, level=level)
    lines = list(QuoteLine.objects.visible_to(actor).filter(quote=quote).in_order())
    content = quote_pdf(actor, quote, lines, workings=workings(quote, lines), issuer=issuer())
    return file_answer(content, name=f"{quote.number}.pdf", content_type="application/pdf")


def workings(quote: Quote, rows: Sequence[QuoteLine]) -> Mapping[int, str]:
    """How each line came to its amount, by its number, as it was kept: nothing is calculated anew."""
    found = restored(quote, rows)
    kept = {number: line for number, line in found.lines.items() if line.coverage in found.positions}
    sums = ((number, working(line, found.positions[line.coverage], found.basis)) for number, line in kept.items())
    return {number: f"{each.formula} = {each.result}" for number, each in sums}
