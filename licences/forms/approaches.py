"""Whom a firm asks for access, and for what; and what the customer answers."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.rules import AccessLevel
from advisors.models import Contact
from interface.forms import Segments
from licences.forms.requests import AnswerForm
from licences.models import LEVELS
from licences.rules import Scope
from licences.rules.approaches import Plea, Target, read_target

WISHES = {Scope.SELECTED.value: _("Let the customer choose"), Scope.ALL.value: _("All, future ones included")}
NO_TARGET = _("Write a whole domain, such as company.example, or the ten characters of a code.")


class ApproachForm(forms.Form):
    """The domain or the code of a company; nothing here is compared with the customers."""

    target = forms.CharField(
        label=_("E-mail domain or code"),
        max_length=254,
        help_text=_(
            "What stands after the @ in the addresses of its owners, exactly; or the code that it gave you. Domains of"
            " public mail providers reach nobody."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    level = forms.TypedChoiceField(
        label=_("Access level"),
        choices=list(LEVELS.items()),
        coerce=lambda value: AccessLevel(int(value)),
        initial=int(AccessLevel.QUOTE),
        widget=Segments,
    )
    scope = forms.TypedChoiceField(
        label=_("Which licences"),
        choices=list(WISHES.items()),
        coerce=Scope,
        initial=Scope.SELECTED.value,
        widget=Segments,
    )
    contact = forms.ModelChoiceField(queryset=Contact.objects.none(), label=_("Your contact"), empty_label=None)
    message = forms.CharField(
        label=_("Message to the customer"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, contacts: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = contacts
            field.required = contacts.exists()

    def clean_target(self) -> Target:
        target = read_target(self.cleaned_data["target"])
        if target is None:
            raise forms.ValidationError(NO_TARGET)
        return target

    def plea(self) -> Plea:
        """What was chosen, once it is valid."""
        chosen = self.cleaned_data
        return Plea(chosen["level"], chosen["scope"], chosen["message"])


class RefusalForm(AnswerForm):
    """A word to the firm, or none: without it the firm learns nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].help_text = _(
            "Leave it empty and the firm is told nothing. With a word it learns that you are a customer."
        )
