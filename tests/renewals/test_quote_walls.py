"""The database itself holds quotes and orders to their lives, and keeps what was offered."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.keys import new_id
from accounts.rules import AccessLevel
from accounts.tenancy import set_actor
from licences.models import Assignment, Coverage
from renewals.models import Order, Quote, QuoteLine
from renewals.rules import orders, quotes
from renewals.rules.quotes import State
from tests.cast import AssignmentFactory, CoverageFactory, MembershipFactory, actor, today
from tests.hats import database_role
from tests.tenancy.world import plant_quote

pytestmark = pytest.mark.django_db


@pytest.fixture
def coverage():
    return CoverageFactory()


def planted(coverage, state="draft", author=None):
    with database_role("coterm_owner"):
        customer = coverage.licence.customer
        return plant_quote(customer, author or customer, coverage, state=state)


def line_of(quote):
    with database_role("coterm_owner"):
        return quote.lines.get()


def ordered(quote, state="to_place"):
    with database_role("coterm_owner"):
        row = {"customer": quote.customer, "organisation": quote.organisation, "quote": quote, "count": 1}
        return Order.objects.create(**row, state=state, created_at=timezone.now())


def can(row, **values):
    with database_role("coterm_owner"):
        try:
            with transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(**values)
        except Error:
            return False
        return True


@pytest.mark.parametrize("state", list(State))
def test_the_database_knows_the_same_life_of_a_quote(coverage, state):
    known = {(start, end) for (start, _, _), end in quotes.TRANSITIONS.items()}
    reachable = {end for end in State if can(planted(coverage, state.value), state=end.value)}
    assert reachable == {end for end in State if end is state or (state, end) in known}


@pytest.mark.parametrize(("state", "end"), list(product(orders.State, orders.State)))
def test_the_database_knows_the_same_life_of_an_order(coverage, state, end):
    known = {(start, finish) for (start, _, _), finish in orders.TRANSITIONS.items()}
    order = ordered(planted(coverage, "accepted"), state.value)
    assert can(order, state=end.value) is (state is end or (state, end) in known)


@pytest.mark.parametrize(
    ("column", "value"),
    [("totals", {"EUR": "0.01"}), ("valid_until", today() + timedelta(99)), ("notes", "Else"), ("basis", {"a": 1})],
)
def test_what_was_offered_is_never_rewritten(coverage, column, value):
    assert can(planted(coverage), **{column: value})
    assert not can(planted(coverage, "submitted"), **{column: value})


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_line_is_never_rewritten_but_may_be_held(coverage, state):
    line = line_of(planted(coverage, state))
    assert not can(line, amount=2)
    assert can(line, held=True)


def test_only_a_draft_takes_or_loses_lines(coverage):
    line = line_of(planted(coverage, "submitted"))
    with database_role("coterm_owner"):
        with pytest.raises(Error, match="Only a draft loses lines"), transaction.atomic():
            line.delete()
        line.pk, line.number = line_of(planted(coverage)).pk, 2
        with pytest.raises(Error, match="Only a draft takes lines"), transaction.atomic():
            QuoteLine.objects.bulk_create([QuoteLine(**values_of(line))])


def values_of(line):
    return {field.attname: getattr(line, field.attname) for field in line._meta.fields} | {"id": new_id()}


def test_a_coverage_is_held_by_one_quote_at_a_time(coverage):
    first, second = (line_of(planted(coverage, "accepted")) for _ in range(2))
    with database_role("coterm_owner"):
        QuoteLine.objects.filter(pk=first.pk).update(held=True)
        with pytest.raises(IntegrityError, match="quoteline_held_once"), transaction.atomic():
            QuoteLine.objects.filter(pk=second.pk).update(held=True)


def test_a_removed_coverage_leaves_its_line(coverage):
    quote = planted(coverage, "submitted")
    with database_role("coterm_owner"):
        Coverage.objects.filter(pk=coverage.pk).delete()
        connection.check_constraints()
        assert quote.lines.get().coverage_id is None


@pytest.mark.parametrize(("level", "seen"), [(AccessLevel.VIEW, 0), (AccessLevel.QUOTE, 1), (AccessLevel.RENEW, 1)])
def test_a_firm_sees_its_quote_only_while_it_may_quote_all_of_it(coverage, level, seen):
    bruno = MembershipFactory(organisation__kind="advisor")
    grant = AssignmentFactory(customer=coverage.licence.customer, advisor=bruno.organisation, level=level)
    quote = planted(coverage, "submitted", bruno.organisation)
    ordered(quote)
    set_actor(actor(bruno))
    assert [model.objects.count() for model in (Quote, QuoteLine, Order)] == [seen] * 3
    with database_role("coterm_owner"):
        scoped = [model.objects.visible_to(actor(bruno)).count() for model in (Quote, QuoteLine, Order)]
        Assignment.objects.filter(pk=grant.pk).update(status="revoked")
    assert scoped == [seen] * 3
    assert not Quote.objects.exists()
