"""Imports end to end over the database: preview, apply, and the same file again."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.exports import lines
from accounts.models import AuditEntry
from accounts.permissions import Forbidden
from accounts.tenancy import acting_as
from licences.imports import tables
from licences.imports.files import read_licences
from licences.imports.unreadable import UnreadableFile
from licences.models import Coverage, CoverageTerm, ImportBatch, ImportLine, Licence, Product, Visibility
from licences.services.imports import CHUNK, ImportStale, apply_import, discard_import, preview_import, refresh_preview
from tests.cast import AssignmentFactory, CoverageFactory, LicenceFactory, ProductFactory, today
from tests.hats import database_role
from tests.licences.conftest import member
from tests.licences.made_files import FOLDER

pytestmark = pytest.mark.django_db

HEADER = "product,programme,serial,quantity,starts_on,expires_on,note"
ROWS = ("Gateway,SA,GW-1,10,2026-01-01,2027-01-01,first", "Gateway,HW,GW-1,4,,2028-01-01,", "Studio,SA,,3,,,")


def preview(who, *rows, header=HEADER):
    content = rows[0] if rows and isinstance(rows[0], bytes) else "\n".join([header, *rows]).encode()
    with acting_as(who):
        file = read_licences(content, name="licences.csv")
        return preview_import(who, name="licences.csv", layout=file.layout, lines=file.lines, ignored=file.ignored)


def run(who, *rows, **options):
    batch = preview(who, *rows, **options)
    with acting_as(who):
        return apply_import(who, batch=batch)


def counts(batch):
    return {state: count for state, count in batch.counts.items() if count}


def own(model, who, *fields):
    with acting_as(who):
        return list(model.objects.visible_to(who).order_by("pk").values_list(*fields))


def lines_of(who, batch, *fields):
    with acting_as(who):
        return list(ImportLine.objects.visible_to(who).filter(batch=batch).order_by("number").values_list(*fields))


def test_a_preview_writes_no_licence_and_says_what_it_would_do(alba):
    batch = preview(alba, *ROWS, "Edge,SA,E-1,-1,,2027-01-01,")
    assert counts(batch) == {"new": 3, "refused": 1}
    assert own(Licence, alba, "pk") == own(Product, alba, "pk") == []
    assert lines_of(alba, batch, "number", "state") == [(2, "new"), (3, "new"), (4, "new"), (5, "refused")]


def test_applying_writes_products_licences_coverages_and_terms(alba):
    run(alba, *ROWS)
    assert own(Product, alba, "name") == [("Gateway",), ("Studio",)]
    assert own(Licence, alba, "product__name", "serial", "quantity", "note") == [
        ("Gateway", "GW-1", 10, "first"),
        ("Studio", "", 3, ""),
    ]
    assert own(Coverage, alba, "programme", "quantity", "expires_on") == [
        ("sa", 10, date(2027, 1, 1)),
        ("hw", 4, date(2028, 1, 1)),
        ("sa", 3, None),
    ]
    assert own(CoverageTerm, alba, "starts_on", "ends_on")[0] == (date(2026, 1, 1), date(2027, 1, 1))
    assert len(own(CoverageTerm, alba, "pk")) == 2


def test_the_same_file_again_changes_nothing(alba):
    snipe = (FOLDER / "snipe-it.csv").read_bytes()
    first = run(alba, snipe)
    before = own(Licence, alba, "pk", "version", "note"), own(Coverage, alba, "pk", "version"), own(CoverageTerm, alba)
    second = run(alba, snipe)
    assert counts(first) == {"new": 7, "refused": 5}
    assert counts(second) == {"unchanged": 7, "refused": 5}
    assert before == (
        own(Licence, alba, "pk", "version", "note"),
        own(Coverage, alba, "pk", "version"),
        own(CoverageTerm, alba),
    )


def test_a_changed_line_shows_each_field_before_and_after(alba):
    run(alba, *ROWS)
    batch = preview(alba, "Gateway,SA,gw-1,12,,2027-06-30,second")
    assert lines_of(alba, batch, "state", "changes") == [
        ("changed", {"note": ["first", "second"], "quantity": [10, 12], "expires_on": ["2027-01-01", "2027-06-30"]})
    ]


def test_applying_a_change_keeps_the_old_term_as_history(alba):
    run(alba, *ROWS[:1])
    run(alba, "Gateway,SA,GW-1,12,,2028-01-01,second")
    assert own(Licence, alba, "quantity", "note", "version") == [(12, "second", 2)]
    assert own(CoverageTerm, alba, "starts_on", "ends_on", "quantity") == [
        (date(2026, 1, 1), date(2027, 1, 1), 10),
        (date(2027, 1, 2), date(2028, 1, 1), 12),
    ]


def test_a_corrected_date_corrects_the_term(alba):
    run(alba, *ROWS[:1])
    run(alba, "Gateway,SA,GW-1,10,2026-01-01,2026-12-31,")
    assert own(CoverageTerm, alba, "starts_on", "ends_on") == [(date(2026, 1, 1), date(2026, 12, 31))]


def test_a_blank_cell_leaves_what_is_recorded(alba):
    run(alba, *ROWS[:1])
    assert counts(run(alba, "Gateway,SA,GW-1,,,,")) == {"unchanged": 1}
    assert own(Licence, alba, "quantity", "note") == [(10, "first")]


def test_identical_seats_stay_several(alba):
    seats = ("Studio,SA,,3,,2027-01-01,",) * 3
    assert counts(run(alba, *seats)) == {"new": 3}
    assert counts(run(alba, *seats)) == {"unchanged": 3}


def test_a_licence_entered_by_hand_is_found_by_product_and_serial(alba, larkfield):
    licence = LicenceFactory(customer=larkfield, product=ProductFactory(name="Gateway"), serial="gw-1")
    CoverageFactory(licence=licence, quantity=10, starts_on=None, expires_on=date(2027, 1, 1))
    assert counts(run(alba, "gateway,SA,GW-1,10,,2027-01-01,")) == {"unchanged": 1}
    assert len(own(Licence, alba, "pk")) == 1


def test_a_reference_finds_the_licence_under_a_new_serial_and_product(alba):
    header = "licence,product,serial,expires_on"
    run(alba, "L-1,Gateway,GW-1,2027-01-01", header=header)
    run(alba, "L-1,Gateway Plus,GW-2,2027-01-01", header=header)
    assert own(Licence, alba, "product__name", "serial") == [("Gateway Plus", "GW-2")]


def test_two_references_with_one_serial_are_two_licences(alba):
    header = "licence,product,serial,expires_on"
    rows = ("L-1,Gateway,GW-1,2027-01-01", "L-2,Gateway,GW-1,2027-01-01")
    assert counts(run(alba, *rows, header=header)) == {"new": 2}
    assert counts(run(alba, *rows, header=header)) == {"unchanged": 2}


def test_of_two_references_with_the_serial_of_one_licence_by_hand_the_first_takes_it(alba, larkfield):
    LicenceFactory(customer=larkfield, product=ProductFactory(name="Gateway"), serial="GW-1")
    rows = ("L-1,Gateway,GW-1,2027-01-01", "L-2,Gateway,GW-1,2028-01-01")
    run(alba, *rows, header="licence,product,serial,expires_on")
    assert own(Coverage, alba, "expires_on") == [(date(2027, 1, 1),), (date(2028, 1, 1),)]
    assert len(own(Licence, alba, "pk")) == 2


def test_a_reference_given_later_adopts_the_licence_of_that_serial(alba):
    run(alba, "Gateway,SA,GW-1,10,,2027-01-01,")
    header = "licence,product,serial,expires_on"
    assert counts(run(alba, "L-1,Gateway,GW-1,2027-01-01", header=header)) == {"unchanged": 1}
    run(alba, "L-1,Gateway,GW-9,2027-01-01", header=header)
    assert own(Licence, alba, "serial") == [("GW-9",)]


def test_what_belongs_to_the_licence_is_read_from_its_first_line(alba):
    rows = ("Gateway,SA,GW-1,10,,2027-01-01,one", "Gateway,HW,GW-1,4,,2027-01-01,two")
    run(alba, *rows)
    assert own(Licence, alba, "note", "quantity") == [("one", 10)]
    assert counts(run(alba, *rows)) == {"unchanged": 2}


def test_a_further_programme_is_added_to_the_licence_that_is_there(alba):
    run(alba, *ROWS[:1])
    assert counts(run(alba, "Gateway,HW,GW-1,,,2028-01-01,")) == {"new": 1}
    assert len(own(Licence, alba, "pk")) == 1
    assert own(Coverage, alba, "programme", "quantity") == [("sa", 10), ("hw", 10)]


def test_the_catalogue_of_the_programme_is_used_before_a_product_is_made(alba):
    catalogue = ProductFactory(name="Gateway VPX")
    run(alba, "gateway vpx,SA,GW-1,1,,,")
    assert own(Licence, alba, "product") == [(catalogue.pk,)]


def test_a_product_of_one_customer_is_not_seen_by_another(alba, carmen):
    run(alba, *ROWS)
    run(carmen, *ROWS)
    assert own(Product, alba, "pk") != own(Product, carmen, "pk")
    assert len(own(Product, carmen, "pk")) == 2


def test_an_advisor_with_all_licences_sees_imported_ones_at_once(alba, bruno, larkfield, meridian, seen):
    AssignmentFactory(customer=larkfield, advisor=meridian)
    run(alba, *ROWS)
    assert len(seen(bruno)) == 3


def test_a_preview_that_has_become_stale_is_not_applied(alba, larkfield):
    run(alba, *ROWS)
    batch = preview(alba, "Gateway,SA,GW-1,12,,,")
    with database_role("coterm_owner"):
        Coverage.objects.filter(programme="sa", quantity=10).update(quantity=11)
    with acting_as(alba), pytest.raises(ImportStale):
        apply_import(alba, batch=batch)
    with acting_as(alba):
        apply_import(alba, batch=refresh_preview(alba, batch=batch))
    assert (12,) in own(Coverage, alba, "quantity")


def test_an_import_is_applied_once(alba):
    batch = run(alba, *ROWS)
    with acting_as(alba), pytest.raises(ImportStale):
        apply_import(alba, batch=batch)


def test_a_discarded_import_writes_nothing_and_forgets_its_lines(alba):
    batch = preview(alba, *ROWS)
    with acting_as(alba):
        discard_import(alba, batch=batch)
    assert own(Licence, alba, "pk") == own(ImportLine, alba, "pk") == []
    assert own(ImportBatch, alba, "state") == [("discarded",)]


def test_a_failure_in_the_middle_leaves_nothing(alba, monkeypatch):
    batch = preview(alba, *ROWS)

    def fails(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr("licences.services.applying.keep_terms", fails)
    with pytest.raises(IntegrityError), acting_as(alba):
        apply_import(alba, batch=batch)
    assert own(Licence, alba, "pk") == own(Product, alba, "pk") == []


def test_a_file_that_turns_out_too_long_leaves_no_preview(alba, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", CHUNK)  # the first chunk is stored before the next is read
    content = b"product,expires_on\n" + b"A,\n" * (CHUNK + 1)
    with pytest.raises(UnreadableFile):
        preview(alba, content)
    assert own(ImportBatch, alba, "pk") == own(ImportLine, alba, "pk") == []


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_only_who_edits_licences_may_import(larkfield, role):
    with pytest.raises(Forbidden):
        preview(member(larkfield, role), *ROWS)


def test_nobody_applies_what_another_customer_has_uploaded(alba, carmen):
    batch = preview(alba, *ROWS)
    with acting_as(carmen), pytest.raises(ImportBatch.DoesNotExist):
        apply_import(carmen, batch=batch)


def test_an_import_is_written_down_with_its_counts(alba):
    batch = run(alba, *ROWS, "Edge,SA,E-1,-1,,2027-01-01,")
    with acting_as(alba):
        entry = AuditEntry.objects.visible_to(alba).get(verb="licence.imported")
    assert entry.subject_id == batch.pk
    assert entry.details == {"new": 3, "changed": 0, "unchanged": 0, "refused": 1}


def test_the_number_of_statements_grows_by_the_thousand_and_not_by_the_line(alba):
    def statements(count):
        rows = [f"Product {n % 7},SA,S-{count}-{n},1,,2027-01-01," for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            run(alba, *rows)
        return len(captured)

    statements(7)  # makes the products
    assert statements(900) == statements(30)


def test_a_first_term_without_a_start_counts_from_the_day_that_it_is_known_of(alba):
    soon = today() + timedelta(60)
    run(alba, f"Gateway,SA,GW-1,1,,{soon},", "Gateway,SA,GW-2,1,,2020-01-01,")
    spans = own(CoverageTerm, alba, "starts_on", "ends_on")
    assert abs((spans[0][0] - today()).days) <= 1 and spans[0][1] == soon
    assert spans[1] == (date(2020, 1, 1), date(2020, 1, 1))


def test_visibility_knows_what_was_imported(alba):
    run(alba, *ROWS)
    assert own(Visibility, alba, "quantity") and len(own(Visibility, alba, "quantity")) == 3


def test_of_two_licences_by_hand_with_one_serial_the_first_is_taken(alba, larkfield):
    product = ProductFactory(name="Gateway")
    first, _ = (LicenceFactory(customer=larkfield, product=product, serial="GW-1") for _ in range(2))
    run(alba, "Gateway,SA,GW-1,10,,2027-01-01,")
    assert own(Coverage, alba, "licence") == [(first.pk,)]


def test_the_activity_tells_of_imports(alba):
    batch = preview(alba, *ROWS)
    with acting_as(alba):
        discard_import(alba, batch=batch)
    run(alba, *ROWS)
    with acting_as(alba):
        told = [line.text for line in lines(alba, AuditEntry.objects.visible_to(alba).order_by("id"))]
    assert told == ["Discarded the import of licences.csv", "Imported 3 lines of licences.csv"]
