"""The ledger at the moment of sending: which of a letter's reminders are still owed, and why the others are not."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from psycopg import Cursor

from accounts.models import Letter
from renewals.rules.digest import Item
from renewals.services.due import still_due_sql

# Why a letter's row is not sent after all, as the ledger says it.
DROP = """
update renewals_reminder r
set state = 'cancelled', reason = case
    when c.expires_on is distinct from r.expires_on then 'renewed'
    when exists (select 1 from renewals_quoteline l where l.held and l.customer_id = r.customer_id
                 and l.coverage_id = r.coverage_id) then 'ordered'
    when exists (select 1 from renewals_mute q where q.recipient_id = r.recipient_id
                 and (q.customer_id = r.customer_id or q.customer_id is null)) then 'muted'
    when not exists (select 1 from licences_visibility v where v.coverage_id = r.coverage_id
                     and v.organisation_id = r.organisation_id and v.valid_until > coterm_now()) then 'access'
    else 'over' end
from licences_coverage c
where c.id = r.coverage_id and r.letter_id = %(letter)s::uuid and r.state in ('pending', 'dead')
  and not r.id = any(%(kept)s::uuid[])"""

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
    """A reminder that its reader is still owed, with what the mail shows; `attached`: how many the letter has."""

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
    # Planning takes ten times as long as running, so the server keeps the plan; Django's own cursors never let it.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return [Owed(*row) for row in cursor.execute(still_due_sql(), parameters, prepare=True).fetchall()]


def drop_others(letter: Letter, owed: Sequence[Owed]) -> None:
    """Write into the ledger why the letter's other reminders are not sent."""
    if owed and owed[0].attached == len(owed):
        return
    with connection.cursor() as cursor:
        cursor.execute(DROP, {"letter": letter.pk, "kept": [each.id for each in owed]})


def helpers(owed: Sequence[Owed]) -> list[Helper]:
    """The contacts of the firms that see these coverages."""
    with connection.cursor() as cursor:
        cursor.execute(ASK_ADVISORS, {"coverages": [each.coverage for each in owed]})
        return [Helper(*row) for row in cursor.fetchall()]
