"""What would leave with a transfer, read afresh: the chosen fields of the chosen licences, and of the company."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.models import Membership, Organisation
from accounts.rules import Actor
from licences.models import Coverage, Transfer, TransferItem
from licences.rules.transfers import CompanyField, Fields, Frame, LicenceField, Plan, digest, snapshot


@dataclass(frozen=True, slots=True)
class Preview:
    """The exact snapshot but for its random characters; `stamp` changes whenever anything in it does."""

    content: dict[str, Any]
    coverages: frozenset[UUID]

    @property
    def stamp(self) -> str:
        return digest(self.content)

    @property
    def count(self) -> int:
        return len(self.coverages)


def plan_of(transfer: Transfer) -> Plan:
    """The plan of a stored transfer."""
    return Plan(Fields.of(transfer.company_fields, transfer.licence_fields), transfer.purpose, transfer.ends_on)


def preview_of(actor: Actor, transfer: Transfer) -> Preview:
    """What would leave now; five queries, however many licences. The actor is the customer's."""
    coverages = chosen_coverages(transfer)
    frame = Frame(str(transfer.pk), transfer.distributor.name, plan_of(transfer))
    rows = [licence_facts(coverage) for coverage in coverages]
    content = snapshot(frame, company_facts(actor, transfer), rows)
    return Preview(content, frozenset(coverage.pk for coverage in coverages))


def chosen_coverages(transfer: Transfer) -> list[Coverage]:
    """Soonest expiry first, those without a date last."""
    items = TransferItem.objects.filter(transfer=transfer).values("coverage")
    rows = Coverage.objects.filter(pk__in=items).select_related("licence__product")
    return list(rows.order_by(F("expires_on").asc(nulls_last=True), "id"))


def licence_facts(coverage: Coverage) -> dict[LicenceField, Any]:
    """Everything that may be chosen of one coverage; `snapshot` takes what was."""
    licence = coverage.licence
    return {
        LicenceField.PRODUCT: licence.product.name,
        LicenceField.PROGRAMME: coverage.programme,
        LicenceField.SERIAL: licence.serial,
        LicenceField.QUANTITY: coverage.quantity,
        LicenceField.STARTS_ON: coverage.starts_on,
        LicenceField.EXPIRES_ON: coverage.expires_on,
        LicenceField.BOUGHT_ON: licence.bought_on,
        LicenceField.ORDER_NUMBER: licence.order_number,
        LicenceField.SUPPLIER: licence.supplier,
    }


def company_facts(actor: Actor, transfer: Transfer) -> dict[CompanyField, Any]:
    """Everything that may be chosen of the customer. Without a contact who still works there, who looks is it."""
    home = Organisation.objects.get(pk=transfer.customer_id)
    contact = contact_of(transfer.customer_id, [transfer.contact_id, actor.user_id])
    return {
        CompanyField.NAME: home.name,
        CompanyField.COUNTRY: home.country,
        CompanyField.ADDRESS: transfer.address,
        CompanyField.CONTACT_NAME: contact and contact.user.name,
        CompanyField.CONTACT_EMAIL: contact and contact.user.email,
        CompanyField.CONTACT_PHONE: transfer.contact_phone,
    }


def contact_of(customer_id: UUID, wanted: Collection[UUID | None]) -> Membership | None:
    """The first of these people who is on the customer's team now."""
    team = Membership.objects.filter(organisation=customer_id, user__in=[each for each in wanted if each])
    found = {member.user_id: member for member in team.filter(user__is_active=True).select_related("user")}
    return next((found[each] for each in wanted if each in found), None)
