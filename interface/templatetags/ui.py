"""The small signs and words that every page uses: icons, dates, levels, states, money."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from interface import countries, dates, money
from interface.charts import door_art
from interface.icons import ICONS
from interface.labels import LEVEL_NAMES, level_rank, state_of
from interface.names import initials_of

register = template.Library()

CURSORS = ("after", "before")


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<svg aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.inclusion_tag("components/icons.svg")
def icons() -> dict[str, Mapping[str, str]]:
    """Every icon as a symbol; once a page."""
    return {"icons": ICONS}


@register.simple_tag
def when(value: date | None, today: date | None = None) -> SafeString | str:
    """A pill that says how far away an expiry is; empty without a date."""
    if value is None:
        return ""
    now = today or dates.today()
    tone = dates.tone(value, today=now)
    return format_html(
        '<time class="when{}" datetime="{}" title="{}">{}</time>',
        tone and f" when-{tone}",
        value.isoformat(),
        dates.day(value),
        dates.relative(value, today=now),
    )


@register.simple_tag
def level(value: object) -> SafeString:
    """Access level: three rising bars, as many solid as the level is high, and its name."""
    rank = level_rank(value)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="4" height="{}" rx="1" fill="currentColor"{}/>',
        ((i * 6, 8 - i * 4, 4 + i * 4, _off(i >= rank)) for i in range(3)),
    )
    return format_html(
        '<span class="level{}"><svg viewBox="0 0 16 12" aria-hidden="true">{}</svg>{}</span>',
        "" if rank else " level-none",
        bars,
        LEVEL_NAMES[rank],
    )


def _off(is_off: bool) -> SafeString | str:
    return format_html(' class="{}"', "off") if is_off else ""


@register.simple_tag
def state(key: object, text: object = "") -> SafeString:
    """A state's icon and name, or `text` in the place of its name."""
    shown = state_of(key)
    return format_html('<span class="state {}">{}{}</span>', shown.css, icon(shown.icon), text or shown.label)


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: object) -> str:
    """This page's query string with `changes`; None drops a key. Cursors go unless given."""
    params = context["request"].GET.copy()
    for key in (*CURSORS, *changes):
        params.pop(key, None)
    for key, value in changes.items():
        if isinstance(value, list | tuple):
            params.setlist(key, [str(item) for item in value])
        elif value not in (None, ""):
            params[key] = str(value)
    return f"?{params.urlencode()}"


@register.inclusion_tag("components/crumbs.html")
def crumbs(*words: object) -> dict[str, Any]:
    """`{% crumbs "Renewals" url "Advisors" url "Here" %}`: pairs, then the open page."""
    pairs = zip(words[:-1:2], words[1:-1:2], strict=True)
    return {"trail": list(pairs), "here": words[-1]}


@register.simple_tag
def other_languages() -> list[dict[str, Any]]:
    """The languages that the reader may change to: code, name_local."""
    now = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [dict(get_language_info(code)) for code, _ in settings.LANGUAGES if code != now]


@register.simple_tag(name="door_art")
def door_art_tag() -> SafeString:
    return door_art()


@register.filter
def day(value: date | None) -> str:
    return dates.day(value) if value else ""


@register.filter
def day_short(value: date | None) -> str:
    """22 Nov; the year too when it is not this one."""
    return dates.day_short(value) if value else ""


@register.filter
def day_spoken(value: date | None) -> str:
    """22 November, for a sentence."""
    return dates.day_spoken(value) if value else ""


@register.filter
def day_long(value: date | None) -> str:
    return dates.day_long(value) if value else ""


@register.filter
def month(value: date | None) -> str:
    return dates.month(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    return dates.moment(value) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    return dates.clock(value) if value else ""


@register.filter(name="money")
def money_filter(amount: Decimal | int | None, currency: str) -> str:
    """Cents only when there are any; nothing for no amount."""
    return "" if amount is None else money.money(amount, currency)


@register.filter
def money_exact(amount: Decimal | int | None, currency: str) -> str:
    return "" if amount is None else money.money_exact(amount, currency)


@register.filter
def number(value: money.Number | None) -> str:
    return "" if value is None else money.number(value)


@register.filter
def percent(share: money.Number | None) -> str:
    return "" if share is None else money.percent(share)


@register.filter
def country_name(code: str) -> str:
    return countries.country_name(code) if code else ""


@register.filter
def initials(name: object) -> str:
    return initials_of(str(name))
