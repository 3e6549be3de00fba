"""The supplier form: versions that only managers write, and a paper for everybody who is signed in."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.models import AuditEntry
from accounts.permissions import Forbidden
from accounts.rules import Kind
from accounts.tenancy import acting_as
from renewals.models import SupplierDetails
from renewals.services.suppliers import Overtaken, change_details
from tests.cast import MembershipFactory, actor
from tests.clients import signed_in
from tests.hats import database_role

pytestmark = pytest.mark.django_db
FIELDS = {"legal_name": "Northwind #panic() B.V.", "address": "Kade 1\nAmsterdam", "country": "NL"}


@pytest.fixture
def elena():
    return MembershipFactory(organisation__kind=Kind.PROGRAMME.value, role="manager")


def change(person, after, **fields):
    with acting_as(actor(person)):
        return change_details(actor(person), after=after, **{**FIELDS, **fields})


def test_each_change_is_a_version_and_none_is_rewritten(elena):
    change(elena, 0)
    assert change(elena, 1).version == 1
    assert change(elena, 1, bank_name="Bank").version == 2
    with database_role("coterm_owner"):
        assert [each.bank_name for each in SupplierDetails.objects.order_by("version")] == ["", "Bank"]
        assert AuditEntry.objects.filter(verb="supplier.changed").count() == 2


def test_who_comes_too_late_is_told(elena):
    change(elena, 0)
    with pytest.raises(Overtaken):
        change(elena, 0, bank_name="Bank")


def test_nobody_but_a_manager_writes_it():
    with pytest.raises(Forbidden):
        change(MembershipFactory(), 0)


def test_the_desk_saves_and_customers_download(elena):
    desk, customer = signed_in(elena), signed_in(MembershipFactory())
    assert customer.get("/supplier-form.pdf").status_code == 404
    assert desk.post("/programme/supplier/", {**FIELDS, "after": 0, "orders_email": "x"}).status_code == 422
    assert desk.post("/programme/supplier/", {**FIELDS, "after": 0}).status_code == 303
    assert desk.post("/programme/supplier/", {**FIELDS, "after": 0, "note": "n"}).status_code == 409
    paper = PdfReader(BytesIO(customer.get("/supplier-form.pdf").content)).pages[0].extract_text()
    assert "Northwind #panic() B.V." in paper and "Amsterdam" in paper
    assert b"Version" in desk.get("/programme/supplier/").content
