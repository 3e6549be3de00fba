"""The team of an organisation: members, roles and open invitations; for those who may invite."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.team import InviteForm, LimitForm, RoleForm, role_choices
from accounts.models import ROLE_LABELS, ApprovalLimit, Invitation, Membership, Suppression
from accounts.permissions import Forbidden, require
from accounts.rules import Actor, Fate, Kind, Power, Role
from accounts.services.invitations import AlreadyMember, Offer, invite, resend, withdraw
from accounts.services.people import LastOwner, change_role, remove_member, set_limit
from accounts.tenancy import ActorRequest
from accounts.views.personal import wanted_page
from interface.answers import invalid, see_other
from interface.money import currency_of
from interface.paging import page
from interface.rates import spent

INVITATIONS_AN_HOUR = 60


def inviter(request: ActorRequest) -> Actor:
    """Who may keep the team; the page itself is for nobody else."""
    require(request.actor, Power.MANAGE_MEMBERS)
    if request.actor is None:
        raise Forbidden
    return request.actor


def members(request: ActorRequest, actor: Actor) -> dict[str, Any]:
    """The page's lists; a programme manager's own team is that of the programme alone."""
    own = {"organisation": actor.organisation_id}
    people = Membership.objects.visible_to(actor).filter(**own).select_related("user")
    invitations = Invitation.objects.visible_to(actor).filter(**own).open().order_by("-id")
    returned = Suppression.objects.visible_to(actor).exclude(why=Fate.COMPLAINED.value)
    return {
        "members": page(people, request.GET, keys=("user__name", "id")),
        "invitations": list(invitations[:100]),
        "roles": role_choices(actor.kind),
        "me": actor.user_id,
        "suppressed": list(returned.order_by("address")[:20]),
        "is_firm": actor.kind is Kind.ADVISOR,
    }


@require_GET
def team(request: ActorRequest) -> HttpResponse:
    actor = inviter(request)
    organisation = request.membership and request.membership.organisation
    language = organisation.language if organisation else "en"
    form = InviteForm(kind=actor.kind, initial={"language": language})
    return render(request, "accounts/team.html", {"form": form, **members(request, actor)})


@require_POST
def add(request: ActorRequest) -> HttpResponse:
    actor = inviter(request)
    form = InviteForm(request.POST, kind=actor.kind)
    if form.is_valid() and too_many(actor):
        form.add_error(None, _("Too many invitations within an hour. Wait a while, then go on."))
    if form.is_valid() and request.membership:
        try:
            invite(actor, request.membership.organisation, offer_of(form.cleaned_data))
        except AlreadyMember:
            form.add_error("email", _("This address belongs to somebody on the team."))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return see_other(request, "accounts:team")
    return invalid(request, "accounts/team.html", {"form": form, **members(request, actor)})


def too_many(actor: Actor) -> bool:
    """Invitations are mails to addresses that anybody may type."""
    return spent("invite", actor.user_id or "", limit=INVITATIONS_AN_HOUR, seconds=3600)


def offer_of(values: dict[str, Any]) -> Offer:
    return Offer(email=values["email"], role=Role(values["role"]), name=values["name"], language=values["language"])


@require_POST
def change(request: ActorRequest, pk: UUID) -> HttpResponse:
    actor = inviter(request)
    membership = member(actor, pk)
    form = RoleForm(request.POST, kind=actor.kind)
    if form.is_valid():
        try:
            change_role(actor, membership, Role(form.cleaned_data["role"]))
        except LastOwner:
            messages.error(request, last_owner())
        else:
            role = ROLE_LABELS[form.cleaned_data["role"]]
            messages.success(request, _("%(name)s is now: %(role)s.") % {"name": membership.user, "role": role})
    return see_other(request, "accounts:team")


@require_http_methods(["GET", "POST"])
def remove(request: ActorRequest, pk: UUID) -> HttpResponse:
    """GET says what the person loses; POST does it."""
    actor = inviter(request)
    membership = member(actor, pk)
    if request.method == "GET":
        return render(request, "accounts/remove.html", {"member": membership})
    try:
        remove_member(actor, membership)
    except LastOwner:
        messages.error(request, last_owner())
    else:
        messages.success(request, _("%(name)s is no longer on the team.") % {"name": membership.user})
    return see_other(request, "accounts:team")


@require_http_methods(["GET", "POST"])
def limits(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Up to how much an approver of the own organisation may accept, currency by currency."""
    actor = inviter(request)
    membership = member(actor, pk)
    if membership.role != Role.APPROVER:
        raise Http404
    kept = ApprovalLimit.objects.visible_to(actor).filter(membership=membership).order_by("currency")
    own_currency = currency_of(membership.organisation.country)
    form = LimitForm(request.POST if request.method == "POST" else None, initial={"currency": own_currency})
    if form.is_bound and form.is_valid():
        set_limit(actor, membership, **form.cleaned_data)
        return see_other(request, "accounts:member-limits", pk)
    context = {"member": membership, "limits": list(kept), "form": form}
    return render(request, "accounts/limits.html", context, status=422 if form.is_bound else 200)


@require_POST
def invite_again(request: ActorRequest, pk: UUID) -> HttpResponse:
    actor = inviter(request)
    try:
        resend(actor, offered(actor, pk))
    except AlreadyMember:
        messages.info(request, _("This address belongs to somebody on the team."))
    else:
        messages.success(request, _("A new invitation is on its way; the old link works no more."))
    return see_other(request, wanted_page(request, default="accounts:team"))


@require_POST
def uninvite(request: ActorRequest, pk: UUID) -> HttpResponse:
    actor = inviter(request)
    withdraw(actor, offered(actor, pk))
    messages.success(request, _("The invitation is withdrawn; its link works no more."))
    return see_other(request, wanted_page(request, default="accounts:team"))


def member(actor: Actor, pk: UUID) -> Membership:
    """One of the own team, also for a programme manager, who sees every team."""
    own = Membership.objects.visible_to(actor).filter(organisation=actor.organisation_id)
    return get_object_or_404(own.select_related("organisation", "user"), pk=pk)


def offered(actor: Actor, pk: UUID) -> Invitation:
    """An invitation to the own organisation; for a programme manager, to any."""
    return get_object_or_404(Invitation.objects.visible_to(actor).select_related("organisation"), pk=pk)


def last_owner() -> str:
    return _("Somebody must remain who can invite people. Make another person an owner first.")
