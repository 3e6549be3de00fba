"""The programme certifies distributors, and nobody else does."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Distributor, Organisation
from accounts.permissions import Forbidden
from accounts.services.distributors import certify
from accounts.tenancy import acting_as
from tests.cast import MembershipFactory, OrganisationFactory, actor, today
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
DAY = today() + timedelta(30)


@pytest.fixture
def elena():
    return actor(MembershipFactory(organisation__kind="programme", role="manager"))


@pytest.fixture
def nortegate():
    return OrganisationFactory(kind="distributor", name="Nortegate")


@pytest.fixture
def alba():
    return actor(MembershipFactory())


def test_the_programme_certifies_until_a_day_and_takes_it_back(elena, nortegate):
    with acting_as(elena):
        assert certify(elena, nortegate, until=DAY)
        assert not certify(elena, nortegate, until=DAY)
        assert Distributor.objects.certified(DAY).get().pk == nortegate.pk
        assert not Distributor.objects.certified(DAY + timedelta(1)).exists()
        assert certify(elena, nortegate, until=None)
        assert not Distributor.objects.certified(today()).exists()
        verbs = AuditEntry.objects.visible_to(elena).values_list("verb", flat=True)
        assert sorted(verbs) == ["distributor.certified", "distributor.uncertified"]


def test_nobody_else_certifies(alba, nortegate):
    farid = actor(MembershipFactory(organisation=nortegate, role="member"))
    for person in (alba, farid):
        with acting_as(person), pytest.raises(Forbidden):
            certify(person, nortegate, until=DAY)


def test_only_a_distributor_is_certified(elena):
    with acting_as(elena), pytest.raises(ValueError, match="customer"):
        certify(elena, OrganisationFactory(), until=DAY)


def test_customers_see_distributors_in_the_directory_and_no_other_customer(alba, nortegate):
    OrganisationFactory(name="Stranger")
    with acting_as(alba):
        seen = set(Organisation.objects.visible_to(alba).values_list("kind", flat=True))
        assert Organisation.objects.visible_to(alba).count() == 2
        assert seen == {"customer", "distributor"}


def test_a_manager_certifies_on_the_desk():
    elena = signed_in(MembershipFactory(organisation__kind="programme", role="manager"))
    distributor = OrganisationFactory(kind="distributor", slug="nortegate", name="Nortegate")
    page = "/programme/distributors/nortegate/"
    assert "Certified until" in elena.get(page).text
    elena.post(f"{page}certification/", {"certified_until": DAY.isoformat()})
    assert f'value="{DAY.isoformat()}"' in elena.get(page).text
    assert "not certified" not in elena.get("/programme/distributors/").text
    elena.post(f"{page}certification/", {"certified_until": "soon"})
    assert f'value="{DAY.isoformat()}"' in elena.get(page).text
    elena.post(f"{page}certification/", {"certified_until": ""})
    assert "not certified" in elena.get("/programme/distributors/").text
    assert distributor.slug in elena.get("/programme/distributors/").text


def test_only_distributors_are_certified_on_the_desk():
    elena = signed_in(MembershipFactory(organisation__kind="programme", role="manager"))
    OrganisationFactory(slug="larkfield")
    for slug in ("larkfield", "absent"):
        assert elena.post(f"/programme/distributors/{slug}/certification/").status_code == 404
    assert "Certified until" not in elena.get("/programme/customers/larkfield/").text
