-- A certificate is a record: of what was issued nothing changes but that other terms have taken its place.

create function certificate_guarded() returns trigger language plpgsql as $$
begin
    if old.superseded_at is not null
        or (to_jsonb(new) - 'superseded_at') is distinct from (to_jsonb(old) - 'superseded_at')
    then
        raise exception 'A certificate is never rewritten.';
    end if;
    return new;
end $$;

create trigger certificate_guarded before update on renewals_certificate
    for each row execute function certificate_guarded();

-- Definer: whoever changes the terms need not be somebody who may write certificates, and web may not at all.
create function certificate_superseded() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    update renewals_certificate c set superseded_at = coterm_now()
        where c.customer_id = new.customer_id and c.superseded_at is null
            and (c.coverage_id = new.id
                or c.coverage_id is null and c.facts @> jsonb_build_object('coverages',
                    jsonb_build_array(jsonb_build_object('coverage', new.id::text))));
    return null;
end $$;

create trigger certificate_superseded after update of starts_on, expires_on, quantity, programme on licences_coverage
    for each row when ((old.starts_on, old.expires_on, old.quantity, old.programme)
        is distinct from (new.starts_on, new.expires_on, new.quantity, new.programme))
    execute function certificate_superseded();

create function certificate_renamed() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    update renewals_certificate c set superseded_at = coterm_now()
        from licences_coverage v
        where v.licence_id = new.id and c.customer_id = new.customer_id and c.superseded_at is null
            and (c.coverage_id = v.id
                or c.coverage_id is null and c.facts @> jsonb_build_object('coverages',
                    jsonb_build_array(jsonb_build_object('coverage', v.id::text))));
    return null;
end $$;

create trigger certificate_renamed after update of serial, product_id on licences_licence
    for each row when ((old.serial, old.product_id) is distinct from (new.serial, new.product_id))
    execute function certificate_renamed();

revoke all on function certificate_guarded(), certificate_superseded(), certificate_renamed() from public;
