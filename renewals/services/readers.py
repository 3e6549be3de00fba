"""The SQL that says who is told: each organisation's people, what they have stopped, and who stands in for them."""

SORT = """case when {code} > 500 then 'boundary' when {code} < -500 then 'notice' when {code} <= 0 then 'ahead'
         else 'lapsed' end"""
RETURNED = "exists (select 1 from accounts_suppression x where x.address = lower({address}))"
MUTED = f"""exists (
        select 1 from renewals_mute q
        where q.recipient_id = {{recipient}} and (q.customer_id = w.customer_id or q.customer_id is null)
          and (q.coverage_id = w.coverage_id or q.coverage_id is null)
          and (q.sort = '' or q.sort = {SORT.format(code="w.code")}))"""

READERS = f"""
, wanted as (
    select s.*, m.user_id as recipient_id, m.role as why, u.time_zone,
           not {RETURNED.format(address="u.email")} as is_reached
    from series s
    join accounts_membership m on m.organisation_id = s.customer_id and m.role = any(s.roles)
    join accounts_user u on u.id = m.user_id and u.is_active
    where s.organisation_id = s.customer_id
    union all
    select s.*, coalesce(k.id, m.user_id), case when k.id is null then 'stand_in' else stands.why end,
           coalesce(u.time_zone, k.time_zone, o.time_zone), k.id is not null or not {RETURNED.format(address="u.email")}
    from series s
    -- Where no lead is named, or the one that is sees nothing now, every assigned contact counts as lead.
    left join licences_lead l on l.coverage_id = s.coverage_id and l.ended_at is null and exists (
        select 1 from {{visibility}} lv where lv.coverage_id = l.coverage_id
          and lv.organisation_id = l.advisor_id and lv.valid_until > coterm_now())
    cross join lateral (
        select case when coalesce(l.advisor_id, s.organisation_id) = s.organisation_id then 'lead' else 'contact' end
    ) as stands (why)
    join licences_assignment a on a.id = s.assignment_id
    join accounts_organisation o on o.id = s.organisation_id
    left join (
        select k.id, k.left_on, u.time_zone from advisors_contact k left join accounts_user u on u.id = k.user_id
        where coalesce(u.is_active, true) and not {RETURNED.format(address="coalesce(u.email, k.email)")}
    ) k on k.id = a.contact_id and (k.left_on is null or k.left_on > s.today)
    -- For whoever has left the firm, or cannot be reached, its owners stand in.
    left join accounts_membership m on k.id is null and m.organisation_id = s.organisation_id and m.role = 'owner'
    left join accounts_user u on u.id = m.user_id and u.is_active
    where coalesce(k.id, u.id) is not null and stands.why = any(s.roles)
), audible as (
    select * from wanted w where not {MUTED.format(recipient="w.recipient_id")}
), lost as (
    -- Mail to all who would get it comes back (rules.recipients).
    select distinct on (w.coverage_id, w.organisation_id, w.today, w.code) w.*
    from audible w
    where not w.is_reached and w.state = 'pending' and not exists (
        select 1 from audible h where h.is_reached and h.coverage_id = w.coverage_id
          and h.organisation_id = w.organisation_id and h.today = w.today and h.code = w.code)
), standing_in as (
    select w.coverage_id, w.customer_id, w.organisation_id, w.assignment_id, w.expires_on, w.today, w.code, w.closes,
           w.is_urgent, w.roles, w.boundary, w.notice, w.state, u.id as recipient_id, 'stand_in' as why, u.time_zone,
           true as is_reached
    from lost w
    join accounts_membership m on m.organisation_id = w.customer_id and m.role = 'approver'
    join accounts_user u on u.id = m.user_id and u.is_active
    where w.organisation_id = w.customer_id and not {RETURNED.format(address="u.email")}
      and not {MUTED.format(recipient="u.id")}
), told as (
    select * from audible union all select * from standing_in
), heard as (
    select * from told w where not exists (
        select 1 from renewals_silence z where z.coverage_id = w.coverage_id and z.expires_on = w.expires_on
          and z.recipient_id = w.recipient_id and not w.is_urgent)
)"""


def readers_sql(*, visibility: str = "licences_visibility") -> str:
    """The common table expressions from `series` up to `heard`: every reminder, with its reader."""
    return READERS.format(visibility=visibility)
