-- Visibility follows from coverages and assignments (4-performance: any other way the pages take seconds).
-- Each trigger first locks the customers it touches: without the lock, concurrent grants miss each other.
-- support.sql replaces some of these functions: it knows support access as well.
-- Definer functions pin search_path, and nobody may call them or hang them on a table of his own.

-- The instant at which a civil day has ended in the customer's zone: `ends_on` is inclusive.
create function coterm_day_end(ends_on date, zone text) returns timestamptz language sql stable parallel safe
as $$ select (ends_on + 1)::timestamp at time zone zone $$;

-- The grant in force for each pair of a coverage and an organisation: selected beats all, even when it is lower.
create function coterm_effective_grants(coverages uuid[], organisations uuid[])
returns table (coverage_id uuid, organisation_id uuid, customer_id uuid, expires_on date, programme varchar, quantity int,
               assignment_id uuid, access_level smallint, valid_until timestamptz)
language sql stable as $$
    select pair.coverage_id, pair.organisation_id, c.customer_id, coalesce(c.expires_on, date '9999-12-31'),
           c.programme, c.quantity, g.id, g.level, g.valid_until
    from unnest(coverages, organisations) as pair (coverage_id, organisation_id)
    join licences_coverage c on c.id = pair.coverage_id
    join accounts_organisation o on o.id = c.customer_id
    left join lateral (
        select a.id, a.level, coterm_day_end(a.ends_on, o.time_zone) as valid_until
        from licences_assignment a
        where a.customer_id = c.customer_id and a.advisor_id = pair.organisation_id and a.status = 'active'
          and coterm_day_end(a.ends_on, o.time_zone) > coterm_now()
          and case a.scope
              when 'all' then not exists (
                  select 1 from licences_exclusion x where x.assignment_id = a.id and x.coverage_id = c.id)
              else exists (select 1 from licences_selection s where s.assignment_id = a.id and s.coverage_id = c.id)
          end
        order by a.scope desc, a.ends_on desc, a.id
        limit 1
    ) g on true
$$;

-- One row per pair, without a grant NULL: an anti-join on a CTE went quadratic.
create function coterm_refresh(coverages uuid[], organisations uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    with want as materialized (select * from coterm_effective_grants(coverages, organisations)),
    gone as (
        delete from licences_visibility v using want w
        where v.coverage_id = w.coverage_id and v.organisation_id = w.organisation_id and w.assignment_id is null)
    insert into licences_visibility as v (coverage_id, organisation_id, customer_id, expires_on, programme, quantity,
                                          assignment_id, access_level, valid_until)
    select coverage_id, organisation_id, customer_id, expires_on, programme, quantity, assignment_id, access_level,
           valid_until
    from want where assignment_id is not null
    on conflict (coverage_id, organisation_id) do update
        set expires_on = excluded.expires_on, programme = excluded.programme, quantity = excluded.quantity,
            assignment_id = excluded.assignment_id, access_level = excluded.access_level,
            valid_until = excluded.valid_until
        where (v.expires_on, v.programme, v.quantity, v.assignment_id, v.access_level, v.valid_until)
           is distinct from (excluded.expires_on, excluded.programme, excluded.quantity, excluded.assignment_id,
                             excluded.access_level, excluded.valid_until);
end $$;

-- Which firms know a customer: by any assignment in force, even one that reaches no coverage yet.
create function coterm_refresh_customers(customers uuid[], advisors uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    with pair as (select distinct p.customer_id, p.organisation_id
                  from unnest(customers, advisors) as p (customer_id, organisation_id)),
    want as materialized (
        select pair.*, (
            select max(coterm_day_end(a.ends_on, o.time_zone))
            from licences_assignment a join accounts_organisation o on o.id = a.customer_id
            where a.customer_id = pair.customer_id and a.advisor_id = pair.organisation_id and a.status = 'active'
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

create function coterm_lock_customers(customers uuid[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    select 1 from accounts_organisation where id = any (customers) order by id for no key update;
$$;

create function coverage_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from fresh));
    insert into licences_visibility (coverage_id, organisation_id, customer_id, expires_on, programme, quantity,
                                     access_level, valid_until)
    select id, customer_id, customer_id, coalesce(expires_on, date '9999-12-31'), programme, quantity, 3,
           timestamptz '9999-12-31 00:00:00+00'
    from fresh;
    perform coterm_refresh(array_agg(pair.coverage_id), array_agg(pair.advisor_id))
    from (select distinct f.id as coverage_id, a.advisor_id from fresh f
          join licences_assignment a on a.customer_id = f.customer_id and a.scope = 'all' and a.status = 'active') pair
    having count(*) > 0;
    return null;
end $$;

create function coverage_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select customer_id from fresh union select customer_id from stale));
    if exists (select 1 from fresh f left join stale s on s.id = f.id and s.customer_id = f.customer_id where s.id is null)
    then
        raise exception 'A coverage never changes its customer or its id: delete it and add another.';
    end if;
    update licences_visibility v
    set expires_on = coalesce(f.expires_on, date '9999-12-31'), programme = f.programme, quantity = f.quantity
    from fresh f join stale s using (id)
    where v.coverage_id = f.id
      and (f.expires_on, f.programme, f.quantity) is distinct from (s.expires_on, s.programme, s.quantity);
    return null;
end $$;

create function coverage_removed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from stale));
    delete from licences_visibility v using stale s where v.coverage_id = s.id;
    return null;
end $$;

-- Every pair that one of these assignments reaches, by its scope or by a tick, and what is still shown through it:
-- after a cascade the ticks are gone before any trigger can read them.
create function coterm_refresh_assignments(assignments uuid[], customers uuid[], advisors uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_refresh(array_agg(pair.coverage_id), array_agg(pair.advisor_id))
    from (
        select c.id as coverage_id, t.advisor_id
        from unnest(assignments, customers, advisors) as t (id, customer_id, advisor_id)
        join licences_assignment a on a.id = t.id and a.scope = 'all'
        join licences_coverage c on c.customer_id = t.customer_id
        union
        select s.coverage_id, t.advisor_id
        from unnest(assignments, customers, advisors) as t (id, customer_id, advisor_id)
        join licences_selection s on s.assignment_id = t.id
        union
        select v.coverage_id, t.advisor_id
        from unnest(assignments, customers, advisors) as t (id, customer_id, advisor_id)
        join licences_visibility v on v.organisation_id = t.advisor_id and v.customer_id = t.customer_id
    ) pair
    having count(*) > 0;
    perform coterm_refresh_customers(customers, advisors);
end $$;

create function assignment_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from fresh));
    perform coterm_refresh_assignments(array_agg(id), array_agg(customer_id), array_agg(advisor_id))
    from fresh where status = 'active' having count(*) > 0;
    return null;
end $$;

create function assignment_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select customer_id from fresh union select customer_id from stale));
    perform coterm_refresh_assignments(array_agg(t.id), array_agg(t.customer_id), array_agg(t.advisor_id))
    from (select n.id, n.customer_id, n.advisor_id, n.scope, n.level, n.status, n.ends_on from fresh n
          union select o.id, o.customer_id, o.advisor_id, o.scope, o.level, o.status, o.ends_on from stale o) t
    where t.id in (
        select n.id from fresh n join stale o using (id)
        where (n.customer_id, n.advisor_id, n.scope, n.level, n.status, n.ends_on)
           is distinct from (o.customer_id, o.advisor_id, o.scope, o.level, o.status, o.ends_on)
          and 'active' in (n.status, o.status))
    having count(*) > 0;
    return null;
end $$;

create function assignment_removed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from stale));
    perform coterm_refresh_assignments(array_agg(id), array_agg(customer_id), array_agg(advisor_id))
    from stale having count(*) > 0;
    return null;
end $$;

create function picked_added() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from fresh));
    perform coterm_refresh(array_agg(pair.coverage_id), array_agg(pair.advisor_id))
    from (select distinct f.coverage_id, a.advisor_id
          from fresh f join licences_assignment a on a.id = f.assignment_id and a.status = 'active') pair
    having count(*) > 0;
    return null;
end $$;

create function picked_removed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_lock_customers(array(select distinct customer_id from stale));
    perform coterm_refresh(array_agg(pair.coverage_id), array_agg(pair.advisor_id))
    from (select distinct s.coverage_id, a.advisor_id
          from stale s join licences_assignment a on a.id = s.assignment_id and a.status = 'active') pair
    having count(*) > 0;
    return null;
end $$;

-- Another time zone moves every end.
create function customer_zone_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform coterm_refresh_assignments(array_agg(a.id), array_agg(a.customer_id), array_agg(a.advisor_id))
    from licences_assignment a where a.customer_id = new.id and a.status = 'active' having count(*) > 0;
    return null;
end $$;

create trigger coverage_added after insert on licences_coverage
    referencing new table as fresh for each statement execute function coverage_added();
create trigger coverage_changed after update on licences_coverage
    referencing old table as stale new table as fresh for each statement execute function coverage_changed();
create trigger coverage_removed after delete on licences_coverage
    referencing old table as stale for each statement execute function coverage_removed();
create trigger assignment_added after insert on licences_assignment
    referencing new table as fresh for each statement execute function assignment_added();
create trigger assignment_changed after update on licences_assignment
    referencing old table as stale new table as fresh for each statement execute function assignment_changed();
create trigger assignment_removed after delete on licences_assignment
    referencing old table as stale for each statement execute function assignment_removed();
create trigger selection_added after insert on licences_selection
    referencing new table as fresh for each statement execute function picked_added();
create trigger selection_removed after delete on licences_selection
    referencing old table as stale for each statement execute function picked_removed();
create trigger exclusion_added after insert on licences_exclusion
    referencing new table as fresh for each statement execute function picked_added();
create trigger exclusion_removed after delete on licences_exclusion
    referencing old table as stale for each statement execute function picked_removed();
create trigger customer_zone_changed after update of time_zone on accounts_organisation
    for each row when (old.time_zone is distinct from new.time_zone) execute function customer_zone_changed();

revoke all on function coterm_effective_grants(uuid[], uuid[]), coterm_refresh(uuid[], uuid[]),
    coterm_refresh_customers(uuid[], uuid[]), coterm_lock_customers(uuid[]),
    coterm_refresh_assignments(uuid[], uuid[], uuid[]), coverage_added(), coverage_changed(), coverage_removed(),
    assignment_added(), assignment_changed(), assignment_removed(), picked_added(), picked_removed(),
    customer_zone_changed() from public;
grant execute on function coterm_effective_grants(uuid[], uuid[]) to coterm_worker;
