"""The statements that ask what is due to whom: the sweep inserts it, the calendar reads it."""

from renewals.services.readers import readers_sql
from renewals.services.series import series_sql

LEAVING = """
, leaving as (
    select * from unnest(string_to_array(%(zones)s, ' '), string_to_array(%(urgent)s, ' ')::timestamptz[],
                         string_to_array(%(calm)s, ' ')::timestamptz[]) as l (zone, urgent, calm)
)"""
INSERT = """
, inserted as (
    insert into renewals_reminder (id, customer_id, coverage_id, expires_on, "window", recipient_id, channel,
                                   organisation_id, why, state, reason, is_urgent, over_on, leaves_at, created_at)
    select coterm_new_id(), h.customer_id, h.coverage_id, h.expires_on, h.code, h.recipient_id, 'email',
           h.organisation_id, h.why, case when h.is_reached or h.state = 'superseded' then h.state else 'cancelled' end,
           case when h.is_reached or h.state = 'superseded' then '' else 'suppressed' end,
           h.is_urgent, h.expires_on + h.closes, case when h.is_urgent then l.urgent else l.calm end, coterm_now()
    from heard h
    left join leaving l on l.zone = h.time_zone
    -- What belongs together lies together in five of the indexes.
    order by h.customer_id, h.coverage_id
    on conflict do nothing
    returning coverage_id, customer_id, expires_on, recipient_id, state
), overtaken as (
    update renewals_reminder r set state = 'superseded'
    from inserted i
    where i.state = 'pending' and r.state = 'pending' and r.customer_id = i.customer_id
      and r.coverage_id = i.coverage_id and r.expires_on = i.expires_on and r.recipient_id = i.recipient_id
)"""
# What was held back for a reason that has ended, and is still the newest due.
RESUME = """
, resumed as (
    update renewals_reminder r
    set state = 'pending', reason = '', letter_id = null, why = h.why, is_urgent = h.is_urgent,
        over_on = h.expires_on + h.closes, leaves_at = case when h.is_urgent then l.urgent else l.calm end
    from heard h
    left join leaving l on l.zone = h.time_zone
    where h.state = 'pending' and h.is_reached and r.state = 'cancelled' and r.reason = any(%(resumes)s::text[])
      and r.customer_id = h.customer_id and r.coverage_id = h.coverage_id and r.expires_on = h.expires_on
      and r."window" = h.code and r.recipient_id = h.recipient_id and r.channel = 'email'
    returning r.id
)
select (select count(*) from inserted where state = 'pending') + (select count(*) from resumed)"""
# A window that opens with the day has never been held back before.
COUNT = " select count(*) from inserted where state = 'pending'"

PLANNED = """
select h.today, h.code, h.is_urgent, count(distinct h.coverage_id), count(*),
       (array_agg(distinct p.name))[1:3], array_agg(distinct o.name),
       array_agg(distinct concat_ws(' ', h.recipient_id, h.why))
from heard h
join accounts_organisation o on o.id = h.customer_id
join licences_coverage c on c.id = h.coverage_id
join licences_licence i on i.id = c.licence_id
join licences_product p on p.id = i.product_id
where h.is_reached
group by h.today, h.code, h.is_urgent order by h.today, h.code desc"""

UNHEARD = """
select count(distinct d.coverage_id) from loud d
where not exists (select 1 from told h where h.coverage_id = d.coverage_id and h.is_reached)"""


def sweep_sql(scope: str, *, superseded: bool) -> str:
    """Write what is due for `all` customers, those in zones where the day has `turned`, or the `customers` named.

    `ruled`: days have begun on which windows open by rules of customers' own, too.
    """
    heard = series_sql(scope, superseded=superseded) + readers_sql()
    return heard + LEAVING + INSERT + (COUNT if scope in ("turned", "ruled") else RESUME)


def ahead_sql() -> str:
    """What falls due from `first` through `last`, by day and window, with its readers, as `organisation` sees it."""
    return series_sql("ahead", superseded=False) + readers_sql(visibility="sight") + PLANNED


def unheard_sql() -> str:
    """Of how many coverages something is due that the `organisation` sees, and nobody there would be told."""
    return series_sql("mine", superseded=False) + readers_sql() + UNHEARD
