"""Handouts for the screen, as axe-core sees them: light, dark and at 390 pixels; two chapters by day."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from netbook.handout import links, making, screen
from netbook.handout.edition import KINDS
from tests.frame.day import is_night
from tests.unit.handout.conftest import CHAPTERS, SMALL

LIGHT, DARK, NARROW = ("light", 1280), ("dark", 1280), ("light", 390)
WINDOWS = (LIGHT, DARK, NARROW)


def cases():
    """By day the small one, which has each kind of block, and what a teacher has besides."""
    if is_night():
        yield from itertools.product(CHAPTERS, KINDS, WINDOWS)
    else:
        yield from itertools.product([SMALL], ["student"], WINDOWS)
        yield CHAPTERS[0], "teacher", DARK


@pytest.mark.parametrize(
    ("path", "kind", "window"), list(cases()), ids=lambda one: one.stem if isinstance(one, Path) else str(one)
)
def test_nobody_is_shut_out(browser: Browser, tmp_path: Path, path, kind, window):
    wish, (scheme, width) = making.Wish((path,), tmp_path, kind=kind), window
    told = links.resolved(making.document([making.edition_of(path, wish)], wish), {}, {})
    file = tmp_path / "page.html"
    file.write_text(screen.page(told), encoding="utf-8")
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    try:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert not found.violations_count, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width  # the page itself never does
        assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    finally:
        page.close()
