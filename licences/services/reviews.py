"""What the calendar does to assignments: they end, and both sides are warned; visibility is held to its source."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Left
from django.db.transaction import atomic

from accounts.models import JobRun, Letter
from accounts.querysets import database_now
from licences.models import AccessRequest, Assignment, Coverage, Visibility
from licences.querysets import requested_since, today_in
from licences.rules import Answer, Status
from licences.rules.ends import STANDARD
from licences.services.departures import halt_without_agreement, resume_with_agreement, tell_of_contacts_who_left
from licences.services.endings import end, extend
from licences.services.grants import reach, terms_of
from licences.services.introductions import lapse_introductions
from licences.services.leads import tell_of_fallen_leads
from licences.services.notices import LETTER, Event, details_of, readers, tell
from licences.services.policies import policy_on
from licences.services.resignations import tell_of_resignations
from licences.services.soundness import Soundness, compare
from licences.services.support import close_what_is_over
from licences.services.turns import alone_at_work

JOB = "review_assignments"
NOTICE_KEY = "ending:{assignment}:{ends_on}:{days:02}"
NOTICE_KEY_LENGTH = len("ending:") + 36 + 1 + 10 + 1 + 2
THOROUGH_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Review:
    """What one review did. The last three are None where it did not look: they read every licence of everybody."""

    ended: int
    notices: int
    alone: int | None = None
    compared: int | None = None
    wrong: int | None = None


def review_assignments(*, thorough: bool | None = None) -> Review | None:
    """Ends what has ended and warns of what will; None when another review is at work.

    `thorough` also counts the licences without an advisor and compares visibility with its source; left open, that is
    done once a day. Runs as worker.
    """
    with atomic():
        if not alone_at_work(JOB):
            return None
        extend_what_goes_on()
        ended, notices = end_what_is_over(), warn_of_ends()
        lapse_requests()
        close_what_is_over()
        lapse_introductions()
        halt_without_agreement()
        resume_with_agreement()
        tell_of_contacts_who_left()
        tell_of_fallen_leads()
        tell_of_resignations()
    looked = due_for_thorough() if thorough is None else thorough
    sound = compare() if looked else None
    review = Review(
        ended,
        notices,
        alone=count_alone() if looked else None,
        compared=sound.compared if sound else None,
        wrong=len(sound.wrong) if sound else None,
    )
    note(review, sound)
    return review


def end_what_is_over() -> int:
    """Marks what the calendar has ended, and lets a grant of everything take over.

    Sight was gone already: each row of visibility carries its end.
    """
    over = Assignment.objects.filter(
        status__in=(Status.ACTIVE.value, Status.SUSPENDED.value), ends_on__lt=today_in("customer__time_zone")
    )
    rows = list(over.select_related("contact").order_by("customer", "id"))
    for row in rows:
        end(None, row)
    return len(rows)


def extend_what_goes_on() -> int:
    """Gives another end, once, to what shall go on by itself and whose last day has come."""
    over = Assignment.objects.filter(
        status=Status.ACTIVE.value, auto_extend=True, ends_on__lte=today_in("customer__time_zone")
    )
    rows = list(over.select_related("contact").order_by("customer", "id"))
    policy = policy_on(database_clock().date()) if rows else STANDARD
    return sum(extend(row, policy=policy) for row in rows)


def lapse_requests() -> int:
    """Closes the requests that nobody answered in time: the firm may ask again."""
    late = AccessRequest.objects.filter(answer=Answer.WAITING, created_at__lte=requested_since())
    return late.update(answer=Answer.LAPSED.value, answered_at=database_now())


def warn_of_ends() -> int:
    """Posts the tightest notice that is due for each assignment, once for each reader."""
    due = {notice_key(row, days): row for row, days in ending()}
    told = Letter.objects.filter(kind=LETTER, key__startswith="ending:").annotate(notice=Left("key", NOTICE_KEY_LENGTH))
    known = set(told.filter(notice__in=list(due)).values_list("notice", flat=True))
    new = {key: row for key, row in due.items() if key not in known}
    for key, row in new.items():
        event = Event("assignment.ending", row, details_of(terms_of(row), None, count=reach(row)))
        tell(None, event, to=readers(row), key=key)
    return len(new)


def ending() -> list[tuple[Assignment, int]]:
    """What ends within the first notice, with the notice that is due. A notice older than the access itself is none."""
    rows = Assignment.objects.in_force().annotate(today=today_in("customer__time_zone"))
    policy = policy_on(database_clock().date())
    soon = rows.filter(ends_on__lte=F("today") + timedelta(policy.first_notice)).select_related("contact")
    found = ((row, policy.notice_due(row.ends_on, today=row.today)) for row in soon.order_by("id"))
    return [(row, days) for row, days in found if days and not younger(row, days)]


def younger(row: Any, days: int) -> bool:
    """Whether access was given after this notice would have gone out: its end was told just then."""
    return bool(row.activated_at) and (row.ends_on - row.activated_at.date()).days < days


def notice_key(row: Assignment, days: int) -> str:
    return NOTICE_KEY.format(assignment=row.pk, ends_on=row.ends_on.isoformat(), days=days)


def count_alone() -> int:
    """How many licences no advisor sees, of all customers; the programme's look is no advice."""
    seen = Visibility.objects.filter(valid_until__gt=database_now(), assignment__isnull=False)
    return Coverage.objects.exclude(pk__in=seen.values("coverage")).count()


def due_for_thorough() -> bool:
    """Whether the last thorough look is a day old, or there was none."""
    run = JobRun.objects.filter(name=JOB).annotate(now=database_now()).first()
    return not run or run.details.get("looked_at", "") < (run.now - THOROUGH_EVERY).isoformat()


@atomic
def note(review: Review, sound: Soundness | None) -> None:
    """Keeps when the job ran and what it found; what was not looked at stays as it was found before."""
    now = database_clock()
    last = JobRun.objects.filter(name=JOB).values_list("details", flat=True).first() or {}
    found = {name: value for name, value in asdict(review).items() if value is not None}
    if sound:
        found |= {"looked_at": now.isoformat(), "examples": sound.wrong[:5]}
    run = JobRun(name=JOB, ran_at=now, details={**last, **found})
    JobRun.objects.bulk_create(
        [run], update_conflicts=True, unique_fields=["name"], update_fields=["ran_at", "details"]
    )


def database_clock() -> Any:
    """The instant by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("select coterm_now()")
        return (cursor.fetchone() or [None])[0]
