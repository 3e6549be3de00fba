"""Ends: policy that the programme dates, access that goes on once by itself, and ends before a licence's expiry."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Letter
from accounts.permissions import Forbidden
from accounts.rules import AccessLevel
from accounts.tenancy import acting_as
from licences.models import AccessPolicy, Assignment
from licences.rules import Scope, Status
from licences.rules.access import Refusal, Refused, Terms, Ticks, check_extension, widens
from licences.rules.changes import Stale
from licences.rules.ends import STANDARD, months_after
from licences.services import reviews
from licences.services.assignments import change_access
from licences.services.policies import PolicyRefused, policy_on, set_policy, withdraw_policy
from tests.cast import AssignmentFactory, MembershipFactory, OrganisationFactory, actor, today
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db
SHORTER = replace(STANDARD, default_months=6, longest_months=12, notice_days=(14, 2), extend_months=3)


@pytest.fixture
def manager():
    return MembershipFactory(organisation=OrganisationFactory(kind="programme"), role="manager")


@pytest.fixture
def elena(manager):
    return actor(manager)


@pytest.fixture
def grant(larkfield, meridian, contact, coverages):
    return AssignmentFactory(
        customer=larkfield, advisor=meridian, contact=contact, scope="selected", ends_on=today(), picked=coverages[:2]
    )


def setting(elena, days=0, policy=SHORTER):
    with acting_as(elena):
        return set_policy(elena, valid_from=today() + timedelta(days), policy=policy, today=today())


def extending(who, grant, *, version=1, **terms):
    wanted = Terms(Scope.SELECTED, AccessLevel.VIEW, today(), extends=True)
    with acting_as(who):
        return change_access(who, assignment=grant, version=version, terms=replace(wanted, **terms), ticks=Ticks())


def review():
    with database_role("coterm_worker"):
        return reviews.review_assignments()


def stored(who, grant):
    with acting_as(who):
        return Assignment.objects.get(pk=grant.pk)


def test_a_version_counts_from_its_day_on(elena, alba):
    setting(elena, days=10)
    with acting_as(alba):
        assert policy_on(today() + timedelta(9)) == STANDARD
        assert policy_on(today() + timedelta(10)) == SHORTER


@pytest.mark.parametrize("days", [-1, 0])
def test_no_version_begins_in_the_past_or_on_a_day_that_is_taken(elena, days):
    setting(elena)
    with pytest.raises(PolicyRefused):
        setting(elena, days=days)


def test_what_has_begun_is_never_taken_back(elena):
    begun, coming = setting(elena), setting(elena, days=5)
    with acting_as(elena):
        withdraw_policy(elena, policy=coming, today=today())
        for gone in (begun, coming):
            with pytest.raises(Stale):
                withdraw_policy(elena, policy=gone, today=today())
        verbs = AuditEntry.objects.visible_to(elena).order_by("id").values_list("verb", flat=True)
        assert list(verbs) == ["policy.set", "policy.set", "policy.withdrawn"]


def test_only_the_programme_sets_policy(alba):
    with pytest.raises(Forbidden):
        setting(alba)


def test_a_shorter_policy_binds_new_ends_and_keeps_given_ones(elena, alba, larkfield, meridian, coverages):
    long = AssignmentFactory(
        customer=larkfield, advisor=meridian, scope="selected", ends_on=today() + timedelta(700), picked=coverages
    )
    setting(elena)
    assert extending(alba, long, ends_on=long.ends_on, extends=False, level=AccessLevel.QUOTE)
    with pytest.raises(Refused) as refused:
        extending(alba, long, version=2, ends_on=today() + timedelta(690), level=AccessLevel.QUOTE)
    assert refused.value.refusal is Refusal.END_TOO_LATE


def test_the_desk_shows_what_counts_and_refuses_what_cannot_be(manager):
    desk = signed_in(manager)
    assert "in force" in desk.get("/programme/access/").text
    wrong = {"valid_from": today() - timedelta(1), "default_months": 30, "longest_months": 24, "notice_days": "30, x"}
    answer = desk.post("/programme/access/", wrong)
    assert answer.status_code == 422
    for said in ("cannot begin in the past", "cannot exceed the longest", "Write whole days"):
        assert said in answer.text


def test_the_desk_saves_a_version_and_takes_it_back(manager):
    desk, day = signed_in(manager), today() + timedelta(30)
    values = {"default_months": 6, "longest_months": 12, "extend_months": 3, "notice_days": "14 2"}
    days = {"request_days": 30, "expiring_days": 14, "support_days": 7, "longest_support_days": 60}
    posted = values | days | {"valid_from": day}
    assert desk.post("/programme/access/", posted).status_code == 303
    assert "already: take it back first" in desk.post("/programme/access/", posted).text
    row = AccessPolicy.objects.get(valid_from=day)
    assert row.rules == replace(SHORTER, **days)
    assert desk.post(f"/programme/access/{row.pk}/withdraw/").status_code == 303
    assert desk.post(f"/programme/access/{row.pk}/withdraw/").status_code == 404


def test_renew_on_everything_never_goes_on_by_itself(alba, grant):
    with pytest.raises(Refused):
        check_extension(Terms(Scope.ALL, AccessLevel.RENEW, today(), extends=True))
    with pytest.raises(Refused) as refused:
        extending(alba, grant, scope=Scope.ALL, level=AccessLevel.RENEW)
    assert refused.value.refusal is Refusal.NEVER_EXTENDED
    with database_role("coterm_owner"), pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=grant.pk).update(scope="all", level=3, auto_extend=True)


def test_going_on_by_itself_widens():
    now = Terms(Scope.SELECTED, AccessLevel.VIEW, today())
    assert widens(now, replace(now, extends=True))
    assert not widens(replace(now, extends=True), now)


def test_what_goes_on_gets_another_end_once_and_both_sides_are_told(alba, bruno, contact, grant):
    assert extending(alba, grant)
    review()
    again = stored(alba, grant)
    assert (again.ends_on, again.auto_extend, again.status) == (months_after(today(), 6), False, Status.ACTIVE)
    review()
    assert stored(alba, grant).version == again.version
    with database_role("coterm_worker"):
        told = Letter.objects.filter(context__verb="assignment.extended")
        assert {letter.user_id for letter in told} == {contact.user_id, alba.user_id}
    for who in (alba, bruno):
        with acting_as(who):
            assert AuditEntry.objects.visible_to(who).filter(verb="assignment.extended").count() == 1


def test_paused_access_does_not_go_on_by_itself(alba, larkfield, meridian, coverages):
    grant = AssignmentFactory(
        customer=larkfield,
        advisor=meridian,
        scope="selected",
        status="suspended",
        suspended_by="customer",
        ends_on=today() - timedelta(1),
        auto_extend=True,
        picked=coverages,
    )
    review()
    assert stored(alba, grant).status == Status.EXPIRED


def update_page(alba, larkfield, grant, **posted):
    browser = signed_in(MembershipFactory(organisation=larkfield))
    path = f"/licences/assignments/{grant.pk}/"
    if posted:
        browser.post(path, {"version": 1, "scope": "selected", "level": 1, "until": "date", **posted})
    return browser.get(path).text


def test_an_end_before_the_expiry_names_the_licences_and_offers_the_day(alba, larkfield, grant, coverages):
    page = update_page(alba, larkfield, grant, ends_on=coverages[0].expires_on - timedelta(1))
    assert "the day before" in page
    assert re.findall(r'name="cover" value="([0-9-]+)"', page) == [coverages[1].expires_on.isoformat()]


def test_one_press_covers_them(alba, larkfield, grant, coverages):
    page = update_page(alba, larkfield, grant, ends_on=today(), cover=coverages[1].expires_on.isoformat())
    assert stored(alba, grant).ends_on == coverages[1].expires_on
    assert 'name="cover"' not in page
