"""Countries, the states of the United States, and languages, named in the reader's own."""

import unicodedata
from functools import lru_cache

from babel import Locale
from django_countries.data import COUNTRIES

from interface.dates import locale

UNITED_STATES = "US"
STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

Choices = tuple[tuple[str, str], ...]


def country_name(code: str) -> str:
    """The country in the reader's language; the code itself when nobody knows it."""
    return str(Locale.parse(locale()).territories.get(code, code))


def countries() -> Choices:
    """Code and name of every country, in the order of the reader's alphabet."""
    return _countries(locale())


def spoken(codes: str) -> str:
    """Languages as a reader says them: "en es" is "English, Spanish"."""
    names = Locale.parse(locale()).languages
    return ", ".join(str(names.get(code, code)) for code in codes.split())


@lru_cache
def _countries(language: str) -> Choices:
    names = Locale.parse(language).territories
    return tuple(sorted(((code, str(names.get(code, code))) for code in COUNTRIES), key=lambda pair: _plain(pair[1])))


def _plain(name: str) -> str:
    """Accents do not count in the alphabet: Éire stands between Egypt and Eritrea."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
