"""Many tenants at once, by COPY: what drills and benchmarks run on. Meant for databases that nobody will miss."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Field, Model

from accounts.keys import new_id
from accounts.models import Membership, Organisation, User
from accounts.rules import Kind, Role
from licences.models import Coverage, Licence, Product
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
