"""The search of the directory: live, without script, and by an index under row-level security."""

import time

import pytest
from django.db import connection
from django.urls import reverse

from accounts.rules import Kind, Role
from accounts.tenancy import acting_as
from advisors.models import Firm, FirmWord
from advisors.rules import Tier
from advisors.services import index_firm
from tests.cast import ContactFactory, FirmFactory, MembershipFactory, OrganisationFactory, actor
from tests.hats import database_role

pytestmark = pytest.mark.django_db


def plant(name, country="ES", **facts):
    firm = FirmFactory(organisation=OrganisationFactory(kind=Kind.ADVISOR.value, name=name, country=country), **facts)
    with database_role("coterm_owner"):
        index_firm(firm)
    return firm


@pytest.fixture
def alba():
    return MembershipFactory(organisation__name="Larkfield Foods")


def as_alba(client, alba):
    with database_role("coterm_owner"):
        client.force_login(alba.user)
    return client


@pytest.fixture
def signed_in(client, alba, monkeypatch):
    monkeypatch.setattr("advisors.views.directory.spent", lambda *args, **kwargs: False)
    return as_alba(client, alba)


@pytest.fixture
def firms():
    return {
        "meridian": plant("Meridian Systems", tier=Tier.GOLD.value, certified_people=12, phone="+34 910 555 014"),
        "mercado": plant("Mercado Digital Sur", tier=Tier.SILVER.value),
        "redes": plant("Redes Mérida"),
        "talleres": plant("Talleres Informáticos Merino", tier=Tier.CIRCLE.value),
        "lisbon": plant("Mercúrio", country="PT"),
        "texas": plant("Meridian Austin", country="US", us_state="TX"),
        "california": plant("Meridian Coast", country="US", us_state="CA"),
    }


def names(who, query, **place):
    with acting_as(who):
        return [str(firm) for firm in Firm.objects.visible_to(who).found_by(query, **place)]


def test_names_that_begin_so_come_first_and_then_the_higher_tier(alba, firms):
    expected = ["Meridian Systems", "Mercado Digital Sur", "Redes Mérida", "Talleres Informáticos Merino"]
    assert names(actor(alba), "mer", country="ES") == expected


@pytest.mark.parametrize("query", ["MÉRI", "systems", "meridian sy"])
def test_accents_case_and_the_place_in_the_name_do_not_matter(alba, firms, query):
    assert "Meridian Systems" in names(actor(alba), query, country="ES")


def test_in_the_united_states_the_state_counts(alba, firms):
    assert names(actor(alba), "mer", country="US", us_state="TX") == ["Meridian Austin"]


def test_a_firm_matched_by_two_words_comes_once(alba):
    plant("Merino & Mercado")
    assert names(actor(alba), "mer", country="ES") == ["Merino & Mercado"]


def test_a_firm_without_an_agreement_is_not_offered(alba):
    plant("Meridian Past", agreement_active=False)
    assert names(actor(alba), "mer", country="ES") == []


def test_nobody_finds_nothing(firms):
    assert not Firm.objects.visible_to(None).found_by("mer", country="ES").exists()
    assert not Firm.objects.found_by("mer", country="ES").exists()


def test_renaming_a_firm_replaces_its_words(alba, firms):
    firm = firms["redes"]
    with database_role("coterm_owner"):
        firm.organisation.name = "Redes Cáceres"
        firm.organisation.save()
        index_firm(firm)
        assert sorted(FirmWord.objects.filter(firm=firm).values_list("word", flat=True)) == ["caceres", "redes caceres"]


def test_the_search_walks_an_index_under_row_level_security(alba):
    crowd = [plant("Bandalo Networks")]
    with database_role("coterm_owner"), connection.cursor() as cursor:
        cursor.execute(
            "insert into advisors_firmword (id, firm_id, country, us_state, word, position) select gen_random_uuid(),"
            " %s, 'ES', '', md5(n::text), 0 from generate_series(1, 20000) n",
            [crowd[0].pk],
        )
        cursor.execute("analyze advisors_firmword")
    who = actor(alba)
    with acting_as(who):
        assert "firm_word" in FirmWord.objects.filter(country="ES", word__gte="ban", word__lt="bao").explain()
        assert "Seq Scan on advisors_firmword" not in Firm.objects.found_by("ban", country="ES").explain()


def test_live_search_answers_with_the_rows_and_a_sentence(signed_in, firms):
    shown = signed_in.get(reverse("advisors:search"), {"country": "ES", "q": "mer"}).content.decode()
    assert "4 firms in Spain match “mer”." in shown
    assert "<mark>Mer</mark>idian Systems" in shown
    assert "Redes <mark>Mér</mark>ida" in shown
    assert "<html" not in shown


def test_the_wizard_gets_radio_buttons(signed_in, firms):
    shown = signed_in.get(
        reverse("advisors:search"), {"country": "ES", "q": "meridian", "choose": "1"}
    ).content.decode()
    assert f'type="radio" name="firm" value="{firms["meridian"].pk}"' in shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"country": "ES", "q": "me"}, "One more letter."),
        ({"country": "ES", "q": ""}, "Type at least 3 letters"),
        ({"country": "", "q": "mer"}, "Choose a country."),
        ({"country": "US", "q": "mer"}, "in the United States a state"),
        ({"country": "ES", "q": "xyz"}, "Spain: no firm matches “xyz”."),
        ({"country": "US-CA", "q": "mer"}, "1 firm in California matches “mer”."),
    ],
)
def test_what_is_missing_is_said(signed_in, firms, asked, said):
    answer = signed_in.get(reverse("advisors:search"), asked)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_at_most_twenty_firms_are_shown(signed_in):
    for n in range(21):
        plant(f"Merlin {n}")
    shown = signed_in.get(reverse("advisors:search"), {"country": "ES", "q": "mer"}).content.decode()
    assert shown.count("<mark>") == 20
    assert "The first 20 firms in Spain" in shown


def test_the_page_works_without_script(signed_in, firms):
    shown = signed_in.get(reverse("advisors:directory"), {"country": "ES", "q": "mer"}).content.decode()
    assert "4 firms in Spain match “mer”." in shown
    assert reverse("advisors:firm", args=[firms["redes"].pk]) in shown


def test_the_page_begins_in_the_customers_own_country(signed_in):
    assert '<option value="ES" selected>Spain</option>' in signed_in.get(reverse("advisors:directory")).content.decode()


def test_the_thirty_first_search_of_a_minute_waits(client, alba, firms, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # a minute that turns would begin to count anew
    as_alba(client, alba)
    asked = {"country": "ES", "q": "mer"}
    answers = [client.get(reverse("advisors:search"), asked).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_a_firms_page_names_its_contacts(signed_in, firms):
    ContactFactory(firm=firms["meridian"], name="Lucía Ferrer", speaks="en es")
    ContactFactory(firm=firms["meridian"], name="Long Gone", left_on="2020-01-01")
    shown = signed_in.get(reverse("advisors:firm", args=[firms["meridian"].pk])).content.decode()
    assert "Lucía Ferrer" in shown
    assert "English, Spanish" in shown
    assert "Long Gone" not in shown


@pytest.mark.parametrize("name", ["advisors:directory", "advisors:search"])
def test_a_stranger_is_sent_to_sign_in(client, name):
    assert client.get(reverse(name)).status_code == 302


def test_a_firm_may_not_write_the_words_of_another(firms):
    bruno = MembershipFactory(organisation=firms["meridian"].organisation, role=Role.OWNER.value)
    with acting_as(actor(bruno)):
        FirmWord.objects.filter(firm=firms["redes"]).delete()
    with database_role("coterm_owner"):
        assert FirmWord.objects.filter(firm=firms["redes"]).exists()
