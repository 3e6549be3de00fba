"""Whether visibility is what assignments and coverages say: one comparison of all of it, in the database."""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection

SQL = (Path(__file__).resolve().parent.parent / "sql" / "soundness.sql").read_text()
CUSTOMERS_SQL = """
with want as (
    select t.customer_id, t.organisation_id, max(coterm_day_end(t.ends_on, o.time_zone)) as valid_until
    from (
        select customer_id, advisor_id as organisation_id, ends_on from licences_assignment where status = 'active'
        union all
        select customer_id, programme_id, ends_on from licences_supportaccess where ended_at is null
    ) t join accounts_organisation o on o.id = t.customer_id
    group by 1, 2
)
select customer_id::text, organisation_id::text
from want full join licences_customervisibility have using (customer_id, organisation_id)
where want.valid_until is distinct from have.valid_until
order by 1, 2 limit %s"""
AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Soundness:
    """How many rows there should be, and what is wrong with those that differ; at most a thousand of them."""

    compared: int
    wrong: list[str]


def compare() -> Soundness:
    """Reckons all visibility afresh and compares. Runs as worker, who sees everybody's rows."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [AT_MOST])
        rows = cursor.fetchall()
        cursor.execute(CUSTOMERS_SQL, [AT_MOST])
        unknown = [
            f"customer {customer} for {firm}: known otherwise than granted" for customer, firm in cursor.fetchall()
        ]
    wrong = [f"coverage {coverage} for {organisation}: {fault}" for _, coverage, organisation, fault in rows if fault]
    return Soundness(rows[0][0], wrong + unknown)
