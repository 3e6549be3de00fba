"""The organisations of the demo and who signs in for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import CountryContact, Membership, Organisation, User
from accounts.rules import Kind
from renewals.demo.customers import Customer, customers
from renewals.demo.draws import demo_id, table
from renewals.demo.firms import Firm, firms
from renewals.demo.rows import add, ids_by


@dataclass(frozen=True)
class Known:
    """Who is in the database, by slug and by address, and what is still to be loaded for them."""

    firms: list[Firm]
    customers: list[Customer]
    organisations: dict[str, UUID]
    users: dict[str, UUID]

    @cached_property
    def coverages(self) -> dict[tuple[str, int], UUID]:
        """The id of a customer's coverage by its number; the order of ids is that of lists on one day."""
        numbered = [(customer.slug, i) for customer in self.customers for i in range(len(customer.covers))]
        return {key: demo_id("coverage", *key, order=order) for order, key in enumerate(numbered)}


class Seat(NamedTuple):
    """A person's place in an organisation; `signs_in` says that the demo's password opens the door."""

    organisation: str
    country: str
    name: str
    email: str
    role: str
    language: str
    signs_in: bool


def load_people(today: date, *, password: str) -> Known:
    """Organisations, people with verified addresses, memberships, and whom to ask in each country."""
    directory, owners = firms(), customers(today)
    add(Organisation, (*_firms(directory), *_customers(owners), *_others()))
    organisations = ids_by(Organisation, "slug")
    seats = [*_seats(owners)]
    _add_users(seats, password)
    users = ids_by(User, "email", email__in=[seat.email for seat in seats])
    _add_places(seats, organisations, users)
    add(CountryContact, _desks())
    return Known(directory, owners, organisations, users)


def _organisation(slug: str, kind: Kind, name: str, country: str, language: str = "en") -> Organisation:
    return Organisation(
        id=demo_id("organisation", slug),
        kind=kind.value,
        name=name,
        slug=slug,
        country=country,
        language=language,
        time_zone=COUNTRIES[country]["zone"],
    )


def _firms(directory: Iterable[Firm]) -> Iterator[Organisation]:
    for firm in directory:
        yield _organisation(firm.slug, Kind.ADVISOR, firm.name, firm.country, firm.contacts[0].language)


def _customers(owners: Iterable[Customer]) -> Iterator[Organisation]:
    for customer in owners:
        language = customer.people[0].language
        yield _organisation(customer.slug, Kind.CUSTOMER, customer.name, customer.country, language)


def _others() -> Iterator[Organisation]:
    for slug, facts in PEOPLE.items():
        if "name" in facts:
            yield _organisation(slug, Kind(facts["kind"]), facts["name"], facts["country"])


def _seats(owners: Iterable[Customer]) -> Iterator[Seat]:
    for customer in owners:
        for person in customer.people:
            signs_in = customer.slug in OPEN_TO_VISITORS
            place = customer.slug, customer.country
            yield Seat(*place, person.name, person.email, person.role, person.language, signs_in)
    for slug, facts in PEOPLE.items():
        for line in facts["people"]:
            name, email, role, language = line.split(" | ")
            yield Seat(slug, facts["country"], name, email, role, language, True)


def _add_users(seats: Iterable[Seat], password: str) -> None:
    hashed, nobodys = make_password(password), make_password(None)
    add(
        User,
        (
            User(
                id=demo_id("user", seat.email),
                email=seat.email,
                name=seat.name,
                language=seat.language,
                time_zone=COUNTRIES[seat.country]["zone"],
                password=hashed if seat.signs_in else nobodys,
            )
            for seat in seats
        ),
    )


def _add_places(seats: Iterable[Seat], organisations: dict[str, UUID], users: dict[str, UUID]) -> None:
    known = set(EmailAddress.objects.filter(user_id__in=users.values()).values_list("user_id", flat=True))
    addresses = {seat.email for seat in seats if users[seat.email] not in known}
    add(EmailAddress, (EmailAddress(user_id=users[e], email=e, verified=True, primary=True) for e in sorted(addresses)))
    add(
        Membership,
        (
            Membership(
                id=demo_id("membership", seat.organisation, seat.email),
                organisation_id=organisations[seat.organisation],
                user_id=users[seat.email],
                role=seat.role,
            )
            for seat in seats
        ),
    )


def _desks() -> Iterator[CountryContact]:
    for key, desk in table("desks").items():
        for country in desk["countries"].split():
            yield CountryContact(
                id=demo_id("desk", country),
                country=country,
                name=desk["name"],
                phone=desk["phone"],
                email=f"{key}@programme.example",
                hours=desk["hours"],
            )


COUNTRIES = table("countries")
PEOPLE = table("people")
OPEN_TO_VISITORS = ("larkfield", "tidewater", "conservas-larrea")
