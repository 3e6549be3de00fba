"""The directory of the demo: some 3,300 invented advisor firms in 40 countries, those of the mocks among them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from advisors.rules import Tier, normalised, prefix_range, words
from renewals.demo.draws import digits, number, pick, table

FIRMS_OF_THE_MOCKS = "mer"  # In Spain this search shows the four firms of the mock, so no other may match it.
TITLES = {
    "en": ("Renewals manager", "Account manager", "Licensing specialist", "Service desk lead"),
    "es": ("Responsable de renovaciones", "Gestor de cuentas", "Especialista en licencias", "Soporte técnico"),
}
TIERS = (Tier.REGISTERED,) * 12 + (Tier.SILVER,) * 5 + (Tier.GOLD,) * 2 + (Tier.PLATINUM,)
CERTIFIED_PEOPLE = {Tier.REGISTERED: 2, Tier.SILVER: 5, Tier.GOLD: 11, Tier.PLATINUM: 24, Tier.CIRCLE: 9}


@dataclass(frozen=True)
class FirmContact:
    """Somebody to write to; `language` is that of mail, `speaks` are codes for the directory."""

    name: str
    title: str
    email: str
    phone: str
    language: str
    speaks: tuple[str, ...]


@dataclass(frozen=True)
class Firm:
    """An advisor firm; `certified` counts its people who hold a certificate, `state` is empty outside the US."""

    slug: str
    name: str
    country: str
    state: str
    city: str
    street: str
    phone: str
    tier: Tier
    certified: int
    contacts: tuple[FirmContact, ...]


@dataclass(frozen=True)
class Place:
    """Where a firm is, and what names are made of there."""

    country: str
    state: str
    city: str
    phone: str
    speaks: tuple[str, ...]
    tongue: dict[str, Any]


def firms() -> list[Firm]:
    """Every firm of the demo, those of the mocks first; names, slugs and addresses are unique."""
    known = list(_of_the_mocks())
    taken = {firm.slug for firm in known}
    for country, facts in table("countries").items():
        for place in _places(country, facts):
            firm = _invented(place, taken)
            taken.add(firm.slug)
            known.append(firm)
    return known


def slug(name: str) -> str:
    """The name for addresses: plain letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", normalised(name)).strip("-")


def _places(country: str, facts: dict[str, Any]) -> Iterator[Place]:
    tongue = TONGUES[facts["tongue"]]
    speaks = tuple(facts["speaks"].split())
    for i in range(facts["firms"]):
        state, cities, area = _state(i) if country == "US" else ("", facts["cities"], "")
        city = pick(cities.split("|"), "city", country, i)
        yield Place(country, state, city, facts["phone"].format(area=area), speaks, tongue)


def _state(index: int) -> tuple[str, str, str]:
    code = pick(WEIGHED_STATES, "state", index)
    return code, STATES[code]["cities"], str(STATES[code]["area"])


def _invented(place: Place, taken: set[str]) -> Firm:
    name, key = _free_name(place, taken)
    address = slug(name)
    phone = digits(place.phone, *key)
    tier = pick(TIERS, "tier", address)
    return Firm(
        slug=address, name=name, country=place.country, state=place.state, city=place.city,
        street=_made_of(place, pick(place.tongue["streets"].split("|"), "street", *key), "street", *key),
        phone=phone, tier=tier, certified=CERTIFIED_PEOPLE[tier] + number(CERTIFIED_PEOPLE[tier], "people", address),
        contacts=_contacts(place, address),
    )  # fmt: skip


def _free_name(place: Place, taken: set[str]) -> tuple[str, tuple[object, ...]]:
    """A name that nobody has yet, and the key that its other choices hang on."""
    for attempt in range(1000):
        key = (place.country, place.city, len(taken), attempt)
        name = _made_of(place, pick(place.tongue["patterns"], "pattern", *key), *key)
        if slug(name) not in taken and not _confuses_the_mocks(place, name):
            return name, key
    raise LookupError(f"no free name is left in {place.country}")


def _confuses_the_mocks(place: Place, name: str) -> bool:
    low, high = prefix_range(FIRMS_OF_THE_MOCKS)
    return place.country == "ES" and any(low <= word.text < high for word in words(name))


def _made_of(place: Place, pattern: str, *key: object) -> str:
    last = place.tongue["last"].split("|")
    a = number(len(last), "a", *key)
    b = (a + 1 + number(len(last) - 1, "b", *key)) % len(last)
    return pattern.format(
        a=last[a], b=last[b], city=place.city, n=1 + number(140, "n", *key),
        stem=pick(place.tongue["stems"].split("|"), "stem", *key),
        thing=pick(place.tongue["things"].split("|"), "thing", *key),
    )  # fmt: skip


def _contacts(place: Place, address: str) -> tuple[FirmContact, ...]:
    people = [_contact(place, address, i) for i in range(1 + number(4, "contacts", address))]
    return tuple({person.email: person for person in people}.values())


def _contact(place: Place, address: str, index: int) -> FirmContact:
    first = pick(place.tongue["first"].split("|"), "first", address, index)
    last = pick(place.tongue["last"].split("|"), "last", address, index)
    language = "es" if place.speaks[0] == "es" else "en"
    return FirmContact(
        name=f"{first} {last}",
        title=TITLES[language][index],
        email=f"{slug(first)}.{slug(last)}@{address}.example",
        phone=digits(place.phone, "contact", address, index),
        language=language,
        speaks=place.speaks,
    )


def _of_the_mocks() -> Iterator[Firm]:
    for address, row in table("mocks").items():
        people = tuple(_named_contact(address, *line.split(" | ")) for line in row["contacts"])
        yield Firm(
            slug=address, name=row["name"], country=row["country"], state=row.get("state", ""), city=row["city"],
            street=row["street"], phone=row["phone"], tier=Tier(row["tier"]), certified=row["certified"],
            contacts=people,
        )  # fmt: skip


def _named_contact(address: str, name: str, title: str, local: str, phone: str, speaks: str) -> FirmContact:
    spoken = tuple(speaks.split())
    language = "es" if spoken[:1] == ("es",) else "en"
    return FirmContact(name, title, f"{local}@{address}.example", phone, language, spoken)


TONGUES = table("tongues")
STATES = table("states")
WEIGHED_STATES = [code for code, facts in STATES.items() for _ in range(facts["weight"])]
