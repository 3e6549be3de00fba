-- As in prices.sql; a version is replaced on its first day (one day of slack for zones west of UTC), and rests then.
create or replace function priceschedule_guarded() returns trigger language plpgsql as $$
declare
    today constant date := (coterm_now() at time zone 'UTC')::date;
begin
    if old.state = 'draft' then
        return coalesce(new, old);
    end if;
    if tg_op = 'DELETE' then
        raise exception 'A published price schedule is never deleted.' using errcode = 'check_violation';
    end if;
    if old.state = 'replaced'
        or new.state <> 'draft' and (new.programme, new.valid_from) is distinct from (old.programme, old.valid_from)
        or new.state = 'replaced' and old.valid_from < today - 1
        or new.state = 'draft' and old.valid_from < today
    then
        raise exception 'A published price schedule keeps all but its end.' using errcode = 'check_violation';
    end if;
    return new;
end $$;

create or replace function price_guarded() returns trigger language plpgsql as $$
declare
    published boolean;
begin
    select bool_or(s.state <> 'draft') into published from (
        select state from renewals_priceschedule
        where id in (case when tg_op <> 'INSERT' then old.schedule_id end,
                     case when tg_op <> 'DELETE' then new.schedule_id end)
        for share
    ) s;
    if published then
        raise exception 'The prices of a published schedule never change.' using errcode = 'check_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
