"""What the customers of Meridian own beyond the rows of the mocks, dealt so that the totals are those of the mocks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from renewals.demo.draws import number, pick, table

APPLIANCES = ("AG55", "DC75", "DC92")
SOFTWARE = ("WDE", "WDP", "WDA", "ASP")
WARRANTY_YEARS = 3
DAYS_OF_A_YEAR = 365
RARELY = 9


@dataclass(frozen=True)
class Term:
    """One stretch of cover; both days are covered."""

    starts_on: date
    expires_on: date


@dataclass(frozen=True)
class Cover:
    """A coverage with its terms, oldest first; coverages with the same `licence` cover the same licence."""

    product: str
    programme: str
    quantity: int
    terms: tuple[Term, ...]
    licence: int = 0

    @property
    def expires_on(self) -> date:
        return self.terms[-1].expires_on


def row(line: str, key: str, today: date) -> Cover:
    """A coverage from `product | programme | quantity | days to the expiry`, with a history of its own."""
    product, programme, quantity, days = line.split(" | ")
    expires_on = today + timedelta(days=int(days))
    return Cover(product, programme, int(quantity), _history(_term_years(programme, int(days)), expires_on, key, line))


def dealt(takers: list[str], today: date) -> dict[str, list[Cover]]:
    """All coverages of the spread by customer; each taker gets one bundle, some get many."""
    hands: dict[str, list[Cover]] = defaultdict(list)
    for turn, (size, days) in enumerate(sorted(_bundles(), key=lambda bundle: number(10**9, "turn", *bundle))):
        taker = takers[turn] if turn < len(takers) else _favoured(takers, turn)
        hands[taker] += [row(line, f"{taker} {turn}", today) for line in _bundle(size, days, taker, turn)]
    return hands


def shared_licences(covers: Iterable[Cover]) -> tuple[Cover, ...]:
    """The coverages by expiry as given, those of the same appliances put on one licence."""
    held: dict[tuple[str, int, str], int] = {}
    result: list[Cover] = []
    for licence, cover in enumerate(covers):
        other = "HW" if cover.programme == "AM" else "AM"
        home = held.pop((cover.product, cover.quantity, cover.programme), licence)
        if home == licence:
            held[cover.product, cover.quantity, other] = licence
        result.append(replace(cover, licence=home))
    return tuple(result)


def _bundles() -> Iterator[tuple[int, int]]:
    """Size and days to the expiry of what expires together."""
    for low, high, count in SPREAD:
        left = count
        while left:
            size = min(left, 1 + number(3, "size", low, left))
            yield size, low + number(high - low + 1, "days", low, left)
            left -= size


def _favoured(takers: list[str], turn: int) -> str:
    """One of the takers, the first of them more often: few customers own much."""
    return takers[number(1 + number(len(takers), "favour", turn), "taker", turn)]


def _bundle(size: int, days: int, *key: object) -> Iterator[str]:
    if size > 1:
        product, quantity = pick(APPLIANCES, "appliance", *key), 1 + number(6, "appliances", *key)
        yield f"{product} | AM | {quantity} | {days}"
        yield f"{product} | HW | {quantity} | {days}"
    if size != 2 and number(4, "remote", *key) == 0:
        yield f"RS | AC | {5 * (2 + number(20, 'seats', *key))} | {days}"
    elif size != 2:
        yield f"{pick(SOFTWARE, 'software', *key)} | SA | {5 * (4 + number(90, 'seats', *key))} | {days}"


def _term_years(programme: str, days: int) -> int:
    """A warranty lasts long, and so does what expires so late that a term of a year had not begun yet."""
    return WARRANTY_YEARS if programme == "HW" or days > DAYS_OF_A_YEAR else 1


def _history(years: int, expires_on: date, *key: object) -> tuple[Term, ...]:
    """The current term and those before it; now and then a gap that was never closed."""
    terms = [Term(_years_before(expires_on, years) + timedelta(days=1), expires_on)]
    for back in range(number(4, "terms", *key) if years == 1 else 0):
        gap = 20 + number(60, "gap", *key) if number(RARELY, "gap", back, *key) == 0 else 0
        end = terms[-1].starts_on - timedelta(days=1 + gap)
        terms.append(Term(_years_before(end, years) + timedelta(days=1), end))
    return tuple(reversed(terms))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


SPREAD = table("portfolio")["spread"]
