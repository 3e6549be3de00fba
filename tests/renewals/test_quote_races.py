"""One quote accepted many times at once, with the same key and with others: one order."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from renewals.models import Order, Quote, QuoteLine
from tests.hats import database_role
from tests.renewals.quoting import accepted, make_house, offered

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE, HANDS = 50, 8


@pytest.fixture
def house():
    return make_house()


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
