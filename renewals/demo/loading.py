"""Loads the demo, again and again without doubling: every row has an id of its own that is the same each time."""

from datetime import datetime

from django.db import transaction

from renewals.demo.access import load_access
from renewals.demo.asks import load_asks
from renewals.demo.decisions import load_decisions
from renewals.demo.directory import load_directory
from renewals.demo.history import load_history
from renewals.demo.looks import load_looks
from renewals.demo.notes import load_notes
from renewals.demo.offers import load_offers
from renewals.demo.ownership import load_ownership
from renewals.demo.papers import load_papers
from renewals.demo.people import load_people
from renewals.demo.prices import load_prices
from renewals.demo.reminders import load_reminders
from renewals.demo.transfers import load_transfers

PASSWORD = "coterm-demo"  # noqa: S105


def load_demo(now: datetime) -> None:
    """The whole world of the demo, its dates counted from the day of `now`; rows that are there stay as they are.

    Runs as owner: the mass goes past the services, and what follows from it is kept by the triggers.
    """
    today = now.date()
    with transaction.atomic():
        known = load_people(today, password=PASSWORD)
        load_directory(known)
        load_ownership(known)
        load_prices(now)
        load_access(today, known)
        load_history(now, known)
        load_looks(now, known)
        load_notes(today, known)
        load_transfers(now, known)
        load_asks(now, known)
        load_offers(known)
        load_decisions(today, known)
        load_papers(now, known)
        load_reminders(now)
