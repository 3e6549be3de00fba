"""The life of a quote and of an order, and who may accept what."""

from decimal import Decimal
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from accounts.rules import Actor, Kind, Role
from renewals.rules import orders, quotes
from renewals.rules.quotes import Difference, Hindrance, Party, Stand, State, Verb
from tests.cast import today

HERE, ELSEWHERE = uuid4(), uuid4()
CUSTOMERS = {"o": Party.OWNER, "m": Party.MANAGER, "a": Party.APPROVER}
OWN = {"O": Party.AUTHOR_OWNER, "M": Party.AUTHOR_MANAGER, "F": Party.AUTHOR_ADVISOR}
LETTERS = CUSTOMERS | OWN | {"v": Party.READER, "p": Party.PROGRAMME, "s": Party.SCHEDULE}
# Said a second time, in another form, so that a slip in the table shows.
ALLOWED = {
    "draft change": "OMF",
    "draft discard": "OMF",
    "draft submit": "OMF",
    "draft accept": "aOM",
    "submitted send": "OMF",
    "submitted accept": "omaOM",
    "submitted decline": "omaOM",
    "submitted withdraw": "OMF",
    "submitted expire": "s",
    "accepted cancel": "omOMp",
    "accepted fulfil": "p",
}


@pytest.mark.parametrize(("state", "verb", "letter"), list(product(State, Verb, LETTERS)))
def test_a_quote_lets_this_party_do_this_now(state, verb, letter):
    assert quotes.may(state, verb, LETTERS[letter]) is (letter in ALLOWED.get(f"{state} {verb}", ""))


def test_nobody_does_anything_to_a_quote():
    assert not any(quotes.may(state, verb, None) for state, verb in product(State, Verb))


def test_what_leads_nowhere_is_closed():
    with pytest.raises(quotes.Closed, match="expired"):
        quotes.after(State.EXPIRED, Verb.ACCEPT, Party.OWNER)


@pytest.mark.parametrize(
    ("kind", "role", "author", "party"),
    [
        (Kind.CUSTOMER, Role.OWNER, ELSEWHERE, Party.OWNER),
        (Kind.CUSTOMER, Role.OWNER, HERE, Party.AUTHOR_OWNER),
        (Kind.CUSTOMER, Role.RENEWALS_MANAGER, HERE, Party.AUTHOR_MANAGER),
        (Kind.CUSTOMER, Role.APPROVER, HERE, Party.APPROVER),
        (Kind.CUSTOMER, Role.VIEWER, HERE, Party.READER),
        (Kind.ADVISOR, Role.MEMBER, HERE, Party.AUTHOR_ADVISOR),
        (Kind.ADVISOR, Role.MEMBER, ELSEWHERE, None),
        (Kind.PROGRAMME, Role.MANAGER, ELSEWHERE, Party.PROGRAMME),
        (Kind.DISTRIBUTOR, Role.MEMBER, ELSEWHERE, None),
    ],
)
def test_an_actor_is_a_party_by_its_role_and_by_whose_quote_it_is(kind, role, author, party):
    assert quotes.party_of(Actor(HERE, kind, role), author=author) is party


def test_nobody_acts_for_the_schedule():
    assert quotes.party_of(None, author=HERE) is Party.SCHEDULE


@pytest.mark.parametrize(
    ("state", "verb", "parties"),
    [
        (
            "to_place",
            "place",
            "customer owner, customer renewals manager, advisor, level Renew on all of it",
        ),
        ("to_place", "cancel", "customer owner, customer renewals manager, programme manager"),
        ("placed", "fulfil", "programme manager"),
        ("placed", "cancel", "programme manager"),
    ],
)
def test_an_order_is_placed_by_the_customer_and_confirmed_by_the_programme(state, verb, parties):
    may = [party for party in orders.Party if orders.may(orders.State(state), orders.Verb(verb), party)]
    assert ", ".join(may) == parties


@pytest.mark.parametrize("state", [orders.State.FULFILLED, orders.State.CANCELLED])
def test_an_order_that_has_ended_stays_so(state):
    assert not any(orders.may(state, verb, party) for verb, party in product(orders.Verb, orders.Party))


LIMITS = {"EUR": Decimal("100.00")}


@pytest.mark.parametrize(
    ("role", "totals", "has_approver", "why"),
    [
        (Role.OWNER, {"EUR": Decimal("9999")}, True, None),
        (Role.RENEWALS_MANAGER, {"EUR": Decimal(1)}, False, None),
        (Role.RENEWALS_MANAGER, {"EUR": Decimal(1)}, True, Hindrance.APPROVERS_DECIDE),
        (Role.APPROVER, {"EUR": Decimal("100.00")}, True, None),
        (Role.APPROVER, {"EUR": Decimal("100.01")}, True, Hindrance.OVER_LIMIT),
        (Role.APPROVER, {"EUR": Decimal(1), "USD": Decimal(1)}, True, Hindrance.OVER_LIMIT),
        (Role.APPROVER, {"USD": Decimal(0)}, True, Hindrance.OVER_LIMIT),
    ],
)
def test_who_may_accept_follows_from_role_and_limit(role, totals, has_approver, why):
    assert quotes.hindrance(role, totals, has_approver=has_approver, limits=LIMITS) is why


@pytest.mark.parametrize(("valid", "stands"), [(-1, State.EXPIRED), (0, State.SUBMITTED), (1, State.SUBMITTED)])
def test_a_quote_has_expired_by_the_calendar_alone(valid, stands):
    day = today().replace(day=15)
    assert quotes.standing(State.SUBMITTED, valid_until=day.replace(day=15 + valid), today=day) is stands


def test_only_what_waits_for_an_answer_expires():
    assert quotes.standing(State.ACCEPTED, valid_until=today().replace(year=2000), today=today()) is State.ACCEPTED


DAY = today()


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (Stand(DAY, 5), None),
        (None, Difference.REMOVED),
        (Stand(None, 5), Difference.EXPIRY),
        (Stand(DAY.replace(year=2040), 6), Difference.EXPIRY),
        (Stand(DAY, 6), Difference.QUANTITY),
    ],
)
def test_a_quote_says_what_became_of_its_coverage(now, what):
    assert quotes.difference(Stand(DAY, 5), now) is what


@pytest.mark.parametrize("rules", [quotes, orders])
def test_the_life_is_printed_with_its_ends(rules):
    table = rules.as_table()
    assert "*(ended)*" in table and all(f"| {state} |" in table for state in rules.State)


@pytest.mark.parametrize("rules", [quotes, orders])
def test_the_page_of_quotes_shows_the_life_as_it_is(rules):
    page = (Path(settings.BASE_DIR) / "docs" / "quotes.md").read_text()
    assert rules.as_table() in page
