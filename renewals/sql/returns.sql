-- An address whose mail comes back, or does no more, changes who is told: somebody stands in, or need not any longer.
create function reminders_read_by(people uuid[], contacts uuid[]) returns setof uuid language sql stable as $$
    select m.organisation_id from accounts_membership m join accounts_organisation o on o.id = m.organisation_id
    where m.user_id = any (people) and o.kind = 'customer'
    union
    select s.customer_id from accounts_membership m
    join licences_customervisibility s on s.organisation_id = m.organisation_id
    where m.user_id = any (people) and m.role = 'owner'
    union
    select a.customer_id from licences_assignment a join advisors_contact k on k.id = a.contact_id
    where a.status = 'active' and (k.id = any (contacts) or k.user_id = any (people))
$$;

create function reminders_address() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.id from (
        select distinct public.reminders_read_by(
            array(select u.id from accounts_user u where lower(u.email) = f.address),
            array(select k.id from advisors_contact k where lower(k.email) = f.address)) as id
        from fresh f) t;
    return null;
end $$;

create function reminders_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.id from public.reminders_read_by(array[new.id], array[]::uuid[]) as t (id);
    return null;
end $$;

create trigger reminders_address_returned after insert on accounts_suppression
    referencing new table as fresh for each statement execute function reminders_address();
create trigger reminders_address_released after delete on accounts_suppression
    referencing old table as fresh for each statement execute function reminders_address();
create trigger reminders_person_changed after update on accounts_user
    for each row when ((old.email, old.is_active) is distinct from (new.email, new.is_active))
    execute function reminders_person();
drop trigger reminders_contact_left on advisors_contact;
create trigger reminders_contact_left after update on advisors_contact
    for each row when ((old.left_on, old.email, old.user_id) is distinct from (new.left_on, new.email, new.user_id))
    execute function reminders_contact();
revoke all on function reminders_read_by(uuid[], uuid[]), reminders_address(), reminders_person() from public;

-- The sweep joins the few rows of these: it needs to know that they are few.
alter table renewals_reminderwindow set (autovacuum_analyze_threshold = 1);
alter table renewals_reminderrule set (autovacuum_analyze_threshold = 1);
