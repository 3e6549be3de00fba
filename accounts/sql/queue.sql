-- What the programme's managers need of letters that wait or have failed, whoever they are for, and no more than that:
-- neither a whole address nor a subject. It reads with the owner's rights, and asks itself who looks.
create view accounts_queue with (security_barrier) as
select id, kind, organisation_id, customer_id, left(recipient, 1) || '…@' || substring(recipient from '[^@]*$') as address,
    state, regexp_replace(reason, '[^\s<>"'';:,()]+@', '…@', 'g') as reason, attempts, due_at, created_at, ambiguous
from accounts_letter
where state in ('pending', 'sending', 'dead') and (select current_setting('app.role', true)) = 'manager';

-- Which steps a letter may take is the trigger's to say.
grant select, update (state) on accounts_queue to coterm_web;
drop policy web_tend on accounts_letter;
drop policy web_queue on accounts_letter;
