"""What is said with a quote or an order: to whom it goes, why it ends, under which number it is placed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import ROLE_LABELS, Membership
from interface.money import number
from renewals.models import REASONS
from renewals.rules.papers import MOST_BYTES, Paper, kind_of, plain_name


class ReasonForm(forms.Form):
    """Why something ends; the other side reads it."""

    template_name = "components/form.html"
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "input"})
    )

    def __init__(self, *args: Any, is_required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_required


class PaperField(forms.FileField):
    """The customer's purchase order as a file: what it is, is told by its content, never by its name."""

    widget = forms.FileInput(attrs={"class": "input", "accept": ".pdf,.png,.jpg,.jpeg"})
    default_error_messages = {"required": _("Choose a file."), "empty": _("The file is empty.")}

    def clean(self, value: Any, initial: Any = None) -> Paper | None:
        """The file, named so that it does no harm; None where none was chosen and none is required."""
        sent = super().clean(value, initial)
        if not sent:
            return None
        content = sent.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Send a smaller one, or the number alone."))
        if (kind := kind_of(content)) is None:
            raise forms.ValidationError(_("This is neither a PDF nor a PNG or JPEG picture. Save it as a PDF."))
        return Paper(plain_name(sent.name or "", kind), kind, content)


class PaperForm(forms.Form):
    """A file that is added to an order, or takes the place of the one that is there."""

    template_name = "components/form.html"
    paper = PaperField(label=_("Purchase order as a file"), help_text=_("A PDF, or a PNG or JPEG picture, up to 5 MB."))


class PlaceForm(forms.Form):
    """The customer's own number for what it buys, and its purchase order as a file."""

    template_name = "components/form.html"
    purchase_order = forms.CharField(
        label=_("Purchase order number"),
        max_length=80,
        help_text=_("As your purchasing department writes it: the programme puts it on the invoice."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    paper = PaperField(
        label=_("Purchase order as a file"),
        required=False,
        help_text=_("A PDF, or a PNG or JPEG picture, up to 5 MB. It can also be added later."),
    )


class SendForm(forms.Form):
    """The people of the customer that get the quote by mail, and a word to them."""

    template_name = "components/form.html"
    to = forms.MultipleChoiceField(label=_("Send it to"), widget=forms.CheckboxSelectMultiple)
    message = forms.CharField(
        label=_("Message"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
    )

    def __init__(self, *args: Any, people: Sequence[Membership], is_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str | Promise]] = [(str(each.user_id), _named(each)) for each in people]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.fields["to"].required = is_required


def _named(member: Membership) -> str:
    return f"{member.user.name}, {ROLE_LABELS[member.role]}"


class AcceptForm(forms.Form):
    """The key of this very acceptance, and the consent that a shorter cover needs."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    consents = forms.BooleanField(required=False, label=_("I agree that some coverages end earlier than they do now."))


class DecisionForm(forms.Form):
    """How many seats are not renewed, and why."""

    template_name = "components/form.html"
    quantity = forms.IntegerField(label=_("Seats that are not renewed"), min_value=1)
    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, owned: int, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].initial = owned
        self.fields["quantity"].widget.attrs["max"] = owned
        self.fields["quantity"].validators.append(MaxValueValidator(owned))
        self.fields["quantity"].help_text = _("All %(count)s of them give up the whole coverage.") % {
            "count": number(owned)
        }
        self.fields["note"].help_text = (
            _("Your advisors who see this coverage read it too.") if is_own else _("The customer reads it.")
        )
