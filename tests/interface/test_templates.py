"""What every template of the project keeps to, whoever wrote it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from interface.icons import ICONS

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.*"))
PAGES = [name for name in TEMPLATES if name.endswith(".html") and "mail/" not in name]
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|\shx-on|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name):
    assert engines["django"].get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_code_or_style_of_its_own(name):
    assert INLINE.findall((ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_is_longer_than_a_hundred_and_fifty_lines(name):
    assert len((ROOT / name).read_text().splitlines()) <= 150


@pytest.mark.parametrize("name", PAGES)
def test_icons_are_drawn_from_the_set(name):
    text = (ROOT / name).read_text()
    assert set(re.findall(r"""{% icon ["']([\w-]+)["'] %}""", text)) <= set(ICONS)
