-- As in quotes.sql; which coverages an order is about is not rewritten either.
create or replace function order_guarded() returns trigger language plpgsql as $$
begin
    if new.state <> old.state and (old.state, new.state) not in (
        ('to_place', 'placed'), ('to_place', 'cancelled'), ('placed', 'fulfilled'), ('placed', 'cancelled')
    ) then
        raise exception 'An order that is % never becomes %.', old.state, new.state;
    end if;
    if (new.customer_id, new.organisation_id, new.quote_id, new.key, new.totals, new.ends_on, new.count, new.coverages,
        new.created_by_id, new.created_at)
        is distinct from
        (old.customer_id, old.organisation_id, old.quote_id, old.key, old.totals, old.ends_on, old.count, old.coverages,
         old.created_by_id, old.created_at)
        or old.state <> 'to_place' and
        (new.purchase_order, new.placed_by_id, new.placed_organisation_id, new.placed_at)
        is distinct from (old.purchase_order, old.placed_by_id, old.placed_organisation_id, old.placed_at)
    then
        raise exception 'What was ordered is never rewritten.';
    end if;
    return new;
end $$;
