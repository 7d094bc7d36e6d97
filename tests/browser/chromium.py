"""The browser: Debian's chromium without windows, installed where the tests may, driven by Playwright.

Playwright's own download of a browser is not used: Debian's is signed, and comes with its libraries. The one
without windows starts faster and is smaller; a whole one that is installed does, too.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, Page, sync_playwright

from netbook.errors import SetupError
from netbook.setup import packages

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-gpu",
    "--force-color-profile=srgb",
)


def find() -> tuple[str, str]:
    """Its path, or "" and why there is none."""
    if not _installed() and packages.can_install():
        try:
            packages.offer(
                ["chromium-headless-shell", "fonts-noto-cjk"], "Widgets are tested in a real browser."
            )
        except SetupError as error:
            return "", str(error)
    return _installed(), "no chromium is installed here, and only root on Debian may install it"


def _installed() -> str:
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


@contextmanager
def launched(kind: BrowserType, *more: str) -> Iterator[Browser]:
    """One browser, with further arguments."""
    browser = kind.launch(executable_path=_installed(), args=[*_ARGUMENTS, *more])
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def started() -> Iterator[Browser]:
    """Playwright and a browser. Once in a process: Playwright refuses a second."""
    with sync_playwright() as playwright, launched(playwright.chromium) as browser:
        yield browser


def page(browser: Browser, width: int, height: int) -> Page:
    """A window. All share what they have loaded: JupyterLab's scripts take longer than most tests."""
    context = browser.contexts[0] if browser.contexts else browser.new_context()
    new = context.new_page()
    new.set_viewport_size({"width": width, "height": height})
    return new
