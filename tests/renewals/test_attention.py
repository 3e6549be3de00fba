"""What an advisor should look at first, and what the homes say first."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from accounts.rules import AccessLevel
from renewals.rules.attention import Candidate, Offer, Reason, attention, closing, near
from renewals.rules.headline import Standing, State, state

TODAY = date(2026, 11, 22)


def candidate(days, *, number=1, customer=None, level=AccessLevel.QUOTE, quantity=1, access=400):
    return Candidate(
        coverage=UUID(int=number),
        customer=UUID(int=customer or number),
        expires_on=TODAY + timedelta(days),
        quantity=quantity,
        level=level,
        access_until=TODAY + timedelta(access),
    )


def reasons(*candidates, most=10):
    return [(each.reason, each.candidate.coverage.int) for each in attention(candidates, TODAY, most=most)]


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (-366, None),
        (-365, Reason.CLOSING),
        (-335, Reason.CLOSING),
        (-334, None),
        (-15, None),
        (-14, Reason.LAPSED),
        (-1, Reason.LAPSED),
        (0, Reason.SOON),
        (30, Reason.SOON),
        (31, None),
    ],
)
def test_a_day_has_its_reason(days, reason):
    assert [each for each, _ in reasons(candidate(days))] == ([reason] if reason else [])


def test_access_that_ends_first_counts_before_missing_prices():
    assert reasons(candidate(20, access=19, level=AccessLevel.VIEW)) == [(Reason.ACCESS_ENDS, 1)]
    assert reasons(candidate(20, access=20, level=AccessLevel.VIEW)) == [(Reason.NO_PRICES, 1)]


def test_the_largest_is_named_only_where_there_is_a_choice():
    assert reasons(candidate(20, quantity=900)) == [(Reason.SOON, 1)]
    assert reasons(candidate(10, number=1), candidate(20, number=2, quantity=900)) == [
        (Reason.SOON, 1),
        (Reason.LARGEST, 2),
    ]


def test_what_is_lost_for_good_comes_first_and_then_the_day():
    found = reasons(candidate(3, number=1), candidate(-340, number=2), candidate(-2, number=3), candidate(9, number=4))
    assert [number for _, number in found] == [2, 3, 1, 4]


def test_plain_expiry_makes_room_for_reasons_of_their_own():
    plain = [candidate(day, number=day) for day in range(1, 10)]
    access = candidate(28, number=50, access=27)
    assert [number for _, number in reasons(*plain, access, most=3)] == [1, 2, 50]


def test_a_customer_is_named_once_for_each_reason_with_a_count():
    alike = [candidate(12, number=number, customer=7) for number in (1, 2, 3)]
    others = [candidate(20, number=4, customer=7), candidate(25, number=5, quantity=9)]
    (matter,) = [each for each in attention([*alike, *others], TODAY, most=5) if each.reason is Reason.SOON]
    assert (matter.coverages, matter.lost_on) == (3, TODAY + timedelta(12))


@pytest.mark.parametrize("boundary", [365, 180])
def test_the_windows_hold_every_day_that_has_a_reason(boundary):
    ranges = (closing(TODAY, boundary=boundary), near(TODAY))
    for days in range(-400, 60):
        each = replace(candidate(days), boundary=boundary)
        inside = any(first <= each.expires_on <= last for first, last in ranges)
        assert inside or not reasons(each)
    assert reasons(replace(candidate(-boundary), boundary=boundary)) == [(Reason.CLOSING, 1)]


def offer(*, number=90, covers=(1,), first=60, valid=20, sent=3, **fields):
    return Offer(
        quote=UUID(int=number),
        customer=UUID(int=1),
        number="Q-1",
        coverages=tuple(UUID(int=each) for each in covers),
        first_on=TODAY + timedelta(first),
        valid_until=TODAY + timedelta(valid),
        sent_on=None if sent is None else TODAY - timedelta(sent),
        **fields,
    )


@pytest.mark.parametrize(
    ("quote", "reason", "lost"),
    [
        (offer(), None, None),
        (offer(sent=None), None, None),
        (offer(sent=7), Reason.UNANSWERED, 20),
        (offer(first=14, sent=2), Reason.UNANSWERED, 14),
        (offer(first=14, sent=1), None, None),
        (offer(sent=6), None, None),
        (offer(valid=5), Reason.QUOTE_ENDS, 5),
        (offer(valid=6), None, None),
        (offer(first=-3, sent=9, valid=9), Reason.UNANSWERED, 9),
        (offer(sent=None, is_outdated=True), Reason.OUTDATED, 20),
        (offer(order=UUID(int=7), first=-3), Reason.TO_PLACE, 0),
        (offer(order=UUID(int=7), valid=-9), Reason.TO_PLACE, 60),
    ],
)
def test_a_quote_has_its_reason_and_the_day_of_its_loss(quote, reason, lost):
    found = [(each.reason, (each.lost_on - TODAY).days) for each in attention([], TODAY, most=9, offers=[quote])]
    assert found == ([(reason, lost)] if reason else [])


def test_quotes_and_coverages_stand_in_one_order_and_a_sent_quote_speaks_for_its_coverages():
    soon, other, access = candidate(9), candidate(12, number=2, quantity=9), candidate(25, number=3, access=8)
    found = attention([soon, other, access], TODAY, most=9, offers=[offer(covers=(1, 3), first=9)])
    assert [each.reason for each in found] == [Reason.ACCESS_ENDS, Reason.UNANSWERED, Reason.LARGEST]


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(total=0), State.EMPTY),
        (Standing(total=2, next_on=TODAY), State.SOON),
        (Standing(total=2, next_on=TODAY + timedelta(30), lapsed=1), State.SOON),
        (Standing(total=2, next_on=TODAY + timedelta(31)), State.LATER),
        (Standing(total=2, lapsed=1, undated=1), State.LAPSED),
        (Standing(total=2, undated=2), State.UNDATED),
    ],
)
def test_the_headline_says_the_nearest_thing(standing, expected):
    assert state(standing, today=TODAY) is expected
