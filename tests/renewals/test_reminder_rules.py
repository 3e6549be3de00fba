"""Which reminder is due when, who receives it, and when it may leave."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.rules.hours import digest_leaves, leaves_at
from renewals.rules.recipients import Why, receives, standing
from renewals.rules.reminders import (
    Deadline,
    Schedule,
    Window,
    due,
    given_up_on,
    lasting,
    superseded,
    timeline,
)

EXPIRES = date(2026, 12, 31)
MADRID = ZoneInfo("Europe/Madrid")
dates = st.dates(date(2000, 1, 1), date(2090, 12, 31))
offsets = st.integers(-500, 800)


def due_code(offset: int, expires_on: date = EXPIRES) -> int | None:
    found = due(timeline(expires_on), expires_on + timedelta(offset))
    return found.window.code if found else None


@pytest.mark.parametrize(
    ("offset", "code"),
    [
        (-121, None), (-120, -120), (-91, -120), (-90, -90), (-60, -60), (-31, -60), (-30, -30), (-14, -14),
        (-8, -14), (-7, -7), (-2, -7), (-1, -1), (0, 0), (6, 0), (7, 7), (29, 7), (30, 30), (59, 30), (60, None),
        (334, None), (335, 1970), (357, 1970), (358, 1993), (365, 1993), (366, None), (4000, None),
    ],
)  # fmt: skip
def test_a_window_is_due_from_its_day_until_the_next_one_opens(offset, code):
    assert due_code(offset) == code


def test_the_recovery_boundary_warns_thirty_and_seven_days_before_it():
    series = {each.window.code: each for each in timeline(date(2026, 8, 24))}
    assert series[1970].opens_on == date(2027, 7, 25)
    assert series[1993].opens_on == date(2027, 8, 17)
    assert series[1993].closes_on == date(2027, 8, 25)
    assert series[1970].window.deadline is Deadline.BOUNDARY


@given(dates, offsets)
def test_at_most_one_window_is_due_at_any_time(expires_on, offset):
    day = expires_on + timedelta(offset)
    assert sum(each.on(day) for each in timeline(expires_on)) <= 1


@given(dates, offsets, st.integers(1, 400))
def test_the_due_window_never_goes_back(expires_on, offset, later):
    series = timeline(expires_on)
    now, then = (due(series, expires_on + timedelta(days)) for days in (offset, offset + later))
    assert now is None or then is None or now.opens_on <= then.opens_on


@given(dates, st.integers(366, 5000))
def test_a_licence_imported_long_after_its_lapse_mails_nothing(expires_on, offset):
    day = expires_on + timedelta(offset)
    assert due(timeline(expires_on), day) is None
    assert superseded(timeline(expires_on), day) == ()


@given(dates, offsets)
def test_only_the_newest_due_window_is_sent_and_all_older_ones_are_superseded(expires_on, offset):
    series, day = timeline(expires_on), expires_on + timedelta(offset)
    newest = due(series, day)
    opened = [each.window for each in series if each.opens_on <= day]
    assert [*superseded(series, day), newest and newest.window] == (opened if newest else [None])


@given(st.integers(-200, -1), offsets)
def test_with_a_notice_deadline_at_most_one_window_is_due(notice, offset):
    series = timeline(EXPIRES, notice_on=EXPIRES + timedelta(notice))
    assert sum(each.on(EXPIRES + timedelta(offset)) for each in series) <= 1


def test_windows_before_the_expiry_count_from_the_notice_deadline():
    series = timeline(EXPIRES, notice_on=EXPIRES - timedelta(60))
    opening = [((each.opens_on - EXPIRES).days, each.window.deadline) for each in series]
    notice, expiry = (Deadline.NOTICE, Deadline.EXPIRY)
    assert opening[:10] == [
        (-180, notice), (-150, notice), (-120, notice), (-90, notice), (-74, notice), (-67, notice), (-61, notice),
        (-7, expiry), (-1, expiry), (0, expiry),
    ]  # fmt: skip


def test_every_window_has_its_own_code():
    codes = [each.window.code for each in lasting(notice=-10)]
    assert len(codes) == len(set(codes))


def test_an_operators_schedule_replaces_the_default():
    series = timeline(EXPIRES, schedule=Schedule(days=(-45, 0), boundary=90, warnings=(10,), tail=5))
    assert [(each.opens_on - EXPIRES).days for each in series] == [-45, 0, 80]
    assert [(each.closes_on - EXPIRES).days for each in series] == [0, 5, 91]


@pytest.mark.parametrize(("code", "closes"), [(-7, -1), (7, 30), (30, 60), (1970, 358), (1993, 366)])
def test_failed_sending_is_given_up_when_the_next_window_is_due(code, closes):
    window = next(each.window for each in timeline(EXPIRES) if each.window.code == code)
    assert given_up_on(timeline(EXPIRES), window) == EXPIRES + timedelta(closes)


@pytest.mark.parametrize("why", [Why.OWNER, Why.RENEWALS_MANAGER, Why.LEAD])
def test_owners_renewals_managers_and_leads_receive_every_window(why):
    assert all(receives(why, each.window) for each in lasting())


@pytest.mark.parametrize("why", [Why.APPROVER, Why.CONTACT])
def test_approvers_and_other_contacts_receive_the_thirty_days_round_the_expiry(why):
    codes = [each.window.code for each in lasting() if receives(why, each.window)]
    assert codes == [-30, -14, -7, -1, 0, 7, 30]


@pytest.mark.parametrize(
    ("is_lead", "lead_named", "why"),
    [(True, True, Why.LEAD), (False, True, Why.CONTACT), (False, False, Why.LEAD)],
)
def test_every_contact_is_lead_while_none_is_named(is_lead, lead_named, why):
    assert standing(is_lead=is_lead, lead_named=lead_named) is why


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026, in Madrid; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=MADRID)


@pytest.mark.parametrize(
    ("urgent", "now", "leaves"),
    [
        (True, at(24, 3), at(24, 8)), (True, at(24, 8), at(24, 8)), (True, at(24, 14, 5), at(24, 14, 5)),
        (True, at(24, 20), at(25, 8)), (True, at(24, 23, 59), at(25, 8)),
        (False, at(24, 9), at(30, 8)), (False, at(22, 9), at(23, 8)), (False, at(23, 3), at(23, 8)),
        (False, at(23, 12), at(23, 12)), (False, at(23, 20), at(30, 8)),
    ],
)  # fmt: skip
def test_a_row_waits_for_the_readers_morning_or_monday(urgent, now, leaves):
    assert leaves_at(urgent=urgent, now=now) == leaves


@given(dates, st.times(), st.booleans())
def test_nothing_leaves_in_the_past_or_at_night(day, clock, urgent):
    now = datetime.combine(day, clock, MADRID)
    leaves = leaves_at(urgent=urgent, now=now)
    assert leaves >= now
    assert 8 <= leaves.hour < 20


EARLY, LATE = Window(-60, -60), Window(-7, -7)


@pytest.mark.parametrize(
    ("waiting", "now", "digest_on", "leaves"),
    [
        ([LATE], at(24, 9), None, True), ([EARLY], at(24, 9), None, False), ([EARLY, LATE], at(24, 9), None, True),
        ([LATE], at(24, 7), None, False), ([EARLY], at(23, 9), None, True),
        ([EARLY], at(23, 9), date(2026, 11, 23), False), ([LATE], at(23, 9), date(2026, 11, 23), True),
        ([], at(23, 9), None, False),
    ],
)  # fmt: skip
def test_a_digest_leaves_once_a_day_and_urgent_windows_go_singly_after_it(waiting, now, digest_on, leaves):
    assert digest_leaves(waiting, now=now, digest_on=digest_on) is leaves


@given(st.lists(st.integers(0, 364), min_size=20, max_size=20, unique=True))
def test_twenty_expiry_dates_make_at_most_98_mails_a_year(days):
    start = date(2027, 1, 4)
    expiries = [start + timedelta(day) for day in days] + [start + timedelta(day + 365) for day in days]
    leaving = {
        leaves_at(urgent=each.window.urgent, now=datetime.combine(each.opens_on, datetime.min.time(), MADRID)).date()
        for expires_on in expiries
        for each in timeline(expires_on)
        if each.window.day < 0 and each.window.deadline is Deadline.EXPIRY
    }
    assert len([day for day in leaving if start <= day < start + timedelta(365)]) <= 98
