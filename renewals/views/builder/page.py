"""Building a quote: choose coverages and a date, see what it costs; nothing is written until it is saved."""

from decimal import Decimal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url

from accounts.rules import Kind
from accounts.views.gate import KnownRequest
from interface.answers import see_other
from interface.money import number, typed_amount
from renewals.forms.desk import ticked
from renewals.rules.choice import Choice
from renewals.services.candidates import Buyer, buyer, buyers, require_quoting
from renewals.views.builder import addresses, screen
from renewals.views.builder.ways import Fit


@require_safe
def new(request: KnownRequest) -> HttpResponse:
    """The quote of the address; where coverages of several customers are chosen, first whose."""
    require_quoting(request.actor)
    choice = addresses.read(request.session, request.META.get("QUERY_STRING", ""))
    if not choice.customer and request.actor.kind is not Kind.CUSTOMER:
        return _whose(request, choice)
    return render(request, "renewals/builder/page.html", screen.context(request, choice, _buyer(request, choice)))


@require_POST
def change(request: KnownRequest) -> HttpResponse:
    """Ticks, dates and buttons of the form; with htmx the changed parts, otherwise the address that shows them."""
    require_quoting(request.actor)
    choice = addresses.read(request.session, request.POST.get("state", ""))
    found = _buyer(request, choice)
    screen.keep_note(request, found, request.POST.get("notes", ""))
    posted = {key: request.POST.getlist(key) for key in request.POST}
    changed = choice.changed(posted, budget=_budget(request, choice))
    if not request.htmx:
        return redirect(addresses.address(request.session, changed))
    context = screen.context(request, changed, found) | _misread(request, changed)
    answer = render(request, "renewals/builder/answer.html", context)
    return replace_url(answer, addresses.address(request.session, changed))


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
