-- Who acted in the reader's own history: the names of people and of the organisations that they acted for, and nothing
-- else of them. What is shared may have ended long ago; the entries stay, and so does who made them.
create function coterm_names_of_actors(wanted uuid[]) returns table (id uuid, name text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select u.id, u.name::text
    from accounts_user u
    where u.id = any (wanted) and u.name <> '' and (
        select true from accounts_auditentry e
        where e.organisation_id = (select nullif(current_setting('app.organisation_id', true), '')::uuid)
          and e.actor_user_id = u.id
        limit 1)
    union all
    select o.id, o.name::text
    from accounts_organisation o
    where o.id = any (wanted) and (
        select true from accounts_auditentry e
        where e.organisation_id = (select nullif(current_setting('app.organisation_id', true), '')::uuid)
          and e.actor_organisation_id = o.id
        limit 1)
$$;
revoke all on function coterm_names_of_actors(uuid[]) from public;
grant execute on function coterm_names_of_actors(uuid[]) to coterm_web;
