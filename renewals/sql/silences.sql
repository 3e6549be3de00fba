-- What makes reminders fall silent or speak again names its customers to the sweep, like all the rest (decision 9).
create function reminders_silence() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), customer_id from (select distinct customer_id from fresh) t;
    return null;
end $$;

-- A programme's own windows concern every customer.
create function reminders_windows() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into renewals_touched (id, customer_id)
    select public.coterm_new_id(), t.id from (
        select distinct customer_id as id from fresh where customer_id is not null
        union
        select id from accounts_organisation
        where kind = 'customer' and exists (select 1 from fresh where customer_id is null)) t;
    return null;
end $$;

create trigger reminders_silence_began after insert on renewals_silence
    referencing new table as fresh for each statement execute function reminders_silence();
create trigger reminders_silence_ended after delete on renewals_silence
    referencing old table as fresh for each statement execute function reminders_silence();
create trigger reminders_windows_added after insert on renewals_reminderwindow
    referencing new table as fresh for each statement execute function reminders_windows();
create trigger reminders_windows_removed after delete on renewals_reminderwindow
    referencing old table as fresh for each statement execute function reminders_windows();
revoke all on function reminders_silence(), reminders_windows() from public;

-- Until now a warning's code was the day that it opened on.
update renewals_reminder set "window" = 2000 - (365 - "window") where "window" in (335, 358);
update renewals_reminder set is_urgent = "window" >= -7, over_on = expires_on + 366
where state in ('pending', 'dead') and letter_id is null;
