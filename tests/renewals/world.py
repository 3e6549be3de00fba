"""Larkfield, with coverages at chosen distances from their expiry, its people, and Meridian's contact Bruno."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Membership, Organisation
from accounts.rules import AccessLevel, Kind, Role
from advisors.models import Contact
from licences.models import Coverage
from licences.rules import Scope
from tests.cast import (
    AssignmentFactory,
    ContactFactory,
    CoverageFactory,
    FirmFactory,
    LicenceFactory,
    MembershipFactory,
    OrganisationFactory,
    ProductFactory,
    UserFactory,
)

MONDAY = date(2026, 11, 23)
MADRID = ZoneInfo("Europe/Madrid")


def madrid(day: date = MONDAY, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=MADRID)


@dataclass
class World:
    customer: Organisation
    firm: Organisation
    bruno: Contact
    people: dict[Role, Membership] = field(default_factory=dict)

    def coverage(self, days: int, *, product: str = "", today: date = MONDAY) -> Coverage:
        """A coverage that expires so many days from `today` (negative: it has lapsed)."""
        product_of = {"product": ProductFactory(name=product)} if product else {}
        licence = LicenceFactory(customer=self.customer, **product_of)
        return CoverageFactory(licence=licence, expires_on=today + timedelta(days))

    def person(self, role: Role, email: str, **user) -> Membership:
        user = UserFactory(email=email, time_zone="Europe/Madrid", **user)
        self.people[role] = MembershipFactory(organisation=self.customer, user=user, role=role.value)
        return self.people[role]

    def share(self, *coverages: Coverage, **fields):
        """A selected grant to Meridian of these coverages, or of all when there are none."""
        scope = Scope.SELECTED if coverages else Scope.ALL
        return AssignmentFactory(
            customer=self.customer, advisor=self.firm, contact=self.bruno, scope=scope.value, picked=coverages,
            level=AccessLevel.QUOTE.value, ends_on=MONDAY + timedelta(600), **fields,
        )  # fmt: skip


def larkfield() -> World:
    """An owner, a renewals manager, an approver and a viewer; a firm with its contact; nothing shared yet."""
    customer = OrganisationFactory(name="Larkfield Foods", time_zone="Europe/Madrid")
    firm = OrganisationFactory(name="Meridian Systems", kind=Kind.ADVISOR.value)
    FirmFactory(organisation=firm)
    user = UserFactory(email="bruno@meridian.example", name="Bruno Vidal", time_zone="Europe/Madrid")
    MembershipFactory(organisation=firm, user=user, role=Role.OWNER.value)
    bruno = ContactFactory(
        firm=firm.firm, user=user, name="Bruno Vidal", email="bruno@meridian.example", phone="+34 910 555 014"
    )
    world = World(customer, firm, bruno)
    world.person(Role.OWNER, "alba@larkfield.example", name="Alba Ruiz")
    world.person(Role.RENEWALS_MANAGER, "owen@larkfield.example", name="Owen Marsh")
    world.person(Role.APPROVER, "ana@larkfield.example", name="Ana Gil")
    world.person(Role.VIEWER, "vera@larkfield.example", name="Vera Paz")
    return world
