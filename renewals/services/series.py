"""The SQL that says what is due: which window of which coverage, for each organisation that sees it."""

WINDOW = "w.rule_id, w.code, w.opens, w.closes, w.is_urgent, w.roles, w.boundary, w.notice"
SEEN = "v.coverage_id, v.customer_id, v.organisation_id, v.assignment_id, v.expires_on, v.programme, v.quantity"
TODAY = "coalesce(%(today)s::date, (coterm_now() at time zone o.time_zone)::date)"
EVER = "date '0001-01-01'"
IN_FORCE = "v.valid_until > coterm_now()"
# Between the day on which the first window of all opens, and that on which the last one closes.
SINCE = "{today} - (select max(closes) - 1 from renewals_reminderwindow)"
UNTIL = "{today} - (select min(opens) from renewals_reminderwindow)"
NEAR = f"v.expires_on between {SINCE} and {UNTIL}"
# The owner and the firms that see the customer `o`: with both, an index finds the rows of visibility.
SIGHTED = """(select o.id as organisation_id union all
      select organisation_id from licences_customervisibility where customer_id = o.id)"""
# Fenced: else the planner looks up a firm's whole portfolio and throws all but one customer's away. Compared as rows,
# so that it does not do the same with all that expires near: of the indexes, only the customer's answers that.
OF_CUSTOMER = f"""{SIGHTED} s
    cross join lateral (
        select * from licences_visibility v
        where v.organisation_id = s.organisation_id and {IN_FORCE}
          and (v.customer_id, v.expires_on) >= (o.id, {{since}}) and (v.customer_id, v.expires_on) <= (o.id, {{until}})
        offset 0) v"""
# An array, computed once, so that the coverages are looked up by their key and nothing else.
LETTERED = "array(select {} from renewals_reminder where letter_id = any(%(letters)s::uuid[]))"

# Each scope: the rows of visibility to look at, with the customer's day and the last one that was swept before it.
ALL = f"""
seen as (
    select {SEEN}, %(today)s::date as today, {EVER} as before
    from licences_visibility v where {IN_FORCE} and {NEAR.format(today="%(today)s::date")}
)"""
# Days have begun in some zones; which, comes with the question: the server reads a zone's rules from a file.
CLOCK = """
clock as materialized (
    select * from unnest(%(turned)s::text[], %(todays)s::date[], %(befores)s::date[]) as z (zone, today, before){living}
)"""
DAYS = """, opening as materialized (
    select distinct w.customer_id, d.day::date - w.opens as expires_on
    from (select distinct today, before from clock) z
    cross join lateral generate_series(z.before + 1, z.today, interval '1 day') as d (day)
    cross join renewals_reminderwindow w
)"""
# In which of the zones customers live; which expiry dates have a window that opens; whether others have one by a
# customer's own rule.
OPENING = f"""with {
    CLOCK.format(
        living='''
    where zone in (select time_zone from accounts_organisation where kind = 'customer')'''
    )
}{DAYS}
select array(select zone from clock), array(select expires_on from opening where customer_id is null),
       exists (select 1 from opening where customer_id is not null)"""
# The dates are put as values, so that the index on the expiry finds them. The customer's zone decides exactly.
OPENED = f"""
    select {SEEN}, z.today, z.before
    from licences_visibility v
    join accounts_organisation o on o.id = v.customer_id
    join clock z on z.zone = o.time_zone
    where v.expires_on = any(%(opening)s::date[]) and {IN_FORCE}"""
TURNED = f"""{CLOCK.format(living="")}, seen as ({OPENED}
)"""
# By a customer's own rule windows open on other days than anybody's.
RULED = f"""{CLOCK.format(living="")}{DAYS}, seen as ({OPENED}
    union all
    select {SEEN}, z.today, z.before
    from opening n
    join accounts_organisation o on o.id = n.customer_id
    join clock z on z.zone = o.time_zone
    cross join lateral {OF_CUSTOMER.format(since="n.expires_on", until="n.expires_on")}
    where n.expires_on <> all(%(opening)s::date[])
)"""
CUSTOMERS = f"""
clock as materialized (
    select o.id, {TODAY} as today from accounts_organisation o
    where o.id = any(%(customers)s::uuid[]) and o.kind = 'customer'
), seen as (
    select {SEEN}, o.today, {EVER} as before
    from clock o
    cross join lateral {OF_CUSTOMER.format(since=SINCE.format(today="o.today"), until=UNTIL.format(today="o.today"))}
)"""
MINE = f"""
seen as (
    select {SEEN}, {TODAY} as today, {EVER} as before
    from licences_visibility v join accounts_organisation o on o.id = v.customer_id
    where v.organisation_id = %(organisation)s::uuid and {IN_FORCE} and {NEAR.format(today=TODAY)}
)"""
LETTERS = f"""
seen as (
    select {SEEN}, {TODAY} as today, {EVER} as before
    from licences_visibility v join accounts_organisation o on o.id = v.customer_id
    where v.coverage_id = any({LETTERED.format("coverage_id")}) and o.id = any({LETTERED.format("customer_id")})
      and {IN_FORCE}
)"""
# Every day to come, for whoever looks. A customer sees its own rows alone, so its grants say what its advisors see.
AHEAD = f"""
sight as (
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
), seen as (
    select {SEEN}, v.expires_on + w.opens as today, v.expires_on + w.opens - 1 as before
    from (select distinct opens from renewals_reminderwindow) w
    join sight v on v.expires_on between %(first)s::date - w.opens and %(last)s::date - w.opens
    where {IN_FORCE} and v.valid_until > v.expires_on + w.opens
)"""
SCOPES = {
    "all": ALL,
    "turned": TURNED,
    "ruled": RULED,
    "customers": CUSTOMERS,
    "mine": MINE,
    "letters": LETTERS,
    "ahead": AHEAD,
}

DUE = f"""
, ruled as (
    -- A coverage follows the narrowest rule: its own, its customer's, its programme's.
    select s.*, coalesce(own.id, customers.id, general.id) as rule_id
    from seen s
    left join renewals_reminderrule general on general.customer_id is null and general.programme = s.programme
    left join renewals_reminderrule customers on customers.customer_id = s.customer_id
        and customers.programme = s.programme and customers.coverage_id is null
    left join renewals_reminderrule own on own.customer_id = s.customer_id
        and own.programme = s.programme and own.coverage_id = s.coverage_id
), due as (
    select s.coverage_id, s.customer_id, s.organisation_id, s.assignment_id, s.expires_on, s.today, s.before,
           s.quantity, {WINDOW}
    from ruled s
    join renewals_reminderwindow w on w.rule_id = s.rule_id
    where s.expires_on <= s.today - w.opens and s.expires_on > s.today - w.closes and s.expires_on > s.before - w.opens
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
    from loud{{superseded}}
)"""
# The windows that have opened unswept before the one that is due now.
SUPERSEDED = """
    union all
    select d.coverage_id, d.customer_id, d.organisation_id, d.assignment_id, d.expires_on, d.today, w.code, w.closes,
           w.is_urgent, w.roles, w.boundary, w.notice, 'superseded'
    from loud d
    join renewals_reminderwindow w on w.rule_id = d.rule_id and w.opens < d.opens
        and d.expires_on > d.before - w.opens"""


def series_sql(scope: str, *, superseded: bool) -> str:
    """The common table expressions up to `series`; with the overtaken windows where the ledger is written."""
    return f"with {SCOPES[scope]}{DUE.format(superseded=SUPERSEDED if superseded else '')}"
