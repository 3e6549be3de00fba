"""What an advisor types: a view's name, a next step."""

import re
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class ViewForm(forms.Form):
    """A name for the filters that are set; one that is taken is replaced."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    query = forms.CharField(max_length=500, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """A next step, with or without a day."""

    text = forms.CharField(label=_("Next step"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label=_("Due by"), required=False)


def ticked(values: list[str]) -> list[UUID] | None:
    """The ids among `values`; None when nothing was ticked at all, which means every row."""
    return [UUID(value) for value in values if UUID_TEXT.fullmatch(value)] if values else None
