"""Fixtures for widgets in a real browser: `notebook(cells, …)` opens a notebook in JupyterLab.

def test_it(notebook):
    page = notebook(["from netbook import Lab", "…"], dark=True, width=640)
    page.run(0)
    page.output(0).get_by_role("table").wait_for()
    page.screenshot("it-dark")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser.jupyterlab import JupyterLab, NotebookPage, opened, running

OpenNotebook = Callable[..., NotebookPage]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the session: while Playwright has its loop, whatever else runs Jupyter needs a thread more."""
    path, why = chromium.find()
    if not path:
        pytest.skip(why)
    with chromium.started() as found:
        yield found


@pytest.fixture(scope="session")
def jupyterlab(docker_host: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    with running(tmp_path_factory.mktemp("jupyterlab"), docker_host) as lab:
        yield lab


@pytest.fixture
def notebook(
    jupyterlab: JupyterLab, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[OpenNotebook]:
    """Open a notebook with these cells, or again the one that the test has opened before."""
    path = jupyterlab.folder / f"{request.node.name.replace('[', '-').strip(']')}.ipynb"
    with ExitStack() as pages:

        def open_notebook(cells: Any = (), **window: Any) -> NotebookPage:
            return pages.enter_context(opened(jupyterlab, browser, path, cells, **window))

        yield open_notebook
