"""Guesses and the quiz in a real JupyterLab: by mouse and by keyboard, told in words, kept, and on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Locator, expect

from tests import notebook_files as files
from tests.browser.jupyterlab import DARK, LIGHT, JupyterLab, NotebookPage, opened

CELLS = (
    """from netbook import quiz
from netbook.learn import guess as guesses, quiz as quizzes
guesses._MADE.clear()  # nobody has answered yet
quizzes._GIVEN.clear()
def ask(question, choices=None, number=False, unit="", name=False):
    return guesses.ask(question, choices, number, unit, name, "lab")
""",
    'yes = ask("Does `bbox03` reach itself?")\nyes',
    'long = ask("What comes?", ["a warning, and the container starts nevertheless", "an error"])\nlong',
    'box = ask("How many interfaces has it?", number=True, unit="interfaces")\nbox',
    "yes.judge(True)\nlong.judge('an error')\nbox.judge(2)",
    'quiz("03")',
)
YES, LONG, BOX, JUDGE, QUIZ = range(1, 6)


@pytest.fixture(scope="module")
def window(jupyterlab: JupyterLab, browser: Browser) -> Iterator[NotebookPage]:
    """The notebook, opened once: to load JupyterLab takes longer than a test."""
    with opened(jupyterlab, browser, jupyterlab.folder / "questions.ipynb", CELLS) as page:
        chapters = page.page.get_by_role("tab", name="Chapters")
        if chapters.get_attribute("aria-selected") == "true":  # as in a browser that has not seen the book
            chapters.click()
        yield page


@pytest.fixture
def page(window: NotebookPage) -> NotebookPage:
    """As wide as it is opened."""
    window.page.set_viewport_size({"width": 1280, "height": 900})
    return window


def paper(page: NotebookPage, number: int) -> Locator:
    return page.output(number).locator(".netbook-paper")


def answer_all(page: NotebookPage) -> None:
    """Guess and answer as a reader does."""
    for number in range(QUIZ):
        page.run(number)
    page.output(YES).get_by_role("button", name="yes").click()
    page.output(LONG).get_by_role("button", name="an error").focus()
    page.page.keyboard.press("Enter")
    page.output(BOX).get_by_label("Your guess").fill("3")
    page.page.keyboard.press("Enter")
    expect(page.output(YES).get_by_text("Your guess: yes.")).to_be_visible()
    expect(page.output(LONG).get_by_role("button", name="☑ an error")).to_be_visible()
    expect(page.output(BOX).get_by_text("Your guess: 3.")).to_be_visible()


def test_guesses_are_judged_and_kept(page: NotebookPage) -> None:
    answer_all(page)
    page.output(BOX).get_by_label("Your guess").fill("three")
    page.page.keyboard.press("Enter")
    expect(page.output(BOX).get_by_text("'three' is no number; write digits")).to_be_visible()
    page.run(JUDGE)
    for words in (
        "Measured: yes. You guessed yes: right.",
        "Measured: an error. You guessed an error: right.",
        "Measured: 2. You guessed 3: a surprise.",
    ):
        expect(page.output(JUDGE).get_by_text(words)).to_be_visible()
    page.run(YES)  # again
    expect(page.output(YES).get_by_role("button", name="☑ yes")).to_be_visible()
    expect(paper(page, YES)).to_be_hidden()


def test_a_quiz_by_keyboard_tells_the_reason_of_each_answer(page: NotebookPage) -> None:
    page.run(0)
    page.run(QUIZ)
    first = page.output(QUIZ).get_by_role("group").nth(0)
    first.get_by_role("radio").nth(0).focus()
    page.page.keyboard.press("Space")
    expect(first.get_by_role("status").nth(0)).to_contain_text("Not right. The engine discards -p here")
    page.page.keyboard.press("ArrowDown")
    expect(first.get_by_role("radio").nth(1)).to_be_checked()
    expect(first.get_by_role("radio").nth(1)).to_be_focused()
    expect(first.get_by_role("status").nth(1)).to_contain_text("Right. It is a program on the host")
    expect(first.get_by_role("status").nth(0)).to_be_empty()
    several = page.output(QUIZ).get_by_role("group").nth(3)
    for number in (1, 2):
        several.get_by_role("checkbox").nth(number).check()
    expect(several.get_by_text("2 of 2 right answers chosen.")).to_be_visible()
    page.run(QUIZ)  # again
    expect(page.output(QUIZ).get_by_role("radio").nth(1)).to_be_checked()
    expect(page.output(QUIZ).get_by_text("2 of 2 right answers chosen.")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits(page: NotebookPage, jupyterlab: JupyterLab, dark: bool) -> None:
    if page.is_dark() != dark:
        jupyterlab.choose(themes={"theme": DARK if dark else LIGHT})
        page.reload()
    page.page.set_viewport_size({"width": 1280, "height": 2600})
    answer_all(page)
    page.run(JUDGE)
    page.run(QUIZ)
    page.output(QUIZ).get_by_role("radio").nth(0).check()
    page.output(QUIZ).get_by_role("group").nth(3).get_by_role("checkbox").nth(1).check()
    page.output(QUIZ).get_by_role("group").nth(3).get_by_role("checkbox").nth(0).check()
    page.output(QUIZ).get_by_text("1 of 2 right answers chosen.").wait_for()
    for width, name in ((1280, "dark" if dark else "light"), (390, "narrow-dark" if dark else "narrow")):
        page.page.set_viewport_size({"width": width, "height": 2600})
        for number in (YES, LONG, BOX, QUIZ):
            wider = page.output(number).evaluate(
                "node => [...node.querySelectorAll('.netbook-form, .netbook-form *')]"
                ".filter(each => each.getBoundingClientRect().right > innerWidth + 1).length"
            )
            assert wider == 0
        page.screenshot(f"questions-{name}")


def test_on_paper_the_same_words_with_tick_boxes(page: NotebookPage) -> None:
    answer_all(page)
    page.run(QUIZ)
    page.output(QUIZ).get_by_role("radio").nth(1).check()
    expect(page.output(QUIZ).get_by_role("status").nth(1)).to_contain_text(
        "Right. It is a program on the host"
    )
    for number in (YES, QUIZ):
        expect(page.output(number).locator(".netbook-form")).to_be_visible()
        expect(paper(page, number)).to_be_hidden()
    page.page.emulate_media(media="print")
    for number in (YES, QUIZ):
        expect(page.output(number).locator(".netbook-form")).to_be_hidden()
        expect(paper(page, number)).to_be_visible()
    expect(paper(page, YES)).to_contain_text("☑ yes")
    page.page.emulate_media(media="screen")
    stored = page.save()
    assert stored.cells[YES].outputs[0].data["text/plain"] == "Does `bbox03` reach itself?\n☑ yes   ☐ no"
    assert "☑ b) On 80" in stored.cells[QUIZ].outputs[0].data["text/plain"]
    exported, _ = HTMLExporter().from_notebook_node(files.tidy(stored))
    read = page.page.context.new_page()
    read.set_content(exported)
    expect(read.get_by_text("☑ b) On 80")).to_be_visible()
    reason = read.locator("details").first.get_by_text("Right. It is a program")
    expect(reason).to_be_hidden()
    read.get_by_text("Answers to 1", exact=True).click()
    expect(reason).to_be_visible()
    read.close()


def test_a_notebook_opened_without_its_kernel_has_the_paper(
    page: NotebookPage, jupyterlab: JupyterLab
) -> None:
    for number in (0, YES, QUIZ):
        page.run(number)
    expect(page.output(QUIZ).locator(".netbook-form")).to_be_visible()
    page.save()
    jupyterlab.end_kernels()
    page.reload()  # the kernel that it opens with knows nothing of the widgets
    for number, words in ((YES, "☐ yes"), (QUIZ, "☐ b) On 80")):
        expect(paper(page, number)).to_contain_text(words)
        expect(paper(page, number)).to_be_visible()
        lost = page.output(number).get_by_text("Error displaying widget")  # JupyterLab's, having looked
        expect(lost).to_have_count(1)
        expect(lost).to_be_hidden()
