"""The programme's desk: what there is, and the customers and distributors that managers add."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.desk import CertificationForm, NewOrganisationForm, OrganisationForm
from accounts.forms.team import InviteForm
from accounts.models import CountryContact, Distributor, Invitation, Membership, Organisation
from accounts.permissions import Forbidden, require
from accounts.querysets import OrganisationQuerySet
from accounts.rules import ROLES, Actor, Kind, Power, Role
from accounts.services.distributors import certify
from accounts.services.invitations import AlreadyMember, Offer, invite
from accounts.services.organisations import change_organisation, create_organisation
from accounts.tenancy import ActorRequest
from accounts.views.personal import wanted_page
from interface.answers import invalid, see_other
from interface.paging import page
from interface.searches import typed

PATHS = {Kind.CUSTOMER: "customers", Kind.DISTRIBUTOR: "distributors"}


def manager(request: ActorRequest) -> Actor:
    """Only the programme's managers have a desk."""
    require(request.actor, Power.MANAGE_PROGRAMME)
    if request.actor is None:
        raise Forbidden
    return request.actor


def offer_of(kind: Kind, values: dict[str, Any]) -> Offer:
    """The place of whoever begins an organisation: its highest role."""
    role, language = ROLES[kind][0], values["language"]
    return Offer(email=values["email"], role=role, name=values["person"], language=language)


@require_GET
def overview(request: ActorRequest) -> HttpResponse:
    actor = manager(request)
    organisations = Organisation.objects.visible_to(actor)
    served = CountryContact.objects.filter(country=OuterRef("country"))
    lonely = organisations.exclude(kind=Kind.PROGRAMME.value).filter(~Exists(served)).order_by("country")
    context = {
        "counts": dict(organisations.values_list("kind").annotate(Count("pk")).order_by()),
        "people": Membership.objects.visible_to(actor).values("user").distinct().count(),
        "invitations": open_invitations(actor)[:20],
        "countries": list(lonely.values_list("country", flat=True).distinct()),
    }
    return render(request, "accounts/desk/overview.html", context)


def open_invitations(actor: Actor) -> Any:
    return Invitation.objects.visible_to(actor).open().select_related("organisation").order_by("-id")


@require_GET
def organisations(request: ActorRequest, kind: Kind) -> HttpResponse:
    actor = manager(request)
    rows = with_people(Organisation.objects.visible_to(actor).filter(kind=kind.value))
    if text := typed(request.GET):
        rows = rows.filter(Q(name__icontains=text) | Q(slug__icontains=text))
    context = {"kind": kind, "page": page(rows, request.GET, keys=("name", "id")), "q": text, "path": PATHS[kind]}
    return render(request, "accounts/desk/organisations.html", context)


def with_people(rows: OrganisationQuerySet[Organisation]) -> OrganisationQuerySet[Organisation]:
    invited = Invitation.objects.open().filter(organisation=OuterRef("pk"))
    return rows.annotate(
        people=Count("memberships"), is_invited=Exists(invited), certified_until=F("distributor__certified_until")
    )


@require_http_methods(["GET", "POST"])
def add(request: ActorRequest, kind: Kind) -> HttpResponse:
    actor = manager(request)
    form = NewOrganisationForm(request.POST or None)
    context = {"form": form, "kind": kind, "path": PATHS[kind]}
    if request.method == "GET":
        return render(request, "accounts/desk/new.html", context)
    if not form.is_valid():
        return invalid(request, "accounts/desk/new.html", context)
    organisation = create_organisation(actor, kind, form.particulars(), first=offer_of(kind, form.cleaned_data))
    told = _("%(name)s is added, and %(email)s is invited.")
    messages.success(request, told % {"name": organisation, "email": form.cleaned_data["email"]})
    return see_other(request, f"accounts:programme-{PATHS[kind]}")


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, kind: Kind, slug: str) -> HttpResponse:
    actor = manager(request)
    organisation = get_object_or_404(Organisation.objects.visible_to(actor), kind=kind.value, slug=slug)
    form = OrganisationForm(request.POST or None, organisation=organisation)
    context = shown(actor, organisation) | {
        "form": form,
        "path": PATHS[kind],
        "invite_form": first_invite(organisation),
    }
    if request.method == "GET":
        return render(request, "accounts/desk/organisation.html", context)
    if not form.is_valid():
        return invalid(request, "accounts/desk/organisation.html", context)
    change_organisation(actor, organisation, form.particulars())
    messages.success(request, _("Saved."))
    return see_other(request, f"accounts:programme-{PATHS[kind]}-edit", organisation.slug)


def shown(actor: Actor, organisation: Organisation) -> dict[str, Any]:
    """Its people and its open invitations; of its licences, nothing."""
    people = Membership.objects.visible_to(actor).filter(organisation=organisation).select_related("user")
    return {
        "organisation": organisation,
        "kind": Kind(organisation.kind),
        "people": people.order_by("user__name", "id")[:200],
        "invitations": open_invitations(actor).filter(organisation=organisation)[:50],
        "invite_form": first_invite(organisation),
        "certification_form": certification_form(organisation),
    }


def certification_form(organisation: Organisation) -> CertificationForm | None:
    """Until when a distributor is certified; others are not."""
    if organisation.kind != Kind.DISTRIBUTOR:
        return None
    until = Distributor.objects.filter(pk=organisation.pk).values_list("certified_until", flat=True).first()
    return CertificationForm(initial={"certified_until": until})


@require_POST
def certification(request: ActorRequest, slug: str) -> HttpResponse:
    """Certifies a distributor, or with no day no longer."""
    actor = manager(request)
    rows = Organisation.objects.visible_to(actor).filter(kind=Kind.DISTRIBUTOR.value)
    organisation, form = get_object_or_404(rows, slug=slug), CertificationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was saved: this is not a day."))
    elif certify(actor, organisation, until=form.cleaned_data["certified_until"]):
        messages.success(request, _("Saved."))
    return see_other(request, "accounts:programme-distributors-edit", slug)


def first_invite(organisation: Organisation) -> InviteForm:
    kind = Kind(organisation.kind)
    start = {"language": organisation.language, "role": ROLES[kind][0].value}
    return InviteForm(kind=kind, initial=start, prefix="invite")


@require_POST
def invite_to(request: ActorRequest, slug: str) -> HttpResponse:
    """Invite somebody to any organisation, from its page on the desk."""
    actor = manager(request)
    organisation = get_object_or_404(Organisation.objects.visible_to(actor), slug=slug)
    form = InviteForm(request.POST, kind=Kind(organisation.kind), prefix="invite")
    if not form.is_valid():
        messages.error(request, _("Nobody was invited: the e-mail address is not one."))
        return see_other(request, wanted_page(request))
    values = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
    try:
        invite(actor, organisation, Offer(**values))
    except AlreadyMember:
        messages.info(request, _("This address belongs to somebody on the team."))
    else:
        messages.success(request, _("The invitation is on its way to %(email)s.") % values)
    return see_other(request, wanted_page(request))
