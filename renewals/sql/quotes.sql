-- What a quote and an order may become, whoever asks (rules/quotes.py, rules/orders.py; a test compares them), and that
-- what was offered is never rewritten: from its submission on a quote keeps its prices, and so do its lines.
create function quote_guarded() returns trigger language plpgsql as $$
begin
    if new.state <> old.state and (old.state, new.state) not in (
        ('draft', 'submitted'), ('draft', 'accepted'), ('submitted', 'accepted'), ('submitted', 'declined'),
        ('submitted', 'withdrawn'), ('submitted', 'expired'), ('accepted', 'cancelled'), ('accepted', 'fulfilled')
    ) then
        raise exception 'A quote that is % never becomes %.', old.state, new.state;
    end if;
    if (new.customer_id, new.organisation_id, new.created_by_id, new.created_at)
        is distinct from (old.customer_id, old.organisation_id, old.created_by_id, old.created_at)
    then
        raise exception 'A quote never changes its customer or its author.';
    end if;
    if old.state <> 'draft' and
        (new.coverages, new.priced_on, new.valid_until, new.ends_on, new.mode, new.inputs, new.basis, new.totals,
         new.notes, new.is_partial, new.replaces_id, new.submitted_by_id, new.submitted_at)
        is distinct from
        (old.coverages, old.priced_on, old.valid_until, old.ends_on, old.mode, old.inputs, old.basis, old.totals,
         old.notes, old.is_partial, old.replaces_id, old.submitted_by_id, old.submitted_at)
    then
        raise exception 'What was offered is never rewritten.';
    end if;
    return new;
end $$;

-- Once for each statement: 2,000 lines are not 2,000 questions.
create function quoteline_added() returns trigger language plpgsql as $$
begin
    if exists (select 1 from (select distinct quote_id from fresh) f left join renewals_quote q on q.id = f.quote_id
               where q.state is distinct from 'draft')
    then
        raise exception 'Only a draft takes lines.';
    end if;
    return null;
end $$;

create function quoteline_removed() returns trigger language plpgsql as $$
begin
    if exists (select 1 from (select distinct quote_id from stale) s join renewals_quote q on q.id = s.quote_id
               where q.state <> 'draft')
    then
        raise exception 'Only a draft loses lines.';
    end if;
    return null;
end $$;

-- Whether it is held changes with the order, and a coverage may be removed; nothing else.
create function quoteline_guarded() returns trigger language plpgsql as $$
begin
    if to_jsonb(new) - '{held,coverage_id}'::text[] <> to_jsonb(old) - '{held,coverage_id}'::text[]
        or new.coverage_id <> old.coverage_id or (old.coverage_id is null and new.coverage_id is not null)
    then
        raise exception 'A line is never rewritten.';
    end if;
    return new;
end $$;

create function order_guarded() returns trigger language plpgsql as $$
begin
    if new.state <> old.state and (old.state, new.state) not in (
        ('to_place', 'placed'), ('to_place', 'cancelled'), ('placed', 'fulfilled'), ('placed', 'cancelled')
    ) then
        raise exception 'An order that is % never becomes %.', old.state, new.state;
    end if;
    if (new.customer_id, new.organisation_id, new.quote_id, new.key, new.totals, new.ends_on, new.count,
        new.created_by_id, new.created_at)
        is distinct from
        (old.customer_id, old.organisation_id, old.quote_id, old.key, old.totals, old.ends_on, old.count,
         old.created_by_id, old.created_at)
        or old.state <> 'to_place' and
        (new.purchase_order, new.placed_by_id, new.placed_organisation_id, new.placed_at)
        is distinct from (old.purchase_order, old.placed_by_id, old.placed_organisation_id, old.placed_at)
    then
        raise exception 'What was ordered is never rewritten.';
    end if;
    return new;
end $$;

create trigger quote_guarded before update on renewals_quote for each row execute function quote_guarded();
create trigger quoteline_added after insert on renewals_quoteline
    referencing new table as fresh for each statement execute function quoteline_added();
create trigger quoteline_removed after delete on renewals_quoteline
    referencing old table as stale for each statement execute function quoteline_removed();
create trigger quoteline_guarded before update on renewals_quoteline
    for each row execute function quoteline_guarded();
create trigger order_guarded before update on renewals_order for each row execute function order_guarded();
revoke all on function quote_guarded(), quoteline_added(), quoteline_removed(), quoteline_guarded(), order_guarded()
    from public;
