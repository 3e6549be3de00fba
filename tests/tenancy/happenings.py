"""A day in the small world: enough of everything for each kind of letter to be posted."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from accounts.models import Letter, Membership, Organisation
from accounts.outbox import COMPOSERS
from accounts.rules import AccessLevel, Role
from accounts.services.invitations import Offer, invite
from accounts.services.people import change_role
from accounts.tenancy import acting_as
from licences.models import AccessRequest, Assignment, SupportAccess, Transfer
from licences.rules import Scope
from licences.rules.access import Terms, Ticks
from licences.services.assignments import change_access
from licences.services.handovers import receipt
from licences.services.pauses import resume, suspend
from licences.services.requests import ask, decline
from licences.services.reviews import review_assignments
from licences.services.support import end_support
from licences.services.transfer_reviews import review_transfers
from licences.services.transfers import decline as decline_transfer
from renewals.models import Decision, Mute, Order, Quote, Reminder, Silence
from renewals.services.decisions import drop
from renewals.services.orders import cancel, place
from renewals.services.quotes import decline as decline_quote
from renewals.services.sweep import sweep
from tests.cast import today
from tests.hats import database_role
from tests.licences.handing import consented, token_of

NEAR = 65
"""Days until the small world's coverages are within a month of their end."""


def a_day(world, clients):
    """The customer gives, pauses, hands over and declines; a firm asks and orders; the schedule does its part.

    Every letter with the mail that it would be, once where a link has not been followed yet, and in the evening.
    """
    alba = world.actors["alba"]
    quotes(world, alba)
    with acting_as(alba):
        access(alba)
        people(world, alba)
        support = SupportAccess.objects.get(ended_at=None)
        end_support(alba, support=support, version=support.version)
    ask_for_more(world)
    found = [mails for _ in transfers(world, alba) for mails in composed()]
    clients["anonymous"].post(reverse("account_reset_password"), {"email": world.memberships["alba"].user.email})
    with database_role("coterm_worker"):
        review_assignments(thorough=False)
        review_transfers()
    found += composed()
    nothing_is_quiet(world)
    with database_role("coterm_worker"):
        sweep(today=today() + timedelta(NEAR))
    return found + composed()


def nothing_is_quiet(world):
    """The order is cancelled, and nobody is silent, has muted anything or was told already: digests go to everybody."""
    elena = world.actors["elena"]
    with acting_as(elena):
        cancel(elena, order=Order.objects.get(organisation=world.meridian), reason="Ordered twice")
    with database_role("coterm_owner"):
        Decision.objects.update(state="taken_back")
        for model in (Silence, Mute, Reminder):
            model.objects.all().delete()


def quotes(world, alba):
    """The firm places the order of what was accepted; the customer declines what was submitted."""
    bruno = world.actors["bruno"]
    with acting_as(bruno):
        place(bruno, order=Order.objects.get(organisation=bruno.organisation_id), purchase_order="PO 7")
    with acting_as(alba):
        drop(alba, decision=Decision.objects.get(state="proposed"))
        decline_quote(alba, quote=Quote.objects.get(state="submitted"), reason="Too dear")


def access(alba):
    decline(alba, request=AccessRequest.objects.select_related("assignment").get())
    for verb in (suspend, resume):
        grant = Assignment.objects.get(status__in=("active", "suspended"))
        verb(alba, assignment=grant, version=grant.version)
    grant = Assignment.objects.get(status="active")
    terms = Terms(Scope.SELECTED, AccessLevel.QUOTE, grant.ends_on)
    change_access(alba, assignment=grant, version=grant.version, terms=terms, ticks=Ticks())


def people(world, alba):
    owen = Membership.objects.select_related("organisation", "user").get(user=world.owen.user_id)
    change_role(alba, owen, Role.APPROVER)
    home = Organisation.objects.get(pk=alba.organisation_id)
    invite(alba, home, Offer(email="somebody@coterm.example", role=Role.VIEWER))


def ask_for_more(world):
    bruno = world.actors["bruno"]
    with acting_as(bruno):
        grant = Assignment.objects.get(status="active")
        ask(bruno, assignment=grant, level=AccessLevel.RENEW, ends_on=grant.ends_on, message="Please")


def transfers(world, alba):
    """One that was proposed is consented to, delivered and received; one that was prepared is declined."""
    waiting = Q(customer=alba.organisation_id, state="requested")
    with database_role("coterm_owner"):
        proposal = Transfer.objects.get(waiting, advisor__isnull=False)
        prepared = Transfer.objects.get(waiting, advisor__isnull=True)
    consented(alba, proposal)
    yield
    farid = world.actors["farid"]
    with acting_as(farid):
        receipt(farid, token=token_of(proposal))
    with acting_as(alba):
        decline_transfer(alba, transfer=prepared, reason="Not now")


def composed():
    """Every letter that waits, with the mail that it would be."""
    with database_role("coterm_worker"):
        letters = Letter.objects.exclude(kind="test").order_by("id")
        found = [(letter, COMPOSERS[letter.kind](letter)) for letter in letters]
    return [(letter, mail) for letter, mail in found if mail]
