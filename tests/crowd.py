"""Many tenants at once, by COPY: what drills and benchmarks run on. Meant for databases that nobody will miss."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Field, Model

from accounts.keys import new_id
from accounts.models import Membership, Organisation, User
from accounts.rules import Kind, Role
from advisors.models import Contact, Firm
from licences.models import Assignment, Coverage, Licence, Product
from licences.rules import Programme

CUSTOMER = Kind.CUSTOMER.value
MEMBERSHIP = Programme.SUBSCRIPTION_ADVANTAGE.value
BEGAN_AT = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


def copy_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows of the fields `names`; all other fields have their default, or an instant long ago.

    COPY into a table with forced row-level security is refused, so the owner lifts the force for the moment.
    """
    fields = [model._meta.get_field(name) for name in names]
    others = [field for field in model._meta.local_concrete_fields if field not in fields]
    constants = [constant(field) for field in others]
    columns = ", ".join(f'"{field.column}"' for field in (*fields, *others))
    table = model._meta.db_table
    with unforced(table), connection.cursor() as cursor, cursor.copy(f'copy "{table}" ({columns}) from stdin') as copy:
        for row in rows:
            copy.write_row([*row, *constants])


@dataclass(frozen=True)
class Size:
    """How many coverages there are; the other numbers keep their proportion to them."""

    coverages: int

    @property
    def customers(self) -> int:
        return self.coverages // 40

    @property
    def firms(self) -> int:
        return max(self.coverages // 400, 2)

    @property
    def biggest(self) -> int:
        """What the biggest customer owns; the rest is spread evenly over the others."""
        return self.coverages // 100


SIZES = {"small": Size(20_000), "medium": Size(200_000), "full": Size(2_000_000)}
DAYS = 730


def plant_market(size: Size, *, today: date) -> None:
    """Customers with an owner each, firms with a contact each, and who advises whom: the first firm a tenth of all.

    The expiry dates lie evenly from 60 days ago to two years ahead.
    """
    product = Product.objects.create(name="Gateway")
    customers, people, firms, contacts = (
        [new_id() for _ in range(count)] for count in (size.customers, size.customers, size.firms, size.firms)
    )
    zones = ("Europe/Madrid", "Europe/London", "America/New_York", "Asia/Tokyo")
    copy_rows(
        Organisation,
        ("id", "kind", "name", "slug", "country", "time_zone"),
        ((pk, CUSTOMER, f"Customer {n}", f"c{n}", "ES", zones[n % len(zones)]) for n, pk in enumerate(customers)),
    )
    copy_rows(
        Organisation,
        ("id", "kind", "name", "slug", "country", "time_zone"),
        ((pk, Kind.ADVISOR.value, f"Firm {n}", f"f{n}", "ES", "Europe/Madrid") for n, pk in enumerate(firms)),
    )
    copy_rows(Firm, ("organisation", "city"), ((pk, "Madrid") for pk in firms))
    copy_rows(
        Contact,
        ("id", "firm", "name", "email"),
        ((pk, firms[n], f"Contact {n}", f"contact{n}@firm.example") for n, pk in enumerate(contacts)),
    )
    copy_rows(
        User,
        ("id", "email", "name", "time_zone"),
        ((pk, f"owner{n}@crowd.example", f"Owner {n}", zones[n % len(zones)]) for n, pk in enumerate(people)),
    )
    copy_rows(
        Membership,
        ("id", "organisation", "user", "role"),
        ((new_id(), customer, user, Role.OWNER.value) for customer, user in zip(customers, people, strict=True)),
    )
    plant_coverages(size, customers, product.pk, today=today)
    advisor_of = [0 if n % 10 == 0 else 1 + n % (size.firms - 1) for n in range(size.customers)]
    copy_rows(
        Assignment,
        ("id", "customer", "advisor", "contact", "scope", "level", "status", "ends_on"),
        (
            (new_id(), pk, firms[firm], contacts[firm], "all", 2, "active", today + timedelta(600))
            for pk, firm in zip(customers, advisor_of, strict=True)
        ),
    )


def plant_coverages(size: Size, customers: list[UUID], product: UUID, *, today: date) -> None:
    """A licence with one coverage each."""
    others = size.coverages - size.biggest
    owner_of = lambda n: customers[0 if n < size.biggest else 1 + (n - size.biggest) * (size.customers - 1) // others]  # noqa: E731
    licences = [new_id() for _ in range(size.coverages)]
    copy_rows(
        Licence,
        ("id", "customer", "product", "serial", "quantity"),
        ((pk, owner_of(n), product, f"SN-{n}", 10) for n, pk in enumerate(licences)),
    )
    ends = [today + timedelta(day) for day in range(-60, DAYS)]
    copy_rows(
        Coverage,
        ("id", "customer", "licence", "programme", "quantity", "starts_on", "expires_on"),
        (
            (new_id(), owner_of(n), pk, MEMBERSHIP, 10, BEGAN_AT.date(), ends[n * 7919 % len(ends)])
            for n, pk in enumerate(licences)
        ),
    )


def constant(field: Field) -> Any:
    """What a field holds where nobody says."""
    if getattr(field, "auto_now_add", False) or (field.name == "created_at" and not field.has_default()):
        return BEGAN_AT
    return field.get_db_prep_save(field.get_default(), connection)


@contextmanager
def unforced(table: str) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select relforcerowsecurity from pg_class where oid = %s::regclass", [table])
        forced = cursor.fetchone()[0]
        if forced:
            cursor.execute(f'alter table "{table}" no force row level security')
        yield
        if forced:
            # The triggers of deferred keys have yet to run, and a table with such pending is not altered.
            cursor.execute("set constraints all immediate")
            cursor.execute(f'alter table "{table}" force row level security')


def plant_owners(count: int, *, expires_on: date, zone: str = "Europe/Madrid") -> list[UUID]:
    """So many customers, each with one owner and one coverage that expires on that day; their ids."""
    customers, people, licences = ([new_id() for _ in range(count)] for _ in range(3))
    began_on = expires_on - timedelta(365)
    product, _ = Product.objects.get_or_create(name="Gateway")
    first = Organisation.objects.count()
    copy_rows(
        Organisation,
        ("id", "kind", "name", "slug", "country", "time_zone"),
        (
            (pk, Kind.CUSTOMER.value, f"Customer {n}", f"c{n}", "ES", zone)
            for n, pk in enumerate(customers, start=first)
        ),
    )
    copy_rows(
        User,
        ("id", "email", "name", "time_zone"),
        ((pk, f"owner{n}@crowd.example", f"Owner {n}", zone) for n, pk in enumerate(people, start=first)),
    )
    copy_rows(
        Membership,
        ("id", "organisation", "user", "role"),
        ((new_id(), customer, user, Role.OWNER.value) for customer, user in zip(customers, people, strict=True)),
    )
    copy_rows(
        Licence,
        ("id", "customer", "product", "serial", "quantity"),
        ((pk, customers[n], product.pk, f"SN-{n}", 10) for n, pk in enumerate(licences)),
    )
    copy_rows(
        Coverage,
        ("id", "customer", "licence", "programme", "quantity", "starts_on", "expires_on"),
        ((new_id(), customers[n], pk, MEMBERSHIP, 10, began_on, expires_on) for n, pk in enumerate(licences)),
    )
    return customers
