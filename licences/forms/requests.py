"""What a firm asks for: a level, an end, and why."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules import AccessLevel
from licences.models import LEVELS
from licences.rules.access import Terms
from licences.rules.ends import EndPolicy


class AskForm(forms.Form):
    """Levels from the present one up, and an end from the present one on."""

    level = forms.TypedChoiceField(
        label=_("Access level"), coerce=lambda value: AccessLevel(int(value)), widget=forms.RadioSelect
    )
    ends_on = forms.DateField(label=_("End date"))
    message = forms.CharField(
        label=_("Message to the customer"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, now: Terms, today: date, policy: EndPolicy, **kwargs: Any) -> None:
        next_level = min(now.level + 1, AccessLevel.RENEW)
        kwargs["initial"] = {"level": int(next_level), "ends_on": now.ends_on}
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        if isinstance(level, forms.ChoiceField):
            level.choices = [(value, label) for value, label in LEVELS.items() if value >= now.level]
        first, last = now.ends_on, max(now.ends_on, policy.latest(today))
        self.fields["ends_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}
