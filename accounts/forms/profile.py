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


def text_only() -> forms.BooleanField:
    """For whoever reads mail in a program that shows no more."""
    return forms.BooleanField(
        label=_("Mails as text alone"), required=False, help_text=_("Without colours, tables and buttons.")
    )


def single_mails() -> forms.BooleanField:
    """For readers that are a program."""
    return forms.BooleanField(
        label=_("Each reminder in a mail of its own"),
        required=False,
        help_text=_("For ticket systems. Otherwise one mail a day lists all that is due."),
    )


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Mails leave, and days begin and end, by this clock.")
    )
    text_only = text_only()
    single_mails = single_mails()
