"""An exercise's card in a real JupyterLab: its goals are ticked by what a cell and a `!docker` do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook

CELLS = (
    'from netbook import Lab\nlab = Lab("task-in-the-browser", echo=False)',
    'task = lab.task("07-move")\ntask',
    "!docker network connect store typist",
    'lab.network("office").disconnect(lab.container("typist"))',
    "lab.clean()",
)
TASK, JOIN, LEAVE, CLEAN = 1, 2, 3, 4


@pytest.mark.parametrize(("dark", "width"), [(False, 1200), (True, 700)])
def test_the_card_follows_the_reader(notebook: OpenNotebook, dark: bool, width: int) -> None:
    page = notebook(CELLS, dark=dark, width=width)
    page.run(0)
    page.run(TASK)
    card = page.output(TASK)
    expect(card.get_by_text("Not attempted yet.")).to_be_visible()
    page.run(JOIN)
    expect(card.get_by_text("joining one does not leave the other")).to_be_visible()
    card.get_by_role("button", name="hint").click()
    expect(card.get_by_text("Hint 1 of 3")).to_be_visible()
    page.screenshot(f"task-{width}", page.cell(TASK))
    page.run(LEAVE)
    expect(card.get_by_text("Solved.")).to_be_visible()
    card.get_by_role("button", name="look").click()
    expect(card.locator("img[alt*='typist']")).to_have_count(2)
    page.screenshot(f"task-solved-{width}", page.cell(TASK))
    page.run(CLEAN)
    expect(card.get_by_text("the lab was cleaned")).to_be_visible()
