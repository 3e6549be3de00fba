"""The filters of the activity page: all of them in the address."""

from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.audit import AREAS
from accounts.models import Membership, Organisation
from accounts.querysets import granted, helping
from accounts.rules import Actor, Kind

DAYS = (("", _("Any time")), ("7", _("Last 7 days")), ("30", _("Last 30 days")), ("90", _("Last 90 days")))
LONGEST_LIST = 300
Choice = tuple[str, Any]


class ActivityForm(forms.Form):
    """People and organisations are those of the own side, and of the others that something is shared with now."""

    kind = forms.ChoiceField(
        choices=[("", ""), *((area.value, label) for area, label in AREAS.items())], required=False
    )
    licence = forms.UUIDField(required=False)
    q = forms.CharField(label=_("Person, firm, customer or licence"), max_length=80, required=False)
    person = forms.TypedChoiceField(label=_("Person"), required=False)
    side = forms.TypedChoiceField(label=_("From"), required=False)
    customer = forms.TypedChoiceField(label=_("Customer"), required=False)
    days = forms.ChoiceField(label=_("When"), choices=DAYS, required=False)
    since = forms.DateField(label=_("First day"), required=False)
    until = forms.DateField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, actor: Actor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "side", "customer", "days"):
            self.fields[name].widget.attrs["class"] = "input input-auto"
        self.offer("person", _("Anybody"), people(actor))
        self.offer("side", _("From anywhere"), sides(actor))
        if actor and actor.kind in (Kind.ADVISOR, Kind.PROGRAMME):
            self.offer("customer", _("Any customer"), customers(actor))
        else:
            del self.fields["customer"]

    def offer(self, name: str, every: Any, rows: list[Choice]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", every), *rows]

    @property
    def bar(self) -> list[forms.BoundField]:
        """The fields that stand side by side above the entries."""
        return [field for field in self if field.name not in ("kind", "licence", "q")]


def people(actor: Actor | None) -> list[Choice]:
    """Own people first; then those of each other organisation, under its name."""
    if actor is None:
        return []
    near = Membership.objects.around(actor).select_related("user", "organisation")
    rows = list(near.order_by("organisation__name", "organisation_id", "user__name", "id")[:LONGEST_LIST])
    own = [(str(row.user_id), str(row.user)) for row in rows if row.organisation_id == actor.organisation_id]
    others = groupby(
        (row for row in rows if row.organisation_id != actor.organisation_id), lambda row: row.organisation
    )
    return [*own, *((each.name, [(str(row.user_id), str(row.user)) for row in team]) for each, team in others)]


def sides(actor: Actor | None) -> list[Choice]:
    """Whose people may have acted: the own organisation, and those on the other side of what is shared now."""
    if actor is None:
        return []
    near = Q(pk__in=granted(Organisation, actor)) | Q(pk__in=helping(Organisation, actor))
    rows = Organisation.objects.visible_to(actor).filter(near | Q(pk=actor.organisation_id)).order_by("name", "id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:LONGEST_LIST]]


def customers(actor: Actor) -> list[Choice]:
    rows = Organisation.objects.visible_to(actor).filter(kind=Kind.CUSTOMER.value).order_by("name", "id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:LONGEST_LIST]]
