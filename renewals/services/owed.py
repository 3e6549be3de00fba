"""What letters still owe their readers: asked for those of a claim at once, and again when each one's turn has come."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from accounts.models import Letter
from accounts.plans import ids, kept
from renewals.rules.digest import Item
from renewals.services.readers import readers_sql
from renewals.services.series import series_sql

# A row a reminder, with what the mail shows; and as many advisors' contacts as a mail names, for whoever is no advisor.
OWED = """
, attached as materialized (
    select letter_id, count(*) as count from renewals_reminder
    where letter_id = any(%(letters)s::uuid[]) and state in ('pending', 'dead') group by letter_id
), owed as (
    select r.letter_id, r.id, h.why, h.organisation_id, h.customer_id, o.name as customer_name, c.licence_id,
           h.coverage_id, p.name as product, c.programme, c.quantity - coalesce((
               select n.quantity from renewals_decision n where n.customer_id = h.customer_id
                 and n.coverage_id = h.coverage_id and n.expires_on = h.expires_on and n.state = 'decided'), 0)
               as quantity,
           h.expires_on, h.code, h.today,
           (select name from accounts_organisation where id = h.organisation_id) as organisation_name,
           coalesce((select u.name from accounts_user u where u.id = m.user_id), '') as reader_name,
           (select a.count from attached a where a.letter_id = r.letter_id) as attached,
           h.boundary, h.notice, h.is_urgent,
           exists (select 1 from lost n where n.coverage_id = h.coverage_id and n.organisation_id = h.customer_id)
           and not exists (select 1 from standing_in n where n.coverage_id = h.coverage_id) as is_alone
    from renewals_reminder r
    join accounts_letter m on m.id = r.letter_id
    join heard h on h.customer_id = r.customer_id and h.coverage_id = r.coverage_id and h.expires_on = r.expires_on
                and h.code = r."window" and h.recipient_id = r.recipient_id and h.is_reached
    join accounts_organisation o on o.id = h.customer_id
    join licences_coverage c on c.id = h.coverage_id
    join licences_licence i on i.id = c.licence_id
    join licences_product p on p.id = i.product_id
    where r.letter_id = any(%(letters)s::uuid[]) and r.state in ('pending', 'dead')
), helping as materialized (
    select letter_id, json_agg(json_build_array(firm, name, phone, may_quote, sees) order by place) as helpers
    from (
        select e.letter_id, o.name as firm, k.name, k.phone, bool_and(v.access_level >= 2) as may_quote,
               count(distinct v.coverage_id) as sees,
               row_number() over (partition by e.letter_id order by count(distinct v.coverage_id) desc, o.name, k.name)
                   as place
        from (
            select letter_id, coverage_id, bool_or(organisation_id = customer_id) over (partition by letter_id) as asks
            from owed) e
        join licences_visibility v on v.coverage_id = e.coverage_id and v.valid_until > coterm_now()
        join licences_assignment a on a.id = v.assignment_id
        join advisors_contact k on k.id = a.contact_id and k.left_on is null
        join accounts_organisation o on o.id = v.organisation_id
        where e.asks
        group by e.letter_id, o.id, k.id) f
    where place <= 3 group by letter_id
), facts as (
    select e.*, coalesce(n.helpers, '[]') as helpers from owed e left join helping n on n.letter_id = e.letter_id
)"""
ASK = "select f.*, f::text from facts f order by f.letter_id, f.id"
UNCHANGED = r"""
, unchanged as (
    select coalesce(string_agg(f::text, E'\n' order by f.id), '') = %(facts)s as is_so from facts f
)"""
SMALL = """
select letter_id from renewals_reminder where letter_id = any(%(letters)s::uuid[])
group by letter_id having count(*) <= %(most)s"""


@dataclass(frozen=True, slots=True)
class Owed:
    """A reminder that its reader is still owed, with what the mail shows; `attached`: how many the letter has.

    `is_alone`: mail to everybody of the customer comes back, so that nobody there is told. `fact` is all of it as the
    database says it.
    """

    letter: UUID
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
    advisors: list[tuple[str, str, str, bool, int]]
    fact: str

    def item(self) -> Item:
        """Its line in the digest."""
        return Item(*shown(self))

    @property
    def helpers(self) -> "list[Helper]":
        """The contacts of the firms that see the letter's coverages."""
        return [Helper(*each) for each in self.advisors]


shown = attrgetter(*(field.name for field in fields(Item)))


class Helper(NamedTuple):
    """An advisor's contact to whom the customer's people may turn, and how many of the coverages the firm sees."""

    firm: str
    name: str
    phone: str
    may_quote: bool
    sees: int


@cache
def facts_sql() -> str:
    """The common table expressions up to `facts`: what is due by these `letters`, as the sweep would find it now.

    Not renewed, not revoked, the reader still in charge, not muted; counted on `today`, unless that is null.
    """
    return series_sql("letters", superseded=False) + readers_sql() + OWED


@cache
def unchanged_sql() -> str:
    """The same, up to `unchanged`: whether the `facts` are what they were."""
    return facts_sql() + UNCHANGED


def question(letters: Sequence[Letter]) -> dict[str, Any]:
    """What the statements ask for: all of these are counted on the day that the first names, if it names one."""
    return {"letters": ids(letter.pk for letter in letters), "today": letters[0].context.get("today")}


def hold(letter: Letter, owed: Sequence[Owed]) -> dict[str, Any]:
    """Whether these are its facts."""
    return question([letter]) | {"facts": "\n".join(each.fact for each in owed)}


def still_owed(letters: Sequence[Letter]) -> list[Owed]:
    """By letter, in the order of the ledger."""
    return [Owed(*row) for row in kept(facts_sql() + ASK, question(letters))]


def small(letters: Sequence[Letter], *, most: int) -> list[Letter]:
    """Those that speak of no more than so many reminders."""
    found = kept(SMALL, question(letters) | {"most": most})
    return [letter for letter in letters if (letter.pk,) in found]
