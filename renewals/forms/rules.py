"""What people type to say when reminders are sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renewals.rules.reminders import Schedule

MOST = 15
LONGEST = 400


def numbers(text: str, *, lowest: int) -> tuple[int, ...]:
    """Days, separated by commas or blanks; raises ValidationError."""
    try:
        found = sorted({int(part) for part in text.replace(",", " ").replace(";", " ").split()})
    except ValueError:
        raise forms.ValidationError(_("Type whole numbers of days, separated by commas.")) from None
    if len(found) > MOST or any(not lowest <= each <= LONGEST for each in found):
        raise forms.ValidationError(_("At most 15 days, none beyond 400."))
    return tuple(found)


class RuleForm(forms.Form):
    """Days before and after the expiry, warnings before the recovery boundary, and a notice."""

    before = forms.CharField(label=_("Days before the expiry"), required=False, help_text=_("For example 90, 30, 7."))
    after = forms.CharField(label=_("Days after the expiry"), required=False, help_text=_("0 is the day itself."))
    warnings = forms.CharField(
        label=_("Days before the gap stays for good"), required=False, help_text=_("Empty: no warning.")
    )
    notice = forms.IntegerField(
        label=_("Notice, in days before the expiry"), min_value=1, max_value=LONGEST, required=False,
        help_text=_("If one has to say that one will not go on. Reminders before the expiry then count to that day."),
    )  # fmt: skip

    def clean_before(self) -> tuple[int, ...]:
        return numbers(self.cleaned_data["before"], lowest=1)

    def clean_after(self) -> tuple[int, ...]:
        return numbers(self.cleaned_data["after"], lowest=0)

    def clean_warnings(self) -> tuple[int, ...]:
        return numbers(self.cleaned_data["warnings"], lowest=1)

    def schedule(self) -> Schedule:
        """What was typed, once it is valid."""
        values = self.cleaned_data
        days = (*(-day for day in reversed(values["before"])), *values["after"])
        return Schedule(days=days, warnings=values["warnings"][::-1], notice=values["notice"])

    @staticmethod
    def initial_of(schedule: Schedule) -> dict[str, Any]:
        """The fields of a schedule that is there."""
        return {
            "before": ", ".join(str(-day) for day in schedule.days if day < 0),
            "after": ", ".join(str(day) for day in schedule.days if day >= 0),
            "warnings": ", ".join(str(day) for day in sorted(schedule.warnings, reverse=True)),
            "notice": schedule.notice,
        }
