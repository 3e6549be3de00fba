"""One quote accepted many times at once, with the same key and with others: one order."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from accounts.tenancy import acting_as
from renewals.models import Order, Quote, QuoteLine
from renewals.services.acceptance import Taken, accept
from renewals.services.quotes import submit
from tests.cast import actor
from tests.hats import database_role
from tests.renewals.quoting import drafted, make_house

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE, HANDS = 50, 8


@pytest.fixture
def house():
    return make_house()


def offered(house):
    bruno = actor(house.bruno)
    with database_role("coterm_web"), acting_as(bruno):
        quote = drafted(house, house.bruno)
        return submit(bruno, quote=quote, version=quote.version)


def attempt(house, quote, key):
    alba = actor(house.alba)
    try:
        with database_role("coterm_web"), acting_as(alba):
            return accept(alba, quote=quote, key=key).pk
    except Taken as taken:
        return taken.order and taken.order.pk
    finally:
        connection.close()


@pytest.mark.parametrize("keys", [["same"] * AT_ONCE, [str(uuid4()) for _ in range(AT_ONCE)]], ids=["same", "others"])
def test_one_quote_accepted_fifty_times_at_once_makes_one_order(house, keys):
    quote = offered(house)
    with ThreadPoolExecutor(HANDS) as pool:
        found = set(pool.map(lambda key: attempt(house, quote, key), keys))
    with database_role("coterm_owner"):
        assert found == {Order.objects.get().pk}


def test_of_two_quotes_on_one_coverage_one_is_accepted(house):
    first, second = offered(house), offered(house)
    with ThreadPoolExecutor(2) as pool:
        found = set(pool.map(lambda quote: attempt(house, quote, None), [first, second]))
    with database_role("coterm_owner"):
        assert len(found) == Order.objects.count() == Quote.objects.filter(state="accepted").count() == 1
        assert QuoteLine.objects.held().count() == 2
