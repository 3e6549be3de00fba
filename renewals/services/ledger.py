"""The ledger at the moment of sending: why some of a letter's reminders are not sent after all."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from accounts.models import Letter
from renewals.services.owed import Owed
from renewals.services.readers import RETURNED, SORT

# Why a letter's row is not sent after all, as the ledger says it.
DROP = """
update renewals_reminder r set state = 'cancelled', reason = coalesce({held}, {lost}, 'over')
from licences_coverage c
where c.id = r.coverage_id and r.letter_id = %(letter)s::uuid and r.state in ('pending', 'dead')
  and not r.id = any(%(kept)s::uuid[])"""
# What waits for its hour is held back at once, so that no letter is made for nothing.
HUSH = """
update renewals_reminder r set state = 'cancelled', reason = {held}
from licences_coverage c
where c.id = r.coverage_id and r.customer_id = any(%(customers)s::uuid[]) and r.state = 'pending'
  and r.letter_id is null and {held} is not null"""
ADDRESS = """coalesce(
        (select u.email from accounts_user u where u.id = coalesce(
            (select k.user_id from advisors_contact k where k.id = r.recipient_id), r.recipient_id)),
        (select k.email from advisors_contact k where k.id = r.recipient_id))"""
HELD = """(case
    when {returned} then 'suppressed'
    when exists (select 1 from renewals_mute q where q.recipient_id = r.recipient_id
                 and (q.customer_id = r.customer_id or q.customer_id is null)
                 and (q.coverage_id = r.coverage_id or q.coverage_id is null)
                 and (q.sort = '' or q.sort = {sort})) then 'muted'
    when exists (select 1 from renewals_quoteline l where l.customer_id = r.customer_id
                 and l.coverage_id = r.coverage_id and l.held and l.owned >= c.quantity) then 'ordered'
    when exists (select 1 from renewals_decision n where n.customer_id = r.customer_id and n.state = 'decided'
                 and n.coverage_id = r.coverage_id and n.expires_on = r.expires_on
                 and n.quantity >= c.quantity) then 'forgone'
    else (select min(z.why) from renewals_silence z
          where z.coverage_id = r.coverage_id and z.expires_on = r.expires_on
            and (z.organisation_id is null or z.organisation_id = r.organisation_id)
            and (z.recipient_id is null or z.recipient_id = r.recipient_id and not r.is_urgent)
            and (z.until_on is null or z.until_on >= (
                select (coterm_now() at time zone o.time_zone)::date from accounts_organisation o
                where o.id = r.customer_id))) end)"""
LOST = """(case
    when c.expires_on is distinct from r.expires_on then 'renewed'
    when not exists (select 1 from licences_visibility v where v.coverage_id = r.coverage_id
                     and v.organisation_id = r.organisation_id and v.valid_until > coterm_now()) then 'access' end)"""


def drop_others(letter: Letter, owed: Sequence[Owed]) -> None:
    """Write into the ledger why the letter's other reminders are not sent."""
    if owed and owed[0].attached == len(owed):
        return
    with connection.cursor() as cursor:
        statement = DROP.format(held=held_sql(), lost=LOST)
        cursor.execute(statement, {"letter": letter.pk, "kept": [each.id for each in owed]})


def hush(customers: list[UUID]) -> None:
    """Hold back what waits for its hour and has fallen silent meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(HUSH.format(held=held_sql()), {"customers": customers})


def held_sql() -> str:
    """Why the reminder `r` of the coverage `c` is silent, or null."""
    return HELD.format(sort=SORT.format(code='r."window"'), returned=RETURNED.format(address=ADDRESS))
