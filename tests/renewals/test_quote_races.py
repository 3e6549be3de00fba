"""One quote accepted many times at once, with one key and with many: one order; written as a licence goes: refused."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.tenancy import acting_as
from licences.models import Licence, Visibility
from licences.services.grants import lock_customer
from renewals.models import Decision, Order, Quote, QuoteLine
from renewals.rules.decisions import Reason
from renewals.services import removals
from renewals.services.decisions import agree, propose
from renewals.services.quotes import OutOfReach
from tests.cast import actor
from tests.hats import database_role
from tests.renewals.quoting import accepted, drafted, make_house, offered

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE, HANDS = 50, 8


@pytest.fixture
def house():
    return make_house()


def until_somebody_waits():
    """For a lock of ours, or for ten seconds."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("select exists (select from pg_locks where not granted)")
            if cursor.fetchone() == (True,):
                return
        time.sleep(0.02)


def removed(house):
    alba = actor(house.alba)
    try:
        with database_role("coterm_web"), acting_as(alba):
            licence = Licence.objects.get(pk=house.coverages[0].licence_id)
            removals.remove_licence(alba, licence=licence, version=licence.version)
    finally:
        connection.close()


def refused(house):
    try:
        with database_role("coterm_web"), acting_as(actor(house.owen)):
            drafted(house, house.owen)
    except OutOfReach as problem:
        return type(problem)
    finally:
        connection.close()


def proposed(house):
    """Bruno proposes to give up four seats of a coverage."""
    bruno = actor(house.bruno)
    with database_role("coterm_web"), acting_as(bruno):
        seen = Visibility.objects.visible_to(bruno).first()
        return propose(bruno, seen=seen, quantity=4, reason=Reason.BUDGET)


def agreed(house, decision):
    alba = actor(house.alba)
    try:
        with database_role("coterm_web"), acting_as(alba):
            return agree(alba, decision=decision).state
    finally:
        connection.close()


@pytest.mark.parametrize("keys", [["same"] * AT_ONCE, [str(uuid4()) for _ in range(AT_ONCE)]], ids=["same", "others"])
def test_one_quote_accepted_fifty_times_at_once_makes_one_order(house, keys):
    quote = offered(house)
    with ThreadPoolExecutor(HANDS) as pool:
        found = set(pool.map(lambda key: accepted(house, quote, key), keys))
    with database_role("coterm_owner"):
        assert found == {Order.objects.get().pk}


def test_of_two_quotes_on_one_coverage_one_is_accepted(house):
    first, second = offered(house), offered(house)
    with ThreadPoolExecutor(2) as pool:
        found = set(pool.map(lambda quote: accepted(house, quote, None), [first, second]))
    with database_role("coterm_owner"):
        assert len(found) == Order.objects.count() == Quote.objects.filter(state="accepted").count() == 1
        assert QuoteLine.objects.held().count() == 2


def test_a_quote_of_a_licence_that_is_being_removed_is_refused_in_words(house, monkeypatch):
    deleted = Event()
    told = removals.record

    def slowly(*words, **details):
        told(*words, **details)
        deleted.set()
        until_somebody_waits()

    monkeypatch.setattr(removals, "record", slowly)
    with ThreadPoolExecutor(2) as pool:
        removal = pool.submit(removed, house)
        assert deleted.wait(20)
        quote = pool.submit(refused, house)
    assert (removal.result(), quote.result()) == (None, OutOfReach)


def test_who_agrees_waits_for_the_customer_before_holding_the_proposal(house):
    decision, owen = proposed(house), actor(house.owen)
    with ThreadPoolExecutor(1) as pool:
        with database_role("coterm_web"), acting_as(owen), transaction.atomic():
            lock_customer(owen)
            answer = pool.submit(agreed, house, decision)
            until_somebody_waits()
            assert Decision.objects.select_for_update(nowait=True).get(pk=decision.pk).state == "proposed"
        assert answer.result() == "decided"
