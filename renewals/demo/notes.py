"""What the people of Meridian mean to do next with their customers."""

from datetime import date, timedelta

from renewals.demo.customers import MERIDIAN
from renewals.demo.draws import demo_id, table
from renewals.demo.people import Known
from renewals.demo.rows import add
from renewals.models import CustomerNote


def load_notes(today: date, known: Known) -> None:
    """One next step for some of the customers that need attention."""
    add(
        CustomerNote,
        (
            CustomerNote(
                id=demo_id("note", slug),
                organisation_id=known.organisations[MERIDIAN],
                customer_id=known.organisations[slug],
                author_id=known.users[facts["author"]],
                text=facts["text"],
                due_on=today + timedelta(days=facts["due_in"]),
            )
            for slug, facts in table("notes").items()
        ),
    )
