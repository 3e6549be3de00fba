"""What changes at a firm does to assignments: its agreement ends or comes back, and a contact leaves."""

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from accounts.models import Letter
from licences.models import Assignment, Selection
from licences.querysets import today_in
from licences.rules import Scope, Side, Status
from licences.rules.changes import Stale, after
from licences.rules.life import Verb
from licences.services.grants import giving_way, reach, terms_of
from licences.services.notices import LETTER, Event, announce, details_of, readers, tell

LEFT_KEY = "left:{assignment}:{contact}"
LEFT_KEY_LENGTH = len("left:") + 36 + 1 + 36


def halt_without_agreement() -> int:
    """Suspends what firms hold whose agreement the programme has ended; both sides are told. Runs as worker."""
    rows = standing(Status.ACTIVE).filter(advisor__firm__agreement_active=False)
    return sum(turn(row, Verb.SUSPEND, by=Side.PROGRAMME.value, said="assignment.halted") for row in rows)


def resume_with_agreement() -> int:
    """Lets go on what only a missing agreement had suspended, unless another grant has taken its place."""
    rows = standing(Status.SUSPENDED).filter(suspended_by=Side.PROGRAMME, advisor__firm__agreement_active=True)
    free = (row for row in rows if not replaced(row))
    return sum(turn(row, Verb.RESUME, by="", said="assignment.resumed") for row in free)


def standing(status: Status) -> QuerySet[Assignment]:
    """What has this status and is not past its last day, customer by customer."""
    rows = Assignment.objects.filter(status=status, ends_on__gte=today_in("customer__time_zone"))
    return rows.select_related("contact").order_by("customer", "id")


def replaced(row: Assignment) -> bool:
    """Whether the firm has since been given a grant of everything, or one of the same coverages."""
    others = Assignment.objects.filter(
        customer=row.customer_id, advisor=row.advisor_id, scope=row.scope, status=Status.ACTIVE
    )
    if row.scope == Scope.ALL:
        return others.exists()
    named = Selection.objects.filter(assignment=row).values("coverage")
    return Selection.objects.filter(assignment__in=others.values("pk"), coverage__in=named).exists()


def turn(row: Assignment, verb: Verb, *, by: str, said: str) -> bool:
    """Suspends or resumes one assignment; False when somebody else writes it just now: the next review looks again."""
    to, details = readers(row), details_of(None, terms_of(row), count=reach(row))
    status = after(Status(row.status), verb)
    same = Assignment.objects.filter(pk=row.pk, version=row.version)
    try:
        with giving_way():
            if not same.update(status=status.value, suspended_by=by, version=F("version") + 1):
                return False
    except Stale:
        return False
    announce(None, Event(said, row, details), to=to)
    return True


def tell_of_contacts_who_left() -> int:
    """Tells the firm's owners and the customer, once, that the contact of an assignment in force has left."""
    rows = standing(Status.ACTIVE).filter(contact__left_on__isnull=False)
    due = {LEFT_KEY.format(assignment=row.pk, contact=row.contact_id): row for row in rows}
    told = Letter.objects.filter(kind=LETTER, key__startswith="left:").annotate(notice=Left("key", LEFT_KEY_LENGTH))
    known = set(told.filter(notice__in=list(due)).values_list("notice", flat=True))
    new = {key: row for key, row in due.items() if key not in known}
    for key, row in new.items():
        event = Event("assignment.contact_left", row, details_of(None, terms_of(row), count=reach(row)))
        tell(None, event, to=readers(row), key=key)
    return len(new)
