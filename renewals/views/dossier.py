"""What the page of one customer shows to its advisor."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import Membership, User
from accounts.permissions import LEVEL_POWERS
from accounts.rules import AccessLevel, Actor, Power, Role
from licences.models import Assignment, CustomerVisibility, Visibility
from licences.rules import NO_DATE, Scope, Status
from renewals.models import CustomerNote, Reminder

SOON_DAYS = 30
MOST_MAILS = 5
MOST_NOTES = 50
COLUMNS = ("letter_id", "letter__subject", "letter__recipient", "letter__sent_at")


@dataclass(frozen=True, slots=True)
class Tally:
    """What a customer shares, counted."""

    coverages: int
    licences: int
    due: int
    lapsed: int
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Access:
    """One grant of the customer, with how many coverages it shows; `is_all` includes future ones."""

    assignment: Assignment
    is_all: bool
    coverages: int

    @property
    def may_renew(self) -> bool:
        """Whether it lets the firm propose a transfer to a distributor (1-product, "Access")."""
        return self._gives(Power.PROPOSE_TRANSFERS)

    @property
    def may_quote(self) -> bool:
        """Whether it lets the firm build quotes."""
        return self._gives(Power.BUILD_QUOTES)

    def _gives(self, power: Power) -> bool:
        is_standing = self.assignment.status == Status.ACTIVE and self.coverages > 0
        return is_standing and power in LEVEL_POWERS[AccessLevel(self.assignment.level)]

    @property
    def may_grow(self) -> bool:
        """Whether there is more to ask for than a later end."""
        return not (self.is_all and self.assignment.level == AccessLevel.RENEW)


def tally(rows: QuerySet[Visibility], *, today: date) -> Tally:
    """The coverages of one customer in numbers."""
    first, due = today, (today, today + timedelta(SOON_DAYS))
    return Tally(
        **rows.aggregate(
            coverages=Count("*"),
            licences=Sum("quantity", default=0),
            due=Count("coverage", filter=Q(expires_on__range=due)),
            lapsed=Count("coverage", filter=Q(expires_on__lt=first)),
            next_on=Min("expires_on", filter=Q(expires_on__gte=first, expires_on__lt=NO_DATE)),
        )
    )


def people(actor: Actor, shared: CustomerVisibility) -> QuerySet[Membership]:
    """Whom to write to: owners and renewals managers."""
    return answerable(Membership.objects.shared_with(actor).filter(organisation=shared.customer_id))


def answerable(members: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those of a customer's people whom its advisors know."""
    answering = members.filter(role__in=(Role.OWNER, Role.RENEWALS_MANAGER), user__is_active=True)
    return answering.select_related("user").order_by("role", "user__name")


def grants(actor: Actor, shared: CustomerVisibility, *, today: date) -> list[Access]:
    """The access that stands or is paused, what ends first at the top."""
    standing = Q(status=Status.ACTIVE, ends_on__gte=today) | Q(status=Status.SUSPENDED)
    mine = Assignment.objects.visible_to(actor).filter(standing, customer=shared.customer_id)
    rows = Visibility.objects.visible_to(actor).filter(customer=shared.customer_id).order_by()
    reached = dict(rows.values_list("assignment").annotate(count=Count("*")))
    return [
        Access(each, each.scope == Scope.ALL, reached.get(each.pk, 0))
        for each in mine.select_related("contact").order_by("ends_on", "id")
    ]


def mails(actor: Actor, shared: CustomerVisibility) -> list[dict[str, Any]]:
    """The last reminders that the firm's own people received about this customer, one row a mail."""
    sent = Reminder.objects.visible_to(actor).filter(
        organisation=actor.organisation_id, customer=shared.customer_id, letter__sent_at__isnull=False
    )
    rows = sent.order_by().values(*COLUMNS).annotate(coverages=Count("coverage", distinct=True))
    return list(rows.order_by("-letter__sent_at")[:MOST_MAILS])


def notes(actor: Actor, shared: CustomerVisibility) -> QuerySet[Any]:
    """The firm's next steps: what is open first, by its day, then what is done; `author` is empty for who has left."""
    mine = CustomerNote.objects.visible_to(actor).filter(customer=shared.customer_id)
    author = Subquery(User.objects.filter(pk=OuterRef("author_id")).values("name")[:1])
    in_turn = (F("done_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "id")
    return mine.annotate(author=author).order_by(*in_turn)[:MOST_NOTES]
