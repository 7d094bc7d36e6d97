"""JupyterLab as it opens: the chapters by their titles, the page, and a terminal where `docker` works."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.jupyterlab import SCREENSHOTS, JupyterLab, running

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def book(docker_host: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """The book's folder, with two of its chapters."""
    with running(tmp_path_factory.mktemp("book"), docker_host, inner="notebooks") as lab:
        for chapter in sorted((ROOT / "notebooks").glob("0[02]-*.ipynb")):
            shutil.copy(chapter, lab.folder / "notebooks")
        yield lab


@pytest.fixture(scope="module")
def wide(book: JupyterLab, browser: Browser) -> Iterator[Page]:
    """A window of 1,440 pixels, as it has opened."""
    page = _open(book, browser, 1440)
    yield page
    page.close()


def _open(book: JupyterLab, browser: Browser, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})  # with nothing remembered
    page.goto(f"{book.url}/lab/tree/notebooks/00-start-here.ipynb?reset&token={book.token}")
    page.get_by_text("(ipykernel) | Idle").wait_for(timeout=30_000)
    return page


def test_at_1440_pixels_the_page_is_between_the_chapters_and_a_terminal(wide: Page) -> None:
    chapters = wide.get_by_role("navigation", name="Chapters")
    expect(chapters.get_by_role("link")).to_have_count(len(list((ROOT / "notebooks").glob("[0-9]*.ipynb"))))
    expect(chapters.locator("[aria-current=page]")).to_contain_text("Start here")
    terminal, notebook = wide.locator(".jp-Terminal"), wide.locator(".jp-NotebookPanel")
    terminal.wait_for()
    left, right = notebook.bounding_box(), terminal.bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"]
    assert left["width"] > right["width"] > 300
    wide.screenshot(path=SCREENSHOTS / "workplace-1440.png")
    chapters.get_by_role("link", name="The bridge network").click()
    expect(wide.locator(".jp-NotebookPanel:visible h1")).to_contain_text("bridge")
    expect(chapters.locator("[aria-current=page]")).to_contain_text("The bridge network")


def test_docker_typed_in_the_terminal_reaches_the_books_engine(book: JupyterLab, wide: Page) -> None:
    terminal = wide.locator(".jp-Terminal .xterm")
    terminal.click()
    wide.keyboard.type("docker network ls --format '{{.Name}}' | sort > seen; echo done\n")
    seen = book.folder / "seen"
    for _ in range(100):
        if seen.exists() and "none" in seen.read_text():
            break
        wide.wait_for_timeout(100)
    assert {"bridge", "host", "none"} <= {*seen.read_text().split()}


def test_at_900_pixels_the_page_has_the_room(book: JupyterLab, browser: Browser) -> None:
    page = _open(book, browser, 900)
    try:
        page.locator(".lm-TabBar-tabLabel", has_text="Terminal").wait_for()
        box = page.locator(".jp-NotebookPanel").bounding_box()
        assert box
        assert box["width"] > 700
        page.screenshot(path=SCREENSHOTS / "workplace-900.png")
    finally:
        page.close()
