"""What a certificate certifies: its frozen facts, their hash, and the number that anybody can check."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

# Crockford's letters: none that is taken for another when it is read out or typed off paper.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("ILO", "110")
GROUPS, GROUP = 3, 4
PREFIX = "RC"
EDITION = 1


class Standing(StrEnum):
    """What the public check answers, and all that it answers."""

    VALID = "valid"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """One coverage on a certificate; both days are inclusive, `starts_on` is empty where nobody wrote it down."""

    coverage: str
    product: str
    manufacturer: str
    programme: str
    quantity: int
    serial: str
    starts_on: date | None
    expires_on: date


def new_number() -> str:
    """RC-7K3M-9QXA-2FHP: 60 bits by chance, so that nobody guesses one and it tells nothing of how many there are."""
    parts = ("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(GROUPS))
    return "-".join([PREFIX, *parts])


def tidied(typed: str) -> str:
    """A number as it is printed, from how somebody typed it; whatever cannot be one comes back empty."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum()).removeprefix(PREFIX).translate(READ_AS)
    if len(plain) != GROUPS * GROUP or not set(plain) <= set(LETTERS):
        return ""
    return "-".join([PREFIX, *(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))])


def token(number: str) -> str:
    """What the narrow path of the public check is opened with."""
    return sha256(f"certificate {number}".encode()).hexdigest()


def frozen(
    number: str, *, issued_on: date, issuer: str, customer: Mapping[str, str], certified: Sequence[Certified]
) -> dict[str, Any]:
    """The facts of a certificate, as plain JSON: what was true on the day, never read anew."""
    rows = [asdict(each) for each in sorted(certified, key=lambda each: each.coverage)]
    return {
        "edition": EDITION,
        "number": number,
        "issued_on": issued_on.isoformat(),
        "issuer": issuer,
        "customer": dict(customer),
        "coverages": [
            {**row, "starts_on": _iso(row["starts_on"]), "expires_on": _iso(row["expires_on"])} for row in rows
        ],
    }


def digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts as JSON with sorted keys, no spaces, in UTF-8: the same wherever it is computed."""
    return sha256(json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def certified_in(facts: Mapping[str, Any]) -> list[Certified]:
    """The coverages of frozen facts."""
    return [
        Certified(**{**row, "starts_on": _day(row["starts_on"]), "expires_on": date.fromisoformat(row["expires_on"])})
        for row in facts["coverages"]
    ]


def says_the_same(facts: Mapping[str, Any], now: Sequence[Certified]) -> bool:
    """Whether what is certified is still what is in force."""
    return certified_in(facts) == sorted(now, key=lambda each: each.coverage)


def covered_from(terms: Sequence[tuple[date, date]], *, starts_on: date | None, expires_on: date) -> date | None:
    """The first day of the cover that lasts through `expires_on` without a gap; both days of a term are inclusive.

    `starts_on` is what is written at the coverage: it stands where no gap is known since. Cover that was bought anew
    after a gap counts from there, which may be a day to come (1-product, "Recovery").
    """
    begins_on = expires_on + timedelta(1)
    for first, last in sorted(terms, reverse=True):
        if first < begins_on <= last + timedelta(1):
            begins_on = first
    known = [day for day in (starts_on, begins_on if begins_on <= expires_on else None) if day]
    return max(known, default=None)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
