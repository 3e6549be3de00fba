-- What a firm may write of an assignment in force: whom of its own people to tell, and nothing else.
create function assignment_kept_by_advisor() returns trigger language plpgsql as $$
begin
    if old.advisor_id is distinct from nullif(current_setting('app.organisation_id', true), '')::uuid then
        return new;
    end if;
    if new.auto_extend <> old.auto_extend then
        raise exception 'Only the customer decides whether access goes on by itself.';
    end if;
    if new.status not in ('active', 'suspended') then
        return new;
    end if;
    if (to_jsonb(new) - array['contact_id', 'version']) is distinct from (to_jsonb(old) - array['contact_id', 'version'])
       or not exists (
           select 1 from advisors_contact k
           where k.id = new.contact_id and k.firm_id = old.advisor_id and k.left_on is null)
    then
        raise exception 'A firm changes only which of its own people is told.';
    end if;
    return new;
end $$;

create trigger assignment_kept_by_advisor before update on licences_assignment
    for each row execute function assignment_kept_by_advisor();
revoke all on function assignment_kept_by_advisor() from public;
