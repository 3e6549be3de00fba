"""What the activity says of access, to either side."""

import pytest
from django.utils.translation import override

from accounts.audit import PHRASES, Told
from accounts.models import AuditEntry
from licences.exports.access import ACCESS

FIRM = "01900000-0000-7000-8000-000000000001"
NOW = {"advisor": FIRM, "scope": "selected", "level": 2, "ends_on": "2027-11-22", "count": 5}


def said(verb, **details):
    whole = verb if "." in verb else f"assignment.{verb}"
    entry = AuditEntry(verb=whole, details=NOW | details)
    return PHRASES[entry.verb][1](Told(entry, {FIRM: "Meridian"})).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("verb", "details", "words"),
    [
        ("granted", {}, "Assigned <b>Meridian</b> with Quote on 5 coverages, until 22 Nov 2027"),
        ("granted", {"scope": "all"}, "Assigned <b>Meridian</b> with Quote on all coverages, until 22 Nov 2027"),
        ("level_raised", {"level_before": 1}, "Raised access of <b>Meridian</b> from View to Quote on 5 coverages"),
        ("level_lowered", {"level_before": 3}, "Lowered access of <b>Meridian</b> from Renew to Quote on 5 coverages"),
        ("licences_added", {"added": 1}, "Shared 1 more coverage with <b>Meridian</b>"),
        ("licences_removed", {"removed": 2}, "Took 2 coverages from <b>Meridian</b>"),
        ("changed", {"ends_on_before": "2027-01-01"}, "Changed the end of <b>Meridian</b>’s access to 22 Nov 2027"),
        ("changed", {"scope_before": "all"}, "Changed access of <b>Meridian</b>: Quote on 5 coverages"),
        ("ended", {"why": "expired"}, "Ended access of <b>Meridian</b>; its end date came"),
        ("ended", {"why": "revoked"}, "Ended access of <b>Meridian</b>"),
        ("drafted", {}, "Began to assign <b>Meridian</b>"),
        ("discarded", {}, "Gave up assigning <b>Meridian</b>"),
    ],
)
def test_each_verb_has_its_sentence(verb, details, words):
    assert said(verb, **details) == words


def test_an_entry_without_a_count_claims_none():
    entry = AuditEntry(verb="assignment.granted", details={k: v for k, v in NOW.items() if k != "count"})
    assert "on selected coverages" in PHRASES[entry.verb][1](Told(entry, {}))


@pytest.mark.parametrize("verb", sorted(ACCESS))
def test_sentences_are_spanish_for_spanish_readers(verb):
    with override("en"):
        english = said(verb)
    with override("es"):
        assert said(verb) != english
