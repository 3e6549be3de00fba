"""One Chromium for all browser tests, without which they are skipped and say so; and a house to walk in."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.house import House

CHROMIUM = os.environ.get("COTERM_CHROMIUM", "")


@pytest.fixture(scope="session")
def chromium():
    """The browser that `script/test` found."""
    if not CHROMIUM:
        # Continuous integration insists on one; everybody else is told what was left out.
        complain = pytest.fail if os.environ.get("COTERM_REQUIRE_BROWSER") else pytest.skip
        complain("No Chromium: install one, or run script/test as root on Debian.")
    # Playwright keeps a loop running in this thread, which makes Django fear for its connections. Nothing shares them.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def house(transactional_db, tmp_path):
    """The product running on this test's own database; closed before the database is copied afresh."""
    house = House(tmp_path)
    try:
        house.open()
        yield house
    finally:
        house.close()
