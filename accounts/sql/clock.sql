-- The one clock that policies compare with. Tests and drills replace it in their own database to move time.
create function coterm_now() returns timestamptz language sql stable parallel safe
as 'select statement_timestamp()';
