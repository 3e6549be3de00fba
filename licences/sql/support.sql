-- Support access shows a customer's coverages to the programme's own organisation, by rows of visibility like any
-- other: no policy on coverages gets an OR (decision 0012). From here on the functions below replace those of the
-- same name in visibility.sql; a row that support access shows has a level, an end, and no assignment.

create or replace function coterm_effective_grants(coverages uuid[], organisations uuid[])
returns table (coverage_id uuid, organisation_id uuid, customer_id uuid, expires_on date, programme varchar, quantity int,
               assignment_id uuid, access_level smallint, valid_until timestamptz)
language sql stable as $$
    select pair.coverage_id, pair.organisation_id, c.customer_id, coalesce(c.expires_on, date '9999-12-31'),
           c.programme, c.quantity, g.id, g.level, g.valid_until
    from unnest(coverages, organisations) as pair (coverage_id, organisation_id)
    join licences_coverage c on c.id = pair.coverage_id
    join accounts_organisation o on o.id = c.customer_id
    left join lateral (
        (select a.id, a.level, coterm_day_end(a.ends_on, o.time_zone) as valid_until
         from licences_assignment a
         where a.customer_id = c.customer_id and a.advisor_id = pair.organisation_id and a.status = 'active'
           and coterm_day_end(a.ends_on, o.time_zone) > coterm_now()
           and case a.scope
               when 'all' then not exists (
                   select 1 from licences_exclusion x where x.assignment_id = a.id and x.coverage_id = c.id)
               else exists (select 1 from licences_selection s where s.assignment_id = a.id and s.coverage_id = c.id)
           end
         order by a.scope desc, a.ends_on desc, a.id
         limit 1)
        union all
        select null, 1::smallint, coterm_day_end(s.ends_on, o.time_zone)
        from licences_supportaccess s
        where s.customer_id = c.customer_id and s.programme_id = pair.organisation_id and s.ended_at is null
          and coterm_day_end(s.ends_on, o.time_zone) > coterm_now()
    ) g on true
$$;

create or replace function coterm_refresh(coverages uuid[], organisations uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    with want as materialized (select * from coterm_effective_grants(coverages, organisations)),
    gone as (
        delete from licences_visibility v using want w
        where v.coverage_id = w.coverage_id and v.organisation_id = w.organisation_id and w.valid_until is null)
    insert into licences_visibility as v (coverage_id, organisation_id, customer_id, expires_on, programme, quantity,
                                          assignment_id, access_level, valid_until)
    select coverage_id, organisation_id, customer_id, expires_on, programme, quantity, assignment_id, access_level,
           valid_until
    from want where valid_until is not null
    on conflict (coverage_id, organisation_id) do update
        set expires_on = excluded.expires_on, programme = excluded.programme, quantity = excluded.quantity,
            assignment_id = excluded.assignment_id, access_level = excluded.access_level,
            valid_until = excluded.valid_until
        where (v.expires_on, v.programme, v.quantity, v.assignment_id, v.access_level, v.valid_until)
           is distinct from (excluded.expires_on, excluded.programme, excluded.quantity, excluded.assignment_id,
                             excluded.access_level, excluded.valid_until);
end $$;

create or replace function coterm_refresh_customers(customers uuid[], advisors uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    with pair as (select distinct p.customer_id, p.organisation_id
                  from unnest(customers, advisors) as p (customer_id, organisation_id)),
    want as materialized (
        select pair.*, (
            select max(coterm_day_end(t.ends_on, o.time_zone))
            from accounts_organisation o join (
                select a.customer_id, a.ends_on from licences_assignment a
                where a.customer_id = pair.customer_id and a.advisor_id = pair.organisation_id and a.status = 'active'
                union all
                select s.customer_id, s.ends_on from licences_supportaccess s
                where s.customer_id = pair.customer_id and s.programme_id = pair.organisation_id and s.ended_at is null
            ) t on t.customer_id = o.id
        ) as valid_until
        from pair),
    gone as (
        delete from licences_customervisibility v using want w
        where v.customer_id = w.customer_id and v.organisation_id = w.organisation_id and w.valid_until is null)
    insert into licences_customervisibility as v (organisation_id, customer_id, valid_until)
    select organisation_id, customer_id, valid_until from want where valid_until is not null
    on conflict (organisation_id, customer_id) do update set valid_until = excluded.valid_until
        where v.valid_until is distinct from excluded.valid_until;
end $$;

create or replace function coverage_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from fresh));
    insert into licences_visibility (coverage_id, organisation_id, customer_id, expires_on, programme, quantity,
                                     access_level, valid_until)
    select id, customer_id, customer_id, coalesce(expires_on, date '9999-12-31'), programme, quantity, 3,
           timestamptz '9999-12-31 00:00:00+00'
    from fresh;
    perform coterm_refresh(array_agg(pair.coverage_id), array_agg(pair.organisation_id))
    from (select distinct f.id as coverage_id, a.advisor_id as organisation_id from fresh f
          join licences_assignment a on a.customer_id = f.customer_id and a.scope = 'all' and a.status = 'active'
          union
          select f.id, s.programme_id from fresh f
          join licences_supportaccess s on s.customer_id = f.customer_id and s.ended_at is null) pair
    having count(*) > 0;
    return null;
end $$;

-- All that the programme may see of these customers, or no longer may.
create function coterm_refresh_support(customers uuid[], programmes uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_refresh(array_agg(pair.coverage_id), array_agg(pair.programme_id))
    from (select distinct c.id as coverage_id, t.programme_id
          from unnest(customers, programmes) as t (customer_id, programme_id)
          join licences_coverage c on c.customer_id = t.customer_id) pair
    having count(*) > 0;
    perform coterm_refresh_customers(customers, programmes);
end $$;

create function support_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from fresh));
    perform coterm_refresh_support(array_agg(customer_id), array_agg(programme_id)) from fresh having count(*) > 0;
    return null;
end $$;

create function support_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select customer_id from fresh union select customer_id from stale));
    perform coterm_refresh_support(array_agg(t.customer_id), array_agg(t.programme_id))
    from (select customer_id, programme_id from fresh union select customer_id, programme_id from stale) t
    having count(*) > 0;
    return null;
end $$;

create function support_removed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from stale));
    perform coterm_refresh_support(array_agg(customer_id), array_agg(programme_id)) from stale having count(*) > 0;
    return null;
end $$;

create or replace function customer_zone_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_refresh_assignments(array_agg(a.id), array_agg(a.customer_id), array_agg(a.advisor_id))
    from licences_assignment a where a.customer_id = new.id and a.status = 'active' having count(*) > 0;
    perform coterm_refresh_support(array_agg(s.customer_id), array_agg(s.programme_id))
    from licences_supportaccess s where s.customer_id = new.id and s.ended_at is null having count(*) > 0;
    return null;
end $$;

create trigger support_added after insert on licences_supportaccess
    referencing new table as fresh for each statement execute function support_added();
create trigger support_changed after update on licences_supportaccess
    referencing old table as stale new table as fresh for each statement execute function support_changed();
create trigger support_removed after delete on licences_supportaccess
    referencing old table as stale for each statement execute function support_removed();

revoke all on function coterm_refresh_support(uuid[], uuid[]), support_added(), support_changed(), support_removed()
    from public;
