"""The choices of the three tasks: contact, licences, level, end."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.rules import AccessLevel
from advisors.models import Contact
from interface import dates
from interface.forms import Segments
from licences.models import LEVELS
from licences.rules import Scope
from licences.rules.access import (
    PRESET_MONTHS,
    SHORT_MONTHS,
    Refusal,
    Refused,
    Terms,
    Ticks,
    Wish,
    check_end,
    check_extension,
)
from licences.rules.ends import EndPolicy, months_after

REFUSALS = {
    Refusal.END_PAST: _("Choose a day that is still to come."),
    Refusal.END_TOO_LATE: _("Choose an earlier day: the programme does not let access last so long."),
    Refusal.NOTHING_CHOSEN: _("Choose at least one licence."),
    Refusal.NO_CONTACT: _("Choose whom of the firm to tell."),
    Refusal.ALREADY_ALL: _("This firm already has access to all licences. Change that access instead."),
    Refusal.ALREADY_ASKED: _("Your firm has asked already, and the answer is still to come."),
    Refusal.NOTHING_LEFT: _("That is no more than the firm has already: give more, or decline."),
    Refusal.NO_AGREEMENT: _("Your firm’s agreement with the programme has ended: until it is renewed it cannot ask."),
    Refusal.NOTHING_MORE: _("Ask for a higher level or a later end than you have."),
    Refusal.SUPPORT_TOO_LATE: _("Choose an earlier day: support access lasts 90 days at most, and can be extended."),
    Refusal.SUPPORTED_ALREADY: _("The programme may look already. Change that access instead."),
    Refusal.NO_PROGRAMME: _("The programme has nobody here whom you could let look."),
    Refusal.NEVER_EXTENDED: _("Access to all licences at level Renew never goes on by itself: choose its end."),
}
SHORT, YEAR, USUAL, LAST, DATE = "short", "year", "usual", "last", "date"
UNTIL = {LAST: _("Last expiry"), DATE: _("Pick a date")}
RENEW, ALL = AccessLevel.RENEW, Scope.ALL
NONE, FOLLOW = "none", "follow"
SCOPES = {Scope.SELECTED.value: _("Only the chosen ones"), Scope.ALL.value: _("All, future ones included")}
WRONG_LEVEL = _("Only an owner of your organisation may give this.")


class ContactForm(forms.Form):
    """Whom of the firm to tell, and in which words."""

    contact = forms.ModelChoiceField(
        queryset=Contact.objects.none(),
        label=_("Contact"),
        error_messages={"required": REFUSALS[Refusal.NO_CONTACT], "invalid_choice": REFUSALS[Refusal.NO_CONTACT]},
    )
    message = forms.CharField(
        label=_("Message"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, contacts: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = contacts


class EndForm(forms.Form):
    """Until when. `last_on` is asked for the end "last expiry" alone; `kept` is an end that may stay as it is."""

    until = forms.ChoiceField(label=_("Until when"), widget=Segments)
    ends_on = forms.DateField(label=_("End date"), required=False)

    def __init__(
        self,
        *args: Any,
        any_terms: bool,
        today: date,
        policy: EndPolicy,
        last_on: Callable[[], date | None],
        kept: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.any_terms, self.today, self.last_on, self.kept = any_terms, today, last_on, kept
        self.policy = policy
        self.fields["ends_on"].widget.attrs |= {"min": today.isoformat(), "max": policy.latest(today).isoformat()}
        self.offer_ends()

    def offer_ends(self) -> None:
        """The presets that the programme allows, its own usual length among them."""
        field = self.fields["until"]
        if isinstance(field, forms.ChoiceField):
            lengths = {name: words_of(months) for name, months in presets(self.policy).items()}
            field.choices = list(lengths.items()) + list(UNTIL.items())

    def limit(self, name: str, offered: dict[Any, Any]) -> None:
        """Offers only these; any other is said to be an owner's to give."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(offered.items())
            field.error_messages["invalid_choice"] = WRONG_LEVEL

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "until" in cleaned and "ends_on" not in self.errors and self.needs_end(cleaned):
            try:
                cleaned["ends_on"] = self.end(cleaned["until"], cleaned.get("ends_on"))
            except Refused as refused:
                self.add_error("ends_on", self.said(refused.refusal))
        return cleaned

    def said(self, refusal: Refusal) -> str:
        """What was refused, with the last day that could be."""
        if refusal is Refusal.END_TOO_LATE:
            return _("Choose %(day)s or an earlier day: the programme does not let access last longer.") % {
                "day": dates.day(self.policy.latest(self.today))
            }
        return str(REFUSALS[refusal])

    def needs_end(self, cleaned: dict[str, Any]) -> bool:
        return True

    def end(self, until: str, picked: date | None) -> date:
        """The day that the choice means; raises `Refused` for one that cannot be, or for no day."""
        if until in presets(self.policy):
            return months_after(self.today, presets(self.policy)[until])
        day = self.last_on() if until == LAST else picked
        if day is None:
            raise Refused(Refusal.END_PAST)
        if day != self.kept:
            check_end(day, today=self.today, policy=self.policy)
        return day


class TermsForm(EndForm):
    """Scope, level and end of an assignment."""

    scope = forms.ChoiceField(label=_("Which licences"), choices=SCOPES, widget=Segments)
    level = forms.TypedChoiceField(
        label=_("Access level"),
        coerce=lambda value: AccessLevel(int(value)),
        error_messages={"required": _("Choose a level.")},
    )

    extends = forms.BooleanField(label=_("Extend it once by itself"), required=False)

    def __init__(self, *args: Any, now: Terms | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = (now.level, now.scope) if now else ()
        levels = {value: label for value, label in LEVELS.items() if self.any_terms or value < RENEW or value in held}
        scopes = {value: label for value, label in SCOPES.items() if self.any_terms or value != ALL or value in held}
        self.limit("level", levels)
        self.limit("scope", scopes)

    def terms(self) -> Terms:
        """What was chosen, once it is valid."""
        chosen = self.cleaned_data
        return Terms(Scope(chosen["scope"]), chosen["level"], chosen["ends_on"], chosen["extends"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            try:
                check_extension(
                    Terms(Scope(cleaned["scope"]), cleaned["level"], cleaned["ends_on"], cleaned["extends"])
                )
            except Refused as refused:
                self.add_error("extends", self.said(refused.refusal))
        return cleaned


class ShareForm(EndForm):
    """What a firm may do with some licences: a level with its end, nothing, or what its access to everything gives."""

    give = forms.ChoiceField(label=_("Access level"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, everything: Terms | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[Any, Any] = {str(v): label for v, label in LEVELS.items() if self.any_terms or v < RENEW}
        if everything:
            offered[FOLLOW] = _("As its access to all licences: %(level)s") % {"level": LEVELS[int(everything.level)]}
        self.limit("give", offered | {NONE: _("No access")})

    def needs_end(self, cleaned: dict[str, Any]) -> bool:
        return cleaned.get("give") not in (NONE, FOLLOW)

    def wish(self, coverages: frozenset[UUID]) -> Wish:
        """What was chosen, once it is valid, for these coverages."""
        chosen = self.cleaned_data
        if chosen["give"] in (NONE, FOLLOW):
            return Wish(coverages, follow=chosen["give"] == FOLLOW)
        return Wish(coverages, AccessLevel(int(chosen["give"])), chosen["ends_on"])


def presets(policy: EndPolicy) -> dict[str, int]:
    """The lengths to choose from, in months, shortest first."""
    lengths = {SHORT: SHORT_MONTHS, YEAR: PRESET_MONTHS}
    if policy.default_months not in lengths.values():
        lengths[USUAL] = policy.default_months
    allowed = {name: months for name, months in lengths.items() if months <= policy.longest_months}
    return dict(sorted(allowed.items(), key=lambda each: each[1]))


def words_of(months: int) -> str:
    """A length in years where it is whole ones."""
    years, rest = divmod(months, 12)
    if rest:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}


def until_for(ends_on: date, *, today: date, policy: EndPolicy) -> str:
    """The preset that an end date stands for."""
    ends = {name: months_after(today, months) for name, months in presets(policy).items()}
    return next((name for name, day in ends.items() if day == ends_on), DATE)


def ends_at(posted: QueryDict) -> QueryDict:
    """The form as posted, or with the end that one of its buttons offers (`cover`)."""
    if not (day := posted.get("cover")):
        return posted
    changed = posted.copy()
    changed["until"], changed["ends_on"] = DATE, day
    return changed


def posted_ticks(posted: QueryDict) -> Ticks:
    """What a tick list says about the licences that it showed: `listed` all of them, `coverage` those with a tick."""
    listed, ticked = ids(posted.getlist("listed")), ids(posted.getlist("coverage"))
    return Ticks(add=ticked & listed, remove=listed - ticked)


def ids(values: list[str]) -> frozenset[UUID]:
    """Those of the values that are ids at all."""
    return frozenset(found for value in values if (found := as_id(value)))


def as_id(value: str) -> UUID | None:
    """The id that a form or an address sends, or None."""
    try:
        return UUID(value)
    except ValueError:
        return None


def as_number(value: object) -> int:
    """The whole number that a form sends, or 0."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
