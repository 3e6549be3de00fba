"""How the database walks the portfolio: by its index, and never through everybody's coverages (4-performance)."""

import pytest
from django.db import connection

from accounts.tenancy import acting_as
from licences.models import Coverage, Licence, Visibility
from renewals.querysets.portfolio import wanted
from renewals.rules.filters import Filters
from renewals.views.portfolio import ORDERS
from renewals.views.rows import COLUMNS
from tests.cast import AssignmentFactory, OrganisationFactory, ProductFactory, actor
from tests.hats import database_role
from tests.renewals.desk import day, firm

pytestmark = pytest.mark.django_db
CUSTOMERS, EACH = 20, 200


@pytest.fixture
def bruno():
    """Sees a tenth of four thousand coverages."""
    member, product = firm(), ProductFactory()
    for number in range(CUSTOMERS):
        customer = OrganisationFactory()
        with database_role("coterm_owner"):
            licences = Licence.objects.bulk_create(
                Licence(customer=customer, product=product, serial=f"S{index}") for index in range(EACH)
            )
            Coverage.objects.bulk_create(
                Coverage(customer=customer, licence=each, programme="sa", expires_on=day(index))
                for index, each in enumerate(licences)
            )
        if number < CUSTOMERS / 10:
            AssignmentFactory(customer=customer, advisor=member.organisation)
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute("analyze")
        cursor.execute("set local random_page_cost = 1.1")  # as docs/operating.md asks for; the default is for discs
    return actor(member)


@pytest.mark.parametrize("query", ["", "expires=31-90", "programme=sa&access=view"])
def test_a_page_walks_its_index_and_touches_only_its_own_rows(bruno, query):
    with acting_as(bruno):
        found = Visibility.objects.visible_to(bruno).filter(wanted(Filters.read(query), actor=bruno, today=day(0)))
        plan = found.values(*COLUMNS).order_by(*ORDERS["expires"])[:51].explain()
    assert "visibility_page" in plan
    assert "Seq Scan on licences_coverage" not in plan
    assert "Seq Scan on licences_visibility" not in plan
    assert "hashed SubPlan" not in plan
