"""The lead advisor of a coverage: named by the customer, gone with its access."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.db.transaction import atomic

from accounts import audit
from accounts.models import Organisation
from accounts.permissions import require
from accounts.querysets import database_now
from accounts.rules import Actor, Power
from licences.models import Assignment, Lead
from licences.rules.access import Refusal, Refused, terms_for
from licences.services.grants import held, lock_customer, own, terms_of
from licences.services.notices import Event, details_of, readers, tell

# A paused access keeps the leads that it reaches; when it then ends, no row of visibility goes, and no trigger fires.
FALLEN = """
update licences_lead l set ended_at = coterm_now(), fell_away = true
where l.ended_at is null
  and not exists (select 1 from licences_visibility v
                  where v.coverage_id = l.coverage_id and v.organisation_id = l.advisor_id)
  and not exists (select 1 from licences_assignment a
                  where a.customer_id = l.customer_id and a.advisor_id = l.advisor_id and a.status = 'suspended'
                    and case a.scope
                        when 'all' then not exists (select 1 from licences_exclusion x
                                                    where x.assignment_id = a.id and x.coverage_id = l.coverage_id)
                        else exists (select 1 from licences_selection p
                                     where p.assignment_id = a.id and p.coverage_id = l.coverage_id)
                        end)"""


def name_lead(actor: Actor, *, coverages: Collection[UUID], advisor: Organisation) -> int:
    """Makes a firm the lead of those coverages that it sees now, in place of any other; how many it newly leads.

    Raises `Refused` when it sees none of them.
    """
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        today = lock_customer(actor)
        seen = seen_by(actor, advisor, own(actor, coverages), today=today)
        if not seen:
            raise Refused(Refusal.NOTHING_CHOSEN)
        standing = Lead.objects.visible_to(actor).standing().filter(coverage__in=seen)
        new = seen - set(standing.filter(advisor=advisor).values_list("coverage_id", flat=True))
        end_leads(actor, standing.exclude(advisor=advisor).values_list("pk", flat=True))
        Lead.objects.bulk_create(
            Lead(
                customer_id=actor.organisation_id,
                coverage_id=coverage,
                advisor=advisor,
                named_by_id=actor.user_id,
                named_at=database_now(),
            )
            for coverage in sorted(new)
        )
        if new:
            say(actor, "lead.named", advisor.pk, len(new))
        return len(new)


def drop_leads(actor: Actor, *, coverages: Collection[UUID]) -> int:
    """No firm leads these coverages any more: every assigned contact counts as lead again. How many were led."""
    with atomic():
        require(actor, Power.GRANT_SELECTED)
        lock_customer(actor)
        standing = Lead.objects.visible_to(actor).standing().filter(coverage__in=own(actor, coverages))
        return end_leads(actor, standing.values_list("pk", flat=True))


def seen_by(actor: Actor, advisor: Organisation, coverages: set[UUID], *, today: date) -> set[UUID]:
    """Those of the customer's coverages that the firm sees now."""
    grants = held(actor, advisor_id=advisor.pk, coverages=coverages, today=today).grants
    return {coverage for coverage in coverages if terms_for(grants, coverage)}


def leads_of(actor: Actor, coverages: Collection[UUID]) -> dict[UUID, UUID]:
    """The lead of each coverage as far as the actor may know: a firm learns of none but itself."""
    standing = Lead.objects.visible_to(actor).standing().filter(coverage__in=coverages)
    return dict(standing.values_list("coverage_id", "advisor_id"))


def end_leads(actor: Actor, ids: Iterable[UUID]) -> int:
    """Ends these leads, and says so to each firm apart."""
    rows = Lead.objects.visible_to(actor).standing().filter(pk__in=list(ids))
    counts = dict(rows.values_list("advisor").annotate(Count("pk")).order_by("advisor"))
    rows.update(ended_at=database_now())
    for advisor, count in counts.items():
        say(actor, "lead.ended", advisor, count)
    return sum(counts.values())


def say(actor: Actor, verb: str, advisor_id: UUID, count: int) -> None:
    """Written down for both, and told to the firm: it answers for these licences first, or no longer."""
    own = actor.organisation_id
    audit.record(actor, verb, organisations=(own, advisor_id), customer_id=own, advisor=str(advisor_id), count=count)
    grants = Assignment.objects.visible_to(actor).in_force().filter(advisor=advisor_id).select_related("contact")
    if grant := grants.order_by("id").first():
        event = Event(f"assignment.{verb.replace('.', '_')}", grant, details_of(None, terms_of(grant), count=count))
        tell(actor, event, to=[reader for reader in readers(grant) if reader.organisation_id == advisor_id])


def tell_of_fallen_leads() -> int:
    """Ends the leads whose paused access has ended, and tells each customer once of all that fell away. As worker."""
    with connection.cursor() as cursor:
        cursor.execute(FALLEN)
    rows = Lead.objects.filter(fell_away=True, told=False)
    counts = list(rows.values_list("customer", "advisor").annotate(Count("pk")).order_by("customer", "advisor"))
    for customer, advisor, count in counts:
        tell_customer(customer, advisor, count)
    rows.update(told=True)
    return len(counts)


def tell_customer(customer: UUID, advisor: UUID, count: int) -> None:
    """The customer hears that nobody leads there now; the firm hears of its ended access anyway."""
    audit.record(None, "lead.ended", organisations=(customer,), customer_id=customer, advisor=str(advisor), count=count)
    grants = Assignment.objects.filter(customer=customer, advisor=advisor, activated_at__isnull=False)
    grant = grants.select_related("contact").order_by("-ended_at", "-id").first()
    grant = grant or Assignment.objects.filter(customer=customer, advisor=advisor).order_by("-id").first()
    if grant:
        event = Event("assignment.lead_fell_away", grant, details_of(None, terms_of(grant), count=count))
        tell(None, event, to=[reader for reader in readers(grant) if reader.organisation_id == customer])
