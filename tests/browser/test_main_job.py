"""The main job, walked in a browser from the first sign-in to the reminder in the mailbox, in each language."""

import pytest
from playwright.sync_api import expect

from tests.browser import snipe_it
from tests.browser.house import House, text_of
from tests.browser.snipe_it import DAYS, KEPT_LATER, KEPT_SOON, SHARED_LAPSED, SHARED_SOON
from tests.browser.town import ALBA, BRUNO, CARMEN, DIEGO, OWEN, settle
from tests.browser.walker import Walker
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_licence_from_another_system_ends_as_a_reminder_to_the_right_people(house, chromium, tmp_path, language):
    settle(language)
    alba = arrives(house, chromium, ALBA, language)
    assert alba.status("/portfolio/") == 403
    imports(alba, snipe_it.export(tmp_path))
    adds_advisor(alba, SHARED_SOON, SHARED_LAPSED)
    sees_what_is_shared(arrives(house, chromium, BRUNO, language))
    strangers_see_nothing(house, chromium, language)
    remind(house)
    the_right_people_are_reminded(house, language)
    finds_the_reminder(alba)


def arrives(house, chromium, address, language) -> Walker:
    person = Walker(chromium, house.url, language=language)
    person.sign_in(address, PASSWORD)
    return person


def imports(alba: Walker, file) -> None:
    """A broken line is refused with a reason and stops nobody; the same file again changes nothing."""
    alba.visit("/licences/import/")
    preview(alba, file)
    alba.sees(*DAYS, snipe_it.BROKEN, alba.words("New"), alba.words("Refused"))
    alba.press("Import these lines")
    alba.sees(alba.words("The licences are imported."))
    alba.press("See the licences", role="link")
    alba.sees(*DAYS)
    alba.misses(snipe_it.BROKEN)
    alba.visit("/licences/import/")
    preview(alba, file)
    alba.sees(alba.words("Nothing would change"))


def preview(alba: Walker, file) -> None:
    alba.tab.set_input_files("[type=file]", file)
    alba.press("Show the preview")


def adds_advisor(alba: Walker, *products: str) -> None:
    """The four steps; the search answers while one types."""
    alba.visit("/")
    alba.press("Add advisor", role="link")
    alba.tab.get_by_label(alba.words("Name of the firm")).press_sequentially("meri")
    alba.tab.get_by_label("Meridian Systems").check()
    alba.look()
    alba.press("Choose contact")
    alba.press("Choose licences and access")
    for product in products:
        alba.tab.get_by_label(product).check()
    alba.tab.check("[name=level][value='2']")
    alba.press("Review")
    alba.sees("Meridian Systems", "Bruno Vidal", *products)
    alba.misses(KEPT_SOON, KEPT_LATER)
    alba.press("Give access")
    alba.sees("Meridian Systems", *DAYS)


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
