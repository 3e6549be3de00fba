"""The upload of a file of licences."""

from django import forms
from django.utils.translation import gettext_lazy as _

from licences.rules.imports import FormatName

LAYOUTS = {
    FormatName.AUTO.value: _("Recognise it by the header"),
    FormatName.COTERM.value: _("Our own columns"),
    FormatName.SNIPE_IT.value: _("Licences of Snipe-IT"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV in UTF-8, or an Excel workbook (.xlsx): up to 50,000 lines and 20 MB."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    layout = forms.ChoiceField(label=_("Layout"), choices=LAYOUTS, initial=FormatName.AUTO.value)
