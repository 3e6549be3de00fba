"""Why the programme may look, and until when."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interface import dates
from licences.forms.access import REFUSALS
from licences.rules.access import Refused
from licences.rules.ends import EndPolicy
from licences.rules.support import check_end, latest_end, preset_end


class SupportForm(forms.Form):
    """A reason, and a last day within the programme's limit; `kept` is an end that may stay as it is."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The programme’s managers read it. For example: a case number.")
    )
    ends_on = forms.DateField(label=_("Last day"))

    def __init__(self, *args: Any, today: date, policy: EndPolicy, kept: date | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"ends_on": preset_end(today, policy)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.today, self.policy, self.kept = today, policy, kept
        field, latest = self.fields["ends_on"], latest_end(today, policy)
        field.widget.attrs |= {"min": today.isoformat(), "max": latest.isoformat()}
        field.help_text = _("Through the end of that day; %(day)s at the latest. It can be extended.") % {
            "day": dates.day(latest)
        }

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        try:
            if day != self.kept:
                check_end(day, today=self.today, policy=self.policy)
        except Refused as refused:
            raise forms.ValidationError(str(REFUSALS[refused.refusal])) from None
        return day
