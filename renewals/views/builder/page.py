"""Building a quote: choose coverages and a date, see what it costs; nothing is written until it is saved."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url

from accounts.rules import Kind
from accounts.views.gate import KnownRequest
from interface.answers import conflict, invalid, see_other
from interface.money import number, typed_amount
from licences.rules.changes import Stale
from licences.views.gate import LATE
from renewals.forms.desk import ticked
from renewals.models import Quote
from renewals.rules.choice import Choice
from renewals.rules.quotes import LONGEST_NOTE, Closed
from renewals.services.candidates import Buyer, buyer, buyers, require_quoting
from renewals.services.quotes import OutOfReach, Unquotable, change_draft, save_draft
from renewals.views.builder import addresses, screen
from renewals.views.builder.drafts import draft_of, resumed
from renewals.views.builder.ways import Fit
from renewals.views.quotes.gate import GONE


@require_safe
def new(request: KnownRequest) -> HttpResponse:
    """The quote of the address; where coverages of several customers are chosen, first whose."""
    require_quoting(request.actor)
    choice = addresses.read(request.session, request.META.get("QUERY_STRING", ""))
    if choice.draft and not choice.customer:
        return redirect(addresses.address(request.session, resumed(_draft(request, choice))))
    if not choice.customer and request.actor.kind is not Kind.CUSTOMER:
        return _whose(request, choice)
    return render(request, "renewals/builder/page.html", screen.context(request, choice, _buyer(request, choice)))


def still_shared(view: Callable[[KnownRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """For what is posted: whoever lost sight of the customer on the way is told so, and loses no page."""

    @require_POST
    @wraps(view)
    def guarded(request: KnownRequest) -> HttpResponse:
        try:
            return view(request)
        except Http404:
            return conflict(request, GONE, back_url=reverse("renewals:quotes"))

    return guarded


@still_shared
def change(request: KnownRequest) -> HttpResponse:
    """Ticks, dates and buttons of the form; with htmx the changed parts, otherwise the address that shows them."""
    require_quoting(request.actor)
    changed, found = _posted(request)
    screen.keep_note(request, found, request.POST.get("notes", ""))
    if not request.htmx:
        return redirect(addresses.address(request.session, changed))
    context = screen.context(request, changed, found) | _misread(request, changed)
    answer = render(request, "renewals/builder/answer.html", context)
    return replace_url(answer, addresses.address(request.session, changed))


@still_shared
def save(request: KnownRequest) -> HttpResponse:
    """Keeps the quote as a draft; where that is no longer possible, the page says what is in the way."""
    require_quoting(request.actor)
    changed, found = _posted(request)
    notes = request.POST.get("notes", "").replace("\0", "")[:LONGEST_NOTE]
    try:
        quote = _kept(request, changed, found, notes)
    except (Stale, Closed):
        return conflict(request, LATE, back_url=reverse("renewals:quotes"))
    except (OutOfReach, Unquotable):
        template = "renewals/builder/answer.html" if request.htmx else "renewals/builder/page.html"
        return invalid(request, template, screen.context(request, changed, found))
    screen.keep_note(request, found, "")
    messages.success(request, gettext("Quote %(number)s is saved.") % {"number": quote.number})
    return see_other(request, reverse("renewals:quote", args=[quote.pk]))


@require_POST
def choose(request: KnownRequest) -> HttpResponse:
    """Coverages that were ticked in a table of any customers."""
    require_quoting(request.actor)
    choice = Choice(coverages=tuple(ticked(request.POST.getlist("coverage")) or ()))
    return see_other(request, addresses.address(request.session, choice))


def _buyer(request: KnownRequest, choice: Choice) -> Buyer:
    found = buyer(request.actor, choice.customer)
    if found is None:
        raise Http404
    return found


def _kept(request: KnownRequest, choice: Choice, buyer: Buyer, notes: str) -> Quote:
    """The new draft, or the one that was opened, as it is now."""
    about = replace(choice, draft=None)
    if choice.draft is None:
        return save_draft(request.actor, about, buyer=buyer, notes=notes)
    version = request.POST.get("version", "")
    opened = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    return change_draft(request.actor, about, quote=_draft(request, choice), notes=notes, version=opened)


def _draft(request: KnownRequest, choice: Choice) -> Quote:
    found = draft_of(request.actor, choice.draft)
    if found is None:
        raise Http404
    return found


def _posted(request: KnownRequest) -> tuple[Choice, Buyer]:
    """The form's choice, and whose it is."""
    choice = addresses.read(request.session, request.POST.get("state", ""))
    posted = {key: request.POST.getlist(key) for key in request.POST}
    return choice.changed(posted, budget=_budget(request, choice)), _buyer(request, choice)


def _whose(request: KnownRequest, choice: Choice) -> HttpResponse:
    """A quote is for one customer: the only one, or one to choose."""
    found = buyers(request.actor, choice.coverages) if choice.coverages else []
    links = [(name, len(theirs), _address(request, slug, theirs)) for slug, name, theirs in found]
    if len(links) == 1:
        return redirect(links[0][2])
    return render(request, "renewals/builder/whose.html", {"links": links})


def _address(request: KnownRequest, slug: str, coverages: tuple[UUID, ...]) -> str:
    return addresses.address(request.session, Choice(customer=slug, coverages=coverages))


def _misread(request: KnownRequest, choice: Choice) -> dict[str, Fit]:
    """What was typed as a budget and is none."""
    if choice.budget is not None or not request.POST.get("budget", "").strip():
        return {}
    example = {"amount": number(4500)}
    return {"fit": Fit(reason=gettext("Write an amount, such as %(amount)s.") % example)}


def _budget(request: KnownRequest, choice: Choice) -> Decimal | None:
    """The budget in the reader's way of writing; the one before where the form has none."""
    text = request.POST.get("budget")
    return choice.budget if text is None else typed_amount(text.strip())
