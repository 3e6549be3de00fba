-- Another lead, or none any more, changes who is told of which dates.
create function reminders_lead() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), customer_id from (select distinct customer_id from fresh) t;
    return null;
end $$;

create trigger reminders_lead_named after insert on licences_lead
    referencing new table as fresh for each statement execute function reminders_lead();
create trigger reminders_lead_ended after update on licences_lead
    referencing new table as fresh for each statement execute function reminders_lead();
revoke all on function reminders_lead() from public;
