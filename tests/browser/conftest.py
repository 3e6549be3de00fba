"""One Chromium for all browser tests; without one they are skipped, and say so."""

import os

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("COTERM_CHROMIUM", "")


@pytest.fixture(scope="session")
def chromium():
    """The browser that `script/test` found."""
    if not CHROMIUM:
        # Continuous integration insists on one; everybody else is told what was left out.
        complain = pytest.fail if os.environ.get("COTERM_REQUIRE_BROWSER") else pytest.skip
        complain("No Chromium: install one, or run script/test as root on Debian.")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
