"""The stage of the oracle: the same people in every world, who look at everything after each step."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection

from accounts.models import Distributor, Letter
from accounts.rules import Actor, Kind, Role
from accounts.tenancy import acting_as
from advisors.models import Contact, Firm
from licences.services.codes import make_code
from licences.services.reviews import review_assignments
from licences.services.soundness import compare
from licences.services.transfer_reviews import review_transfers
from renewals.models import Price, PriceSchedule
from tests.cast import CoverageFactory, LicenceFactory, MembershipFactory, OrganisationFactory, TermFactory, UserFactory
from tests.hats import database_role
from tests.oracle.model import World
from tests.oracle.sight import VIEWS, Reader, as_text, differences, read

PROGRAMMES = ("sa", "hw", "am", "ac")
ZONES = {1: "Pacific/Auckland", 2: "Pacific/Honolulu", 3: "Europe/Madrid"}
ALBA = 11
AT_ONCE = ("visibility", "relations", "coverages", "terms", "licences", "items", "snapshots", "customers", "people")
AT_ONCE += ("leads", "certificates", "decisions", "quotes", "lines", "orders")
# By the number of the organisation; Alba owns the first customer, and works for the second firm as well.
PEOPLE = {
    1: (Kind.CUSTOMER, Role.OWNER, ALBA),
    2: (Kind.CUSTOMER, Role.OWNER, 12),
    3: (Kind.CUSTOMER, Role.OWNER, 13),
    4: (Kind.ADVISOR, Role.OWNER, 14),
    5: (Kind.ADVISOR, Role.OWNER, ALBA),
    6: (Kind.DISTRIBUTOR, Role.MEMBER, 16),
    7: (Kind.DISTRIBUTOR, Role.MEMBER, 17),
    8: (Kind.PROGRAMME, Role.MANAGER, 18),
}


def known(number: int) -> UUID:
    """The same ids in every world, so that the questions are the same."""
    return UUID(int=number)


def hang_clock():
    """From here on `coterm_now()` answers with a setting; with a function anew, each plan would be made anew."""
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(
            "create or replace function coterm_now() returns timestamptz language sql stable as"
            " $$ select current_setting('test.now')::timestamptz $$"
        )


def set_clock(moment):
    with connection.cursor() as cursor:
        cursor.execute("select set_config('test.now', %s, true)", [moment.isoformat()])


def homes_of(person: int) -> frozenset[UUID]:
    return frozenset(known(number) for number, (_, _, somebody) in PEOPLE.items() if somebody == person)


def reader(number: int) -> Reader:
    kind, role, person = PEOPLE[number]
    actor = Actor(known(number), kind, role, known(person))
    return Reader(f"{kind} {number}", actor, known(number), known(person), homes_of(person))


class Stage:
    """Two customers on either side of the date line, a third that shares nothing, two firms, two distributors, the
    programme, a person who has not chosen an organisation yet, and nobody.
    """

    def __init__(self):
        zones = {known(number): zone for number, zone in ZONES.items()}
        self.world = World(zones, datetime.now(UTC).replace(microsecond=0), staffed={known(n) for n in PEOPLE})
        hang_clock()
        set_clock(self.world.now)
        users = {person: UserFactory(id=known(person)) for person in sorted({each[2] for each in PEOPLE.values()})}
        self.houses = {number: self.house(number, users[person]) for number, (_, _, person) in PEOPLE.items()}
        by_number = [reader(number) for number in PEOPLE]
        self.owners, self.advisors, self.takers = by_number[:2], by_number[3:5], by_number[5:7]
        undecided = Reader("Alba before she chooses", user=known(ALBA), homes=homes_of(ALBA))
        self.readers = [*by_number, undecided, Reader("nobody")]
        self.firms, self.distributors = [self.houses[4], self.houses[5]], [self.houses[6], self.houses[7]]
        self.contacts = [self.contact(firm) for firm in self.firms]
        self.certify()
        self.licences = [[LicenceFactory(customer=self.houses[number]) for _ in "ab"] for number in (1, 2)]
        self.world.licences = {each.pk: each.customer_id for pair in self.licences for each in pair}
        self.publish()
        for side in (0, 1, 0, 1):
            self.add_coverage(side)
        self.codes = [self.code(each) for each in self.owners]

    def house(self, number, user):
        kind, role, _ = PEOPLE[number]
        zone = ZONES.get(number, "Europe/Madrid")
        home = OrganisationFactory(id=known(number), kind=kind.value, time_zone=zone)
        MembershipFactory(organisation=home, user=user, role=role.value)
        self.send_letter(home)
        return home

    def send_letter(self, home):
        """One that has left, which is nobody's but theirs."""
        now = datetime.now(UTC)
        times = {"due_at": now, "created_at": now, "sent_at": now}
        with database_role("coterm_owner"):
            Letter.objects.create(organisation=home, kind="test", recipient="a@b.example", state="sent", **times)

    def contact(self, firm):
        with database_role("coterm_owner"):
            row = Firm.objects.create(organisation=firm, city="Madrid")
            return Contact.objects.create(firm=row, name="Contact", email=f"contact{firm.pk.int}@firm.example")

    def code(self, owner):
        """By which a firm may ask the customer."""
        self.world.coded.add(owner.home)
        with acting_as(owner.actor):
            return make_code(owner.actor)

    def certify(self):
        until = datetime.now(UTC).date() + timedelta(4000)
        with database_role("coterm_owner"):
            for distributor in self.distributors:
                Distributor.objects.create(organisation=distributor, certified_until=until)

    def publish(self):
        """Each product has a price in each programme."""
        products, now = [each.product_id for pair in self.licences for each in pair], datetime.now(UTC)
        with database_role("coterm_owner"):
            for programme in PROGRAMMES:
                schedule = PriceSchedule.objects.create(programme=programme, valid_from=date(2020, 1, 1))
                common = {"schedule": schedule, "currency": "EUR", "months": 12, "amount": 44}
                Price.objects.bulk_create(Price(product_id=product, **common) for product in products)
            PriceSchedule.objects.update(state="published", published_at=now)

    def own(self, side):
        return sorted(self.world.own(self.owners[side].home))

    def pair(self, side, firm):
        return self.owners[side].home, self.advisors[firm].home

    def today(self, side):
        return self.world.today(self.owners[side].home)

    def add_coverage(self, side):
        """Each in turn for one licence and the other, so that a firm may see one of them alone."""
        own = self.own(side)
        used = {(self.world.licence_of[each], self.world.programme_of[each]) for each in own}
        free = ((licence, programme) for programme in PROGRAMMES for licence in self.licences[side])
        licence, programme = next((each, name) for each, name in free if (each.pk, name) not in used)
        coverage = CoverageFactory(licence=licence, programme=programme)
        TermFactory(coverage=coverage)
        about = {"owner": licence.customer_id, "licence": licence.pk, "programme": programme}
        self.world.add(coverage.pk, **about, expires_on=coverage.expires_on)

    def review(self):
        with database_role("coterm_worker"):
            review_assignments(thorough=False)
            review_transfers()
        self.world.review()

    def pass_time(self, hours):
        """Before the review has run, access may be late; it never stays too long."""
        self.world.now += timedelta(hours=hours)
        set_clock(self.world.now)
        for each in (*self.advisors, *self.takers):
            self.check_nothing_too_much(each)
        self.review()

    def check_nothing_too_much(self, each):
        """What says how things stand in words may be old; what is seen may not."""
        for (mode, name), found in read(each).items():
            if name in AT_ONCE:
                assert found <= as_text(VIEWS[name].expected(self.world, each, mode)), (each.name, name, mode)

    def look(self):
        """Everybody looks; one after the other over the same connection."""
        self.world.let_leads_fall(thoroughly=False)
        wrong = [found for each in self.readers for found in differences(self.world, each)]
        assert not wrong, "\n".join(wrong)
        with database_role("coterm_worker"):
            assert compare().wrong == []
