"""The live view in JupyterLab, as a reader uses it: by mouse, by keyboard, and by reading it again later."""

from __future__ import annotations

import copy
import subprocess
import time
from collections.abc import Iterator

import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Locator, expect

from netbook import Lab
from netbook.engine.images import busybox
from netbook.ownership import labels, session
from tests import notebook_files as files
from tests.browser.conftest import OpenNotebook
from tests.browser.jupyterlab import JupyterLab, NotebookPage

LAB = "in-the-browser"
START = f"""\
from netbook import Lab
lab = Lab("{LAB}", echo=False)
net = lab.create_network("custom", subnet="10.98.8.0/24")
bbox01 = lab.run("bbox01", network=net)
joined = lab.run("joined", network="container:bbox01")
"""
CELLS = [START, 'lab.live("A lab 实验")', "lab.clean()", "import threading; print(threading.enumerate())"]
LIVE = 1  # the cell
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def tidy(docker_host: str) -> Iterator[None]:
    yield
    Lab(LAB, echo=False, force=True).clean()


def docker(*argv: str) -> None:
    subprocess.run(["docker", *argv], check=True, capture_output=True)


def start_elsewhere(name: str) -> None:
    """In a process that is not the notebook's kernel."""
    marks = [f"--label={k}={v}" for k, v in labels.for_lab(LAB, session.current()).items()]
    docker("run", "-di", "--name", name, *marks, busybox.NAME)


def live(page: NotebookPage) -> Locator:
    return page.output(LIVE).locator(".netbook-live")


def option(page: NotebookPage, name: str) -> Locator:
    return live(page).get_by_role("option", name=f"{name},")


def figure(page: NotebookPage) -> Locator:
    return page.output(LIVE).locator(".netbook-figure img")


def test_it_follows_and_is_chosen_from(notebook: OpenNotebook) -> None:
    page = notebook(CELLS)
    page.run(0)
    page.run(LIVE)
    expect(live(page)).to_be_visible()
    expect(figure(page)).to_be_hidden()
    expect(live(page).get_by_role("status")).to_contain_text("live")

    start_elsewhere("elsewhere")
    begun = time.monotonic()
    expect(option(page, "elsewhere")).to_be_visible(timeout=5000)
    assert time.monotonic() - begun < 1.5  # 0.5 s, and what a busy machine and the watching cost
    expect(live(page).locator("svg")).to_contain_text("elsewhere")
    page.screenshot("live-came")

    # by mouse
    option(page, "bbox01").click()
    tables = live(page).get_by_role("table")
    expect(tables.filter(has_text="ip addr")).to_contain_text("10.98.8.2/24")
    expect(tables.filter(has_text="ip route")).to_contain_text("10.98.8.1")
    expect(option(page, "bbox01")).to_have_attribute("aria-selected", "true")

    # by keyboard: the arrow keys are the list's, and the cell that is selected stays
    chosen = page.page.locator(".jp-Cell.jp-mod-active")
    before = chosen.get_attribute("data-windowed-list-index")
    box = live(page).get_by_role("listbox")
    box.focus()
    for key in ("Home", "ArrowLeft", "ArrowLeft", "ArrowRight", "Enter"):  # round to the last one
        page.page.keyboard.press(key)
    expect(option(page, "joined")).to_have_attribute("aria-selected", "true")
    expect(live(page).locator("section")).to_contain_text("joined")
    assert chosen.get_attribute("data-windowed-list-index") == before

    # what changes meanwhile takes neither the focus nor the choice
    docker("rm", "-f", "elsewhere")
    expect(option(page, "elsewhere")).to_have_count(0, timeout=5000)
    expect(box).to_be_focused()
    expect(option(page, "joined")).to_have_attribute("aria-selected", "true")
    page.page.keyboard.press("Escape")
    expect(tables).to_have_count(0)

    # run again, the cell has one view, and cleaned, none
    page.run(LIVE)
    expect(live(page).get_by_role("status")).to_contain_text("live")
    page.run(3)
    assert page.output(3).inner_text().count("netbook-live-events") == 1
    page.run(2)
    expect(live(page).get_by_role("status")).to_contain_text("the lab was cleaned")
    page.run(3)
    assert "netbook-live" not in page.output(3).inner_text()


@pytest.mark.night
def test_it_is_read_again(notebook: OpenNotebook, jupyterlab: JupyterLab) -> None:
    """Dark and narrow, and later without its kernel, by somebody who does not trust it, and on paper."""
    page = notebook(CELLS, dark=True)
    page.run(0)
    page.run(LIVE)
    option(page, "joined").click()
    expect(live(page).get_by_role("table")).to_have_count(2)  # it has no endpoints of its own
    page.screenshot("live-dark")
    saved = page.save()
    stored = files.tidy(copy.deepcopy(saved)).cells[LIVE].outputs  # as tests/execute.py does
    page.page.close()

    page = notebook(width=640)  # the kernel lives: so does the view
    expect(option(page, "joined")).to_have_attribute("aria-selected", "true")
    expect(figure(page)).to_be_hidden()
    live(page).scroll_into_view_if_needed()
    page.screenshot("live-narrow")
    page.restart()
    expect(live(page).get_by_role("status")).to_contain_text("its kernel is gone")
    page.page.close()

    jupyterlab.end_kernels()
    page = notebook()
    expect(figure(page)).to_be_visible()
    page.page.wait_for_timeout(1000)  # JupyterLab looks for the model before it says that there is none
    assert "model not found" not in page.output(LIVE).filter(visible=True).inner_text()
    page.screenshot("live-without-kernel", page.cell(LIVE))
    page.page.close()

    saved.cells[0].source += "# changed by another program, so that JupyterLab does not trust it"
    files.write_raw(saved, page.path)
    page = notebook()
    expect(figure(page)).to_be_visible()
    assert "bbox01" in str(figure(page).get_attribute("alt"))
    page.screenshot("live-untrusted", page.cell(LIVE))

    paper, _ = HTMLExporter().from_notebook_node(saved)
    page.page.set_content(paper)
    expect(page.page.get_by_role("img", name="A lab 实验")).to_be_visible()
    assert "model" not in page.page.inner_text("body")
    page.screenshot("live-paper")

    # in the book, no model is stored: its id would be another in every run
    assert [sorted(output.data) for output in stored] == [
        ["image/svg+xml", "text/html", "text/plain"],
        [WIDGET, "text/plain"],
    ]
    assert (stored[1].data[WIDGET]["model_id"], stored[1].data["text/plain"]) == ("", "")
