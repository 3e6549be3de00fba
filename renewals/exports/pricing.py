"""What the activity says of price schedules, policies and discounts."""

from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.audit import Phrase, Told
from advisors.models import TIERS
from interface.dates import day_spoken
from interface.money import number, percent
from licences.models import PROGRAMMES


def dated(words: str | Promise) -> Phrase:
    """A sentence with the programme, or tier, and the first day."""

    def phrase(told: Told) -> str:
        found = told.details.get("valid_from")
        begins = day_spoken(date.fromisoformat(str(found))) if found else ""
        return format_html(str(words), what=subject(told), day=begins)

    return phrase


def counted(one: str, many: str, key: str) -> Phrase:
    """A sentence that counts prices or lines."""

    def phrase(told: Told) -> str:
        count = int(told.details.get(key, 0))
        return format_html(ngettext(one, many, count), what=subject(told), count=number(count))

    return phrase


def subject(told: Told) -> str:
    programme, tier = str(told.details.get("programme", "")), str(told.details.get("tier", ""))
    return str(PROGRAMMES.get(programme) or TIERS.get(tier) or "")


def moved(told: Told) -> str:
    share = percent(Decimal(str(told.details.get("percent", "0"))) / 100)
    return format_html(_("Changed every price of a draft for {what} by {share}"), what=subject(told), share=share)


def discounted(told: Told) -> str:
    day = day_spoken(date.fromisoformat(str(told.details["valid_from"])))
    share = percent(Decimal(str(told.details["share"])))
    return format_html(
        _("Set the discount of tier {what} to {share} from {day}"), what=subject(told), share=share, day=day
    )


PRICING: dict[str, Phrase] = {
    "prices.drafted": dated(gettext_lazy("Began a new price schedule for {what}")),
    "prices.imported": counted(
        "Imported {count} price for {what} into a draft", "Imported {count} prices for {what} into a draft", "lines"
    ),
    "prices.added": dated(gettext_lazy("Added a price to a draft for {what}")),
    "prices.changed": dated(gettext_lazy("Changed a price in a draft for {what}")),
    "prices.removed": dated(gettext_lazy("Removed a price from a draft for {what}")),
    "prices.moved": moved,
    "prices.published": dated(gettext_lazy("Published prices for {what}, valid from {day}")),
    "prices.replaced": dated(gettext_lazy("Replaced prices for {what} on their first day")),
    "prices.withdrawn": dated(gettext_lazy("Withdrew the prices for {what} that were to begin on {day}")),
    "prices.discarded": dated(gettext_lazy("Deleted a draft of prices for {what}")),
    "policy.added": dated(gettext_lazy("Added a renewal policy for {what}, valid from {day}")),
    "policy.withdrawn": dated(gettext_lazy("Withdrew the renewal policy for {what} that was to begin on {day}")),
    "discount.added": discounted,
    "discount.withdrawn": dated(gettext_lazy("Withdrew the discount of tier {what} that was to begin on {day}")),
}
