"""The pricing schedule as a PDF: what the filters of the page leave of it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.tenancy import ActorRequest
from interface import dates
from interface.answers import conflict
from interface.downloads import file_answer
from renewals.documents.prices import PriceRow, PriceTable, prices_pdf
from renewals.models import Price
from renewals.services.certificates import issuer
from renewals.views import price_list
from renewals.views.pricing import Versions, asked, reader, versions

MOST = 2000
ORDER = ("schedule__programme", "currency", "product__name", "qty_min", "product_id")


@require_GET
def pdf(request: ActorRequest) -> HttpResponse:
    """Refused where it would be a book: there the file of prices serves, or a filter."""
    actor, today = reader(request), dates.today()
    found, prices = versions(actor, today), Price.objects.visible_to(actor)
    now = prices.filter(schedule__in=[each.pk for each in found.now.values()])
    then = prices.filter(schedule__in=[each.pk for each in found.coming.values()])
    now = asked(actor, request.GET, sorted(now.order_by().values_list("currency", flat=True).distinct())).narrowed(now)
    series = list(now.order_by(*ORDER).values(*price_list.KEYS).distinct()[: MOST + 1])
    if len(series) > MOST:
        return conflict(request, _("That is too much for a document. Narrow it by a filter, or download the CSV file."))
    months = price_list.terms(now)
    rows = price_list.rows(series, months=months, now=now, then=then, coming=found.coming)
    content = prices_pdf(list(tables(series, rows, months, found)), on=today, issuer=issuer())
    return file_answer(content, name=f"prices-{today}.pdf", content_type="application/pdf")


def tables(
    series: Sequence[dict[str, Any]], rows: Sequence[price_list.Row], months: Sequence[int], found: Versions
) -> Iterator[PriceTable]:
    """One for each programme and currency, with the terms that it has."""
    pairs = zip(series, rows, strict=True)
    for (code, currency), group in groupby(pairs, lambda each: (each[0]["schedule__programme"], each[0]["currency"])):
        own = [row for _series, row in group]
        used = [place for place in range(len(months)) if any(row.cells[place] for row in own)]
        yield PriceTable(
            title=f"{own[0].programme}, {currency}",
            note=note(found, code, changes=any(row.changes for row in own)),
            terms=[price_list.term(months[place]) for place in used],
            rows=[PriceRow(row.product, row.band, [cell(row, row.cells[place]) for place in used]) for row in own],
        )


def note(found: Versions, programme: str, *, changes: bool) -> str:
    """Since when and through when, and what the small prices are."""
    version, following = found.now[programme], found.coming.get(programme)
    since, last = version.valid_from and dates.day_full(version.valid_from), version.valid_to
    words = _("In force since %(since)s.") % {"since": since}
    if last:
        words = _("In force from %(since)s through %(last)s.") % {"since": since, "last": dates.day_full(last)}
    if not (changes and following and following.valid_from):
        return words
    small = _("Where a second price stands below, it counts from %(day)s on.")
    return f"{words} {small % {'day': dates.day_full(following.valid_from)}}"


def cell(row: price_list.Row, shown: price_list.Cell | None) -> tuple[str, str]:
    if shown is None:
        return "", ""
    if shown.gone and row.last_on:
        return shown.price, _("through %(day)s") % {"day": dates.day(row.last_on)}
    return shown.price, shown.next
