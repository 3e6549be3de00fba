"""The rules of access: what beats what, who may do what, how long it lasts."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from accounts.rules import AccessLevel, Power
from licences.rules import Scope, Status
from licences.rules.access import (
    Grant,
    Refusal,
    Refused,
    Terms,
    Wish,
    changes_of,
    check_end,
    end_after_last,
    power_for,
    power_to_give,
    terms_for,
    widens,
)
from licences.rules.changes import Difference, Field, Stale, after, differences, named_change
from licences.rules.ends import STANDARD, months_after
from licences.rules.life import TRANSITIONS, Verb

DAY = date(2026, 11, 22)
ONE, TWO = UUID(int=1), UUID(int=2)
VIEW, QUOTE, RENEW = AccessLevel.VIEW, AccessLevel.QUOTE, AccessLevel.RENEW


def terms(level=VIEW, scope=Scope.SELECTED, days=100):
    return Terms(scope, level, DAY + timedelta(days))


def grant(*named, number=9, **kwargs):
    return Grant(UUID(int=number), terms(**kwargs), frozenset(named))


def test_selected_beats_all_even_when_it_is_lower():
    grants = [grant(scope=Scope.ALL, level=RENEW, days=500), grant(ONE, level=VIEW)]
    assert terms_for(grants, ONE) == terms(VIEW)
    assert terms_for(grants, TWO).level is RENEW


def test_an_exclusion_leaves_a_coverage_out_of_all():
    assert terms_for([grant(ONE, scope=Scope.ALL)], ONE) is None


def test_of_two_selected_grants_the_later_end_counts():
    grants = [grant(ONE, level=RENEW, days=5), grant(ONE, level=VIEW, days=6, number=3)]
    assert terms_for(grants, ONE).level is VIEW


@pytest.mark.parametrize(
    ("before", "wanted", "wider"),
    [
        (None, terms(), True),
        (terms(), None, False),
        (terms(QUOTE), terms(VIEW), False),
        (terms(VIEW), terms(QUOTE), True),
        (terms(days=5), terms(days=6), True),
        (terms(QUOTE, days=9), terms(VIEW, days=9), False),
    ],
)
def test_wider_is_higher_or_longer(before, wanted, wider):
    assert widens(before, wanted) is wider


@pytest.mark.parametrize(
    ("wanted", "power"),
    [
        (terms(VIEW), Power.GRANT_SELECTED),
        (terms(QUOTE), Power.GRANT_SELECTED),
        (terms(RENEW), Power.GRANT_ANY),
        (terms(VIEW, scope=Scope.ALL), Power.GRANT_ANY),
    ],
)
def test_renew_and_all_are_the_owners_to_give(wanted, power):
    assert power_to_give(wanted) is power


def test_lowering_renew_is_narrowing_but_lengthening_it_is_not():
    assert power_for([(terms(RENEW), terms(QUOTE))]) is Power.NARROW_ACCESS
    assert power_for([(terms(RENEW, days=5), terms(RENEW, days=6))]) is Power.GRANT_ANY
    assert power_for([]) is Power.NARROW_ACCESS


def test_taking_a_lower_grant_away_widens_when_a_grant_of_all_takes_over():
    assert power_for([(terms(VIEW), terms(QUOTE, scope=Scope.ALL))]) is Power.GRANT_ANY


def test_a_wish_changes_only_what_differs():
    wish = Wish(frozenset({ONE, TWO}), VIEW, DAY + timedelta(100))
    assert [change.coverage for change in changes_of(wish, [grant(ONE)])] == [TWO]


def test_following_gives_what_the_grant_of_all_gives():
    grants = [grant(scope=Scope.ALL, level=QUOTE), grant(ONE)]
    (change,) = changes_of(Wish(frozenset({ONE}), follow=True), grants)
    assert (change.before, change.after) == (terms(), terms(QUOTE, scope=Scope.ALL))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (DAY, 24, date(2028, 11, 22)),
    ],
)
def test_months_keep_the_day_or_the_last_of_the_month(day, months, later):
    assert months_after(day, months) == later


@pytest.mark.parametrize(
    ("ends_on", "refusal"), [(DAY - timedelta(1), Refusal.END_PAST), (date(2028, 11, 23), Refusal.END_TOO_LATE)]
)
def test_an_end_lies_ahead_and_within_two_years(ends_on, refusal):
    check_end(DAY, today=DAY)
    check_end(date(2028, 11, 22), today=DAY)
    with pytest.raises(Refused) as refused:
        check_end(ends_on, today=DAY)
    assert refused.value.refusal is refusal


def test_the_last_expiry_ignores_lapsed_ones_and_is_at_most_the_longest():
    assert end_after_last([None, DAY - timedelta(1)], today=DAY) is None
    assert end_after_last([DAY, DAY + timedelta(40), None], today=DAY) == DAY + timedelta(40)
    assert end_after_last([date(2040, 1, 1)], today=DAY) == date(2028, 11, 22)


@pytest.mark.parametrize(
    ("days", "notice"), [(31, None), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)]
)
def test_the_tightest_notice_before_an_end_is_due(days, notice):
    assert STANDARD.notice_due(DAY + timedelta(days), today=DAY) == notice


@pytest.mark.parametrize(("left", "asked_in"), [(365, 335), (30, 0), (17, 10), (1, 0), (0, None)])
def test_access_is_never_said_to_be_asked_about_on_a_day_gone_by(left, asked_in):
    asked_on = STANDARD.next_notice(DAY + timedelta(left), today=DAY)
    assert asked_on == (None if asked_in is None else DAY + timedelta(asked_in))


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("verb", list(Verb))
def test_a_verb_leads_where_the_table_says_or_nowhere(status, verb):
    if (status, verb) in TRANSITIONS:
        assert after(status, verb) is TRANSITIONS[status, verb]
    else:
        with pytest.raises(Stale) as stale:
            after(status, verb)
        assert stale.value.differences[0].now is status


def test_ended_grants_are_never_reopened():
    ended = {Status.DISCARDED, Status.EXPIRED, Status.REVOKED, Status.RESIGNED, Status.DECLINED, Status.LAPSED}
    assert not [verb for status, verb in TRANSITIONS if status in ended]


def test_a_difference_names_the_field_with_both_values():
    assert differences(terms(VIEW), terms(QUOTE)) == [Difference(Field.LEVEL, VIEW, QUOTE)]
    assert differences(terms(), terms()) == []


@pytest.mark.parametrize(
    ("before", "wanted", "counts", "verb"),
    [
        (terms(VIEW), terms(QUOTE), {}, "assignment.level_raised"),
        (terms(QUOTE), terms(VIEW), {"added": 1}, "assignment.level_lowered"),
        (terms(), terms(), {"added": 2}, "assignment.licences_added"),
        (terms(), terms(), {"removed": 2}, "assignment.licences_removed"),
        (terms(), terms(days=9), {"removed": 2}, "assignment.changed"),
        (terms(), terms(), {"added": 1, "removed": 2}, "assignment.changed"),
    ],
)
def test_a_change_is_named_by_what_says_most(before, wanted, counts, verb):
    assert named_change(before, wanted, **counts) == verb
