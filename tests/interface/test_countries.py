"""Countries and languages have the reader's names and stand in the reader's alphabet."""

import pytest
from django.utils import translation

from interface.countries import countries, country_name, spoken


@pytest.mark.parametrize(("language", "name"), [("en", "Spain"), ("es", "España")])
def test_a_country_has_its_name_in_the_readers_language(language, name):
    with translation.override(language):
        assert country_name("ES") == name


def test_an_unknown_code_stands_for_itself():
    assert country_name("QQ") == "QQ"


def test_accents_do_not_count_in_the_alphabet():
    with translation.override("es"):
        codes = [code for code, _ in countries()]
    assert codes.index("EG") < codes.index("ES") < codes.index("US") < codes.index("ET")
    assert codes.index("AT") < codes.index("AZ") < codes.index("BS")


@pytest.mark.parametrize(("language", "said"), [("en", "English, Spanish"), ("es", "inglés, español")])
def test_languages_are_named_in_the_readers(language, said):
    with translation.override(language):
        assert spoken("en es") == said
