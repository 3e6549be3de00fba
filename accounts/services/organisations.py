"""Organisations: those that the programme adds, and what it changes about them; whom to ask in a country."""

from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import CountryContact, Organisation
from accounts.permissions import require
from accounts.rules import Actor, Kind, Power
from accounts.services.invitations import Offer, invite


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What every organisation has; `slug` is part of addresses, and unique."""

    name: str
    slug: str
    country: str
    language: str
    time_zone: str


@transaction.atomic
def create_organisation(actor: Actor, kind: Kind, particulars: Particulars, *, first: Offer) -> Organisation:
    """Add a customer, a firm or a distributor; `first` is invited to it."""
    require(actor, Power.MANAGE_PROGRAMME)
    organisation = Organisation.objects.create(kind=kind.value, **asdict(particulars))
    tell(actor, "organisation.created", organisation)
    invite(actor, organisation, first)
    return organisation


@transaction.atomic
def change_organisation(actor: Actor, organisation: Organisation, particulars: Particulars) -> None:
    """Its name, address, country, language and zone; a customer's zone moves the end of every access."""
    require(actor, Power.MANAGE_PROGRAMME)
    values = asdict(particulars)
    if any(getattr(organisation, name) != value for name, value in values.items()):
        Organisation.objects.filter(pk=organisation.pk).update(**values)
        organisation.refresh_from_db()
        tell(actor, "organisation.changed", organisation)


def tell(actor: Actor, verb: str, organisation: Organisation) -> None:
    customer_id = organisation.pk if organisation.kind == Kind.CUSTOMER else None
    audit.record(
        actor,
        verb,
        organisations=[actor.organisation_id, organisation.pk],
        customer_id=customer_id,
        subject_id=organisation.pk,
    )


@transaction.atomic
def name_contact(actor: Actor, country: str, *, pk: UUID | None = None, **values: str) -> None:
    """Whom to ask in a country: name, phone, email, hours. One for each country (1-product, "Whom to ask")."""
    require(actor, Power.MANAGE_PROGRAMME)
    CountryContact.objects.update_or_create(
        **({"pk": pk} if pk else {"country": country}), defaults={**values, "country": country}
    )
    audit.record(actor, "contact.changed", organisations=[actor.organisation_id], country=country)


@transaction.atomic
def drop_contact(actor: Actor, contact: CountryContact) -> None:
    """From now on nobody is named for this country."""
    require(actor, Power.MANAGE_PROGRAMME)
    contact.delete()
    audit.record(actor, "contact.changed", organisations=[actor.organisation_id], country=contact.country)
