"""The activity of leads, and of the programme's policy of access, in words."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import Phrase, Told
from interface.money import number
from licences.exports.ownership import until


def lead_named(told: Told) -> str:
    words = ngettext(
        "Named {advisor} lead of {count} coverage", "Named {advisor} lead of {count} coverages", leads(told)
    )
    return format_html(words, advisor=told.name("advisor"), count=number(leads(told)))


def lead_ended(told: Told) -> str:
    words = ngettext(
        "{advisor} is no longer lead of {count} coverage",
        "{advisor} is no longer lead of {count} coverages",
        leads(told),
    )
    return format_html(words, advisor=told.name("advisor"), count=number(leads(told)))


def leads(told: Told) -> int:
    return int(told.details.get("count", 0))


def policy_set(told: Told) -> str:
    return format_html(_("Set the policy of access from {date} on"), date=until(told, "valid_from"))


def policy_withdrawn(told: Told) -> str:
    return format_html(_("Took back the policy of access from {date} on"), date=until(told, "valid_from"))


LEADS: dict[str, Phrase] = {
    "lead.named": lead_named,
    "lead.ended": lead_ended,
    "policy.set": policy_set,
    "policy.withdrawn": policy_withdrawn,
}
