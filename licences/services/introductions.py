"""What firms ask is passed on to the customers it means. Runs as worker: no firm can watch it."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.transaction import atomic

from accounts.models import Membership, Organisation
from accounts.querysets import database_now
from accounts.rules import Kind, Role
from licences.models import AccessCode, Approach, Assignment
from licences.querysets import requested_since, today_in
from licences.rules import Status
from licences.rules.approaches import Way, is_public
from licences.rules.changes import Stale, after
from licences.rules.life import Verb
from licences.services.grants import giving_way
from licences.services.notices import Event, customers_readers, record, tell
from licences.services.policies import policy_on
from licences.services.turns import alone_at_work

JOB = "introduce_firms"
BATCH = 100


def introduce_firms() -> int:
    """Asks the customers whom the newest approaches mean, and takes back what firms took back; how many were asked.

    An approach is marked as looked at in the same statement as all others, whatever came of it.
    """
    with atomic():
        if not alone_at_work(JOB):
            return 0
        take_back()
        rows = Approach.objects.filter(looked_at=None).select_related("advisor__firm", "contact").order_by("created_at")
        new = list(rows[:BATCH])
        asked = [request(row, customer) for row in new for customer in meant_by(row)]
        Approach.objects.filter(pk__in=[row.pk for row in new]).update(looked_at=database_now())
        return len(asked)


def meant_by(approach: Approach) -> list[Any]:
    """The customers to ask: those with this code, or an owner of theirs with an address at this very domain.

    A firm without agreement, and one that took its words back meanwhile, means nobody.
    """
    if approach.withdrawn_at or not approach.advisor.firm.agreement_active:
        return []
    found: QuerySet[Any, Any] = with_domain(approach.target)
    if approach.way == Way.CODE:
        found = with_code(approach.target)
    customers = Organisation.objects.filter(kind=Kind.CUSTOMER.value, pk__in=found)
    free = customers.exclude(Exists(standing(approach)))
    return list(free.annotate(today=today_in("time_zone")).order_by("id"))


def with_code(code: str) -> QuerySet[AccessCode, Any]:
    return AccessCode.objects.filter(code=code).values("customer")


def with_domain(domain: str) -> QuerySet[Membership, Any]:
    """A person's address is proven by a link or a code that was mailed there."""
    owners = Membership.objects.filter(role=Role.OWNER.value, user__is_active=True)
    found = owners.filter(user__email__endswith=f"@{domain}") if not is_public(domain) else owners.none()
    return found.values("organisation")


def standing(approach: Approach) -> QuerySet[Assignment]:
    """Why a customer is not asked again: access or a request of this firm, or a refusal of the last 90 days.

    Who was given the code after a refusal is welcome again.
    """
    theirs = Assignment.objects.filter(advisor=approach.advisor_id)
    current = Q(pk__in=theirs.in_force().values("pk")) | Q(pk__in=theirs.requested().values("pk"))
    current |= Q(status=Status.SUSPENDED.value)
    if approach.way == Way.DOMAIN:
        current |= Q(status=Status.DECLINED.value, ended_at__gt=requested_since())
    return theirs.filter(current, customer=OuterRef("pk"))


def request(approach: Approach, customer: Any) -> Assignment:
    """What the customer, annotated with its `today`, sees of it; its people are told.

    The end is a proposal: the firm has asked for none.
    """
    row = Assignment.objects.create(
        customer=customer,
        advisor_id=approach.advisor_id,
        contact=approach.contact,
        scope=approach.scope,
        level=approach.level,
        status=Status.REQUESTED.value,
        ends_on=policy_on(customer.today).usual(customer.today),
        created_by_id=approach.asked_by_id,
        approach=approach,
    )
    tell_customer("assignment.requested", row)
    return row


def tell_customer(verb: str, row: Assignment) -> None:
    """The customer's own entry and letters: the firm hears nothing of it."""
    details = {"scope": row.scope, "level": row.level, "approach": str(row.approach_id)}
    event = Event(verb, row, details)
    record(None, event, organisations=(row.customer_id,))
    tell(None, event, to=customers_readers(row), key=f"{verb.rpartition('.')[2]}:{row.pk}")


def take_back() -> int:
    """Withdraws from customers what firms took back."""
    rows = Assignment.objects.filter(status=Status.REQUESTED.value, approach__withdrawn_at__isnull=False)
    return sum(close(row, Verb.WITHDRAW, said="assignment.withdrawn") for row in rows.order_by("customer", "id"))


def lapse_introductions() -> int:
    """Closes what no customer answered in time: the firm may ask again."""
    rows = Assignment.objects.filter(status=Status.REQUESTED.value, approach__created_at__lte=requested_since())
    return sum(close(row, Verb.LAPSE, said="assignment.lapsed") for row in rows.order_by("customer", "id"))


def close(row: Assignment, verb: Verb, *, said: str) -> bool:
    """Ends a request; False when the customer writes it just now: the next tick looks again."""
    status = after(Status(row.status), verb)
    same = Assignment.objects.filter(pk=row.pk, version=row.version)
    try:
        with giving_way():
            if not same.update(status=status.value, ended_at=database_now(), version=F("version") + 1):
                return False
    except Stale:
        return False
    tell_customer(said, row)
    return True
