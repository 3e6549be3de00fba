"""The directory: search, live and without script, and a firm's page."""

from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.middleware import ActorRequest
from advisors.forms.search import SearchForm
from advisors.models import Contact, Firm
from advisors.rules import Piece, pieces
from interface.countries import country_name, spoken
from interface.rates import spent

ROWS = 20
SEARCHES_A_MINUTE = 30


@dataclass(frozen=True)
class Found:
    """A firm with its name cut where the search matched."""

    firm: Firm
    pieces: list[Piece]


@dataclass(frozen=True)
class Search:
    """What a search answers; `says` is the sentence for those who listen, `state` is idle, found, none or limited."""

    form: SearchForm
    state: str = "idle"
    says: str = ""
    rows: list[Found] = field(default_factory=list)

    @property
    def status_code(self) -> int:
        return 429 if self.state == "limited" else 200


def searched(request: ActorRequest) -> Search:
    """What the query string asks of the directory, at most 20 firms; every search counts against the person's rate."""
    if "q" not in request.GET:
        return Search(SearchForm(initial={"country": own_country(request)}))
    form = SearchForm(request.GET)
    if not form.is_valid():
        return Search(form, says=" ".join(str(error) for errors in form.errors.values() for error in errors))
    if spent("advisors.search", request.user.pk or "", limit=SEARCHES_A_MINUTE):
        return Search(form, "limited", _("Too many searches in one minute. Wait a moment, then go on."))
    return answered(request, form)


def answered(request: ActorRequest, form: SearchForm) -> Search:
    """The firms that match a valid form."""
    query, (country, state) = form.cleaned_data["q"], form.place()
    found = Firm.objects.visible_to(request.actor).found_by(query, country=country, us_state=state)
    firms = list(found[: ROWS + 1])
    rows = [Found(firm, pieces(firm.organisation.name, query)) for firm in firms[:ROWS]]
    words = {"count": len(rows), "place": form.place_name(), "query": query.strip()}
    if len(firms) > ROWS:
        says = _("The first %(count)d firms in %(place)s that match “%(query)s”. More letters narrow it down.")
    elif rows:
        says = ngettext(
            "%(count)d firm in %(place)s matches “%(query)s”.",
            "%(count)d firms in %(place)s match “%(query)s”.",
            len(rows),
        )
    else:
        says = _("%(place)s: no firm matches “%(query)s”.")
    return Search(form, "found" if rows else "none", says % words, rows)


def own_country(request: ActorRequest) -> str:
    return request.membership.organisation.country if request.membership else ""


@require_GET
def directory(request: ActorRequest) -> HttpResponse:
    """The page of the search; works without script, because the form is a plain GET."""
    search = searched(request)
    return render(request, "advisors/directory.html", {"search": search}, status=search.status_code)


@require_GET
def search(request: ActorRequest) -> HttpResponse:
    """What live search swaps in; with `choose` the firms are radio buttons for the wizard."""
    found = searched(request)
    context = {"search": found, "choose": "choose" in request.GET, "live": True}
    return render(request, "advisors/_results.html", context, status=found.status_code)


@require_GET
def firm(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One firm: where it is, its tier, and whom to write to."""
    firms = Firm.objects.visible_to(request.actor).select_related("organisation")
    found = get_object_or_404(firms, pk=pk)
    contacts = Contact.objects.visible_to(request.actor).filter(firm=found, left_on=None).order_by("id")
    people = [{"contact": contact, "speaks": spoken(contact.speaks)} for contact in contacts]
    context = {"firm": found, "people": people, "country": country_name(found.organisation.country)}
    return render(request, "advisors/firm.html", context)
