-- What visibility should say, reckoned afresh from coverages and assignments, beside what it says.
-- A row whose end has passed shows nothing to anybody: until the next review mends it, it counts as absent.
with pair as (
    select distinct c.id as coverage_id, a.advisor_id as organisation_id
    from licences_assignment a join licences_coverage c on c.customer_id = a.customer_id
    where a.status = 'active'
      and (a.scope = 'all' or exists (
          select 1 from licences_selection s where s.assignment_id = a.id and s.coverage_id = c.id))
    union
    select c.id, s.programme_id
    from licences_supportaccess s join licences_coverage c on c.customer_id = s.customer_id
    where s.ended_at is null
), listed as (
    select array_agg(coverage_id) as coverages, array_agg(organisation_id) as organisations from pair
), want as (
    select g.* from listed, coterm_effective_grants(listed.coverages, listed.organisations) g
    where g.valid_until is not null
    union all
    select id, customer_id, customer_id, coalesce(expires_on, date '9999-12-31'), programme, quantity, null::uuid,
           3::smallint, timestamptz '9999-12-31 00:00:00+00'
    from licences_coverage
), have as (
    select coverage_id, organisation_id, customer_id, expires_on, programme, quantity, assignment_id, access_level,
           valid_until
    from licences_visibility
), differing as (
    select coalesce(want.coverage_id, have.coverage_id) as coverage_id,
           coalesce(want.organisation_id, have.organisation_id) as organisation_id,
           case when want.coverage_id is null then 'shown, but nothing grants it'
                when have.coverage_id is null then 'granted, but not shown'
                else 'shown otherwise than granted' end as fault
    from want full join have using (coverage_id, organisation_id)
    where (have.valid_until is null or have.valid_until > coterm_now())
      and row (want.customer_id, want.expires_on, want.programme, want.quantity, want.assignment_id, want.access_level,
               want.valid_until)
          is distinct from
          row (have.customer_id, have.expires_on, have.programme, have.quantity, have.assignment_id,
               have.access_level, have.valid_until)
)
select (select count(*) from want), coverage_id::text, organisation_id::text, fault
from (select 1) as one left join differing on true
order by 2, 3
limit %s
