"""An exercise's card in a real JupyterLab: its goals are ticked by what a cell and a `!docker` do."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.jupyterlab import DARK, JupyterLab

CELLS = (
    'from netbook import Lab\nlab = Lab("task-in-the-browser", echo=False)',
    'task = lab.task("07-move")\ntask',
    "!docker network connect store typist",
    'lab.network("office").disconnect(lab.container("typist"))',
    "lab.clean()",
)
TASK, JOIN, LEAVE, CLEAN = 1, 2, 3, 4


def test_the_card_follows_the_reader(notebook: OpenNotebook, jupyterlab: JupyterLab) -> None:
    page = notebook(CELLS, width=1200)
    page.run(0)
    page.run(TASK)
    card = page.output(TASK)
    expect(card.get_by_text("Not attempted yet.")).to_be_visible()
    page.run(JOIN)
    expect(card.get_by_text("joining one does not leave the other")).to_be_visible()
    card.get_by_role("button", name="hint").click()
    expect(card.get_by_text("Hint 1 of 3")).to_be_visible()
    page.screenshot("task-1200", page.cell(TASK))
    page.run(LEAVE)
    expect(card.get_by_text("Solved.")).to_be_visible()
    card.get_by_role("button", name="look").click()
    expect(card.locator("img[alt*='typist']")).to_have_count(2)
    page.screenshot("task-solved-1200", page.cell(TASK))

    jupyterlab.choose(themes={"theme": DARK})
    page.page.set_viewport_size({"width": 700, "height": 900})
    page.save()
    page.reload()  # the kernel lives: so does the card
    expect(card.get_by_text("Solved.")).to_be_visible()
    page.screenshot("task-solved-700", page.cell(TASK))
    page.run(CLEAN)
    expect(card.get_by_text("the lab was cleaned")).to_be_visible()
