"""Add advisor, the first two steps; each is kept in a draft as soon as it is posted (6-interface, "advisor-1…4")."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Power
from accounts.views.gate import View
from advisors.forms.search import SearchForm
from advisors.models import Contact, Firm
from advisors.rules import Piece
from advisors.views.directory import Found, Search, searched
from interface.answers import invalid, see_other
from interface.countries import spoken
from interface.shell import Link
from licences.forms.access import ContactForm, as_id
from licences.models import Assignment
from licences.rules import Scope, Status
from licences.services.drafts import begin_assignment, choose_contact, discard
from licences.services.grants import reach
from licences.views.gate import KnownRequest, needs

LABELS = (
    gettext_lazy("Find advisor"),
    gettext_lazy("Contact"),
    gettext_lazy("Licences and access"),
    gettext_lazy("Review"),
)
NAMES = ("add-find", "add-contact", "add-access", "add-review")
P = ParamSpec("P")
both = require_http_methods(["GET", "POST"])


def draft_of(request: KnownRequest, pk: UUID) -> Assignment:
    """The open draft of this id, or the same 404 for a foreign, an ended and an absent one."""
    rows = Assignment.objects.visible_to(request.actor).filter(status__in=(Status.DRAFT.value, Status.ACTIVE.value))
    draft = get_object_or_404(rows.select_related("advisor__firm", "contact"), pk=pk)
    if draft.status == Status.ACTIVE:
        raise Given(draft.pk)
    return draft


class Given(Exception):
    """The draft has been confirmed: whoever comes back to a step of it is led to the assignment."""

    def __init__(self, pk: UUID) -> None:
        super().__init__(str(pk))
        self.pk = pk


def step(view: View[P]) -> Callable[..., HttpResponse]:
    """A step of the wizard, for those who may give access; after the confirmation it leads to the assignment."""

    @needs(Power.GRANT_SELECTED)
    @wraps(view)
    def stepped(request: KnownRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Given as given:
            return see_other(request, "licences:assignment", given.pk)

    return stepped


def shown(request: HttpRequest, draft: Assignment | None, step: int, **context: Any) -> dict[str, Any]:
    """What every step shows: where one is, and the firm."""
    urls = [reverse(f"licences:{name}", args=[draft.pk]) if draft else "" for name in NAMES]
    steps = [Link(label, url) for label, url in zip(LABELS, urls, strict=True)]
    return {"steps": steps, "step": step, "draft": draft, "firm": draft and draft.advisor, **context}


@step
@both
def find(request: KnownRequest, pk: UUID | None = None) -> HttpResponse:
    """Step 1. With `pk` the customer came back, and may choose another firm."""
    draft = draft_of(request, pk) if pk else None
    search = chosen_firm(draft) if draft and "q" not in request.GET else searched(request)
    context = shown(request, draft, 1, search=search, chosen=draft and draft.advisor_id)
    if request.method == "GET":
        return render(request, "licences/add/find.html", context, status=search.status_code)
    firms = Firm.objects.visible_to(request.actor).filter(agreement_active=True).select_related("organisation")
    firm = firms.filter(pk=as_id(request.POST.get("firm", ""))).first()
    if firm is None:
        return invalid(request, "licences/add/find.html", {**context, "nothing_chosen": True})
    if helping := already(request, firm):
        return invalid(request, "licences/add/find.html", {**context, "helping": helping})
    begun = begin_assignment(request.actor, advisor=firm.organisation, draft=draft)
    return see_other(request, "licences:add-contact", begun.pk)


def chosen_firm(draft: Assignment) -> Search:
    """The firm of the draft as the one thing found."""
    firm = draft.advisor.firm
    form = SearchForm(initial={"country": "-".join(filter(None, (draft.advisor.country, firm.us_state)))})
    return Search(form, "found", rows=[Found(firm, [Piece(draft.advisor.name, False)])])


def already(request: KnownRequest, firm: Firm) -> dict[str, Any] | None:
    """What the firm helps with already, for it needs no second assignment."""
    held = list(Assignment.objects.visible_to(request.actor).in_force().filter(advisor=firm.pk).order_by("scope", "id"))
    if not held:
        return None
    count = reach(held[0]) if held[0].scope == Scope.ALL else sum(map(reach, held))
    title = ngettext(
        "%(firm)s already helps you with %(count)d coverage.",
        "%(firm)s already helps you with %(count)d coverages.",
        count,
    ) % {"firm": firm.organisation.name, "count": count}
    return {"title": title, "url": reverse("licences:assignment", args=[held[0].pk])}


@step
@both
def contact(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Step 2."""
    draft = draft_of(request, pk)
    contacts = Contact.objects.visible_to(request.actor).filter(firm=draft.advisor_id, left_on=None).order_by("id")
    form = ContactForm(
        request.POST or None, contacts=contacts, initial={"contact": draft.contact_id, "message": draft.message}
    )
    if request.method == "POST" and form.is_valid():
        choose_contact(request.actor, assignment=draft, **form.cleaned_data)
        return see_other(request, "licences:add-access", draft.pk)
    people = [{"contact": person, "speaks": spoken(person.speaks)} for person in contacts]
    chosen = as_id(str(form["contact"].value() or "")) or next((person.pk for person in contacts), None)
    context = shown(request, draft, 2, form=form, people=people, chosen=chosen)
    return render(request, "licences/add/contact.html", context, status=422 if form.errors else 200)


@step
@require_POST
def give_up(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Discards a draft."""
    discard(request.actor, assignment=draft_of(request, pk))
    messages.success(request, _("The draft is discarded. Nothing was shared."))
    return see_other(request, "licences:assignments")
