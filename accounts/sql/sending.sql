-- Which database this is: another cluster, another database or another table of letters is a restored copy (decision 0014).
create function coterm_database() returns text language sql stable
as $$
    select s.system_identifier || ':' || d.oid || ':' || c.oid
    from pg_control_system() s, pg_database d, pg_class c
    where d.datname = current_database() and c.oid = 'public.accounts_letter'::regclass
$$;

-- People may try again what is dead and withdraw what waits; what else follows from that is not theirs to say.
create function letter_moved() returns trigger language plpgsql as $$
begin
    if old.state = 'dead' and new.state = 'pending' then
        new.due_at := coterm_now();
        new.give_up_at := coterm_now() + interval '7 days';
        new.attempts := 0;
        new.reason := '';
    elsif old.state = 'pending' and new.state = 'cancelled' then
        new.reason := case when current_setting('app.role', true) = 'manager' then 'operator' else 'withdrawn' end;
    else
        raise exception 'a letter does not go from % to %', old.state, new.state using errcode = 'check_violation';
    end if;
    return new;
end $$;

create trigger letter_moved before update of state on accounts_letter for each row
when (old.state = 'dead' and new.state = 'pending' or current_user = 'coterm_web')
execute function letter_moved();
