"""The activity of transfers in words: what each verb says."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.audit import Phrase, Told
from interface.money import number


def counted(told: Told) -> str:
    """How many licences; an advisor that only hears of a transfer is not told."""
    if "count" not in told.details:
        return _("licence data")
    count = int(told.details["count"])
    return ngettext("%(count)s licence", "%(count)s licences", count) % {"count": number(count)}


def sealed(told: Told) -> str:
    """The beginning of the seal, by which a snapshot is recognised."""
    return str(told.details.get("hash", ""))[:12]


def phrase(words: object) -> Phrase:
    """A sentence that names the distributor, the number of licences and the seal."""

    def said(told: Told) -> str:
        return format_html(str(words), distributor=told.name("distributor"), licences=counted(told), seal=sealed(told))

    return said


TRANSFERS: dict[str, Phrase] = {
    "transfer.prepared": phrase(gettext_lazy("Prepared a transfer of {licences} to {distributor}")),
    "transfer.proposed": phrase(gettext_lazy("Proposed a transfer of {licences} to {distributor}")),
    "transfer.changed": phrase(gettext_lazy("Changed the transfer of {licences} to {distributor}")),
    "transfer.delivered": phrase(gettext_lazy("Consented to hand {licences} over to {distributor}; seal {seal}")),
    "transfer.sent_again": phrase(gettext_lazy("Sent {distributor} a new link to the transfer; seal {seal}")),
    "transfer.receipted": phrase(gettext_lazy("Confirmed receipt of {licences} at {distributor}; seal {seal}")),
    "transfer.refused": phrase(gettext_lazy("Sent the transfer to {distributor} back unopened; seal {seal}")),
    "transfer.copied": phrase(gettext_lazy("Took a copy of {licences} at {distributor}; seal {seal}")),
    "transfer.declined": phrase(gettext_lazy("Declined the transfer of {licences} to {distributor}")),
    "transfer.withdrawn": phrase(gettext_lazy("Withdrew the transfer of {licences} to {distributor}")),
    "transfer.lapsed": phrase(gettext_lazy("The transfer of {licences} to {distributor} has lapsed")),
}
