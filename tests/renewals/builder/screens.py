"""The builder's pages as their readers see them."""

import re
from html import unescape

NEW, CHANGE, SAVE = "/quotes/new/", "/quotes/new/change/", "/quotes/new/save/"


def shown(browser, query="", path=NEW):
    """The page's words, without markup."""
    page = browser.get(f"{path}?{query}")
    assert page.status_code == 200
    return words(page)


def words(page):
    text = re.sub(r"<[^>]+>", " ", page.content.decode().partition("<main")[2])
    return re.sub(r"\s+", " ", unescape(text).replace("\u00a0", " "))
