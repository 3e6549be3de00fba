"""What people do on the way, with and without scripts."""

from pathlib import Path

from tests.browser.snipe_it import BROKEN, DAYS
from tests.browser.walker import Walker


def previews(owner: Walker, file: Path) -> None:
    owner.visit("/licences/import/")
    owner.tab.set_input_files("[type=file]", file)
    owner.press("Show the preview")


def imports(owner: Walker, file: Path) -> None:
    """A broken line is refused with a reason, and stops nobody."""
    previews(owner, file)
    owner.sees(*DAYS, BROKEN, owner.words("New"), owner.words("Refused"))
    owner.press("Import these lines")
    owner.sees(owner.words("The licences are imported."))
    owner.press("See the licences", role="link")
    owner.sees(*DAYS)
    owner.misses(BROKEN)


def finds(owner: Walker, firm: str) -> None:
    """The first step; while one types the search answers, and without scripts a button does."""
    owner.visit("/")
    owner.press("Add advisor", role="link")
    owner.tab.get_by_label(owner.words("Name of the firm")).press_sequentially(firm[:4])
    if not owner.scripts:
        owner.press("Search")
    owner.tab.get_by_label(firm).check()
    owner.look()
    owner.press("Choose contact")


def gives_access(owner: Walker, *products: str) -> None:
    """The other three: the contact that is offered, these licences with level Quote, and the review."""
    owner.press("Choose licences and access")
    for product in products:
        owner.tab.get_by_label(product).check()
    owner.tab.check("[name=level][value='2']")
    owner.press("Review")
    owner.sees(*products)
    owner.misses(*DAYS.keys() - set(products))
    owner.press("Give access")
    owner.sees(*DAYS)
