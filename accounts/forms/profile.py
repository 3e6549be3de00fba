"""A person's own settings."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import LANGUAGES


def time_zones() -> list[tuple[str, str]]:
    """The zones that people live in, by their names."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


def time_zones_or_none() -> list[tuple[str, Any]]:
    """For a form about others, where no zone goes without saying."""
    return [("", _("Choose a time zone")), *time_zones()]


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Mails leave, and days begin and end, by this clock.")
    )
