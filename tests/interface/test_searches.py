"""What is typed into a search box may be anything."""

import pytest

from interface.searches import typed


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, ""),
        ({"q": "  mer "}, "mer"),
        ({"q": "m\0er"}, "mer"),
        ({"q": "\0 "}, ""),
        ({"q": "x" * 999}, "x" * 100),
    ],
)
def test_the_text_can_be_asked_of_a_database(given, text):
    assert typed(given) == text


def test_another_name_may_be_asked_for():
    assert typed({"to": "alba"}, "to") == "alba"
