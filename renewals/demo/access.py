"""What the customers of the demo let their advisors see; visibility follows by the triggers."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from accounts.rules import AccessLevel
from advisors.models import Contact
from licences.models import Assignment, Selection
from licences.rules import Scope, Status
from renewals.demo.customers import Customer
from renewals.demo.draws import demo_id
from renewals.demo.people import Known
from renewals.demo.rows import add, ids_by

OFFICE_OPENS = time(9, tzinfo=UTC)


def load_access(today: date, known: Known) -> None:
    """Assignments with the coverages they tick; one whose end has passed is loaded as ended."""
    told = {grant.contact for customer in known.customers for grant in customer.grants}
    contacts = ids_by(Contact, "email", email__in=told)
    given = [(customer, number) for customer in known.customers for number in range(len(customer.grants))]
    rows = [(_assignment(customer, number, known, contacts), customer, number) for customer, number in given]
    for assignment, _, _ in rows:
        if assignment.ends_on < today:
            assignment.status = Status.EXPIRED.value
            assignment.ended_at = datetime.combine(assignment.ends_on + timedelta(days=1), time(tzinfo=UTC))
    add(Assignment, (assignment for assignment, _, _ in rows))
    add(
        Selection,
        (tick for assignment, customer, number in rows for tick in _ticks(assignment, customer, number, known)),
    )


def _assignment(customer: Customer, number: int, known: Known, contacts: dict[str, UUID]) -> Assignment:
    grant = customer.grants[number]
    return Assignment(
        id=demo_id("assignment", customer.slug, number),
        customer_id=known.organisations[customer.slug],
        advisor_id=known.organisations[grant.firm],
        contact_id=contacts[grant.contact],
        scope=(Scope.SELECTED if grant.covers else Scope.ALL).value,
        level=AccessLevel[grant.level.upper()].value,
        status=Status.ACTIVE.value,
        ends_on=grant.ends_on,
        created_by_id=known.users[customer.people[0].email],
        activated_at=datetime.combine(grant.granted_on, OFFICE_OPENS),
    )


def _ticks(assignment: Assignment, customer: Customer, number: int, known: Known) -> Iterator[Selection]:
    for cover in customer.grants[number].covers:
        yield Selection(
            customer_id=assignment.customer_id,
            assignment_id=assignment.pk,
            coverage_id=known.coverages[customer.slug, cover],
        )
