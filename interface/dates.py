"""Dates as a person says them, in the reader's language."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

# British forms: day before month, and no second currency sign.
LOCALES = {"en": "en_GB"}
MONTH_DAYS = 30.44
MONTHS_BEYOND_DAYS = 120
SOON_DAYS = 30


def locale() -> str:
    """The Babel locale of the language in use."""
    language = (get_language() or "en").split("-")[0]
    return LOCALES.get(language, language)


@lru_cache(maxsize=2048)
def formatted(value: date, pattern: str, locale: str) -> str:
    """Babel's words for a day; lists and mails say the same few days again and again."""
    return format_date(value, pattern, locale)


def today() -> date:
    """The day it is now where the reader is."""
    return timezone.localdate()


def day(value: date) -> str:
    """22 Nov 2026, unbreakable."""
    return formatted(value, "medium", locale()).replace(" ", "\u00a0")


def day_full(value: date) -> str:
    """22 November 2026: a date that has to stand on its own for years."""
    return formatted(value, "long", locale())


def day_long(value: date) -> str:
    """Sunday, 22 November 2026."""
    return formatted(value, "full", locale())


def day_short(value: date) -> str:
    """22 Nov, with the year only when it is another one."""
    skeleton = "MMMd" if value.year == today().year else "yMMMd"
    return format_skeleton(skeleton, value, locale=locale()).replace(" ", "\u00a0")


def day_spoken(value: date) -> str:
    """22 November, with the year only when it is another one: a date within a sentence."""
    skeleton = "MMMMd" if value.year == today().year else "yMMMMd"
    return format_skeleton(skeleton, value, locale=locale()).replace(" ", "\u00a0")


def month(value: date) -> str:
    """November 2026."""
    return format_skeleton("yMMMM", value, locale=locale())


def month_short(value: date) -> str:
    """Nov."""
    return format_date(value, "LLL", locale())


def clock(value: datetime) -> str:
    """09:12 in the reader's time zone."""
    return format_time(_local(value), "HH:mm", locale=locale())


def moment(value: datetime) -> str:
    """When something happened: the clock for today and yesterday, otherwise the day."""
    happened_on = _local(value).date()
    if happened_on == today():
        return gettext("today at %(time)s") % {"time": clock(value)}
    if happened_on == today() - timedelta(days=1):
        return gettext("yesterday at %(time)s") % {"time": clock(value)}
    return day_short(happened_on)


def relative(value: date, *, today: date) -> str:
    """How far away an expiry is; months beyond 120 days (6-interface, "Copy")."""
    days = (value - today).days
    if days == 0:
        return pgettext("expires", "today")
    if abs(days) > MONTHS_BEYOND_DAYS:
        return _in_months(round(days / MONTH_DAYS))
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    return ngettext("lapsed %(count)s day ago", "lapsed %(count)s days ago", -days) % {"count": -days}


def _in_months(months: int) -> str:
    if months > 0:
        return ngettext("in %(count)s month", "in %(count)s months", months) % {"count": months}
    return ngettext("lapsed %(count)s month ago", "lapsed %(count)s months ago", -months) % {"count": -months}


def tone(value: date, *, today: date) -> str:
    """`late` once lapsed, `soon` within 30 days, otherwise nothing."""
    days = (value - today).days
    if days < 0:
        return "late"
    return "soon" if days <= SOON_DAYS else ""


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
