"""What a portfolio is narrowed to: read from a query string, and written back as one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self
from urllib.parse import parse_qs, urlencode

from accounts.rules import AccessLevel
from licences.rules import NO_DATE, Programme

LONGEST_TEXT = 100
PERIODS: dict[str, tuple[int | None, int | None]] = {
    "30": (0, 30),
    "31-60": (31, 60),
    "61-90": (61, 90),
    "31-90": (31, 90),
    "later": (91, None),
    "lapsed": (None, -1),
    "due": (None, 30),
}
"""Days from today, both inclusive; None leaves that side open."""
UNDATED = "undated"
LEVELS = {level.name.lower(): level for level in AccessLevel if level}
RENEWALS = ("decided", "proposed")
"""What is decided, or only proposed, not to be renewed."""
SORTS = ("expires", "-expires", "customer", "-customer", "quantity", "-quantity")
LAST_DATE = NO_DATE - timedelta(1)
SLUG = re.compile(r"[-a-z0-9_]{1,80}", re.ASCII | re.IGNORECASE)
COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Every filter that is set; `expires` names a period of PERIODS, or UNDATED, and yields to `first` and `last`."""

    text: str = ""
    expires: str = ""
    first: date | None = None
    last: date | None = None
    programmes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    customer: str = ""
    renewal: str = ""
    mine: bool = False
    sort: str = SORTS[0]

    @classmethod
    def read(cls, query: str) -> Self:
        """What `query` asks for; whatever it says that nobody understands is left out."""
        asked = parse_qs(query)
        first, last = (_date(asked, f"expires_{side}") for side in ("from", "to"))
        return cls(
            text=_one(asked, "q").replace("\0", "").strip()[:LONGEST_TEXT],
            expires="" if first or last else _known(asked, "expires", (*PERIODS, UNDATED)),
            first=first,
            last=last,
            programmes=_several(asked, "programme", list(Programme)),
            levels=_several(asked, "access", LEVELS),
            countries=tuple(sorted(c for c in set(asked.get("country", ())) if COUNTRY.fullmatch(c))),
            customer=next((s for s in asked.get("customer", ()) if SLUG.fullmatch(s)), ""),
            renewal=_known(asked, "renewal", RENEWALS),
            mine=_one(asked, "mine") == "1",
            sort=_known(asked, "sort", SORTS) or SORTS[0],
        )

    def query(self) -> str:
        """The query string that reads back as these filters, without its question mark."""
        pairs: list[tuple[str, object]] = [
            ("q", self.text),
            ("expires", self.expires),
            ("expires_from", self.first or ""),
            ("expires_to", self.last or ""),
            *(("programme", value) for value in self.programmes),
            *(("access", value) for value in self.levels),
            *(("country", value) for value in self.countries),
            ("customer", self.customer),
            ("renewal", self.renewal),
            ("mine", "1" if self.mine else ""),
            ("sort", "" if self.sort == SORTS[0] else self.sort),
        ]
        return urlencode([(key, value) for key, value in pairs if value != ""])

    def dates(self, today: date) -> tuple[date, date] | None:
        """The first and last expiry date that is asked for, both inclusive; None when any will do, or none."""
        if self.expires == UNDATED:
            return NO_DATE, NO_DATE
        if self.expires:
            first, last = PERIODS[self.expires]
            return _days(today, first, date.min), _days(today, last, LAST_DATE)
        if self.first or self.last:
            return self.first or date.min, self.last or LAST_DATE
        return None

    def unsorted(self) -> Self:
        """The same rows in the usual order."""
        return replace(self, sort=SORTS[0])


def _days(today: date, days: int | None, otherwise: date) -> date:
    return otherwise if days is None else today + timedelta(days)


def _one(asked: Mapping[str, list[str]], key: str) -> str:
    return asked.get(key, [""])[0]


def _known(asked: Mapping[str, list[str]], key: str, words: Iterable[str]) -> str:
    value = _one(asked, key)
    return value if value in words else ""


def _several(asked: Mapping[str, list[str]], key: str, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(word) for word in words if word in asked.get(key, ()))


def _date(asked: Mapping[str, list[str]], key: str) -> date | None:
    try:
        return date.fromisoformat(_one(asked, key))
    except ValueError:
        return None
