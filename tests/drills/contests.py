"""People who want the same thing at the same moment, through the product's own pages and services, as web."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from interface import dates
from licences.models import Assignment
from renewals.models import Order
from tests import database
from tests.cast import AssignmentFactory, MembershipFactory, today
from tests.clients import signed_in
from tests.drills.findings import Finding
from tests.drills.stage import Stage
from tests.races import at_once
from tests.renewals.quoting import accepted, make_house, offered

EDITS, HANDS = 200, 50


def two_admins(stage: Stage) -> Finding:
    """Two owners change one assignment at the same moment: one wins, the other gets a 409 that says what differs."""
    stage.fresh()
    rounds = min(EDITS, stage.rows)
    with as_web():
        grant = AssignmentFactory()
        owners = [signed_in(MembershipFactory(organisation=grant.customer), SERVER_NAME="127.0.0.1") for _ in range(2)]
        fair = sum(one_won(grant, owners, number) for number in range(1, rounds + 1))
    version = Assignment.objects.get(pk=grant.pk).version
    finding = Finding(rounds, lost=rounds + 1 - version, note=f"{fair} times one won and the other was told")
    finding.promise(fair == rounds, f"{rounds - fair} of {rounds} times not one winner and one who was told")
    finding.promise(version == rounds + 1, f"the assignment is at version {version}, expected {rounds + 1}")
    return finding


def one_won(grant: Assignment, owners: list[Client], version: int) -> bool:
    """Both saw this version, and each wants another end: 303 for the one, both ends in words for the other."""
    ends = [today() + timedelta(30 + 2 * version + number) for number in range(2)]
    answers = at_once(*(partial(change, owner, grant, version, end) for owner, end in zip(owners, ends, strict=True)))
    lost = [answer for answer in answers if answer.status_code == 409]
    won = [answer for answer in answers if answer.status_code == 303]
    return len(lost) == len(won) == 1 and all(dates.day(end) in lost[0].text for end in ends)


def change(owner: Client, grant: Assignment, version: int, ends_on: date) -> HttpResponse:
    wish = {"version": version, "scope": "all", "level": 1, "until": "date", "ends_on": ends_on.isoformat()}
    return owner.post(f"/licences/assignments/{grant.pk}/", wish)


def one_quote(stage: Stage) -> Finding:
    """One quote is accepted fifty times at once, with one key and then with fifty: one order, which all are told."""
    finding = Finding(2 * HANDS)
    for keys in (["same"] * HANDS, [str(uuid4()) for _ in range(HANDS)]):
        stage.fresh()
        with as_web():
            house = make_house()
            quote = offered(house)
            said = set(at_once(*(partial(accepted, house, quote, key) for key in keys)))
        orders = set(Order.objects.values_list("pk", flat=True))
        finding.lost, finding.duplicates = finding.lost + (not orders), finding.duplicates + max(len(orders) - 1, 0)
        finding.promise(len(orders) == 1 and said == orders, f"{len(orders)} orders, and {len(said)} were told of")
    finding.note = "one order each"
    return finding


@contextmanager
def as_web() -> Iterator[None]:
    """Every connection of every thread wears the hat of web, as in tests."""
    connection.close()
    with database.acting_as_web(settings.DATABASES["default"]["NAME"]):
        yield
