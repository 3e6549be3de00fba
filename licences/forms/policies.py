"""The policy of ends as the programme's managers edit it."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interface import dates
from licences.models import AccessPolicy
from licences.rules.ends import EndPolicy

MOST_MONTHS, MOST_DAYS, MOST_NOTICES = 120, 365, 6


class PolicyForm(forms.Form):
    """One version: from which day on, the lengths in months, and the days before an end."""

    valid_from = forms.DateField(label=_("Valid from"), help_text=_("Access given before keeps its end."))
    default_months = forms.IntegerField(label=_("Usual length, in months"), min_value=1, max_value=MOST_MONTHS)
    longest_months = forms.IntegerField(label=_("Longest length, in months"), min_value=1, max_value=MOST_MONTHS)
    extend_months = forms.IntegerField(
        label=_("Extension, in months"),
        min_value=1,
        max_value=MOST_MONTHS,
        help_text=_("What access gains that goes on once by itself."),
    )
    notice_days = forms.CharField(
        label=_("Notices, in days before the end"), max_length=40, help_text=_("For example: 30, 7, 1")
    )
    request_days = forms.IntegerField(
        label=_("Unanswered requests lapse after, in days"), min_value=1, max_value=MOST_DAYS
    )
    expiring_days = forms.IntegerField(
        label=_("Access counts as expiring from, in days before its end"), min_value=1, max_value=MOST_DAYS
    )
    support_days = forms.IntegerField(
        label=_("Usual support access, in days"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("What a customer is offered when it lets you look at its licences."),
    )
    longest_support_days = forms.IntegerField(
        label=_("Longest support access, in days"), min_value=1, max_value=MOST_DAYS
    )

    def __init__(self, *args: Any, today: date, policy: EndPolicy, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name not in ("valid_from", "notice_days")]
        kwargs["initial"] = {name: getattr(policy, name) for name in names} | {
            "valid_from": today,
            "notice_days": ", ".join(map(str, policy.notice_days)),
        }
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("A policy cannot begin in the past: choose today or a later day."))
        if AccessPolicy.objects.filter(valid_from=day).exists():
            raise forms.ValidationError(
                _("There is a policy from %(day)s on already: take it back first, or choose another day."),
                params={"day": dates.day(day)},
            )
        return day

    def clean_notice_days(self) -> tuple[int, ...]:
        parts = [part for part in re.split(r"[\s,;]+", self.cleaned_data["notice_days"].strip()) if part]
        days = tuple(sorted({int(part) for part in parts if re.fullmatch(r"[0-9]{1,3}", part)}, reverse=True))
        if not all(re.fullmatch(r"[0-9]{1,3}", part) for part in parts) or not all(1 <= n <= MOST_DAYS for n in days):
            raise forms.ValidationError(_("Write whole days from 1 to 365, with commas between them."))
        if not 1 <= len(days) <= MOST_NOTICES:
            raise forms.ValidationError(_("Between one and six notices are possible."))
        return days

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for usual, longest in (("default_months", "longest_months"), ("support_days", "longest_support_days")):
            if cleaned.get(usual, 0) > cleaned.get(longest, MOST_DAYS):
                self.add_error(usual, _("The usual length cannot exceed the longest one."))
        return cleaned

    def policy(self) -> EndPolicy:
        """What was written, once it is valid."""
        return EndPolicy(**{name: self.cleaned_data[name] for name in EndPolicy.__dataclass_fields__})
