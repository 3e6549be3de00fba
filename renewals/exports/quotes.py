"""The activity of quotes and orders in words: what each verb says."""

from django.utils.html import format_html
from django.utils.translation import gettext_lazy, ngettext

from accounts.audit import Phrase, Told
from interface.money import number


def phrase(words: object) -> Phrase:
    """A sentence that names the quote or order, its customer, and how many coverages it is about."""

    def said(told: Told) -> str:
        count = int(told.details.get("count", 0))
        licences = ngettext("%(count)s coverage", "%(count)s coverages", count) % {"count": number(count)}
        what = format_html("<b>{}</b>", told.details.get("number", ""))
        return format_html(str(words), what=what, customer=told.name("customer"), licences=licences)

    return said


def given_up(words: object) -> Phrase:
    """A sentence about seats that are not renewed."""

    def said(told: Told) -> str:
        count = int(told.details.get("count", 0))
        seats = ngettext("%(count)s seat", "%(count)s seats", count) % {"count": number(count)}
        return format_html(str(words), seats=seats, customer=told.name("customer"))

    return said


QUOTES: dict[str, Phrase] = {
    "quote.saved": phrase(gettext_lazy("Saved quote {what} for {customer}: {licences}")),
    "quote.changed": phrase(gettext_lazy("Recalculated quote {what} for {customer}: {licences}")),
    "quote.discarded": phrase(gettext_lazy("Discarded quote {what} for {customer}")),
    "quote.submitted": phrase(gettext_lazy("Submitted quote {what} to {customer}: {licences}")),
    "quote.sent": phrase(gettext_lazy("Sent quote {what} by mail")),
    "quote.accepted": phrase(gettext_lazy("Accepted quote {what}: {licences}")),
    "quote.declined": phrase(gettext_lazy("Declined quote {what}")),
    "quote.withdrawn": phrase(gettext_lazy("Withdrew quote {what}")),
    "quote.expired": phrase(gettext_lazy("Quote {what} has expired")),
    "order.placed": phrase(gettext_lazy("Placed order {what}: {licences}")),
    "order.filed": phrase(gettext_lazy("Added the purchase order of {what} as a file")),
    "order.paper_read": phrase(gettext_lazy("Took the purchase order of {what} away, as a file")),
    "order.fulfilled": phrase(gettext_lazy("Confirmed order {what}, which renews {licences}")),
    "renewal.given_up": given_up(gettext_lazy("Decided not to renew {seats} of a coverage")),
    "renewal.giving_up_proposed": given_up(gettext_lazy("Proposed to {customer} not to renew {seats} of a coverage")),
    "renewal.proposal_dropped": given_up(gettext_lazy("Kept {seats} of a coverage that a firm proposed not to renew")),
    "renewal.proposal_withdrawn": given_up(gettext_lazy("Took back the proposal not to renew {seats} of a coverage")),
    "renewal.taken_up": given_up(gettext_lazy("Took back not to renew {seats} of a coverage")),
    "order.cancelled": phrase(gettext_lazy("Cancelled order {what}")),
}
