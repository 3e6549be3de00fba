"""The life of access, walked by each role: asked for, given, looked through, paused, more asked for, and given up."""

import pytest
from django.utils.translation import override

from accounts.models import Organisation
from accounts.rules import Kind, Role
from interface.labels import LEVEL_NAMES
from licences.services.introductions import introduce_firms
from tests.browser.town import ALBA, BRUNO, organisation, person, settle
from tests.browser.walker import NARROW, WIDE, Walker
from tests.cast import PASSWORD, CoverageFactory, LicenceFactory
from tests.hats import database_role

WIDTHS = {"en": WIDE, "es": NARROW}
SHARED, KEPT = "Access Gateway 5500", "Remote Support"
ELENA, WORD, CASE = "elena@programme.example", "In May perhaps", "Case 4711"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_access_is_asked_for_given_paused_and_given_up(house, chromium, language):
    people(language)
    alba, bruno = (arrives(house, chromium, who, language) for who in (ALBA, BRUNO))
    is_asked(alba, bruno)
    gives(alba)
    bruno.visit("/customers/larkfield/")
    bruno.sees(SHARED)
    bruno.misses(KEPT)
    looks_and_pauses(alba, bruno)
    asks_for_more(alba, bruno)
    gives_up(alba, bruno)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_programme_looks_while_it_is_let(house, chromium, language):
    people(language)
    alba, elena = (arrives(house, chromium, who, language) for who in (ALBA, ELENA))
    elena.visit("/programme/access/")
    alba.visit("/licences/assignments/support/")
    alba.fill(reason=CASE)
    alba.press("Let the programme look")
    elena.visit("/programme/support/")
    elena.press("Larkfield Foods", role="link")
    elena.sees(SHARED, KEPT, CASE)
    alba.press("End it now")
    assert elena.status("/programme/support/larkfield/") == 404
    alba.visit("/activity/?area=access")
    alba.sees("Elena Ríos")


def test_access_is_asked_for_and_given_without_scripts(house, chromium):
    people("en")
    alba, bruno = (Walker(chromium, house.url, language="en", scripts=False) for _ in range(2))
    alba.sign_in(ALBA, PASSWORD)
    bruno.sign_in(BRUNO, PASSWORD)
    is_asked(alba, bruno)
    gives(alba)
    bruno.visit("/customers/larkfield/")
    bruno.sees(SHARED)
    bruno.misses(KEPT)


def people(language: str) -> None:
    """The town, with two licences of Larkfield's and the programme's Elena."""
    settle(language)
    person(organisation("Programme", "programme", Kind.PROGRAMME), ELENA, "Elena Ríos", Role.MANAGER, language)
    with database_role("coterm_owner"):
        larkfield = Organisation.objects.get(slug="larkfield")
    for product in (SHARED, KEPT):
        CoverageFactory(licence=LicenceFactory(customer=larkfield, product__name=product))


def arrives(house, chromium, address: str, language: str) -> Walker:
    walker = Walker(chromium, house.url, language=language, width=WIDTHS[language])
    walker.sign_in(address, PASSWORD)
    return walker


def is_asked(alba: Walker, bruno: Walker) -> None:
    """By a code that Alba makes; Bruno's page says the same whoever is meant."""
    alba.visit("/licences/assignments/code/")
    alba.press("Make a code")
    code = alba.tab.locator(".spoken").inner_text()
    bruno.visit("/customers/ask/")
    bruno.fill(target=code, message=CASE)
    sends(bruno)
    bruno.sees(code)
    with database_role("coterm_worker"):
        introduce_firms()


def gives(alba: Walker) -> None:
    """From home: one licence of two, at level View instead of what was wished for."""
    alba.visit("/")
    alba.sees("Meridian Systems", alba.words("asks for access"))
    alba.press("Answer", role="link")
    alba.sees(CASE)
    alba.tab.get_by_label(SHARED).check()
    alba.tab.check("[name=level][value='1']")
    alba.press("Give access")
    alba.sees("Meridian Systems")


def looks_and_pauses(alba: Walker, bruno: Walker) -> None:
    """Alba stands on the page of the access."""
    page = alba.tab.url
    alba.press("View as this advisor", role="link")
    alba.sees(SHARED)
    alba.misses(KEPT)
    alba.visit(page)
    alba.press("Pause this access")
    bruno.visit("/portfolio/")
    bruno.misses(SHARED)
    bruno.visit("/customers/")
    bruno.sees("Larkfield Foods", bruno.words("Give up"))
    alba.press("Let it go on")
    bruno.visit("/customers/larkfield/")
    bruno.sees(SHARED)


def asks_for_more(alba: Walker, bruno: Walker) -> None:
    """Bruno would like to quote; Alba declines with a word, which Bruno reads."""
    bruno.press("Ask for more", role="link")
    asking = bruno.tab.url
    bruno.tab.check("main [name=level][value='2']")
    sends(bruno)
    alba.visit("/licences/assignments/")
    alba.press("Answer", role="link")
    with override(alba.language):
        alba.sees(str(LEVEL_NAMES[2]))
    alba.fill(reply=WORD)
    alba.press("Decline the request")
    bruno.visit(asking)
    bruno.sees(WORD)


def gives_up(alba: Walker, bruno: Walker) -> None:
    """For good; both read it in the activity."""
    bruno.visit("/customers/larkfield/")
    bruno.press("Give up", role="link")
    bruno.press("Give up access")
    assert bruno.status("/customers/larkfield/") == 404
    for each, seen in ((alba, "Meridian Systems"), (bruno, "Bruno Vidal")):
        each.visit("/activity/?area=access")
        each.sees(seen)


def sends(walker: Walker) -> None:
    """The one button that the page is about."""
    button = walker.tab.locator("main .btn-primary")
    assert button.count() == 1
    with walker.tab.expect_navigation():
        button.click()
    walker.look()
