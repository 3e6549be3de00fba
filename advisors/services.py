"""The only writers of the directory."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import Membership, Organisation
from accounts.permissions import require
from accounts.rules import Actor, Kind, Power
from accounts.services.invitations import Offer
from accounts.services.organisations import Particulars, change_organisation, create_organisation
from advisors.models import Contact, Firm, FirmWord
from advisors.rules import Tier, words


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the directory shows of a firm beside its organisation's name and country."""

    city: str
    us_state: str = ""
    address: str = ""
    phone: str = ""
    tier: str = Tier.REGISTERED.value
    agreement_active: bool = True


@dataclass(frozen=True, kw_only=True)
class Person:
    """A contact whom customers may choose to be told; `language` is that of the mails.

    How mail is wanted counts for desks alone: whoever signs in says that in the own settings.
    """

    name: str
    email: str
    title: str = ""
    phone: str = ""
    language: str = "en"
    speaks: str = ""
    text_only: bool = False
    single_mails: bool = False


@transaction.atomic
def create_firm(actor: Actor, particulars: Particulars, entry: Entry, *, owner: Offer) -> Firm:
    """Add a firm to the directory and invite its owner, who is also its first contact."""
    organisation = create_organisation(actor, Kind.ADVISOR, particulars, first=owner)
    firm = Firm.objects.create(organisation=organisation, **asdict(entry))
    index_firm(firm)
    name, phone = owner.name or particulars.name, entry.phone
    Contact.objects.create(firm=firm, name=name, email=owner.email.lower(), phone=phone, language=owner.language)
    return firm


@transaction.atomic
def change_firm(actor: Actor, firm: Firm, particulars: Particulars, entry: Entry) -> None:
    """Its particulars, place, telephone, tier and agreement; the programme decides on them."""
    require(actor, Power.MANAGE_PROGRAMME)
    change_organisation(actor, firm.organisation, particulars)
    before, after = {name: getattr(firm, name) for name in asdict(entry)}, asdict(entry)
    if before != after:
        Firm.objects.filter(pk=firm.pk).update(**after)
        firm.refresh_from_db()
        changed = sorted(name for name in after if after[name] != before[name])
        told = [actor.organisation_id, firm.pk]
        audit.record(actor, "firm.changed", organisations=told, subject_id=firm.pk, changed=changed, tier=firm.tier)
    index_firm(firm)


def index_firm(firm: Firm) -> None:
    """Write the words by which search finds the firm, in place of those it had.

    Part of every verb that adds a firm or changes its name, country or state; that verb asks for the power.
    """
    organisation = Organisation.objects.get(pk=firm.pk)
    with transaction.atomic():
        FirmWord.objects.filter(firm=firm).delete()
        FirmWord.objects.bulk_create(
            FirmWord(
                firm=firm,
                country=organisation.country,
                us_state=firm.us_state,
                word=word.text,
                position=word.position,
            )
            for word in words(organisation.name)
        )


@transaction.atomic
def save_contact(actor: Actor, person: Person, *, pk: UUID | None = None) -> None:
    """Add somebody to the own firm's contacts, or change the one with this id.

    A member's address is that member, also when reminders are sent; any other is a desk.
    """
    require(actor, Power.MANAGE_FIRM)
    member = Membership.objects.filter(organisation=actor.organisation_id, user__email=person.email.lower())
    values = {**asdict(person), "user_id": member.values_list("user", flat=True).first()}
    if pk:
        Contact.objects.filter(pk=pk, firm=actor.organisation_id).update(**values)
    else:
        pk = Contact.objects.create(firm_id=actor.organisation_id, **values).pk
    audit.record(actor, "firm.contact_saved", organisations=[actor.organisation_id], subject_id=pk)


@transaction.atomic
def end_contact(actor: Actor, contact: Contact, *, today: date) -> None:
    """The person is not offered to customers any more; grants that name it fall back to the firm's owners."""
    require(actor, Power.MANAGE_FIRM)
    own = Contact.objects.filter(pk=contact.pk, firm=actor.organisation_id, left_on=None)
    if own.update(left_on=today):
        audit.record(actor, "firm.contact_left", organisations=[actor.organisation_id], subject_id=contact.pk)
