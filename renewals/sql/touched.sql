-- The sweep looks at what has changed, and at nothing else: these triggers name the customers to look at again.
-- Rows, not a flag or a time: what a slow transaction commits late is still seen.

-- Time-ordered like the keys made in Python (UUIDv7), for rows that the database itself makes.
create function coterm_new_id() returns uuid language sql volatile parallel safe as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
        52, 1), 53, 1), 'hex')::uuid
$$;

create function reminders_visibility() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), customer_id from (select distinct customer_id from fresh) t;
    return null;
end $$;

create function reminders_membership() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.id from (
        select f.organisation_id as id from fresh f join accounts_organisation o on o.id = f.organisation_id
        where o.kind = 'customer'
        union
        select s.customer_id from fresh f
        join licences_customervisibility s on s.organisation_id = f.organisation_id where f.role = 'owner') t;
    return null;
end $$;

create function reminders_assignment() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.customer_id
    from (select distinct f.customer_id from fresh f join stale s using (id)
          where f.contact_id is distinct from s.contact_id) t;
    return null;
end $$;

create function reminders_contact() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.customer_id
    from (select distinct customer_id from licences_assignment where contact_id = new.id and status = 'active') t;
    return null;
end $$;

create function reminders_zone() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id) values (public.coterm_new_id(), new.id);
    return null;
end $$;

create function reminders_unmuted() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.id from (
        select old.customer_id as id where old.customer_id is not null
        union
        select m.organisation_id from accounts_membership m join accounts_organisation o on o.id = m.organisation_id
        where old.customer_id is null and m.user_id = old.recipient_id and o.kind = 'customer'
        union
        select a.customer_id from licences_assignment a
        where old.customer_id is null and a.contact_id = old.recipient_id and a.status = 'active') t;
    return null;
end $$;

create trigger reminders_visibility_added after insert on licences_visibility
    referencing new table as fresh for each statement execute function reminders_visibility();
create trigger reminders_visibility_changed after update on licences_visibility
    referencing new table as fresh for each statement execute function reminders_visibility();
create trigger reminders_membership_added after insert on accounts_membership
    referencing new table as fresh for each statement execute function reminders_membership();
create trigger reminders_membership_changed after update on accounts_membership
    referencing new table as fresh for each statement execute function reminders_membership();
create trigger reminders_assignment_changed after update on licences_assignment
    referencing old table as stale new table as fresh for each statement execute function reminders_assignment();
create trigger reminders_contact_left after update on advisors_contact
    for each row when (old.left_on is distinct from new.left_on) execute function reminders_contact();
create trigger reminders_zone_changed after update of time_zone on accounts_organisation
    for each row when (new.kind = 'customer' and old.time_zone is distinct from new.time_zone)
    execute function reminders_zone();
create trigger reminders_unmuted after delete on renewals_mute
    for each row execute function reminders_unmuted();

revoke all on function coterm_new_id(), reminders_visibility(), reminders_membership(), reminders_assignment(),
    reminders_contact(), reminders_zone(), reminders_unmuted() from public;
grant execute on function coterm_new_id() to coterm_worker;

insert into renewals_touched (id, customer_id)
select coterm_new_id(), id from accounts_organisation where kind = 'customer';
