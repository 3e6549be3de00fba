-- What an assignment may become, whoever asks (rules/life.py; a test compares the two), and what its firm may write.
create function assignment_guarded() returns trigger language plpgsql as $$
begin
    if new.status <> old.status and (old.status, new.status) not in (
        ('draft', 'active'), ('draft', 'discarded'), ('requested', 'active'), ('requested', 'declined'),
        ('requested', 'withdrawn'), ('requested', 'lapsed'), ('active', 'suspended'), ('suspended', 'active'),
        ('active', 'revoked'), ('suspended', 'revoked'), ('active', 'resigned'), ('suspended', 'resigned'),
        ('active', 'expired'), ('suspended', 'expired')
    ) then
        raise exception 'An assignment that is % never becomes %.', old.status, new.status;
    end if;
    if new.status = 'resigned' and
        (new.customer_id, new.advisor_id, new.contact_id, new.scope, new.level, new.ends_on, new.message,
         new.created_by_id, new.created_at, new.activated_at)
        is distinct from
        (old.customer_id, old.advisor_id, old.contact_id, old.scope, old.level, old.ends_on, old.message,
         old.created_by_id, old.created_at, old.activated_at)
    then
        raise exception 'Who gives access up changes nothing else.';
    end if;
    return new;
end $$;

create trigger assignment_guarded before update on licences_assignment
    for each row execute function assignment_guarded();
revoke all on function assignment_guarded() from public;
