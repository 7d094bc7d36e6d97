"""Handouts for the screen, as axe-core sees them: in light, in dark and at 390 pixels; by day two chapters."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from netbook.handout import links, making, screen
from netbook.handout.edition import KINDS
from tests.frame.day import is_night
from tests.unit.handout.conftest import CHAPTERS, SMALL

WINDOWS = [("light", 1280), ("dark", 1280), ("light", 390)]


def cases():
    """The small one has each kind of block, and the first chapter is the shortest with a teacher's notes."""
    if is_night():
        yield from ((path, kind) for path in CHAPTERS for kind in KINDS)
    else:
        yield from ((SMALL, "student"), (CHAPTERS[0], "teacher"))


@pytest.fixture(scope="module", params=list(cases()), ids=lambda case: f"{case[0].stem}-{case[1]}")
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, kind = request.param
    wish = making.Wish((path,), Path(), kind=kind)
    told = links.resolved(making.document([making.edition_of(path, wish)], wish), {}, {})
    written = tmp_path_factory.mktemp("handout") / f"{path.stem}.html"
    written.write_text(screen.page(told), encoding="utf-8")
    return written


@pytest.mark.parametrize(("scheme", "width"), WINDOWS, ids=lambda one: str(one))
def test_nobody_is_shut_out(browser: Browser, file: Path, scheme, width):
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
