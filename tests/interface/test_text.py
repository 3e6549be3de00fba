"""Text that hides or reverses other text is refused wherever somebody types a name."""

import pytest

from accounts.forms.desk import CountryContactForm
from accounts.forms.profile import ProfileForm
from interface.text import hides_something
from licences.forms.access import ContactForm
from licences.forms.requests import AskForm
from licences.imports.cells import CellProblem, as_text

HIDING = ["Ann\u202eE", "A\u200bnn", "\u2066Ann\u2069", "Ann\x07", "\ufeffAnn", "A\u2060nn"]


@pytest.mark.parametrize("text", HIDING)
def test_what_hides_or_turns_text_is_found(text):
    assert hides_something(text)


@pytest.mark.parametrize("text", ["Ana Gil", "Zoë", "line\r\nline", "سلام\u200cها", "👩\u200d🔧", "東京"])
def test_what_people_write_is_not(text):
    assert not hides_something(text)


@pytest.mark.parametrize("text", HIDING)
def test_imports_refuse_it(text):
    with pytest.raises(CellProblem):
        as_text(f"x{text}x", longest=99)


def test_a_field_of_one_line_holds_one_line():
    form = ProfileForm({"name": "Ann\r\n\r\nPay at evil.example", "language": "en", "time_zone": "UTC"})
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Ann  Pay at evil.example"


@pytest.mark.parametrize("form", [CountryContactForm, ContactForm, AskForm, ProfileForm])
def test_every_text_field_of_a_form_refuses_it(form):
    fields = [field for name, field in form.base_fields.items() if name in ("name", "message", "text", "hours")]
    assert fields
    for field in fields:
        with pytest.raises(Exception, match="invisible characters"):
            field.clean("Ann\u202eE")
