-- A decision that is taken, or taken back, changes who is owed which reminders.
create function reminders_decided() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.customer_id from (select distinct customer_id from fresh) t;
    return null;
end $$;

create trigger reminders_decided after update on renewals_decision
    referencing new table as fresh for each statement execute function reminders_decided();
revoke all on function reminders_decided() from public;
