"""The directory of the demo: firms, what finds them, and whom to write to."""

from collections.abc import Iterator

from advisors.models import Contact, Firm, FirmWord
from advisors.rules import words
from renewals.demo import firms as invented
from renewals.demo.draws import demo_id
from renewals.demo.people import Known
from renewals.demo.rows import add


def load_directory(known: Known) -> None:
    """Every firm with its words and contacts; a contact who signs in is tied to that person."""
    add(Firm, (_firm(firm, known) for firm in known.firms))
    add(FirmWord, (word for firm in known.firms for word in _words(firm, known)))
    add(Contact, (contact for firm in known.firms for contact in _contacts(firm, known)))


def _firm(firm: invented.Firm, known: Known) -> Firm:
    return Firm(
        organisation_id=known.organisations[firm.slug],
        us_state=firm.state,
        city=firm.city,
        address=firm.street,
        phone=firm.phone,
        tier=firm.tier.value,
        certified_people=firm.certified,
    )


def _words(firm: invented.Firm, known: Known) -> Iterator[FirmWord]:
    for word in words(firm.name):
        yield FirmWord(
            id=demo_id("word", firm.slug, word.text),
            firm_id=known.organisations[firm.slug],
            country=firm.country,
            us_state=firm.state,
            word=word.text,
            position=word.position,
        )


def _contacts(firm: invented.Firm, known: Known) -> Iterator[Contact]:
    for order, contact in enumerate(firm.contacts):
        yield Contact(
            id=demo_id("contact", contact.email, order=order),
            firm_id=known.organisations[firm.slug],
            user_id=known.users.get(contact.email),
            name=contact.name,
            title=contact.title,
            email=contact.email,
            phone=contact.phone,
            language=contact.language,
            speaks=" ".join(contact.speaks),
        )
