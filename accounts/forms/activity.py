"""The filters of the activity page: all of them in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.audit import AREAS
from accounts.models import Membership, Organisation
from accounts.rules import Actor, Kind

DAYS = (("", _("Any time")), ("7", _("Last 7 days")), ("30", _("Last 30 days")), ("90", _("Last 90 days")))
LONGEST_LIST = 300


class ActivityForm(forms.Form):
    """A person filter names own people; a customer filter is for those who have customers."""

    kind = forms.ChoiceField(
        choices=[("", ""), *((area.value, label) for area, label in AREAS.items())], required=False
    )
    q = forms.CharField(label=_("Person, customer or firm"), max_length=80, required=False)
    days = forms.ChoiceField(label=_("When"), choices=DAYS, required=False)
    person = forms.TypedChoiceField(label=_("Person"), required=False)
    customer = forms.TypedChoiceField(label=_("Customer"), required=False)

    def __init__(self, *args: Any, actor: Actor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("days", "person", "customer"):
            self.fields[name].widget.attrs["class"] = "input input-auto"
        self.offer("person", _("Anybody"), people(actor))
        if actor and actor.kind in (Kind.ADVISOR, Kind.PROGRAMME):
            self.offer("customer", _("Any customer"), customers(actor))
        else:
            del self.fields["customer"]

    def offer(self, name: str, every: Any, rows: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", every), *rows]


def people(actor: Actor | None) -> list[tuple[str, str]]:
    if actor is None:
        return []
    own = Membership.objects.visible_to(actor).filter(organisation=actor.organisation_id).select_related("user")
    return [(str(row.user_id), str(row.user)) for row in own.order_by("user__name", "id")[:LONGEST_LIST]]


def customers(actor: Actor) -> list[tuple[str, str]]:
    rows = Organisation.objects.visible_to(actor).filter(kind=Kind.CUSTOMER.value).order_by("name", "id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:LONGEST_LIST]]
