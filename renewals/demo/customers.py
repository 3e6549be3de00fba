"""The customers of the demo, what they own and whom they let see it; every date hangs on the day of loading."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from renewals.demo.draws import number, pick, table
from renewals.demo.firms import slug
from renewals.demo.portfolio import Cover, Term, dealt, row, shared_licences

MERIDIAN = "meridian"
BRUNO = "bruno@meridian.example"
COLLEAGUES = ("lucia.ferrer@meridian.example", "lucia.ferrer@meridian.example", "tomas.gil@meridian.example")
COVERAGES_OF_BRUNO = 34  # "My accounts" of the mock.
LEVELS = ("view", "quote", "quote", "renew")
FEW_OF_ALL = 4


@dataclass(frozen=True)
class Person:
    """Somebody at a customer; `role` is a role of customers ("Roles of a customer")."""

    name: str
    email: str
    role: str
    language: str


@dataclass(frozen=True)
class Grant:
    """What a firm was given: scope *all* when `covers` is empty, else the numbers of the coverages."""

    firm: str
    contact: str
    level: str
    ends_on: date
    granted_on: date
    covers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Customer:
    """A customer with its people, coverages and grants."""

    slug: str
    name: str
    country: str
    city: str
    time_zone: str
    people: tuple[Person, ...]
    covers: tuple[Cover, ...]
    grants: tuple[Grant, ...]

    def seen_by(self, firm: str) -> int:
        """How many coverages the firm sees, were none of its grants ended."""
        grants = [grant for grant in self.grants if grant.firm == firm]
        if any(not grant.covers for grant in grants):
            return len(self.covers)
        return len({cover for grant in grants for cover in grant.covers})


def customers(today: date) -> list[Customer]:
    """All customers, those of the mocks first; Meridian sees 412 coverages of 86 of them."""
    further = dealt([*_takers()], today)
    everybody = [*_drawn(today), *_named(today, further), *_others(today, further)]
    return _with_bruno(everybody)


def _takers() -> Iterator[str]:
    yield from (slug(line.split(" | ")[0]) for line in PORTFOLIO["names"])
    yield from (key for key, facts in NAMED.items() if "level" in facts and not facts.get("complete"))


def _drawn(today: date) -> Iterator[Customer]:
    """The two customers whose coverages the mocks draw one by one."""
    shift = today - LARKFIELD["today"]
    covers = shared_licences(_drawn_cover(facts, shift) for facts in LARKFIELD["covers"])
    for key, columns in LARKFIELD["columns"].items():
        yield _customer(key, covers, tuple(_grid(columns, today, shift)))


def _drawn_cover(facts: dict[str, Any], shift: timedelta) -> Cover:
    terms = tuple(Term(start + shift, end + shift) for start, end in facts["terms"])
    return Cover(facts["product"], facts["programme"], facts["quantity"], terms)


def _grid(columns: list[list[str]], today: date, shift: timedelta) -> Iterator[Grant]:
    for column, (firm, contact) in enumerate(columns):
        for letter, facts in LARKFIELD["levels"].items():
            covers = tuple(i for i, cover in enumerate(LARKFIELD["covers"]) if cover["grid"][column] == letter)
            if covers:
                granted_on = today - timedelta(days=60 + 30 * column)
                yield Grant(firm, contact, facts["level"], facts["ends_on"] + shift, granted_on, covers)


def _named(today: date, further: dict[str, list[Cover]]) -> Iterator[Customer]:
    for key, facts in NAMED.items():
        if "covers" in facts:
            covers = shared_licences([*(row(line, key, today) for line in facts["covers"]), *further.get(key, [])])
            yield _customer(key, covers, (*_given(key, facts, len(covers), today), *_to_halyard(key, today)))


def _given(key: str, facts: dict[str, Any], covers: int, today: date) -> Iterator[Grant]:
    """The grant of a customer to Meridian; every second one ticks its coverages one by one."""
    if "level" in facts:
        granted_on = today - timedelta(days=facts.get("granted", 20 + number(400, "granted", key)))
        ends_on = today + timedelta(days=facts.get("ends_in", 400 + number(300, "ends", key)))
        contact = facts.get("contact") or pick(COLLEAGUES, "contact", key)
        ticked = tuple(range(covers)) if number(2, "scope", key) else ()
        yield Grant(MERIDIAN, contact, facts["level"], ends_on, granted_on, ticked)


def _to_halyard(key: str, today: date) -> Iterator[Grant]:
    if key in PORTFOLIO["halyard"]:
        ends_on, granted_on = today + timedelta(days=500), today - timedelta(days=200)
        yield Grant("halyard", "diego@halyard.example", "view", ends_on, granted_on, (0,))


def _others(today: date, further: dict[str, list[Cover]]) -> Iterator[Customer]:
    for line in PORTFOLIO["names"]:
        name, country, city = line.split(" | ")
        key = slug(name)
        covers = shared_licences(further[key])
        grants = tuple(_given(key, {"level": pick(LEVELS, "level", key)}, len(covers), today))
        covers += () if number(FEW_OF_ALL, "kept back", key) else _kept_back(key, grants, today)
        yield Customer(key, name, country, city, COUNTRIES[country]["zone"], (_owner(key, country),), covers, grants)


def _kept_back(key: str, grants: tuple[Grant, ...], today: date) -> tuple[Cover, ...]:
    """A coverage that a customer with ticked coverages does not share."""
    offset = 40 + number(300, "kept back until", key)
    return (row(f"RS | AC | 15 | {offset}", key, today),) if grants[0].covers else ()


def _owner(key: str, country: str) -> Person:
    tongue = TONGUES[{"ES": "es", "PT": "pt", "FR": "fr", "DE": "de", "AT": "de", "IT": "it"}.get(country, "en")]
    first, last = (pick(tongue[part].split("|"), part, key) for part in ("first", "last"))
    email = f"{slug(first)}.{slug(last)}@{key}.example"
    return Person(f"{first} {last}", email, "owner", "es" if country == "ES" else "en")


def _customer(key: str, covers: tuple[Cover, ...], grants: tuple[Grant, ...]) -> Customer:
    facts = NAMED[key]
    people = tuple(Person(*line.split(" | ")) for line in facts["people"])
    zone = COUNTRIES[facts["country"]]["zone"]
    return Customer(key, facts["name"], facts["country"], facts["city"], zone, people, covers, grants)


def _with_bruno(everybody: list[Customer]) -> list[Customer]:
    """The same customers, Bruno being the contact of some that hold exactly his number of coverages."""
    left = COVERAGES_OF_BRUNO
    result = []
    for customer in everybody:
        count = customer.seen_by(MERIDIAN)
        if 0 < count <= left and _may_be_brunos(customer):
            left -= count
            customer = replace(customer, grants=tuple(_to_bruno(grant) for grant in customer.grants))
        result.append(customer)
    return result


def _may_be_brunos(customer: Customer) -> bool:
    return "contact" not in NAMED.get(customer.slug, {}) and all(g.ends_on >= g.granted_on for g in customer.grants)


def _to_bruno(grant: Grant) -> Grant:
    return replace(grant, contact=BRUNO) if grant.firm == MERIDIAN else grant


COUNTRIES = table("countries")
LARKFIELD = table("larkfield")
NAMED = table("customers")
PORTFOLIO = table("portfolio")
TONGUES = table("tongues")
