"""What waits for readers, put into mails: one a day or one a reminder, and never more than an address is to get."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

KIND = "reminders"
AT_ONCE = 5000

# A row a reader, or a row a reminder for whoever wants each in a mail of its own; the most urgent first. What has been
# mailed today, by the reader's calendar, counts with what is on its way: it may leave today. A contact with a member's
# address is that person, who may have joined the firm later.
READY = """
with ready as (
    select distinct recipient_id from renewals_reminder
    where state = 'pending' and letter_id is null and leaves_at <= coterm_now() limit %(limit)s
), readers as (
    select ready.recipient_id, coalesce(u.email, k.email) as email, coalesce(u.language, k.language) as language,
           coalesce(u.time_zone, o.time_zone) as zone, u.id as user_id, u.id is null and k.text_only as text_only,
           coalesce(u.single_mails, k.single_mails) as singly
    from ready
    left join advisors_contact k on k.id = ready.recipient_id
    left join accounts_organisation o on o.id = k.firm_id
    left join accounts_user u on u.id = coalesce(k.user_id, (
        select m.user_id from accounts_membership m join accounts_user p on p.id = m.user_id
        where m.organisation_id = k.firm_id and p.email = lower(k.email)), ready.recipient_id)
    where coalesce(u.email, k.email) is not null
), counted as materialized (
    select b.*,
           (select count(*) from accounts_letter l where l.kind = 'reminders' and lower(l.recipient) = lower(b.email)
            and l.sent_at >= date_trunc('day', coterm_now() at time zone b.zone) at time zone b.zone)
         + (select count(*) from accounts_letter l where l.kind = 'reminders' and lower(l.recipient) = lower(b.email)
            and l.sent_at is null and l.state in ('pending', 'sending')) as spent
    from readers b
)
select b.recipient_id, own.reminder, bool_or(bool_or(r.is_urgent)) over (partition by b.recipient_id), max(r.over_on),
       array_agg(distinct r.organisation_id), array_agg(distinct r.customer_id), b.email, b.language, b.zone, b.user_id,
       b.text_only, b.spent
from counted b
cross join lateral (
    -- Fenced, and asked so that only the index on the reader answers: after many were written at once, the planner
    -- takes them for few, and would go through all that wait for each reader.
    select * from renewals_reminder r where r.recipient_id = b.recipient_id and r.state = 'pending'
      and num_nulls(r.letter_id) = 1 offset 0) r
cross join lateral (select case when b.singly then r.id end) as own (reminder)
group by b.recipient_id, own.reminder, b.email, b.language, b.zone, b.user_id, b.text_only, b.spent
order by b.recipient_id, bool_or(r.is_urgent) desc, min(r.expires_on), own.reminder"""


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits for one reader and goes into one mail: the one `reminder`, or all when None.

    `over_on` is the day on which the last of it is overtaken by its next window; `spent` is how many mails the address
    has had today, and is about to get.
    """

    recipient: UUID
    reminder: UUID | None
    urgent: bool
    over_on: date
    organisations: list[UUID]
    customers: list[UUID]
    email: str
    language: str
    time_zone: str
    user: UUID | None
    text_only: bool
    spent: int

    def key(self, now: datetime) -> str:
        """One mail a reminder; one digest a reader and day, by the reader's calendar."""
        return f"{KIND}:{self.recipient}:{self.reminder}" if self.reminder else self.day_key(now)

    def day_key(self, now: datetime) -> str:
        return f"{KIND}:{self.recipient}:{now.astimezone(ZoneInfo(self.time_zone)).date()}"


def ready() -> list[Pile]:
    """The piles of the readers of whose waiting rows at least one may leave."""
    with connection.cursor() as cursor:
        cursor.execute(READY, {"limit": AT_ONCE})
        return [Pile(*row) for row in cursor.fetchall()]


def allotted(piles: Iterable[Pile], *, cap: int) -> tuple[list[Pile], list[Pile]]:
    """Those that may leave today, and those that wait for tomorrow; at most `cap` mails an address and day.

    Of a reader who wants single mails, and has more than are left, the least urgent go together in the last one.
    """
    going: list[Pile] = []
    over: list[Pile] = []
    taken: dict[str, int] = {}
    for _, group in groupby(piles, key=lambda pile: pile.recipient):
        members = list(group)
        address = members[0].email.lower()
        room = max(cap - taken.setdefault(address, members[0].spent), 0)
        chosen = list(fitting(members, room))
        taken[address] += len(chosen)
        going += chosen
        over += [] if chosen else members
    return going, over


def fitting(members: list[Pile], room: int) -> Iterator[Pile]:
    """The reader's piles in at most `room` mails."""
    if len(members) <= room:
        yield from members
    elif room:
        yield from members[: room - 1]
        yield together(members[room - 1 :])


def together(members: list[Pile]) -> Pile:
    """All of it in one mail."""
    merged: dict[str, Any] = {
        name: sorted({each for member in members for each in getattr(member, name)})
        for name in ("organisations", "customers")
    }
    return replace(members[0], reminder=None, over_on=max(member.over_on for member in members), **merged)
