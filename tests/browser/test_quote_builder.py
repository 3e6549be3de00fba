"""A quote is built and saved: by the slider, by a budget, and without scripts."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Organisation
from interface.money import money_exact
from renewals.models import Price, PriceSchedule
from tests.browser.town import ALBA, settle
from tests.browser.walker import Walker
from tests.cast import PASSWORD, CoverageFactory, LicenceFactory, ProductFactory, today
from tests.hats import database_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ENDS_ON = date(today().year + 2, 6, 30)


def stock():
    """Fifty desktops of Larkfield's that expire in forty days, at 44 euros a year."""
    product = ProductFactory(name="Workspace Desktops", customer=None)
    with database_role("coterm_owner"):
        larkfield = Organisation.objects.get(slug="larkfield")
        schedule = PriceSchedule.objects.create(programme="sa", valid_from=today() - timedelta(1))
        Price.objects.create(schedule=schedule, product=product, currency="EUR", months=12, amount=44)
        PriceSchedule.objects.filter(pk=schedule.pk).update(state="published", published_at=timezone.now())
    licence = LicenceFactory(customer=larkfield, product=product)
    CoverageFactory(licence=licence, quantity=50, expires_on=today() + timedelta(40))


def begin(chromium, house, *, language, scripts):
    settle(language)
    stock()
    alba = Walker(chromium, house.url, language=language, scripts=scripts)
    alba.sign_in(ALBA, PASSWORD)
    alba.visit("/")
    alba.press("Continue with renewal", role="link")
    expect(alba.tab.locator(".total-big")).to_contain_text("2")
    return alba


def saves(alba):
    alba.press("Save the quote")
    alba.sees("Workspace Desktops")
    assert "/quotes/" in alba.tab.url and "/new/" not in alba.tab.url
    alba.leave()


def test_a_quote_is_built_with_the_slider_and_the_date(house, chromium):
    alba = begin(chromium, house, language="en", scripts=True)
    whole = alba.tab.locator(".total-big")
    assert whole.inner_text() == money_exact(2200, "EUR")
    alba.tab.focus("#slide")
    alba.tab.keyboard.press("ArrowRight")
    expect(whole).not_to_have_text(money_exact(2200, "EUR"))
    assert alba.tab.evaluate("document.activeElement.id") == "slide"
    alba.tab.fill("#until", ENDS_ON.isoformat())
    expect(alba.tab.locator("#slider")).to_contain_text(str(ENDS_ON.year))
    alba.tab.wait_for_url(f"**date={ENDS_ON}*")
    alba.look()
    saves(alba)


def test_a_quote_is_built_without_scripts(house, chromium):
    alba = begin(chromium, house, language="es", scripts=False)
    alba.fill(date=ENDS_ON.isoformat(), budget="4400", notes="Para el consejo")
    alba.press("Recalculate")
    assert f"date={ENDS_ON}" in alba.tab.url
    alba.sees("Para el consejo")
    alba.press("Use this date")
    assert "mode=date" in alba.tab.url
    saves(alba)
