"""How firms are found by name, and how tiers are ordered."""

import unicodedata

import pytest

from advisors.rules import Piece, Tier, letters_missing, normalised, pieces, prefix_range, sought, words


def found(name: str, query: str) -> bool:
    low, high = prefix_range(query)
    return any(low <= word.text < high for word in words(name))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Redes Mérida", "redes merida"),
        ("Straße & Söhne", "strasse & sohne"),
        ("Øresund Ægir", "oresund aegir"),
        ("Łódź Đuro Þór Œuvre", "lodz duro thor oeuvre"),
        ("IŞIK Ilgaz ılık", "isik ilgaz ilik"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("Ελλάς", "ελλασ"),
    ],
)
def test_a_name_loses_case_and_accents(name, plain):
    assert normalised(name) == plain


def test_a_name_written_with_combining_marks_is_the_same():
    assert normalised(unicodedata.normalize("NFD", "Mérida Ångström")) == normalised("Mérida Ångström")


def test_every_word_begins_a_searchable_text():
    assert [word.text for word in words("Halyard & Birch Ltd.")] == ["halyard birch ltd", "birch ltd", "ltd"]
    assert [word.position for word in words("Halyard & Birch Ltd.")] == [0, 1, 2]


def test_texts_are_cut_at_eighty_letters():
    assert max(len(word.text) for word in words("word " * 40)) == 80


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Halyard & Birch", "halyard bi"),
        ("Halyard & Birch", "Halyard & Bi"),
        ("Halyard & Birch", "BIR"),
        ("Redes Mérida", "mer"),
        ("Redes Mérida", "  MÉR "),
        ("O'Brien Networks", "obrien n"),
        ("O'Brien Networks", "o'br"),
        ("O'Brien Networks", "brien"),
        ("A.B.C. Systems", "abc"),
        ("Net-Works", "networks"),
        ("Straßer", "strass"),
        ("Łódź Sieci", "lod"),
        ("4C Group", "4c g"),
    ],
)
def test_a_firm_is_found_by_the_beginning_of_any_word(name, query):
    assert found(name, query)


@pytest.mark.parametrize(("name", "query"), [("Meridian", "eri"), ("Halyard & Birch", "birch h"), ("Comercial", "mer")])
def test_the_middle_of_a_word_finds_nothing(name, query):
    assert not found(name, query)


@pytest.mark.parametrize(("query", "missing"), [("", 3), ("me", 1), (" m. e", 1), ("mer", 0), ("a b c", 0), ("é'", 2)])
def test_a_search_needs_three_letters(query, missing):
    assert letters_missing(query) == missing


def test_too_few_letters_have_no_range():
    with pytest.raises(ValueError, match="3 letters"):
        prefix_range("m é")


@pytest.mark.parametrize(
    ("query", "high"),
    [("mer", "mes"), ("abz", "ab{"), ("ab\ud7fb", "ab\ud7fc"), ("ab𠀀", "ab𠀁")],
)
def test_the_range_ends_after_the_last_name_with_that_beginning(query, high):
    assert prefix_range(query) == (query, high)


def test_the_range_steps_over_surrogates(monkeypatch):
    monkeypatch.setattr("advisors.rules.sought", lambda query: query)
    assert prefix_range("ab\ud7ff") == ("ab\ud7ff", "ab\ue000")


def test_a_long_query_is_cut_like_the_words():
    assert len(sought("x" * 200)) == 80


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("Redes Mérida", "mer", [("Redes ", False), ("Mér", True), ("ida", False)]),
        ("Meridian", "MER", [("Mer", True), ("idian", False)]),
        ("Halyard & Birch", "halyard bi", [("Halyard & Bi", True), ("rch", False)]),
        ("O'Brien", "obr", [("O'Br", True), ("ien", False)]),
        ("Straßer", "stras", [("Straß", True), ("er", False)]),
        ("Meridian", "xyz", [("Meridian", False)]),
        ("Meridian", "", [("Meridian", False)]),
        ("", "mer", []),
    ],
)
def test_the_match_is_marked_on_the_name_as_written(name, query, expected):
    assert pieces(name, query) == [Piece(*piece) for piece in expected]


def test_a_marked_letter_keeps_its_combining_accent():
    name = unicodedata.normalize("NFD", "Café Sur")
    assert pieces(name, "cafe")[0].text == unicodedata.normalize("NFD", "Café")


def test_tiers_rank_from_registered_to_the_circle():
    assert sorted(Tier, key=lambda tier: tier.rank) == [*Tier]
    assert Tier.CIRCLE.rank > Tier.PLATINUM.rank > Tier.REGISTERED.rank
