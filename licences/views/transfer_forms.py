"""Asking for a transfer: the customer's form, the advisor's proposal, and changing what waits for consent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Distributor, Membership, Organisation
from accounts.permissions import require
from accounts.rules import AccessLevel, Actor, Power
from interface.answers import see_other
from licences.forms.access import as_number, ids
from licences.forms.transfers import ALL, CHOSEN, REFUSALS, TransferForm
from licences.models import CustomerVisibility, Transfer, TransferItem, Visibility
from licences.rules.transfers import LONGEST, Refused
from licences.services.transfer_requests import (
    Wish,
    change_transfer,
    prepare_transfer,
    propose_transfer,
    today_of,
)
from licences.views.gate import KnownRequest, needs
from licences.views.transfers import transfer_of

TEMPLATE = "licences/transfers/form.html"
LISTED = 500
both = require_http_methods(["GET", "POST"])


@needs(Power.PREPARE_TRANSFERS)
@both
def prepare(request: KnownRequest) -> HttpResponse:
    """A transfer of the customer's own; `?coverage=` ticks what one came from."""
    rows, home = own_rows(request.actor), request.membership.organisation
    form = form_for(request, home, initial={"contact": request.membership.pk, "which": CHOSEN})
    ticked = form.ticked or ids(request.GET.getlist("coverage"))
    if found := saved(request, form, rows, lambda wish: prepare_transfer(request.actor, wish)):
        return see_other(request, "licences:transfer-consent", found.pk)
    return answer(request, form, shown(rows, ticked) | {"customer": home, "mine": True})


@needs(Power.SEE_PORTFOLIO)
@both
def propose(request: KnownRequest, slug: str) -> HttpResponse:
    """A proposal for a customer that shares something at level Renew; for every other the same 404."""
    mine = CustomerVisibility.objects.visible_to(request.actor).select_related("customer")
    customer = get_object_or_404(mine, customer__slug=slug).customer
    rows = renewed_rows(request.actor, customer)
    require(request.actor, Power.PROPOSE_TRANSFERS, level=AccessLevel.RENEW if rows.exists() else AccessLevel.NONE)
    form = form_for(request, customer, initial={"which": ALL})
    if found := saved(request, form, rows, lambda wish: propose_transfer(request.actor, customer, wish)):
        messages.success(request, _("%(name)s is asked for its consent.") % {"name": customer})
        return see_other(request, "licences:transfer", found.pk)
    return answer(request, form, shown(rows, form.ticked) | {"customer": customer, "mine": False})


@needs(Power.PREPARE_TRANSFERS)
@both
def change(request: KnownRequest, pk: UUID) -> HttpResponse:
    """Other choices for what waits for consent, whoever asked for it."""
    row, rows = transfer_of(request, pk), own_rows(request.actor)
    if not row.may["change"]:
        return see_other(request, "licences:transfer", pk)
    form = form_for(request, request.membership.organisation, initial=initial(row.transfer))
    version = as_number(request.POST.get("version")) or row.transfer.version

    def save(wish: Wish) -> Transfer:
        change_transfer(request.actor, transfer=row.transfer, version=version, wish=wish)
        found: Transfer = row.transfer
        return found

    if saved(request, form, rows, save):
        return see_other(request, "licences:transfer-consent", pk)
    ticked = form.ticked if form.is_bound else chosen(row.transfer)
    return answer(request, form, shown(rows, ticked) | {"transfer": row.transfer, "mine": True})


def form_for(request: KnownRequest, customer: Organisation, *, initial: dict[str, Any]) -> TransferForm:
    """The form; only the customer's own people choose one of them as the contact."""
    is_own = customer.pk == request.actor.organisation_id
    today = today_of(customer)
    certified = Distributor.objects.visible_to(request.actor).certified(today).values("pk")
    distributors = Organisation.objects.visible_to(request.actor).filter(pk__in=certified).order_by("name", "id")
    if "distributor" not in initial and len(only := distributors[:2]) == 1:
        initial = initial | {"distributor": only[0].pk}
    return TransferForm(
        request.POST or None,
        initial=initial,
        distributors=distributors,
        team=team_of(request.actor) if is_own else None,
        today=today,
    )


def team_of(actor: Actor) -> QuerySet[Membership]:
    """Whom a distributor may be told to ask."""
    team = Membership.objects.visible_to(actor).filter(organisation=actor.organisation_id, user__is_active=True)
    return team.select_related("user").order_by("user__name", "id")


def own_rows(actor: Actor) -> QuerySet[Visibility]:
    """The customer's licences."""
    return Visibility.objects.visible_to(actor)


def renewed_rows(actor: Actor, customer: Organisation) -> QuerySet[Visibility]:
    """The licences of a customer that the advisor may renew."""
    rows = Visibility.objects.visible_to(actor)
    return rows.filter(customer=customer, access_level=AccessLevel.RENEW.value)


def saved(
    request: KnownRequest, form: TransferForm, rows: QuerySet[Visibility], save: Callable[[Wish], Transfer]
) -> Transfer | None:
    """What `save` made of a valid form; None where the form is to be shown, with what is wrong."""
    if request.method != "POST" or not form.is_valid():
        return None
    coverages = rows if form.wants_all else rows.filter(coverage__in=form.ticked)
    try:
        return save(form.wish(coverages.values_list("coverage_id", flat=True)[: LONGEST + 1]))
    except Refused as refused:
        form.add_error(None, str(REFUSALS[refused.refusal]))
        return None


def answer(request: KnownRequest, form: TransferForm, context: dict[str, Any]) -> HttpResponse:
    """The form, refused or new."""
    return render(request, TEMPLATE, {"form": form, **context}, status=422 if form.errors else 200)


def initial(transfer: Transfer) -> dict[str, Any]:
    """The form as the request is."""
    contact = Membership.objects.filter(organisation=transfer.customer_id, user=transfer.contact_id).first()
    return {
        "distributor": transfer.distributor_id,
        "purpose": transfer.purpose,
        "ends_on": transfer.ends_on,
        "company": transfer.company_fields,
        "licence": transfer.licence_fields,
        "contact": contact and contact.pk,
        "contact_phone": transfer.contact_phone,
        "address": transfer.address,
        "which": CHOSEN,
    }


def chosen(transfer: Transfer) -> frozenset[UUID]:
    """The licences of a request."""
    return frozenset(TransferItem.objects.filter(transfer=transfer).values_list("coverage_id", flat=True))


def shown(rows: QuerySet[Visibility], ticked: frozenset[UUID]) -> dict[str, Any]:
    """The licences to tick, soonest expiry first; of very many only the first can be ticked one by one."""
    listed = list(rows.select_related("coverage__licence__product").order_by("expires_on", "coverage_id")[: LISTED + 1])
    return {
        "lines": [(row, row.coverage_id in ticked) for row in listed[:LISTED]],
        "total": rows.count() if len(listed) > LISTED else len(listed),
        "listed": LISTED if len(listed) > LISTED else 0,
        "chosen": len(ticked),
    }
