"""The activity of support access in words: what each verb says."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.audit import Phrase, Told
from licences.exports.ownership import until


def given(told: Told) -> str:
    words = _("Let the programme look at the licences of {customer}, until {date}")
    return format_html(words, customer=told.name("customer"), date=until(told, "ends_on"))


def changed(told: Told) -> str:
    if told.details.get("ends_on_before") == told.details.get("ends_on"):
        return format_html(_("Changed the reason of the programme’s support access"))
    words = _("Changed the end of the programme’s support access from {before} to {date}")
    return format_html(words, before=until(told, "ends_on_before"), date=until(told, "ends_on"))


def ended(told: Told) -> str:
    by_date = told.details.get("why") == "expired"
    words = _("Support access of the programme ended; its end date came")
    return format_html(words if by_date else _("Ended the programme’s support access"))


def looked(told: Told) -> str:
    if told.entry.subject_id:
        return format_html(_("Looked at the licence {licence}, as support"), licence=told.name("subject"))
    return format_html(_("Looked at the licences of {customer}, as support"), customer=told.name("customer"))


SUPPORT: dict[str, Phrase] = {
    "support.granted": given,
    "support.changed": changed,
    "support.ended": ended,
    "support.looked": looked,
}
