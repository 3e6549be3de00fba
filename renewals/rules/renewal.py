"""Carrying current cover on (1-product, "Co-term, one coverage")."""

from datetime import date

from renewals.rules.lines import Kind, Line, cover
from renewals.rules.positions import Position
from renewals.rules.years import years


def renewal(position: Position, ends_on: date) -> tuple[Line, ...]:
    """Cover from the day after the expiry through `ends_on`, by the day; ValueError if that would shorten it."""
    part = position.tariff.part(years(position.expires_on, ends_on))
    return (cover(position, Kind.RENEWAL, parts=(part,), after_on=position.expires_on, ends_on=ends_on),)
