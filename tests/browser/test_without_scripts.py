"""The main tasks with scripts switched off: nothing but forms, links and buttons."""

import pytest

from tests.browser import snipe_it
from tests.browser.snipe_it import SHARED_LAPSED, SHARED_SOON
from tests.browser.steps import finds, gives_access, imports
from tests.browser.town import ALBA, BRUNO, settle
from tests.browser.walker import Walker
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_licences_are_imported_and_an_advisor_is_added_without_scripts(house, chromium, tmp_path):
    settle("en")
    alba = Walker(chromium, house.url, language="en", scripts=False)
    alba.sign_in(ALBA, PASSWORD)
    imports(alba, snipe_it.export(tmp_path))
    finds(alba, "Meridian Systems")
    gives_access(alba, SHARED_SOON, SHARED_LAPSED)
    alba.leave()
    house.send()
    assert SHARED_SOON in house.text_of_newest(BRUNO)
