"""The life of a transfer, every state × verb × party; and that a snapshot holds what was chosen and nothing else."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import ROLES, Actor, Kind, Role
from licences.rules.changes import Stale
from licences.rules.transfers import (
    ALWAYS,
    LONGEST,
    PRESET,
    TRANSITIONS,
    CompanyField,
    Fields,
    Frame,
    LicenceField,
    Party,
    Plan,
    Refusal,
    Refused,
    State,
    Verb,
    after,
    as_table,
    canonical,
    check_certified,
    check_plan,
    digest,
    latest_end,
    may,
    party_of,
    sealed,
    snapshot,
    standing,
)

TODAY = date(2026, 11, 22)
PLAN = Plan(PRESET, "Renewal", TODAY + timedelta(90))
COMPANY = {field: f"its {field.value}" for field in CompanyField}
LICENCE = {field: f"the {field.value}" for field in LicenceField} | {
    LicenceField.QUANTITY: 60,
    LicenceField.EXPIRES_ON: TODAY,
    LicenceField.STARTS_ON: None,
}

# One line a state and verb: who may (o owner, m manager, r reader, a advisor, d distributor, s schedule), and its end.
LIFE = """
requested  change      om   requested
requested  consent     o    consented
requested  decline     om   declined
requested  withdraw    oma  withdrawn
requested  lapse       s    lapsed
consented  deliver     o    delivered
delivered  send again  om   delivered
delivered  receipt     d    receipted
delivered  decline     d    declined
delivered  withdraw    om   withdrawn
delivered  lapse       s    lapsed
receipted  copy        d    receipted
receipted  withdraw    om   withdrawn
"""
LETTERS = dict(zip("omrads", Party, strict=True))


def expected():
    for line in LIFE.strip().splitlines():
        state, verb, who, end = (part.strip() for part in line.split("  ") if part.strip())
        for letter in who:
            yield (State(state), Verb(verb), LETTERS[letter]), State(end)


def test_the_document_holds_the_table():
    assert as_table() in (Path(__file__).parents[2] / "docs" / "transfers.md").read_text()


def test_the_table_is_the_life_and_nothing_else():
    assert dict(expected()) == TRANSITIONS


@pytest.mark.parametrize(("state", "verb", "party"), list(product(State, Verb, (*Party, None))))
def test_every_state_verb_and_party_has_one_answer(state, verb, party):
    end = dict(expected()).get((state, verb, party))
    assert may(state, verb, party) is (end is not None)
    if end:
        assert after(state, verb, party) is end
    else:
        with pytest.raises(Stale):
            after(state, verb, party)


@pytest.mark.parametrize("state", [State.DECLINED, State.LAPSED, State.WITHDRAWN])
def test_what_has_ended_stays_ended(state):
    assert not any(may(state, verb, party) for verb in Verb for party in Party)


@pytest.mark.parametrize(("kind", "role"), [(kind, role) for kind in Kind for role in ROLES[kind]])
def test_only_the_owner_consents(kind, role):
    actor = Actor(None, kind, role)
    assert may(State.REQUESTED, Verb.CONSENT, party_of(actor)) is (role is Role.OWNER and kind is Kind.CUSTOMER)
    assert may(State.DELIVERED, Verb.RECEIPT, party_of(actor)) is (kind is Kind.DISTRIBUTOR)


def test_nobody_signed_in_is_the_schedule():
    assert party_of(None) is Party.SCHEDULE
    assert party_of(Actor(None, Kind.PROGRAMME, Role.MANAGER)) is None


@pytest.mark.parametrize(
    ("state", "lapses", "until", "stands"),
    [
        ("requested", 1, None, "requested"),
        ("requested", 0, None, "lapsed"),
        ("delivered", 1, 1, "delivered"),
        ("delivered", 1, 0, "lapsed"),
        ("delivered", 0, 1, "lapsed"),
        ("receipted", -9, 1, "receipted"),
        ("receipted", -9, 0, "ended"),
        ("withdrawn", -9, 0, "withdrawn"),
    ],
)
def test_the_clock_ends_what_nobody_has_ended(state, lapses, until, stands):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    over = None if until is None else now + timedelta(until)
    assert standing(State(state), lapses_at=now + timedelta(lapses), valid_until=over, now=now) == stands


@given(st.sets(st.sampled_from(CompanyField)), st.sets(st.sampled_from(LicenceField)))
def test_a_snapshot_holds_the_chosen_fields_and_no_other(company, licence):
    fields = Fields.of(company, licence)
    content = snapshot(Frame("id", "Nortegate", Plan(fields, "Renewal", TODAY)), COMPANY, [LICENCE])
    assert content["company"].keys() == {field.value for field in company | ALWAYS.company}
    assert content["licences"][0].keys() == {field.value for field in licence | ALWAYS.licence}
    assert list(content["licences"][0]) == fields.licence_names
    assert list(content["company"]) == fields.company_names
    assert fields.names_a_contact is any(field.value.startswith("contact") for field in company)


def test_values_are_plain_and_nothing_is_null():
    content = snapshot(Frame("id", "Nortegate", PLAN), {}, [LICENCE])
    assert content["licences"][0]["expires_on"] == "2026-11-22"
    assert content["licences"][0]["quantity"] == 60
    assert content["company"]["country"] is None
    assert content["ends_on"] == "2027-02-20"


def test_an_unknown_field_is_no_field():
    with pytest.raises(ValueError, match="note"):
        Fields.of([], ["note"])


def test_the_hash_is_of_one_way_to_write_it():
    content = {"b": "ñ", "a": [1, None]}
    assert canonical(content) == canonical({"a": [1, None], "b": "ñ"}) == '{"a":[1,null],"b":"ñ"}'.encode()
    assert len(digest(content)) == 64
    assert digest(sealed(content, nonce="x")) != digest(sealed(content, nonce="y")) != digest(content)


@pytest.mark.parametrize(
    ("ends_on", "count", "refusal"),
    [
        (TODAY - timedelta(1), 1, Refusal.END_PAST),
        (latest_end(TODAY) + timedelta(1), 1, Refusal.END_TOO_LATE),
        (TODAY, 0, Refusal.NOTHING_CHOSEN),
        (TODAY, LONGEST + 1, Refusal.TOO_MANY),
        (TODAY, 1, None),
        (latest_end(TODAY), LONGEST, None),
    ],
)
def test_a_plan_needs_licences_and_an_end_that_can_be(ends_on, count, refusal):
    assert refused(check_plan, Plan(PRESET, "Renewal", ends_on), count=count, today=TODAY) is refusal


@pytest.mark.parametrize(("days", "certified"), [(-1, False), (0, True), (1, True), (None, False)])
def test_a_distributor_is_certified_through_its_last_day(days, certified):
    until = None if days is None else TODAY + timedelta(days)
    assert refused(check_certified, until, today=TODAY) is (None if certified else Refusal.NOT_CERTIFIED)


def refused(check, *args, **kwargs):
    try:
        check(*args, **kwargs)
    except Refused as problem:
        return problem.refusal
