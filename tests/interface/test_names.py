"""Short forms of names."""

import pytest

from interface.names import initials_of


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Lucía Ferrer", "LF"),
        ("Begoña de la Larrea", "BL"),
        ("Halyard & Birch", "HB"),
        ("Cher", "C"),
        ("", ""),
        ("«Ana» 😀 O’Neill", "AO"),
    ],
)
def test_initials_are_those_of_the_first_and_the_last_word(name, short):
    assert initials_of(name) == short
