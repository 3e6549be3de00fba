"""A person at a browser, who looks at every page on the way."""

from axe_playwright_python.sync_playwright import Axe
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Page, expect

NARROW, WIDE = 380, 1360


class Walker:
    """Words to press and to see are the catalogue's, so that a page that is not in `language` stops the walk."""

    def __init__(self, browser: Browser, url: str, *, language: str, scripts: bool = True, width: int = WIDE):
        self.language, self.scripts, self.width = language, scripts, width
        self.context = browser.new_context(
            locale=language, base_url=url, java_script_enabled=scripts, reduced_motion="reduce"
        )
        self.tab: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.tab.on("pageerror", lambda error: self.troubles.append(f"{self.tab.url}: {error}"))
        self.tab.on("console", self.hear)

    def hear(self, message) -> None:
        if message.type == "error":
            self.troubles.append(f"{self.tab.url}: {message.text}")

    def words(self, english: str) -> str:
        with override(self.language):
            return gettext(english)

    def visit(self, path: str) -> None:
        self.tab.goto(path)
        self.look()

    def status(self, path: str) -> int:
        """What the server answers to this person, without showing it."""
        return self.context.request.get(path).status

    def press(self, english: str, *, role: str = "button") -> None:
        """Presses what is called so and leads to another page, and looks at that."""
        with self.tab.expect_navigation():
            self.tab.get_by_role(role, name=self.words(english), exact=False).first.click()
        self.look()

    def fill(self, **fields: str) -> None:
        """Types, or chooses, what the fields of these names are to hold."""
        for name, value in fields.items():
            field = self.tab.locator(f"main [name={name}]")
            if field.evaluate("field => field.localName") == "select":
                field.select_option(value)
            else:
                field.fill(value)

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.tab.locator("body")).to_contain_text(text)

    def misses(self, *texts: str) -> None:
        for text in texts:
            expect(self.tab.locator("body")).not_to_contain_text(text)

    def look(self) -> None:
        """Sound at both widths: nobody is shut out, nothing sticks out, nothing is said in the console."""
        assert self.tab.locator("html").get_attribute("lang") == self.language
        for width in (NARROW, WIDE, self.width):
            self.tab.set_viewport_size({"width": width, "height": 900})
            assert self.tab.evaluate("document.documentElement.scrollWidth") <= width, f"{self.tab.url} at {width} px"
        violations = [] if not self.scripts else Axe().run(self.tab).response["violations"]
        found = [f"{self.tab.url}: {each['id']}: {node['html']}" for each in violations for node in each["nodes"]]
        assert not found + self.troubles, "\n".join(found + self.troubles)

    def sign_in(self, email: str, password: str) -> None:
        self.visit("/accounts/login/")
        self.tab.fill("[name=login]", email)
        self.tab.fill("[name=password]", password)
        self.press("Sign in")

    def leave(self) -> None:
        self.context.close()
