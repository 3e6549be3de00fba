"""The letters about support access: who may look, until when and why, told to both sides."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.letters import person, rendered
from accounts.models import Letter
from accounts.outbox import Mail
from interface import dates
from licences.models import SupportAccess

Phrase = str | Promise
TO_PROGRAMME: dict[str, Phrase] = {
    "support.granted": _("%(customer)s lets you look at its licences until %(ends)s"),
    "support.changed": _("%(customer)s has changed your support access: until %(ends)s"),
    "support.ended": _("Your support access to %(customer)s has ended"),
}
TO_CUSTOMER: dict[str, Phrase] = {
    "support.granted": _("The programme may look at your licences until %(ends)s"),
    "support.changed": _("Support access has changed: the programme may look until %(ends)s"),
    "support.ended": _("The programme may no longer look at your licences"),
}
ADVICE_TO_PROGRAMME: dict[str, Phrase] = {
    "support.ended": _("You no longer see any of its licences."),
}
ADVICE_TO_CUSTOMER: dict[str, Phrase] = {
    "support.ended": _("Every look of its managers stands in your activity."),
}
LOOK = _("You see its licences and who has access to them, and can change nothing. Each look is written down for it.")
LOOKED_AT = _("Its managers see licences and assignments and can change nothing. Each look stands in your activity.")


def compose_support(letter: Letter) -> Mail | None:
    """The letter as it is true now; None when what it announces has ended or moved in the meantime."""
    rows = SupportAccess.objects.select_for_update(no_key=True, of=("self",)).select_related("customer", "programme")
    row, context = rows.get(pk=letter.context["support"]), letter.context
    is_end = context["verb"] == "support.ended"
    if not is_end and (row.ended_at or row.ends_on.isoformat() != context["ends_on"]):
        return None
    with override(letter.language):
        return rendered(letter, "licences/mail/support", context_of(letter, row))


def context_of(letter: Letter, row: SupportAccess) -> dict[str, Any]:
    """What the template shows."""
    verb, to_programme = letter.context["verb"], letter.organisation_id == row.programme_id
    ends = dates.day(date.fromisoformat(letter.context["ends_on"]))
    phrases, advice, rest = (
        (TO_PROGRAMME, ADVICE_TO_PROGRAMME, LOOK) if to_programme else (TO_CUSTOMER, ADVICE_TO_CUSTOMER, LOOKED_AT)
    )
    by = person(letter.context.get("by"))
    facts = [(gettext("Customer"), row.customer.name), (gettext("Reason"), row.reason), (gettext("Until"), ends)]
    return {
        "organisation_name": (row.programme if to_programme else row.customer).name,
        "headline": phrases[verb] % {"customer": row.customer.name, "ends": ends},
        "advice": advice.get(verb, rest),
        "facts": [*facts, (gettext("Changed by"), by.name)] if by else facts,
        "to_programme": to_programme,
        "customer": row.customer.name,
        "url": settings.BASE_URL + path_for(row, verb=verb, to_programme=to_programme),
    }


def path_for(row: SupportAccess, *, verb: str, to_programme: bool) -> str:
    """Where the button leads; when it has ended there is nothing of the customer's to look at."""
    if not to_programme:
        return reverse("licences:support")
    return f"/programme/support/{row.customer.slug}/" if verb != "support.ended" else "/programme/support/"
