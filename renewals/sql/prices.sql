-- Range types of our own: only ranges can be excluded by "&&" without the extension btree_gist.
create type coterm_text_range as range (subtype = text, collation = "C");
create type coterm_uuid_range as range (subtype = uuid);

alter table renewals_priceschedule add constraint priceschedule_no_overlap exclude using gist (
    coterm_text_range(programme, programme, '[]') with &&,
    daterange(valid_from, valid_to, '[]') with &&
) where (state = 'published');

-- int8: the canonical form of the largest int4 has no int4 after it.
alter table renewals_price add constraint price_no_overlap exclude using gist (
    coterm_uuid_range(product_id, product_id, '[]') with &&,
    coterm_text_range(currency, currency, '[]') with &&,
    int4range(months, months, '[]') with &&,
    int8range(qty_min, qty_max, '[]') with &&,
    coterm_uuid_range(schedule_id, schedule_id, '[]') with &&
);

-- A published version keeps its prices, its programme and its first day, whoever asks; only its end moves.
-- It becomes a draft again only before it has begun.
create function priceschedule_guarded() returns trigger language plpgsql as $$
declare
    today constant date := (coterm_now() at time zone 'UTC')::date;
begin
    if old.state <> 'published' then
        return coalesce(new, old);
    end if;
    if tg_op = 'DELETE' then
        raise exception 'A published price schedule is never deleted.' using errcode = 'check_violation';
    end if;
    if new.state = 'published' and (new.programme, new.valid_from) is distinct from (old.programme, old.valid_from)
        or new.state <> 'published' and old.valid_from < today
    then
        raise exception 'A published price schedule keeps all but its end.' using errcode = 'check_violation';
    end if;
    return new;
end $$;

create trigger priceschedule_guarded before update or delete on renewals_priceschedule
    for each row execute function priceschedule_guarded();

-- The lock makes a publication wait for prices that are being written, and the other way round.
create function price_guarded() returns trigger language plpgsql as $$
declare
    published boolean;
begin
    select bool_or(s.state = 'published') into published from (
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

create trigger price_guarded before insert or update or delete on renewals_price
    for each row execute function price_guarded();

-- A policy that has begun never changes and never goes.
create function policy_guarded() returns trigger language plpgsql as $$
begin
    if old.valid_from < (coterm_now() at time zone 'UTC')::date then
        raise exception 'What has begun never changes.' using errcode = 'check_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger policy_guarded before update or delete on renewals_renewalpolicy
    for each row execute function policy_guarded();
create trigger discount_guarded before update or delete on renewals_tierdiscount
    for each row execute function policy_guarded();

revoke all on function priceschedule_guarded(), price_guarded(), policy_guarded() from public;
