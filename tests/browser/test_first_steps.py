"""An empty installation: from the first manager's link to a customer who shares licences with a firm."""

import pytest

from tests.browser import snipe_it
from tests.browser.snipe_it import KEPT_SOON, SHARED_SOON
from tests.browser.steps import finds, gives_access, imports
from tests.browser.town import ALBA, BRUNO
from tests.browser.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ELENA = "elena@programme.example"
SECRET = "ein-Zug-um-sieben"


def test_a_manager_begins_and_the_others_follow_by_invitation(house, chromium, tmp_path):
    elena = begins(house, chromium)
    adds_customer(elena)
    adds_firm(elena)
    house.send()
    bruno = accepts(house, chromium, BRUNO, "Bruno Vidal", language="en")
    alba = accepts(house, chromium, ALBA, "Alba Torres", language="es")
    imports(alba, snipe_it.export(tmp_path))
    finds(alba, "Meridian Systems")
    gives_access(alba, SHARED_SOON)
    bruno.visit("/portfolio/")
    bruno.sees("Larkfield Foods", SHARED_SOON)
    bruno.misses(KEPT_SOON)


def begins(house, chromium) -> Walker:
    """The command prints a link to the first password."""
    link = house.manage("owner", "create_programme_manager", ELENA, "--name", "Elena Marin")[-1]
    elena = Walker(chromium, house.url, language="en")
    elena.visit(link)
    elena.fill(password1=SECRET, password2=SECRET)
    elena.press("Save the new password")
    elena.sign_in(ELENA, SECRET)
    return elena


def adds_customer(elena: Walker) -> None:
    elena.visit("/programme/customers/")
    elena.press("Add a customer", role="link")
    elena.fill(name="Larkfield Foods", country="ES", language="es", time_zone="Europe/Madrid", email=ALBA)
    elena.press("Add and invite")
    elena.sees("Larkfield Foods", ALBA)


def adds_firm(elena: Walker) -> None:
    elena.visit("/programme/firms/")
    elena.press("Add a firm", role="link")
    elena.fill(name="Meridian Systems", country="ES", city="Madrid", time_zone="Europe/Madrid", email=BRUNO)
    elena.press("Add and invite")
    elena.sees("Meridian Systems", BRUNO)


def accepts(house, chromium, address: str, name: str, *, language: str) -> Walker:
    """The link in the mail leads to a name and a password, and then to the first page."""
    person = Walker(chromium, house.url, language=language)
    person.visit(house.link(address))
    person.fill(name=name, password=SECRET)
    person.press("Accept and sign in")
    person.sees(name)
    return person
