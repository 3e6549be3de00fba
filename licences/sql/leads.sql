-- A lead falls away with its access; where the access is only paused it waits, and the review looks again.
create function lead_fell_away() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update licences_lead l set ended_at = coterm_now(), fell_away = true
    from stale s
    where l.coverage_id = s.coverage_id and l.advisor_id = s.organisation_id and l.ended_at is null
      and not exists (
          select 1 from licences_assignment a
          where a.customer_id = l.customer_id and a.advisor_id = l.advisor_id and a.status = 'suspended'
            and case a.scope
                when 'all' then not exists (
                    select 1 from licences_exclusion x where x.assignment_id = a.id and x.coverage_id = l.coverage_id)
                else exists (
                    select 1 from licences_selection p where p.assignment_id = a.id and p.coverage_id = l.coverage_id)
            end);
    return null;
end $$;

create trigger lead_fell_away after delete on licences_visibility
    referencing old table as stale for each statement execute function lead_fell_away();
revoke all on function lead_fell_away() from public;
