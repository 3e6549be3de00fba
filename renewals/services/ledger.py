"""The ledger at the moment of sending: which of a letter's reminders are still owed, and why the others are not."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from accounts.models import Letter
from accounts.plans import kept
from renewals.rules.digest import Item
from renewals.services.due import still_due_sql
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

ASK_ADVISORS = """
select o.name, k.name, k.phone, bool_and(v.access_level >= 2), count(distinct v.coverage_id)
from licences_visibility v
join licences_assignment a on a.id = v.assignment_id
join advisors_contact k on k.id = a.contact_id and k.left_on is null
join accounts_organisation o on o.id = v.organisation_id
where v.coverage_id = any(%(coverages)s::uuid[]) and v.valid_until > coterm_now()
group by o.id, k.id order by 5 desc, 1, 2 limit 3"""


@dataclass(frozen=True, slots=True)
class Owed:
    """A reminder that its reader is still owed, with what the mail shows; `attached`: how many the letter has.

    `is_alone`: mail to everybody of the customer comes back, so that nobody there is told.
    """

    id: UUID
    why: str
    organisation: UUID
    customer: UUID
    customer_name: str
    licence: UUID
    coverage: UUID
    product: str
    programme: str
    quantity: int
    expires_on: date
    window: int
    today: date
    organisation_name: str
    reader_name: str
    attached: int
    boundary: int
    notice: int | None
    is_urgent: bool
    is_alone: bool

    def item(self) -> Item:
        """Its line in the digest."""
        return Item(**{field.name: getattr(self, field.name) for field in fields(Item)})


class Helper(NamedTuple):
    """An advisor's contact to whom the customer's people may turn, and how many of the coverages the firm sees."""

    firm: str
    name: str
    phone: str
    may_quote: bool
    sees: int


def still_owed(letter: Letter) -> list[Owed]:
    """Checked as the sweep would find them now: not renewed, not revoked, the reader still in charge, not muted."""
    parameters = {"letter": letter.pk, "user": letter.user_id, "today": letter.context.get("today"), "since": None}
    return [Owed(*row) for row in kept(still_due_sql(), parameters)]


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


def helpers(owed: Sequence[Owed]) -> list[Helper]:
    """The contacts of the firms that see these coverages."""
    return [Helper(*row) for row in kept(ASK_ADVISORS, {"coverages": [each.coverage for each in owed]})]
