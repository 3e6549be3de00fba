-- What was consented to is never rewritten, and what has ended is never reopened, whoever asks
-- (the states are those of rules/transfers.py; a test compares the two).
create function transfer_guarded() returns trigger language plpgsql as $$
begin
    if new.state <> old.state and (old.state, new.state) not in (
        ('requested', 'consented'), ('requested', 'declined'), ('requested', 'withdrawn'), ('requested', 'lapsed'),
        ('consented', 'delivered'), ('delivered', 'receipted'), ('delivered', 'declined'), ('delivered', 'withdrawn'),
        ('delivered', 'lapsed'), ('receipted', 'withdrawn')
    ) then
        raise exception 'A transfer that is % never becomes %.', old.state, new.state;
    end if;
    if old.state <> 'requested' and
        (new.distributor_id, new.advisor_id, new.purpose, new.ends_on, new.company_fields, new.licence_fields,
         new.address, new.contact_phone, new.count, new.consented_by_id, new.consented_at, new.sender,
         new.text_version, new.language, new.sha256, new.valid_until)
        is distinct from
        (old.distributor_id, old.advisor_id, old.purpose, old.ends_on, old.company_fields, old.licence_fields,
         old.address, old.contact_phone, old.count, old.consented_by_id, old.consented_at, old.sender,
         old.text_version, old.language, old.sha256, old.valid_until)
    then
        raise exception 'What was consented to is never rewritten.';
    end if;
    return new;
end $$;

create trigger transfer_guarded before update on licences_transfer
    for each row execute function transfer_guarded();
revoke all on function transfer_guarded() from public;
