"""Which layout a header is, and what it lacks."""

import pytest

from licences.imports.formats import COTERM, SNIPE_IT, recognise
from licences.imports.unreadable import UnreadableFile
from licences.rules.imports import FormatName

SNIPE_HEADER = (
    "Full Name,Email,Username,Item name,serial number,Category,manufacturer,purchase date,purchase cost,purchase order,"
    "order number,Licensed To Name,Licensed to Email,expiration date,maintained,reassignable,seats,company,supplier,"
    "notes"
)


def header(text):
    return tuple(text.split(","))


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        ("product,expires_on", COTERM),
        ("Expires On,PRODUCT,Order-Number", COTERM),
        ("licence,product,programme,serial,quantity,starts_on,expires_on,bought_on,order_number,supplier,note", COTERM),
        (SNIPE_HEADER, SNIPE_IT),
        (SNIPE_HEADER.upper(), SNIPE_IT),
        ("seats,Expiration Date,ITEM_NAME", SNIPE_IT),
    ],
)
def test_the_layout_is_recognised_by_its_header(titles, found):
    assert recognise(header(titles)) is found


@pytest.mark.parametrize(
    ("titles", "wanted", "said"),
    [
        ("product,serial", FormatName.AUTO, "lacks the column “expires_on”"),
        ("Item name,seats", FormatName.AUTO, "lacks the column “expiration date”"),
        (SNIPE_HEADER, FormatName.COTERM, "lacks the columns “product”, “expires_on”"),
        ("product,expires_on", FormatName.SNIPE_IT, "lacks the columns “Item name”, “expiration date”, “seats”"),
        ("nombre,caduca", FormatName.AUTO, "names no columns that we know"),
        ("product,expires_on,Expires On", FormatName.AUTO, "“expires on” is there twice"),
    ],
)
def test_a_header_that_will_not_do_is_told_what_is_missing(titles, wanted, said):
    with pytest.raises(UnreadableFile, match=said):
        recognise(header(titles), wanted)


def test_columns_that_are_not_read_are_named_as_the_file_names_them():
    assert recognise(header("product,expires_on,Colour,,")).ignored(header("product,expires_on,Colour,,")) == ["Colour"]
    assert "Email" in SNIPE_IT.ignored(header(SNIPE_HEADER))
    assert "company" not in SNIPE_IT.ignored(header(SNIPE_HEADER))
