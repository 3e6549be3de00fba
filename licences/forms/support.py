"""Why the programme may look, and until when."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licences.forms.access import REFUSALS
from licences.rules.access import Refused
from licences.rules.support import check_end, latest_end, preset_end


class SupportForm(forms.Form):
    """A reason, and a last day at most 90 days away; `kept` is an end that may stay as it is."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The programme’s managers read it. For example: a case number.")
    )
    ends_on = forms.DateField(
        label=_("Last day"), help_text=_("Through the end of that day. 90 days ahead at most; it can be extended.")
    )

    def __init__(self, *args: Any, today: date, kept: date | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"ends_on": preset_end(today)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.today, self.kept = today, kept
        self.fields["ends_on"].widget.attrs |= {"min": today.isoformat(), "max": latest_end(today).isoformat()}

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        try:
            if day != self.kept:
                check_end(day, today=self.today)
        except Refused as refused:
            raise forms.ValidationError(str(REFUSALS[refused.refusal])) from None
        return day
