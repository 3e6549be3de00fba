"""Digests: one letter for what waits for a reader, once the time of day has come (1-product, "Reminders")."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from accounts import audit
from accounts.models import Letter
from renewals.rules.hours import leaves_at

KIND = "reminders"
AT_ONCE = 5000

READY = """
with ready as (
    select distinct recipient_id from renewals_reminder
    where state = 'pending' and letter_id is null and leaves_at <= coterm_now() limit %s
)
select r.recipient_id, bool_or(r.is_urgent), max(r.over_on), array_agg(distinct r.organisation_id),
       array_agg(distinct r.customer_id),
       coalesce(u.email, k.email), coalesce(u.language, k.language), coalesce(u.time_zone, o.time_zone), u.id
from renewals_reminder r
join ready using (recipient_id)
left join advisors_contact k on k.id = r.recipient_id
left join accounts_organisation o on o.id = k.firm_id
left join accounts_user u on u.id = coalesce(k.user_id, r.recipient_id)
where r.state = 'pending' and r.letter_id is null
group by r.recipient_id, u.id, k.id, o.id
having coalesce(u.email, k.email) is not null"""

ATTACH = """
with attached as (
    update renewals_reminder r set letter_id = t.letter
    from unnest(%s::uuid[], %s::uuid[]) as t (recipient, letter)
    where r.recipient_id = t.recipient and r.state = 'pending' and r.letter_id is null
    returning r.organisation_id, r.recipient_id
)
select organisation_id, count(*), count(distinct recipient_id) from attached group by organisation_id"""

DEFER = """
update renewals_reminder r set leaves_at = t.leaves
from unnest(%s::uuid[], %s::timestamptz[]) as t (recipient, leaves)
where r.recipient_id = t.recipient and r.state = 'pending' and r.letter_id is null"""


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits for one reader; `over_on` is the day on which the last of it is overtaken by its next window."""

    recipient: UUID
    urgent: bool
    over_on: date
    organisations: list[UUID]
    customers: list[UUID]
    email: str
    language: str
    time_zone: str
    user: UUID | None

    def key(self, now: datetime) -> str:
        """One digest a reader and day, by the reader's calendar."""
        return f"{KIND}:{self.recipient}:{now.astimezone(ZoneInfo(self.time_zone)).date()}"


def post_digests(now: datetime, *, today: date | None = None) -> int:
    """Post a letter for every reader whose time has come; returns how many. The sweep's transaction and lock.

    Calm rows that come after the day's digest wait for the next Monday; urgent ones go at once, by themselves.
    """
    piles = ready(now)
    taken = taken_keys(pile.key(now) for pile in piles)
    late = [pile for pile in piles if pile.key(now) in taken and not pile.urgent and not today]
    defer(late, now)
    letters = {
        pile.recipient: letter_for(pile, now, first=pile.key(now) not in taken, today=today)
        for pile in piles
        if pile not in late
    }
    attach(letters)
    return len(letters)


def ready(now: datetime) -> list[Pile]:
    """The readers of whose waiting rows at least one may leave."""
    with connection.cursor() as cursor:
        cursor.execute(READY, [AT_ONCE])
        return [Pile(*row) for row in cursor.fetchall()]


def taken_keys(keys: Iterable[str]) -> set[str]:
    """Those of the day's keys whose digest has been posted."""
    wanted = list(keys)
    return set(Letter.objects.filter(key__in=wanted).values_list("key", flat=True)) if wanted else set()  # type: ignore[arg-type]


def letter_for(pile: Pile, now: datetime, *, first: bool, today: date | None) -> Letter:
    """The reader's letter, not yet stored; the first of a day takes the day's key."""
    sole_organisation = pile.organisations[0] if len(pile.organisations) == 1 else None
    sole_customer = pile.customers[0] if len(pile.customers) == 1 else None
    return Letter(
        kind=KIND,
        key=pile.key(now) if first else f"{pile.key(now)}:{now.time().isoformat()}",
        organisation_id=sole_organisation,
        customer_id=sole_customer,
        recipient=pile.email,
        user_id=pile.user,
        language=pile.language,
        context={"recipient": str(pile.recipient), "today": today and today.isoformat()},
        due_at=now,
        give_up_at=datetime.combine(pile.over_on, time(), UTC) + timedelta(days=1),
        created_at=now,
    )


def attach(letters: dict[UUID, Letter]) -> None:
    """Store the letters, tie to each the rows that wait for its reader, and tell each organisation how many."""
    if not letters:
        return
    Letter.objects.bulk_create(letters.values())
    with connection.cursor() as cursor:
        cursor.execute(ATTACH, [list(letters), [letter.pk for letter in letters.values()]])
        counts = {organisation: {"count": count, "readers": readers} for organisation, count, readers in cursor}
    audit.record_each("reminder.posted", counts)


def defer(piles: list[Pile], now: datetime) -> None:
    """Let calm rows wait for the reader's next Monday."""
    if piles:
        tomorrow = {pile.recipient: now.astimezone(ZoneInfo(pile.time_zone)) + timedelta(days=1) for pile in piles}
        leaving = [leaves_at(urgent=False, now=then.replace(hour=0)) for then in tomorrow.values()]
        with connection.cursor() as cursor:
            cursor.execute(DEFER, [list(tomorrow), leaving])
