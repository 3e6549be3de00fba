"""What the activity says of an advisor's own doings, and of what people read or took away of a customer's."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import Phrase, Told
from interface.money import number


def exported(told: Told) -> str:
    rows = int(told.details.get("rows", 0))
    words = ngettext("Exported {rows} row of the portfolio", "Exported {rows} rows of the portfolio", rows)
    return format_html(words, rows=number(rows))


def saved(told: Told) -> str:
    return _("Saved a view of the portfolio")


def deleted(told: Told) -> str:
    return _("Deleted a view of the portfolio")


def noted(told: Told) -> str:
    return format_html(_("Wrote down a next step with {customer}"), customer=told.name("customer"))


def done(told: Told) -> str:
    return format_html(_("Finished a next step with {customer}"), customer=told.name("customer"))


def reopened(told: Told) -> str:
    return format_html(_("Opened a next step with {customer} again"), customer=told.name("customer"))


def dropped(told: Told) -> str:
    return format_html(_("Deleted a next step with {customer}"), customer=told.name("customer"))


def taken(told: Told) -> str:
    """What a customer reads of a firm's export: its own rows alone."""
    count = int(told.details.get("rows", 0))
    words = ngettext(
        "Took {count} of your coverages away, as a file", "Took {count} of your coverages away, as a file", count
    )
    return format_html(words, count=number(count))


PORTFOLIO: dict[str, Phrase] = {
    "portfolio.exported": exported,
    "portfolio.taken": taken,
    "view.saved": saved,
    "view.deleted": deleted,
    "note.added": noted,
    "note.done": done,
    "note.reopened": reopened,
    "note.deleted": dropped,
}


def issued(told: Told) -> str:
    if count := int(told.details.get("count", 0)):
        words = ngettext("Issued {count} certificate", "Issued {count} certificates", count)
        return format_html(words, count=number(count))
    return format_html(_("Issued certificate <b>{number}</b>"), number=told.details.get("number", ""))


def read(told: Told) -> str:
    return format_html(_("Read certificate <b>{number}</b>"), number=told.details.get("number", ""))


def supplier_changed(told: Told) -> str:
    return _("Changed the supplier form")


PAPERS: dict[str, Phrase] = {
    "certificate.issued": issued,
    "certificate.read": read,
    "supplier.changed": supplier_changed,
}
