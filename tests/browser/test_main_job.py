"""The main job, walked in a browser from the first sign-in to the reminder in the mailbox, in each language."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import snipe_it
from tests.browser.house import House, text_of
from tests.browser.snipe_it import DAYS, KEPT_LATER, KEPT_SOON, SHARED_LAPSED, SHARED_SOON
from tests.browser.steps import finds, gives_access, imports, previews
from tests.browser.town import ALBA, BRUNO, CARMEN, DIEGO, OWEN, settle
from tests.browser.walker import NARROW, WIDE, Walker
from tests.cast import PASSWORD

WIDTHS = {"en": WIDE, "es": NARROW}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_licence_from_another_system_ends_as_a_reminder_to_the_right_people(house, chromium, tmp_path, language):
    settle(language)
    alba = arrives(house, chromium, ALBA, language)
    imports(alba, file := snipe_it.export(tmp_path))
    imports_again(alba, file)
    finds(alba, "Meridian Systems")
    alba.sees("Bruno Vidal")
    gives_access(alba, SHARED_SOON, SHARED_LAPSED)
    sees_what_is_shared(arrives(house, chromium, BRUNO, language))
    strangers_see_nothing(house, chromium, language)
    remind(house)
    the_right_people_are_reminded(house, language)
    finds_the_reminder(alba)


def arrives(house, chromium, address, language) -> Walker:
    person = Walker(chromium, house.url, language=language, width=WIDTHS[language])
    person.sign_in(address, PASSWORD)
    return person


def imports_again(alba: Walker, file: Path) -> None:
    previews(alba, file)
    alba.sees(alba.words("Nothing would change"))


def sees_what_is_shared(bruno: Walker) -> None:
    for path in ("/portfolio/", "/customers/larkfield/"):
        bruno.visit(path)
        bruno.sees("Larkfield Foods", SHARED_SOON, SHARED_LAPSED)
        bruno.misses(KEPT_SOON, KEPT_LATER)
    bruno.leave()


def strangers_see_nothing(house, chromium, language) -> None:
    """Another firm and another customer: neither the page of the customer nor a line of its licences."""
    for address, path in ((DIEGO, "/portfolio/"), (CARMEN, "/licences/")):
        stranger = arrives(house, chromium, address, language)
        stranger.visit(path)
        stranger.misses("Larkfield", *DAYS)
        assert stranger.status("/customers/larkfield/") in (403, 404)
        stranger.leave()


def remind(house: House) -> None:
    """What the schedule does by itself, as commands."""
    house.manage("worker", "sweep_reminders", "--yes", "--today", snipe_it.today().isoformat())
    house.send()


def the_right_people_are_reminded(house: House, language: str) -> None:
    """One digest each, of what each may see; the far date and the strangers are left alone."""
    own, shared = {SHARED_SOON, SHARED_LAPSED, KEPT_SOON}, {SHARED_SOON, SHARED_LAPSED}
    for address, products in {ALBA: own, OWEN: own, BRUNO: shared, DIEGO: None, CARMEN: None}.items():
        digests = house.reminders(address)
        assert [named_in(mail) for mail in digests] == ([products] if products else [])
        assert {mail["Content-Language"] for mail in digests} <= {language}


def named_in(mail) -> set[str]:
    return {product for product in DAYS if product in text_of(mail)}


def finds_the_reminder(alba: Walker) -> None:
    alba.visit(f"/mailbox/?to={ALBA}")
    alba.tab.locator("tbody a").first.click()
    alba.look()
    alba.sees(SHARED_SOON, SHARED_LAPSED, KEPT_SOON)
    expect(alba.tab.frame_locator("iframe").locator("body")).to_contain_text(SHARED_LAPSED)
    alba.visit("/reminders/")
    alba.sees(SHARED_SOON, "Bruno Vidal", alba.words("Sent"))
    alba.visit("/activity/")
    alba.sees("Alba Torres", "Meridian Systems")
    alba.leave()
