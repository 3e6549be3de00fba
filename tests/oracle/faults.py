"""Faults to plant: in the database's functions, its triggers and policies, and in the scoped querysets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from accounts import querysets as accounts
from accounts import tenancy
from accounts.models import Organisation
from accounts.querysets import TenantQuerySet
from accounts.rules import Kind
from accounts.walls import ORG
from licences import querysets as licences
from renewals.querysets import quotes as sales
from renewals.querysets.certificates import CertificateQuerySet
from renewals.querysets.decisions import DecisionQuerySet
from tests.hats import database_role
from tests.oracle import chapters
from tests.oracle.chapters import Chapter
from tests.oracle.sight import question

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Fault:
    """What is planted, and the chapter that must notice."""

    plant: Plant
    chapter: Chapter


def as_owner(*statements: str) -> None:
    with database_role("coterm_owner"), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def in_function(name: str, old: str, new: str) -> Plant:
    """A piece of one of the database's functions is another."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        with database_role("coterm_owner"), connection.cursor() as cursor:
            cursor.execute("select pg_get_functiondef(oid) from pg_proc where proname = %s", [name])
            body = cursor.fetchone()[0]
            assert old in body
            cursor.execute(body.replace(old, new))

    return plant


def without_trigger(table: str, name: str) -> Plant:
    return lambda patch: as_owner(f"drop trigger {name} on {table}")


def policy(table: str, using: str) -> Plant:
    """One more policy, which shows more: policies add up."""
    return lambda patch: as_owner(f"create policy planted on {table} for select to coterm_web using ({using})")


def scope(rows: type[TenantQuerySet[Any]], seen_by: Callable[[Any, Any], Q]) -> Plant:
    """A scoped queryset forgets something; the questions are written anew."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(rows, "seen_by", seen_by)
        question.cache_clear()

    return plant


def nobody_is_whoever_was_before(patch: pytest.MonkeyPatch) -> None:
    write = tenancy.write_settings
    patch.setattr(tenancy, "write_settings", lambda values: write(values) if any(values) else None)


def everything(rows: Any, actor: Any) -> Q:
    return Q()


def for_kind(kind: Kind, condition: Callable[[Any], Q], rows: type[TenantQuerySet[Any]]) -> Plant:
    """One kind of reader gets another condition, everybody else the right one."""
    right = rows.seen_by
    return scope(rows, lambda self, actor: condition(actor) if actor.kind is kind else right(self, actor))


def firms(condition: Callable[[Any], Q], rows: type[TenantQuerySet[Any]]) -> Plant:
    return for_kind(Kind.ADVISOR, condition, rows)


def takers(condition: Callable[[Any], Q], rows: type[TenantQuerySet[Any]]) -> Plant:
    return for_kind(Kind.DISTRIBUTOR, condition, rows)


STANDS = "a.status = 'active'"
GRANTS = "coterm_effective_grants"
MANAGER = "(select current_setting('app.role', true)) = 'manager'"
IS_TAKER = f"(select kind = 'distributor' from accounts_organisation where id = {ORG})"
IN_VIEW = "(select true from licences_transfer t where t.id = licences_transfersnapshot.transfer_id)"

# Found by chance as well, when there is time: script/test --deep.
IN_THE_FUNCTION = {
    "the highest level wins": Fault(
        in_function(GRANTS, "order by a.scope desc", "order by a.level desc"), chapters.lower_for_one
    ),
    "all beats selected": Fault(
        in_function(GRANTS, "order by a.scope desc", "order by a.scope"), chapters.lower_for_one
    ),
    "revoked still reads": Fault(
        in_function(GRANTS, STANDS, "a.status in ('active', 'revoked')"), chapters.given_and_taken
    ),
    "suspended still reads": Fault(in_function(GRANTS, STANDS, "a.status in ('active', 'suspended')"), chapters.paused),
    "resigned still reads": Fault(in_function(GRANTS, STANDS, "a.status in ('active', 'resigned')"), chapters.given_up),
    "exclusions are forgotten": Fault(
        in_function(GRANTS, "when 'all' then not", "when 'all' then true or not"), chapters.left_out
    ),
    "one time zone for all": Fault(
        in_function("coterm_day_end", "at time zone zone", "at time zone 'UTC'"), chapters.last_day
    ),
    "the last day does not count": Fault(
        in_function("coterm_day_end", "(ends_on + 1)", "(ends_on)"), chapters.last_day
    ),
    "support outlives its end": Fault(in_function(GRANTS, "s.ended_at is null", "true"), chapters.looked_at),
    "a firm is known for ever": Fault(
        in_function("coterm_refresh_customers", STANDS, "a.status <> 'draft'"), chapters.given_and_taken
    ),
}

TRIGGERS = {
    ("licences_coverage", "coverage_added"): chapters.another_licence,
    ("licences_coverage", "coverage_changed"): chapters.renewed,
    ("licences_coverage", "coverage_removed"): chapters.another_licence,
    ("licences_assignment", "assignment_changed"): chapters.given_and_taken,
    ("licences_selection", "selection_added"): chapters.narrowed_and_widened,
    ("licences_selection", "selection_removed"): chapters.narrowed_and_widened,
    ("licences_exclusion", "exclusion_added"): chapters.left_out,
    ("licences_exclusion", "exclusion_removed"): chapters.left_out,
    ("licences_supportaccess", "support_added"): chapters.looked_at,
    ("licences_supportaccess", "support_changed"): chapters.looked_at,
    ("licences_visibility", "lead_fell_away"): chapters.led,
}

POLICIES = {
    "the server's date instead of the customer's": Fault(
        policy("licences_visibility", f"organisation_id = {ORG} and valid_until::date >= current_date"),
        chapters.last_day,
    ),
    "ends are not looked at": Fault(policy("licences_visibility", f"organisation_id = {ORG}"), chapters.last_day),
    "customers stay known": Fault(policy("licences_customervisibility", f"organisation_id = {ORG}"), chapters.last_day),
    "coverages of everybody": Fault(policy("licences_coverage", f"{ORG} is not null"), chapters.given_and_taken),
    "terms of everybody": Fault(policy("licences_coverageterm", f"{ORG} is not null"), chapters.given_and_taken),
    "licences of everybody": Fault(policy("licences_licence", f"{ORG} is not null"), chapters.given_and_taken),
    "the programme sees licences": Fault(policy("licences_coverage", MANAGER), chapters.given_and_taken),
    "the programme sees assignments": Fault(policy("licences_assignment", MANAGER), chapters.given_and_taken),
    "support sees every assignment": Fault(
        policy("licences_assignment", f"{MANAGER} and status not in ('draft', 'discarded', 'requested')"),
        chapters.looked_at,
    ),
    "firms read drafts": Fault(policy("licences_assignment", f"advisor_id = {ORG}"), chapters.begun),
    "a firm reads what it is not told": Fault(
        policy("licences_assignment", f"advisor_id = {ORG}"), chapters.asked_blindly
    ),
    "firms read whom others ask": Fault(policy("licences_approach", f"{ORG} is not null"), chapters.asked_blindly),
    "codes for everybody": Fault(policy("licences_accesscode", f"{ORG} is not null"), chapters.given_and_taken),
    "firms read ticks": Fault(
        policy("licences_selection", "(select true from licences_assignment a where a.id = assignment_id)"),
        chapters.given_and_taken,
    ),
    "firms read exclusions": Fault(
        policy("licences_exclusion", "(select true from licences_assignment a where a.id = assignment_id)"),
        chapters.left_out,
    ),
    "requests outlive the access": Fault(policy("licences_accessrequest", f"advisor_id = {ORG}"), chapters.asked),
    "proposals outlive the access": Fault(policy("licences_transfer", f"advisor_id = {ORG}"), chapters.proposed),
    "a firm reads what another proposed": Fault(
        policy("licences_transferitem", f"{ORG} is not null"), chapters.proposed
    ),
    "a distributor reads before consent": Fault(
        policy("licences_transfer", f"distributor_id = {ORG}"), chapters.handed_over
    ),
    "a distributor reads after the end": Fault(
        policy("licences_transfer", f"distributor_id = {ORG} and state in ('delivered', 'receipted')"),
        chapters.handed_over_for_a_time,
    ),
    "a snapshot before the receipt": Fault(policy("licences_transfersnapshot", IN_VIEW), chapters.handed_over),
    "a snapshot for every distributor": Fault(policy("licences_transfersnapshot", IS_TAKER), chapters.handed_over),
    "firms read who else leads": Fault(policy("licences_lead", f"{ORG} is not null"), chapters.led),
    "a lead reads on while it is paused": Fault(policy("licences_lead", f"advisor_id = {ORG}"), chapters.led),
    "certificates of everybody": Fault(policy("renewals_certificate", f"{ORG} is not null"), chapters.certified),
    "firms read the certificate of everything": Fault(
        policy(
            "renewals_certificate",
            "coverage_id is null and (select true from licences_customervisibility v where v.organisation_id ="
            f" {ORG} and v.customer_id = renewals_certificate.customer_id limit 1)",
        ),
        chapters.certified,
    ),
    "decisions of everybody": Fault(policy("renewals_decision", f"{ORG} is not null"), chapters.certified),
    "customers read drafts": Fault(policy("renewals_quote", f"customer_id = {ORG}"), chapters.quoted),
    "a quote outlives its level": Fault(policy("renewals_quote", f"organisation_id = {ORG}"), chapters.quoted),
    "quotes of everybody": Fault(policy("renewals_quote", f"{ORG} is not null"), chapters.quoted),
    "the programme reads what is only offered": Fault(policy("renewals_quoteline", MANAGER), chapters.quoted),
    "orders of everybody": Fault(policy("renewals_order", f"{ORG} is not null"), chapters.quoted),
    "a firm knows whose access it had": Fault(
        policy(
            "accounts_organisation",
            f"(select true from licences_assignment a where a.customer_id = accounts_organisation.id"
            f" and a.advisor_id = {ORG} limit 1)",
        ),
        chapters.given_and_taken,
    ),
    "customers know one another": Fault(
        policy("accounts_organisation", f"kind = 'customer' and {ORG} is not null"), chapters.given_and_taken
    ),
    "people of everybody": Fault(policy("accounts_membership", f"{ORG} is not null"), chapters.given_and_taken),
    "letters of everybody": Fault(policy("accounts_letter", f"{ORG} is not null"), chapters.given_and_taken),
    "the audit of everybody": Fault(policy("accounts_auditentry", f"{ORG} is not null"), chapters.given_and_taken),
    "nobody is whoever was before": Fault(nobody_is_whoever_was_before, chapters.given_and_taken),
}

SCOPES = {
    "a scope without its customer": Fault(
        for_kind(Kind.CUSTOMER, lambda actor: Q(), licences.SharedQuerySet), chapters.given_and_taken
    ),
    "a scope of licences without its customer": Fault(
        for_kind(Kind.CUSTOMER, lambda actor: Q(), licences.LicenceQuerySet), chapters.given_and_taken
    ),
    "a scope without its end": Fault(
        scope(licences.VisibilityQuerySet, lambda rows, actor: Q(organisation=actor.organisation_id)), chapters.last_day
    ),
    "a scope of the programme without support": Fault(
        for_kind(Kind.PROGRAMME, lambda actor: Q(), licences.CoverageQuerySet), chapters.given_and_taken
    ),
    "a scope of unanswered requests": Fault(
        firms(lambda actor: Q(advisor=actor.organisation_id), licences.AssignmentQuerySet), chapters.asked_blindly
    ),
    "a scope of approaches for all": Fault(scope(licences.ApproachQuerySet, everything), chapters.asked_blindly),
    "a scope of support for all": Fault(scope(licences.SupportQuerySet, everything), chapters.looked_at),
    "a scope of ticks for all": Fault(scope(licences.CustomerQuerySet, everything), chapters.given_and_taken),
    "a scope with drafts": Fault(
        firms(lambda actor: Q(advisor=actor.organisation_id), licences.AssignmentQuerySet), chapters.begun
    ),
    "a scope of ended requests": Fault(
        firms(lambda actor: Q(advisor=actor.organisation_id), licences.AccessRequestQuerySet), chapters.asked
    ),
    "a scope of ended proposals": Fault(
        firms(lambda actor: Q(advisor=actor.organisation_id), licences.TransferQuerySet), chapters.proposed
    ),
    "a scope before consent": Fault(
        takers(lambda actor: Q(distributor=actor.organisation_id), licences.TransferQuerySet), chapters.handed_over
    ),
    "a scope of items that are not shared": Fault(
        firms(lambda actor: Q(transfer__advisor=actor.organisation_id), licences.ItemQuerySet), chapters.proposed
    ),
    "a scope of snapshots before the receipt": Fault(
        takers(lambda actor: Q(transfer__distributor=actor.organisation_id), licences.SnapshotQuerySet),
        chapters.handed_over,
    ),
    "a scope of snapshots of others": Fault(
        takers(lambda actor: Q(transfer__state="receipted"), licences.SnapshotQuerySet), chapters.handed_over
    ),
    "a scope of leads for all": Fault(scope(licences.LeadQuerySet, everything), chapters.led),
    "a scope of paused leads": Fault(
        firms(lambda actor: Q(advisor=actor.organisation_id), licences.LeadQuerySet), chapters.led
    ),
    "a scope of certificates for all": Fault(scope(CertificateQuerySet, everything), chapters.certified),
    "a scope of decisions for all": Fault(scope(DecisionQuerySet, everything), chapters.certified),
    "a scope of drafts for customers": Fault(
        for_kind(Kind.CUSTOMER, lambda actor: Q(customer=actor.organisation_id), sales.QuoteQuerySet), chapters.quoted
    ),
    "a scope of quotes without their level": Fault(
        firms(lambda actor: Q(organisation=actor.organisation_id), sales.QuoteQuerySet), chapters.quoted
    ),
    "a scope of lines that are only offered": Fault(
        for_kind(Kind.PROGRAMME, lambda actor: Q(), sales.LineQuerySet), chapters.quoted
    ),
    "a scope of orders without their level": Fault(
        firms(lambda actor: Q(organisation=actor.organisation_id), sales.OrderQuerySet), chapters.quoted
    ),
    "a scope of all customers": Fault(scope(accounts.OrganisationQuerySet, everything), chapters.given_and_taken),
    "a scope without who has paused": Fault(
        firms(
            lambda actor: ~Q(kind="customer") | Q(pk__in=accounts.granted(Organisation, actor)),
            accounts.OrganisationQuerySet,
        ),
        chapters.paused,
    ),
    "a scope of all people": Fault(scope(accounts.MembershipQuerySet, everything), chapters.given_and_taken),
    "a scope of all letters": Fault(scope(accounts.LetterQuerySet, everything), chapters.given_and_taken),
    "a scope of all entries": Fault(scope(accounts.OwnQuerySet, everything), chapters.given_and_taken),
}

FAULTS = (
    IN_THE_FUNCTION
    | {f"no trigger {name[1]}": Fault(without_trigger(*name), chapter) for name, chapter in TRIGGERS.items()}
    | POLICIES
    | SCOPES
)
