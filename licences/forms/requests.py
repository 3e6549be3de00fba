"""What a firm asks for: a level, an end, and why."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules import AccessLevel
from licences.models import LEVELS
from licences.rules.access import Terms
from licences.rules.ends import EndPolicy


class MoreForm(forms.Form):
    """A level and an end, neither less than there is."""

    level = forms.TypedChoiceField(
        label=_("Access level"), coerce=lambda value: AccessLevel(int(value)), widget=forms.RadioSelect
    )
    ends_on = forms.DateField(label=_("End date"))

    def limit(self, now: Terms, *, highest: AccessLevel, last: date) -> None:
        """Offers levels from the present one up to `highest`, and ends to `last`, inclusive."""
        level = self.fields["level"]
        if isinstance(level, forms.ChoiceField):
            level.choices = [(value, label) for value, label in LEVELS.items() if now.level <= value <= highest]
        self.fields["ends_on"].widget.attrs |= {"min": now.ends_on.isoformat(), "max": last.isoformat()}


class AskForm(MoreForm):
    """Levels from the present one up, and an end from the present one on."""

    message = forms.CharField(
        label=_("Message to the customer"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, now: Terms, today: date, policy: EndPolicy, **kwargs: Any) -> None:
        next_level = min(now.level + 1, AccessLevel.RENEW)
        kwargs["initial"] = {"level": int(next_level), "ends_on": now.ends_on}
        super().__init__(*args, **kwargs)
        self.limit(now, highest=AccessLevel.RENEW, last=max(now.ends_on, policy.latest(today)))


class GrantForm(MoreForm):
    """What the customer gives of what was asked for: all of it, unless it chooses less."""

    def __init__(self, *args: Any, now: Terms, wanted: Terms, any_terms: bool, **kwargs: Any) -> None:
        highest = wanted.level if any_terms else max(now.level, min(wanted.level, AccessLevel.QUOTE))
        kwargs["initial"] = {"level": int(highest), "ends_on": wanted.ends_on}
        super().__init__(*args, **kwargs)
        self.limit(now, highest=highest, last=wanted.ends_on)


class AnswerForm(forms.Form):
    """A word for the firm whose request is declined."""

    reply = forms.CharField(
        label=_("A word to the firm"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The firm is told that you decline, and reads this."),
    )
