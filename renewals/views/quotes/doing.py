"""What is done to a quote: recalculated, sent, accepted, declined, withdrawn, discarded."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.keys import new_id
from accounts.models import Membership
from accounts.rules import Power
from interface.answers import see_other
from licences.forms.access import as_number
from renewals.forms.quotes import AcceptForm, ReasonForm, SendForm
from renewals.models import Quote
from renewals.rules.quotes import State
from renewals.services import quotes as verbs
from renewals.services.acceptance import ConsentNeeded, accept, shortens
from renewals.services.quote_rows import COVER
from renewals.views.quotes.deciding import deciding
from renewals.views.quotes.gate import KnownRequest, needs
from renewals.views.quotes.shown import Shown, own_quote_of, quote_of

both = require_http_methods(["GET", "POST"])


@needs(Power.SEE_QUOTES)
@require_POST
def recalculate(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Today's prices: a draft in place, anything else as a new draft."""
    row = quote_of(request.actor, pk)
    found = verbs.recalculate(request.actor, quote=whole(row), version=version_of(request, row))
    messages.success(request, _("Recalculated with today’s prices."))
    return see_other(request, "renewals:quote", found.pk)


@needs(Power.SEE_QUOTES)
@require_POST
def discard(request: KnownRequest, pk: UUID) -> HttpResponse:
    row = own_quote_of(request.actor, pk)
    verbs.discard(request.actor, quote=row.quote)
    messages.success(request, _("Quote %(number)s is discarded.") % {"number": row.quote.number})
    return see_other(request, "renewals:quotes")


@needs(Power.SEE_QUOTES)
@both
def send(request: KnownRequest, pk: UUID) -> HttpResponse:
    """A draft is submitted to the customer, and goes by mail to whom the author picks; a submitted one goes again."""
    row = own_quote_of(request.actor, pk)
    if not (row.may["submit"] or row.may["send"]):
        return see_other(request, "renewals:quote", pk)
    people = readers(row.quote)
    is_draft = row.standing is State.DRAFT
    preset = [str(each.user_id) for each in people if each.role != "viewer"] if is_draft else []
    data = request.POST if request.method == "POST" else None
    form = SendForm(data, people=people, is_required=not is_draft, initial={"to": preset})
    if data is None or not form.is_valid():
        context = {"row": row, "quote": row.quote, "form": form, "is_draft": is_draft}
        return render(request, "renewals/quotes/send.html", context, status=422 if data is not None else 200)
    count = handed(request, row, form.cleaned_data)
    words = ngettext("Sent to %(count)d person.", "Sent to %(count)d people.", count)
    messages.success(request, words % {"count": count} if count else _("Submitted. Nobody was written to."))
    return see_other(request, "renewals:quote", pk)


def handed(request: KnownRequest, row: Shown, values: dict[str, Any]) -> int:
    """How many people it was mailed to."""
    to, message = [UUID(each) for each in values["to"]], values["message"]
    if row.standing is not State.DRAFT:
        return verbs.send(request.actor, quote=row.quote, to=to, message=message)
    verbs.submit(request.actor, quote=row.quote, version=version_of(request, row), to=to, message=message)
    return len(to)


@needs(Power.ACCEPT_QUOTES)
@both
def accept_quote(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Says what accepting does, or who may; the form carries the key of this very acceptance."""
    row = quote_of(request.actor, pk)
    if request.method == "GET" and not row.may["accept"]:
        return see_other(request, "renewals:quote", pk)
    is_shorter = shortens(list(row.quote.lines.filter(kind__in=COVER).defer("parts")))
    data = request.POST if request.method == "POST" else None
    form = AcceptForm(data, initial={"key": str(new_id())})
    if data is not None and form.is_valid():
        try:
            values = form.cleaned_data
            order = accept(request.actor, quote=row.quote, key=values["key"], consents=values["consents"])
        except ConsentNeeded:
            form.add_error("consents", _("Tick this: without your consent nothing is made shorter."))
        else:
            messages.success(request, _("Accepted. The order has to be placed now."))
            return see_other(request, "renewals:order", order.pk)
    said = deciding(request.actor, row.quote.money)
    context = {"row": row, "quote": row.quote, "form": form, "is_shorter": is_shorter, "deciding": said}
    return render(request, "renewals/quotes/accept.html", context, status=422 if data is not None else 200)


@needs(Power.ACCEPT_QUOTES)
@both
def decline(request: KnownRequest, pk: UUID) -> HttpResponse:
    return ended(request, quote_of(request.actor, pk), verbs.decline, what="decline")


@needs(Power.SEE_QUOTES)
@both
def withdraw(request: KnownRequest, pk: UUID) -> HttpResponse:
    return ended(request, own_quote_of(request.actor, pk), verbs.withdraw, what="withdraw")


def ended(request: KnownRequest, row: Shown, verb: Callable[..., None], *, what: str) -> HttpResponse:
    """A page that asks why, and then ends the quote."""
    if request.method == "GET" and not row.may[what]:
        return see_other(request, "renewals:quote", row.quote.pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verb(request.actor, quote=row.quote, reason=form.cleaned_data["reason"])
        return see_other(request, "renewals:quote", row.quote.pk)
    context = {"row": row, "quote": row.quote, "form": form, "what": what}
    return render(request, "renewals/quotes/end.html", context)


def readers(quote: Quote) -> list[Membership]:
    """The customer's people, those who may accept first."""
    team = Membership.objects.filter(organisation=quote.customer_id, user__is_active=True).select_related("user")
    ranks = ("owner", "approver", "renewals_manager", "viewer")
    return sorted(team, key=lambda each: (ranks.index(each.role), each.user.name))


def version_of(request: KnownRequest, row: Shown) -> int:
    """The version that the form was made for; the present one where it does not say."""
    return as_number(request.POST.get("version")) or row.quote.version


def whole(row: Shown) -> Quote:
    """The quote itself."""
    found: Quote = row.quote
    return found
