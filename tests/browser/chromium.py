"""The browser: Debian's chromium, installed where the tests may, driven by Playwright.

Playwright's own download of a browser is not used: Debian's is signed, and comes with its libraries.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from netbook.errors import SetupError
from netbook.setup import packages

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
            packages.offer(["chromium", "fonts-noto-cjk"], "Widgets are tested in a real browser.")
        except SetupError as error:
            return "", str(error)
    return _installed(), "no chromium is installed here, and only root on Debian may install it"


def _installed() -> str:
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


@contextmanager
def started(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
