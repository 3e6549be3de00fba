-- A coverage that an order held, and holds no more, is owed its reminders again.
create function reminders_held() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.customer_id
    from (select distinct f.customer_id from fresh f join stale s using (id) where s.held and not f.held) t;
    return null;
end $$;

create trigger reminders_held after update on renewals_quoteline
    referencing old table as stale new table as fresh for each statement execute function reminders_held();
revoke all on function reminders_held() from public;
