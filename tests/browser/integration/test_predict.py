"""The prediction's buttons in a real JupyterLab: by mouse and by keyboard, and the figure that follows."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook

CELLS = (
    """from netbook import Lab
lab = Lab("predict-in-the-browser", echo=False)
lab.run("bbox01")
lab.run("bbox02", network="none")""",
    "guess = lab.predict()\nguess",
    'guess.compare(lab.reachability("address"))',
    "lab.clean()",
)
ASK, COMPARE = 1, 2


def test_the_reader_fills_in_the_matrix_and_is_told(notebook: OpenNotebook) -> None:
    page = notebook(CELLS)
    page.run(0)
    page.run(ASK)
    there, back = (page.output(ASK).get_by_title(f"{way}") for way in ("bbox01 → bbox02", "bbox02 → bbox01"))
    there.click()  # ? → yes
    back.focus()
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Enter")  # → no
    figure = page.output(ASK).locator("img[alt*='2 of 2 pairs predicted']")
    expect(figure).to_be_visible()
    page.screenshot("predict", page.cell(ASK))
    page.run(COMPARE)
    expect(page.output(COMPARE).locator("img[alt*='1 surprise']")).to_be_visible()
    page.screenshot("predict-compared", page.cell(COMPARE))
    page.run(3)
