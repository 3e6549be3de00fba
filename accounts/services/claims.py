"""Which letters a sender may send next, and how many a mail server gets in a while: counted in the database by its own
clock, so that senders on any number of hosts keep the rate together (3-tenancy, "Claim").
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Letter
from accounts.services.sending import recognise

BATCH = 20
LEASE = timedelta(seconds=settings.MAIL_LEASE_SECONDS)

GOING = "select %(limit)s::int as room, null::timestamptz as base from accounts_sending where paused_at is null"
# Each mail moves `free_at` on by an interval; there is room while it lies behind the clock (GCRA). The row is locked
# until the claim is committed, so that no two senders spend the same.
PACED = """
    select greatest(least(%(limit)s,
                          floor(extract(epoch from coterm_now() - base) / extract(epoch from %(interval)s))), 0)::int
               as room, base
    from (select greatest(free_at, coterm_now() - %(saved)s) as base
          from accounts_sending where paused_at is null for no key update) s"""
SPENT = """, spent as (
    update accounts_sending set free_at = going.base + %(interval)s * (select count(*) from claimed)
    from going where exists (select from claimed)
)"""

# Several legs, because FOR UPDATE allows no UNION and an OR would use none of the partial indexes. What a dead sender
# held comes first; then what somebody waits for in front of a screen, however many reminders are due.
CLAIM = """
with going as materialized ({going}), lost as (
    select id from accounts_letter
    where state = 'sending' and lease_until < coterm_now() and exists (select from going where room > 0)
    order by lease_until limit %(limit)s for update skip locked
), pressing as (
    select id from accounts_letter
    where state = 'pending' and kind <> 'reminders' and due_at <= coterm_now()
      and exists (select from going where room > 0)
    order by due_at limit %(limit)s for update skip locked
), waiting as (
    select id from accounts_letter
    where state = 'pending' and kind = 'reminders' and due_at <= coterm_now()
      and exists (select from going where room > 0)
    order by due_at limit %(limit)s for update skip locked
), chosen as (
    select id from (select id, 0 as place from lost union all select id, 1 from pressing union all
                    select id, 2 from waiting) c
    order by place limit (select room from going)
), claimed as (
    update accounts_letter l
    set state = 'sending', claimed_by = %(sender)s, lease_until = coterm_now() + %(lease)s, attempts = attempts + 1,
        ambiguous = ambiguous or (state = 'sending' and frozen is not null),
        text_only = text_only or coalesce((select u.text_only from accounts_user u where u.id = l.user_id), false)
    where id in (select id from chosen)
    returning l.*
){spent}
select * from claimed order by kind = 'reminders', due_at"""

# Until the next may leave, in seconds; no row while nothing is due or mail is paused.
WAIT = """
select extract(epoch from greatest(free_at, coterm_now() - %(saved)s) + %(interval)s - coterm_now())
from accounts_sending where paused_at is null
  and exists (select from accounts_letter where state = 'pending' and due_at <= coterm_now())"""


def claim(sender: UUID, *, limit: int = BATCH) -> list[Letter]:
    """Letters that are due, or whose sender died, leased to `sender`; committed before anything is sent.

    None while sending is paused, as in a database that has been restored, and none while the mail server has had what
    it gets (`MAIL_RATE`). A letter whose last sender died after its bytes were frozen may have gone out: it is marked
    ambiguous.
    """
    paced = settings.MAIL_RATE is not None
    statement = CLAIM.format(going=PACED if paced else GOING, spent=SPENT if paced else "")
    with transaction.atomic():
        recognise()
        return list(Letter.objects.raw(statement, {"limit": limit, "sender": sender, "lease": LEASE, **pace()}))


def pace() -> dict[str, Any]:
    """The rate as the statements know it: what one mail costs, and how much time is saved at most."""
    rate = settings.MAIL_RATE
    return {"interval": rate.interval, "saved": rate.interval * rate.burst} if rate else {}


def held_up() -> float | None:
    """For how many seconds the rate alone keeps what is due; None when nothing is, or there is no rate."""
    if settings.MAIL_RATE is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(WAIT, pace())
        row = cursor.fetchone()
    return max(float(row[0]), 0.0) if row else None
