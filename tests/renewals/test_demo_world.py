"""The invented world of the demo adds up to what the mocks show."""

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from advisors.rules import prefix_range, words
from renewals.demo.customers import BRUNO, MERIDIAN, customers
from renewals.demo.draws import demo_id, number, table
from renewals.demo.firms import firms

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def directory():
    return firms()


@pytest.fixture(scope="module")
def owners():
    return {customer.slug: customer for customer in customers(TODAY)}


def found(directory, country, query):
    low, high = prefix_range(query)
    here = [firm for firm in directory if firm.country == country]
    return sorted(firm.name for firm in here if any(low <= word.text < high for word in words(firm.name)))


def days_seen_by_meridian(owners):
    days = []
    for customer in owners.values():
        grants = [g for g in customer.grants if g.firm == MERIDIAN and g.ends_on >= TODAY]
        seen = {cover for g in grants for cover in (g.covers or range(len(customer.covers)))}
        days += [(customer.covers[cover].expires_on - TODAY).days for cover in seen]
    return days


def test_the_directory_has_over_three_thousand_firms_in_forty_countries(directory):
    assert len(directory) >= 3000
    assert len({firm.country for firm in directory}) == 40


def test_slugs_and_addresses_of_firms_are_unique(directory):
    addresses = [contact.email for firm in directory for contact in firm.contacts]
    assert len({firm.slug for firm in directory}) == len(directory)
    assert len(set(addresses)) == len(addresses)
    assert all(address.isascii() and address.endswith(".example") for address in addresses)


def test_every_firm_has_one_to_four_contacts_a_city_and_a_phone(directory):
    assert all(1 <= len(firm.contacts) <= 4 and firm.city and firm.phone.startswith("+") for firm in directory)


def test_only_firms_in_the_united_states_have_a_state(directory):
    assert all(bool(firm.state) == (firm.country == "US") for firm in directory)
    assert len({firm.state for firm in directory}) > 20


def test_mer_in_spain_finds_the_four_firms_of_the_mock(directory):
    expected = ["Mercado Digital Sur", "Meridian Systems", "Redes Mérida", "Talleres Informáticos Merino"]
    assert found(directory, "ES", "mer") == expected


def test_halyard_bi_finds_halyard_and_birch(directory):
    assert found(directory, "GB", "halyard bi") == ["Halyard & Birch"]


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_world_does_not_hang_on_the_hash_seed(seed, directory):
    code = "from renewals.demo.firms import firms; print(firms()[-1].contacts[0].email)"
    told = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == directory[-1].contacts[0].email


def test_meridian_sees_as_many_coverages_as_in_the_mock(owners):
    days = days_seen_by_meridian(owners)
    assert len(days) == 412
    assert sum(0 <= day <= 30 for day in days) == 38
    assert sum(31 <= day <= 60 for day in days) == 51
    assert sum(61 <= day <= 90 for day in days) == 44
    assert sum(day < 0 for day in days) == 12


def test_meridian_is_assigned_to_eighty_six_customers(owners):
    assigned = [c for c in owners.values() if any(g.firm == MERIDIAN and g.ends_on >= TODAY for g in c.grants)]
    assert len(assigned) == 86
    assert (
        sum(max(g.granted_on for g in c.grants if g.firm == MERIDIAN) > TODAY - timedelta(days=7) for c in assigned)
        == 2
    )


def test_bruno_is_the_contact_of_thirty_four_coverages(owners):
    his = [c for c in owners.values() if any(grant.contact == BRUNO for grant in c.grants)]
    assert sum(customer.seen_by(MERIDIAN) for customer in his) == 34


def test_larkfield_owns_what_the_mock_shows(owners):
    covers = owners["larkfield"].covers
    assert len(covers) == 8
    assert sum(cover.quantity for cover in covers) == 1816
    assert [(c.expires_on - TODAY).days for c in covers] == [-40, 12, 12, 12, 129, 220, 220, 495]


def test_larkfield_gave_access_as_in_the_mock(owners):
    grants = [(g.firm, g.level, (g.ends_on - TODAY).days, g.covers) for g in owners["larkfield"].grants]
    assert grants == [
        ("meridian", "view", 70, (0,)),
        ("meridian", "quote", 365, (1, 2, 3, 4)),
        ("meridian", "renew", 495, (7,)),
        ("halyard", "view", 70, (1, 2)),
        ("halyard", "view", 220, (0,)),
        ("redes-merida", "view", 220, (1, 2)),
    ]


def test_tidewater_has_no_tie_to_any_firm(owners):
    assert owners["tidewater"].grants == ()


def test_the_next_thirty_days_are_the_rows_of_the_mock(owners):
    rows = Counter(
        cover.programme
        for c in owners.values()
        if c.seen_by(MERIDIAN)
        for i, cover in enumerate(c.covers)
        if 0 <= (cover.expires_on - TODAY).days <= 30
        and any(not g.covers or i in g.covers for g in c.grants if g.firm == MERIDIAN)
    )
    assert rows == {"SA": 19, "AM": 6, "HW": 5, "AC": 8}


def test_the_two_coverages_of_an_appliance_are_on_one_licence(owners):
    gateways = [cover for cover in owners["larkfield"].covers if cover.product == "AG55"]
    assert len(gateways) == 2
    assert len({cover.licence for cover in gateways}) == 1


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2028, 2, 29), date(2027, 3, 1), date(2026, 12, 31)])
def test_terms_follow_each_other_on_every_day_of_loading(today):
    for cover in (cover for customer in customers(today) for cover in customer.covers):
        days = [day for term in cover.terms for day in (term.starts_on, term.expires_on)]
        assert days == sorted(set(days))
        assert cover.terms[-1].starts_on <= today


def test_terms_hold_gaps_here_and_there(owners):
    pairs = [(a, b) for c in owners.values() for cover in c.covers for a, b in pairwise(cover.terms)]
    gaps = [(b.starts_on - a.expires_on).days > 1 for a, b in pairs]
    assert 20 < sum(gaps) < len(gaps) / 4


def test_relative_days_are_the_same_on_another_day(owners):
    later = {c.slug: c for c in customers(TODAY + timedelta(days=500))}
    for key in ("larkfield", "port-of-valence", "aceites-del-condado"):
        assert [c.expires_on + timedelta(days=500) for c in owners[key].covers] == [
            c.expires_on for c in later[key].covers
        ]


def test_every_country_of_the_directory_has_a_desk_to_ask(directory):
    desks = [code for desk in table("desks").values() for code in desk["countries"].split()]
    assert sorted(desks) == sorted({firm.country for firm in directory})


def test_people_of_customers_have_addresses_of_their_own(owners):
    addresses = [person.email for customer in owners.values() for person in customer.people]
    assert len(set(addresses)) == len(addresses)


def test_demo_ids_sort_in_their_order_and_are_of_version_seven():
    ids = [demo_id("coverage", n, order=n) for n in range(50)]
    assert ids == sorted(ids)
    assert {i.version for i in ids} == {7}
    assert demo_id("coverage", 1) != demo_id("licence", 1)


def test_draws_spread_over_all_numbers():
    assert {number(6, "die", n) for n in range(200)} == set(range(6))
