"""The search of the directory: where, and how the firm's name begins."""

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from advisors.rules import MINIMUM_LETTERS, letters_missing
from interface.countries import STATES, UNITED_STATES, countries

Group = tuple[str, str | list[tuple[str, str]]]


def places() -> Iterator[Group]:
    """Every country; in place of the United States, its states."""
    yield "", str(_("Choose a country"))
    for code, name in countries():
        if code == UNITED_STATES:
            yield name, [(f"{code}-{state}", label) for state, label in STATES.items()]
        else:
            yield code, name


class SearchForm(forms.Form):
    """A country, in the United States a state, and at least three letters of the name."""

    country = forms.ChoiceField(
        label=_("Country"),
        choices=places,
        error_messages={
            "required": _("Choose a country."),
            "invalid_choice": _("Choose a country from the list, in the United States a state."),
        },
        widget=forms.Select(attrs={"class": "input input-l"}),
    )
    q = forms.CharField(
        label=_("Name of the firm"),
        max_length=80,
        error_messages={"required": _("Type at least 3 letters of the name.")},
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "class": "input input-l",
                "minlength": MINIMUM_LETTERS,
                "autocomplete": "off",
                "aria-describedby": "q-hint",
            }
        ),
    )

    def clean_q(self) -> str:
        query: str = self.cleaned_data["q"]
        if missing := letters_missing(query):
            raise forms.ValidationError(
                ngettext("One more letter.", "%(count)d more letters.", missing) % {"count": missing}
            )
        return query

    def place(self) -> tuple[str, str]:
        """Country and state; the state is empty outside the United States."""
        country, _dash, state = self.cleaned_data["country"].partition("-")
        return country, state

    def place_name(self) -> str:
        """What the chosen option says."""
        country, state = self.place()
        return STATES[state] if state else dict(countries())[country]
