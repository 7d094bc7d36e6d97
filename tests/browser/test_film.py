"""The film in a real browser without scripts: it moves, it can be calmed, and paper gets the storyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from netbook.diagram.journey import Journey
from tests.browser import chromium
from tests.unit.diagram.test_film import WIRING, lost, ping


@pytest.fixture
def shown(browser: Browser) -> Iterator[Callable]:
    """Open the HTML form of a journey in a page without scripts; `arguments`: of a browser of its own."""
    with ExitStack() as stack:

        def show(*arguments):
            used = browser
            if arguments:
                used = stack.enter_context(chromium.launched(browser.browser_type, *arguments))
            context = used.new_context(java_script_enabled=False)
            stack.callback(context.close)
            page = context.new_page()
            page.set_content(Journey(WIRING, [*ping(), lost()])._repr_mimebundle_()["text/html"])
            return page

        yield show


def pictures(page, seconds: float) -> set[bytes]:
    """What the first image shows, several times within so many seconds."""
    taken = set()
    for _ in range(4):
        taken.add(page.locator("img").first.screenshot())
        page.wait_for_timeout(1000 * seconds / 4)
    return taken


def test_it_moves_without_scripts(shown):
    assert len(pictures(shown(), 2)) >= 3


def test_it_stands_still_for_a_reader_who_asks_for_less_motion(shown):
    page = shown("--force-prefers-reduced-motion")  # as the system asks: emulated, it does not reach images
    assert len(pictures(page, 3)) == 1


def test_paper_gets_the_storyboard_instead(shown):
    page = shown()
    film, still = page.locator("img").all()
    assert (film.is_visible(), still.is_visible()) == (True, False)
    page.emulate_media(media="print")
    assert (film.is_visible(), still.is_visible()) == (False, True)
    assert not page.locator("summary").is_visible()
