"""The SQL that says who is due which reminder: the sweep inserts its rows, the composer checks against them."""

# An array, computed once, so that the coverages are looked up by their key and nothing else.
LETTERED = "array(select {} from renewals_reminder where letter_id = %(letter)s::uuid)"
FOR_CUSTOMERS = {
    "all": "true",
    "mine": "true",
    "letter": f"o.id = any({LETTERED.format('customer_id')})",
    "turned": "o.time_zone = any(%(turned)s::text[])",
    "customers": "o.id = any(%(customers)s::uuid[])",
}
FOR_COVERAGES = {
    "all": "true",
    "mine": "v.organisation_id = %(organisation)s::uuid",
    # The index on the expiry date finds the few days whose windows have opened; the customer's zone decides exactly.
    "turned": """v.expires_on > %(first)s::date - w.opens and v.expires_on <= %(last)s::date - w.opens
      and v.expires_on > c.before - w.opens""",
    "customers": "true",
    "ahead": """c.today = v.expires_on + w.opens and v.valid_until > c.today
      and v.expires_on between %(first)s::date - w.opens and %(last)s::date - w.opens""",
    "letter": f"v.coverage_id = any({LETTERED.format('coverage_id')})",
}

# A coverage follows the narrowest rule: its own, its customer's, its programme's. Equal windows are looked up once.
CUSTOMERS = """
customers as (
    select o.id, coalesce(%(today)s::date, (coterm_now() at time zone o.time_zone)::date) as today,
           coalesce((%(since)s::timestamptz at time zone o.time_zone)::date, date '0001-01-01') as before
    from accounts_organisation o where o.kind = 'customer' and {customers}
)"""
# Every day to come, for whoever looks. A customer sees its own rows alone, so its grants say what its advisors see.
AHEAD = """
customers as (
    select o.id, d.day::date as today, d.day::date - 1 as before
    from accounts_organisation o, generate_series(%(first)s::date, %(last)s::date, interval '1 day') as d (day)
    where o.kind = 'customer'
), sight as (
    select coverage_id, customer_id, organisation_id, assignment_id, expires_on, programme, quantity, valid_until
    from licences_visibility where %(organisation)s::uuid in (organisation_id)
    union all
    select v.coverage_id, v.customer_id, a.advisor_id, a.id, v.expires_on, v.programme, v.quantity,
           (a.ends_on + 1)::timestamptz
    from licences_visibility v
    join licences_assignment a on a.customer_id = v.customer_id and a.status = 'active'
    where v.organisation_id = v.customer_id and v.organisation_id = %(organisation)s::uuid
      and case a.scope when 'selected' then
        exists (select 1 from licences_selection p where p.assignment_id = a.id and p.coverage_id = v.coverage_id)
      else not exists (
        select 1 from licences_exclusion x where x.assignment_id = a.id and x.coverage_id = v.coverage_id)
        and not exists (
        select 1 from licences_selection p join licences_assignment n on n.id = p.assignment_id
        where p.coverage_id = v.coverage_id and n.advisor_id = a.advisor_id and n.status = 'active') end
)"""
SERIES = """
shapes as (
    select opens, closes, array_agg(distinct programme) as programmes
    from renewals_reminderwindow where customer_id is null group by opens, closes
), general as (
    select v.coverage_id, v.customer_id, v.organisation_id, v.assignment_id, v.expires_on, v.programme, v.quantity,
           c.today, c.before, w.opens, w.closes
    from shapes w
    join {visibility} v on v.valid_until > coterm_now() and v.programme = any(w.programmes)
    join customers c on c.id = v.customer_id
    where v.expires_on <= c.today - w.opens and v.expires_on > c.today - w.closes and {coverages}
), due as (
    select v.coverage_id, v.customer_id, v.organisation_id, v.assignment_id, v.expires_on, v.today, v.before,
           v.quantity, {window}
    from general v
    join renewals_reminderwindow w on w.programme = v.programme and w.customer_id is null
        and w.opens = v.opens and w.closes = v.closes
    where not exists (
        select 1 from renewals_reminderrule n where n.customer_id = v.customer_id and n.programme = v.programme
          and (n.coverage_id is null or n.coverage_id = v.coverage_id))
    union all
    select v.coverage_id, v.customer_id, v.organisation_id, v.assignment_id, v.expires_on, c.today, c.before,
           v.quantity, {window}
    from renewals_reminderwindow w
    join customers c on c.id = w.customer_id
    cross join lateral (
        select w.customer_id as organisation_id
        union all
        select organisation_id from licences_customervisibility where customer_id = w.customer_id) s
    join {visibility} v on v.organisation_id = s.organisation_id and v.customer_id = w.customer_id
        and v.programme = w.programme and (w.coverage_id is null or w.coverage_id = v.coverage_id)
        and v.valid_until > coterm_now()
    where v.expires_on <= c.today - w.opens and v.expires_on > c.today - w.closes and {coverages}
      and (w.coverage_id is not null or not exists (
        select 1 from renewals_reminderrule n where n.customer_id = v.customer_id and n.coverage_id = v.coverage_id))
), loud as (
    -- Quiet once a quote is accepted for all of it, and while it is silent for everybody or for this organisation.
    select d.* from due d
    where not exists (
        select 1 from renewals_quoteline l where l.customer_id = d.customer_id and l.coverage_id = d.coverage_id
          and l.held and l.owned >= d.quantity)
      and not exists (
        select 1 from renewals_silence z where z.coverage_id = d.coverage_id and z.expires_on = d.expires_on
          and z.recipient_id is null and (z.organisation_id is null or z.organisation_id = d.organisation_id)
          and (z.until_on is null or z.until_on >= d.today))
      and not exists (
        select 1 from renewals_decision n where n.customer_id = d.customer_id and n.coverage_id = d.coverage_id
          and n.state = 'decided' and n.expires_on = d.expires_on and n.quantity >= d.quantity)
), series as (
    select coverage_id, customer_id, organisation_id, assignment_id, expires_on, today, code, closes, is_urgent, roles,
           boundary, notice, 'pending' as state
    from loud
    union all
    select d.coverage_id, d.customer_id, d.organisation_id, d.assignment_id, d.expires_on, d.today, w.code, w.closes,
           w.is_urgent, w.roles, w.boundary, w.notice, 'superseded'
    from loud d
    join renewals_reminderwindow w on w.rule_id = d.rule_id and w.opens < d.opens
        and d.expires_on > d.before - w.opens
)"""
WINDOW = "w.rule_id, w.code, w.opens, w.closes, w.is_urgent, w.roles, w.boundary, w.notice"
SORT = """case when {code} > 500 then 'boundary' when {code} < -500 then 'notice' when {code} <= 0 then 'ahead'
         else 'lapsed' end"""

READERS = """
wanted as (
    select s.*, m.user_id as recipient_id, m.role as why, u.time_zone
    from series s
    join accounts_membership m on m.organisation_id = s.customer_id and m.role = any(s.roles)
    join accounts_user u on u.id = m.user_id and u.is_active
    where s.organisation_id = s.customer_id
    union all
    select s.*, coalesce(k.id, m.user_id), stands.why, coalesce(u.time_zone, o.time_zone)
    from series s
    -- Where no lead is named, or the one that is sees nothing now, every assigned contact counts as lead.
    left join licences_lead l on l.coverage_id = s.coverage_id and l.ended_at is null and exists (
        select 1 from {visibility} lv where lv.coverage_id = l.coverage_id
          and lv.organisation_id = l.advisor_id and lv.valid_until > coterm_now())
    cross join lateral (
        select case when coalesce(l.advisor_id, s.organisation_id) = s.organisation_id then 'lead' else 'contact' end
    ) as stands (why)
    join licences_assignment a on a.id = s.assignment_id
    join accounts_organisation o on o.id = s.organisation_id
    left join advisors_contact k on k.id = a.contact_id and (k.left_on is null or k.left_on > s.today)
    -- Whoever has left the firm is stood in for by its owners.
    left join accounts_membership m on k.id is null and m.organisation_id = s.organisation_id and m.role = 'owner'
    left join accounts_user u on u.id = coalesce(k.user_id, m.user_id)
    where coalesce(k.id, m.user_id) is not null and coalesce(u.is_active, true) and stands.why = any(s.roles)
), audible as (
    select * from wanted w where not exists (
        select 1 from renewals_mute q
        where q.recipient_id = w.recipient_id and (q.customer_id = w.customer_id or q.customer_id is null)
          and (q.coverage_id = w.coverage_id or q.coverage_id is null) and (q.sort = '' or q.sort = {sort}))
), heard as (
    select * from audible w where not exists (
        select 1 from renewals_silence z where z.coverage_id = w.coverage_id and z.expires_on = w.expires_on
          and z.recipient_id = w.recipient_id and not w.is_urgent)
)"""

INSERT = """
, inserted as (
    insert into renewals_reminder (id, customer_id, coverage_id, expires_on, "window", recipient_id, channel,
                                   organisation_id, why, state, reason, is_urgent, over_on, leaves_at, created_at)
    select coterm_new_id(), h.customer_id, h.coverage_id, h.expires_on, h.code, h.recipient_id, 'email',
           h.organisation_id, h.why, h.state, '', h.is_urgent, h.expires_on + h.closes,
           case when h.is_urgent then l.urgent else l.calm end, coterm_now()
    from heard h
    left join leaving l on l.zone = h.time_zone
    on conflict do nothing
    returning coverage_id, customer_id, expires_on, recipient_id, state
), overtaken as (
    update renewals_reminder r set state = 'superseded'
    from inserted i
    where i.state = 'pending' and r.state = 'pending' and r.customer_id = i.customer_id
      and r.coverage_id = i.coverage_id and r.expires_on = i.expires_on and r.recipient_id = i.recipient_id
), resumed as (
    -- What was held back for a reason that has ended, and is still the newest due.
    update renewals_reminder r
    set state = 'pending', reason = '', letter_id = null, is_urgent = h.is_urgent, over_on = h.expires_on + h.closes,
        leaves_at = case when h.is_urgent then l.urgent else l.calm end
    from heard h
    left join leaving l on l.zone = h.time_zone
    where h.state = 'pending' and r.state = 'cancelled' and r.reason = any(%(resumes)s::text[])
      and r.customer_id = h.customer_id and r.coverage_id = h.coverage_id and r.expires_on = h.expires_on
      and r."window" = h.code and r.recipient_id = h.recipient_id and r.channel = 'email'
    returning r.id
)
select (select count(*) from inserted where state = 'pending') + (select count(*) from resumed)"""
LEAVING = """
, leaving as (
    select * from unnest(%(zones)s::text[], %(urgent)s::timestamptz[], %(calm)s::timestamptz[])
        as l (zone, urgent, calm)
)"""

PLANNED = """
select h.today, h.code, h.is_urgent, count(distinct h.coverage_id), count(*),
       (array_agg(distinct p.name))[1:3], array_agg(distinct o.name),
       array_agg(distinct concat_ws(' ', h.recipient_id, h.why))
from heard h
join accounts_organisation o on o.id = h.customer_id
join licences_coverage c on c.id = h.coverage_id
join licences_licence i on i.id = c.licence_id
join licences_product p on p.id = i.product_id
where h.state = 'pending'
group by h.today, h.code, h.is_urgent order by h.today, h.code desc"""

UNHEARD = """
select count(distinct d.coverage_id) from loud d
where not exists (select 1 from audible h where h.coverage_id = d.coverage_id and h.state = 'pending')"""

STILL_DUE = """
select r.id, h.why, h.organisation_id, h.customer_id, o.name as customer_name, c.licence_id, h.coverage_id,
       p.name as product, c.programme, c.quantity - coalesce((
           select n.quantity from renewals_decision n where n.customer_id = h.customer_id
             and n.coverage_id = h.coverage_id and n.expires_on = h.expires_on and n.state = 'decided'), 0) as quantity,
       h.expires_on, h.code, h.today,
       (select name from accounts_organisation where id = h.organisation_id),
       coalesce((select u.name from accounts_user u where u.id = %(user)s::uuid), ''),
       (select count(*) from renewals_reminder where letter_id = %(letter)s::uuid and state in ('pending', 'dead')),
       h.boundary, h.notice, h.is_urgent
from renewals_reminder r
join heard h on h.customer_id = r.customer_id and h.coverage_id = r.coverage_id and h.expires_on = r.expires_on
            and h.code = r."window" and h.recipient_id = r.recipient_id and h.state = 'pending'
join accounts_organisation o on o.id = h.customer_id
join licences_coverage c on c.id = h.coverage_id
join licences_licence i on i.id = c.licence_id
join licences_product p on p.id = i.product_id
where r.letter_id = %(letter)s::uuid and r.state in ('pending', 'dead')"""


def heard(scope: str) -> str:
    """The common table expressions up to `heard`: every reminder due in that scope, with its reader."""
    visibility = "sight" if scope == "ahead" else "licences_visibility"
    customers = AHEAD if scope == "ahead" else CUSTOMERS.format(customers=FOR_CUSTOMERS[scope])
    series = SERIES.format(coverages=FOR_COVERAGES[scope], window=WINDOW, visibility=visibility)
    readers = READERS.format(sort=SORT.format(code="w.code"), visibility=visibility)
    return f"with {customers}, {series}, {readers}"


def sweep_sql(scope: str) -> str:
    """Write what is due for `all` customers, those in zones where the day has `turned`, or the `customers` named."""
    return heard(scope) + LEAVING + INSERT


def ahead_sql() -> str:
    """What falls due from `first` through `last`, by day and window, with its readers, as `organisation` sees it."""
    return heard("ahead") + PLANNED


def unheard_sql() -> str:
    """Of how many coverages something is due that the `organisation` sees, and nobody there would be told."""
    return heard("mine") + UNHEARD


def still_due_sql() -> str:
    """Of a letter's reminders those that are due to this reader at this moment, with what the mail shows."""
    return heard("letter") + STILL_DUE
