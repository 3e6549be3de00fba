-- "Will not be renewed" was a silence as well as a decision: what stands of the silences becomes decisions (decision 18).
-- One that an order holds meanwhile is renewed after all, and one of an earlier expiry is over.
create temporary table standing_forgone on commit drop as
select z.customer_id, z.coverage_id, z.expires_on, z.reason, z.made_by_id, z.created_at, c.quantity
from renewals_silence z
join licences_coverage c on c.id = z.coverage_id and c.expires_on = z.expires_on
where z.why = 'forgone' and c.quantity > 0
  and not exists (select 1 from renewals_quoteline l where l.coverage_id = z.coverage_id and l.held);

update renewals_decision d set state = 'taken_back', ended_at = coterm_now()
from standing_forgone f
where d.coverage_id = f.coverage_id and d.expires_on = f.expires_on and d.state = 'decided' and d.quantity < f.quantity;

insert into renewals_decision (id, customer_id, organisation_id, coverage_id, expires_on, quantity, reason, note, state,
                               created_by_id, created_at, decided_by_id)
select coterm_new_id(), f.customer_id, f.customer_id, f.coverage_id, f.expires_on, f.quantity, 'other', f.reason,
       'decided', f.made_by_id, f.created_at, f.made_by_id
from standing_forgone f
on conflict do nothing;

delete from renewals_silence where why = 'forgone';
drop table standing_forgone;
