"""What a person types to have reminders wait."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renewals.forms.prices import day
from renewals.rules.silences import LONGEST_REASON

FOR = {"own": _("Our people only"), "everybody": _("Everybody, our advisors too")}


class SnoozeForm(forms.Form):
    """Silent for a while; only a customer may choose for whom."""

    until_on = day(_("Silent until"), help_text=_("Through this day."))
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)
    everybody = forms.ChoiceField(label=_("For whom"), choices=FOR, required=False)

    def __init__(self, *args: Any, may_choose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_choose:
            del self.fields["everybody"]
