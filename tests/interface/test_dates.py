"""Dates as people say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from interface import dates

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("days", "english", "spanish"),
    [
        (0, "today", "caduca hoy"),
        (1, "in 1 day", "en 1 día"),
        (12, "in 12 days", "en 12 días"),
        (120, "in 120 days", "en 120 días"),
        (121, "in 4 months", "en 4 meses"),
        (-1, "lapsed 1 day ago", "caducó hace 1 día"),
        (-40, "lapsed 40 days ago", "caducó hace 40 días"),
        (-200, "lapsed 7 months ago", "caducó hace 7 meses"),
    ],
)
def test_an_expiry_is_said_relative_to_today(days, english, spanish):
    value = TODAY + timedelta(days=days)
    with override("en"):
        assert dates.relative(value, today=TODAY) == english
    with override("es"):
        assert dates.relative(value, today=TODAY) == spanish


@pytest.mark.parametrize(("language", "text"), [("en", "22 Nov 2026"), ("es", "22 nov 2026"), (None, "22 Nov 2026")])
def test_a_day_is_written_in_the_readers_language(language, text):
    with override(language):
        assert dates.day(TODAY).replace("\u00a0", " ") == text


def test_a_long_day_names_the_weekday():
    with override("es"):
        assert dates.day_long(TODAY) == "domingo, 22 de noviembre de 2026"


@pytest.mark.parametrize(("days", "tone"), [(-1, "late"), (0, "soon"), (30, "soon"), (31, "")])
def test_only_trouble_has_a_tone(days, tone):
    assert dates.tone(TODAY + timedelta(days=days), today=TODAY) == tone


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 11, 22, 8, 12, tzinfo=UTC), "today at 09:12"),
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "yesterday at 00:30"),
        (datetime(2026, 11, 19, 12, 0, tzinfo=UTC), "19 Nov"),
        (datetime(2025, 11, 19, 12, 0, tzinfo=UTC), "19 Nov 2025"),
    ],
)
def test_a_moment_is_told_in_the_readers_time_zone(instant, text):
    noon = time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC), tick=False)
    with noon, override("en"), timezone.override("Europe/Madrid"):
        assert dates.moment(instant).replace("\u00a0", " ") == text


def test_today_is_the_readers_day_not_the_servers():
    late = time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), tick=False)
    with late, timezone.override("Europe/Madrid"):
        assert dates.today() == date(2026, 11, 23)
