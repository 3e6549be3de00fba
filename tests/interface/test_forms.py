"""Forms in our own markup."""

from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from interface.forms import Segments


class Access(forms.Form):
    firm = forms.CharField(label="Firm", help_text="At least 3 letters.")
    ends_on = forms.DateField(label="Until", required=False)
    level = forms.ChoiceField(label="Level", choices=[("view", "View"), ("quote", "Quote")], widget=forms.RadioSelect)
    term = forms.ChoiceField(choices=[("3", "3 months"), ("12", "1 year")], widget=Segments)
    country = forms.ChoiceField(choices=[("ES", "Spain")])
    told = forms.BooleanField(label="Tell them", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_has_its_label_its_hint_and_our_class():
    shown = Access()["firm"].as_field_group()
    assert '<label for="id_firm">Firm</label>' in shown
    assert 'class="input"' in shown
    assert 'aria-describedby="id_firm_helptext"' in shown
    assert '<p class="hint" id="id_firm_helptext">At least 3 letters.</p>' in shown


def test_an_error_is_tied_to_its_field():
    shown = Access({})["firm"].as_field_group()
    assert 'class="field field-error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_firm_error"' in shown
    assert 'aria-describedby="id_firm_helptext id_firm_error"' in shown


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_date_uses_the_browsers_calendar_in_any_language(language):
    with override(language):
        shown = Access(initial={"ends_on": date(2027, 11, 22)})["ends_on"].as_widget()
    assert 'type="date"' in shown
    assert 'value="2027-11-22"' in shown


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_the_browsers_calendar_sends_is_understood(language):
    with override(language):
        assert forms.DateField().clean("2027-11-22") == date(2027, 11, 22)


def test_what_is_not_a_date_is_kept_as_typed():
    assert 'value="soon"' in Access({"ends_on": "soon"})["ends_on"].as_widget()


def test_optional_fields_say_so_and_tick_boxes_do_not():
    assert "(optional)" in Access()["ends_on"].as_field_group()
    assert "(optional)" not in Access()["told"].as_field_group()


def test_radio_buttons_are_rows_to_press():
    shown = Access({"level": "quote"})["level"].as_field_group()
    assert shown.count('<label class="choice"') == 2
    assert "<legend>Level</legend>" in shown
    assert 'value="quote" id="id_level_1" checked' in shown.replace(' aria-invalid="true"', "").replace(" required", "")


def test_segments_are_radio_buttons_side_by_side():
    assert 'class="segments"' in Access()["term"].as_widget()


def test_a_whole_form_sums_up_what_is_wrong():
    form = Access({})
    form.add_error(None, "Choose a firm first.")
    shown = str(form)
    assert "Choose a firm first." in shown
    assert '<a href="#id_firm">Firm</a>' in shown
    assert 'type="hidden" name="secret"' in shown


def test_a_widget_with_a_class_of_its_own_keeps_it():
    field = forms.CharField(widget=forms.TextInput({"class": "input input-l"}))
    form = type("Large", (forms.Form,), {"name": field})()
    assert 'class="input input-l"' in form["name"].as_widget()


def test_typed_text_is_escaped():
    assert "<b>" not in Access({"firm": "<b>"})["firm"].as_field_group()
