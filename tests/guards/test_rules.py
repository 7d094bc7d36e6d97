"""The rules themselves: a sample chapter keeps them all, and each catches one made bad on purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from netbook import quiz
from netbook.learn import exercises
from tests.guards import sample
from tests.guards.rules import RULES, Chapter

PNG = {"image/png": "aGVsbG8=", "text/plain": "<Figure>"}
WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "VBox()"}


def cell(nb: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in nb.cells if cell.id == name)


def says(name: str, text: str) -> Callable[[NotebookNode], None]:
    """Add `text` to a cell's source."""
    return lambda nb: cell(nb, name).update(source=f"{cell(nb, name).source}\n\n{text}")


def without(name: str, text: str, instead: str = "") -> Callable[[NotebookNode], None]:
    """Replace `text` in a cell's source."""

    def spoil(nb: NotebookNode) -> None:
        assert text in cell(nb, name).source
        cell(nb, name).source = cell(nb, name).source.replace(text, instead)

    return spoil


def source(name: str, text: str) -> Callable[[NotebookNode], None]:
    return lambda nb: cell(nb, name).update(source=text)


def outputs(name: str, *new: NotebookNode) -> Callable[[NotebookNode], None]:
    return lambda nb: cell(nb, name).update(outputs=list(new))


def shows(data: dict[str, object]) -> Callable[[NotebookNode], None]:
    return outputs("step-1", new_output("display_data", data=data))


def tagged(name: str, *tags: str) -> Callable[[NotebookNode], None]:
    return lambda nb: cell(nb, name).metadata.update(tags=list(tags))


def dropped(*names: str) -> Callable[[NotebookNode], None]:
    return lambda nb: nb.update(cells=[cell for cell in nb.cells if cell.id not in names])


def moved_to_the_end(name: str) -> Callable[[NotebookNode], None]:
    return lambda nb: nb.cells.append(nb.cells.pop(nb.cells.index(cell(nb, name))))


def both(*changes: Callable[[NotebookNode], object]) -> Callable[[NotebookNode], None]:
    def spoil(nb: NotebookNode) -> None:
        for change in changes:
            change(nb)

    return spoil


def timed(nb: NotebookNode) -> None:
    cell(nb, "step-1").outputs[0].metadata.update(execution={"iopub.status.busy": "…"})


def raised(nb: NotebookNode) -> None:
    cell(nb, "step-1").outputs = [new_output("error", ename="E", evalue="no", traceback=["E: no"])]


def long_traceback(nb: NotebookNode) -> None:
    tagged("step-1", "raises-exception")(nb)
    raised(nb)
    cell(nb, "step-1").outputs[0].traceback = ["File .venv/lib/site-packages/docker/api.py:268"]


ASKED = {"text/plain": "Yes?", "text/html": '<div class="netbook-paper">☐ yes ☐ no</div>'}
JUDGED = {"text/plain": "Measured: yes. You had not guessed.", "text/html": "<p>Measured: yes.</p>"}
QUIZ = {"text/plain": quiz("01").text, "text/html": '<div class="netbook-paper">☐ a)</div>'}


def added(
    name: str, text: str, data: dict[str, object] | None, before: str, tag: str = ""
) -> Callable[[NotebookNode], None]:
    """A code cell more, and the counts as if all had been run again."""

    def change(nb: NotebookNode) -> None:
        made = new_code_cell(text, id=name, outputs=[new_output("display_data", data=data)] if data else [])
        made.metadata.update(tags=[tag] if tag else [])
        nb.cells.insert(nb.cells.index(cell(nb, before)), made)
        for number, each in enumerate((each for each in nb.cells if each.cell_type == "code"), 1):
            each.execution_count = number
            for output in each.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number

    return change


def asked(
    name: str = "ask", question: str = "Yes?", variable: str = "guess", shown=ASKED, before: str = "step-1"
) -> Callable[[NotebookNode], None]:
    return added(name, f"{variable} = lab.guess({question!r})\n{variable}", shown, before)


def judged(
    name: str = "step-2", text: str = "guess.judge(1)", shown=JUDGED
) -> Callable[[NotebookNode], None]:
    new = [new_output("display_data", data=shown) for _ in text.splitlines()]
    return both(source(name, f"{text}\nlen('x')"), outputs(name, *new))


def quizzed(
    text: str = 'netbook.quiz("01")', shown=QUIZ, before: str = "navigation", times: int = 1
) -> Callable[[NotebookNode], None]:
    """A quiz below `Check yourself`, or before another cell, and no answers in markdown."""

    more = [added(f"check-{n}", text, shown, before) for n in range(times)]
    return both(source("quiz", "## Check yourself"), *more)


def turned(*ids: str, text: str = "# your turn", check: str = "Not attempted yet. 0 of 1 goals are met."):
    """Exercises, each of them a task, a turn and a check."""
    more = []
    for name in ids:
        more += [
            added(f"task-{name[3:]}", f"task = lab.task({name!r})\ntask", {"text/plain": "Do it."}, "recap"),
            added(f"turn-{name[3:]}", text, None, "recap", "exercise"),
            added(f"check-{name[3:]}", "task.check()", {"text/plain": check}, "recap"),
        ]
    return both(*more)


def many_questions(nb: NotebookNode) -> None:
    """Fourteen, which with the steps are more cells than a chapter may have."""
    for n in range(14):
        asked(f"ask-{n}", f"{n}?", f"g{n}")(nb)
    for name, numbers in (("step-2", range(7)), ("step-3", range(7, 14))):
        judged(name, "\n".join(f"g{n}.judge(1)" for n in numbers))(nb)


# fmt: off
BAD: list[tuple[str, str, Callable[[NotebookNode], object]]] = [
    ("valid_notebook", "old format", lambda nb: nb.update(nbformat_minor=4)),
    ("valid_notebook", "no source", lambda nb: cell(nb, "story").pop("source")),
    ("metadata_is_minimal", "version", lambda nb: nb.metadata.language_info.update(version="3.11.2")),
    ("metadata_is_minimal", "widget state", lambda nb: nb.metadata.update(widgets={})),
    ("metadata_is_minimal", "times", lambda nb: cell(nb, "step-1").metadata.update(execution={})),
    ("human_ids", "random", lambda nb: cell(nb, "step-3").update(id="3f2a9c01")),
    ("human_ids", "uuid", lambda nb: cell(nb, "step-3").update(id="a3b1c2d4-0000-4000-8000-000000000000")),
    ("human_ids", "upper case", lambda nb: cell(nb, "step-3").update(id="Step")),
    ("human_ids", "twice", lambda nb: cell(nb, "step-3").update(id="step-4")),
    ("title_and_summary", "no title cell", dropped("title")),
    ("title_and_summary", "second H1", says("story", "# Another")),
    ("title_and_summary", "no summary", without("title", "\n\nWhat a chapter looks like.")),
    ("title_and_summary", "list for summary", without("title", "What a", "- What a")),
    ("title_and_summary", "two lines", without("title", "looks like.", "looks\nlike.")),
    ("title_and_summary", "long summary", without("title", "looks", "looks" * 50)),
    ("sections_in_order", "no recap", dropped("recap")),
    ("sections_in_order", "wrong order", moved_to_the_end("goals")),
    ("sections_in_order", "twice", says("story", "## Recap")),
    ("sections_in_order", "no list", without("goals", "- the")),
    ("answers_are_collapsed", "one only", without("quiz", "<summary>Answer</summary>\n\nThe", "The")),
    ("answers_are_collapsed", "in the open", says("quiz", "**Answer**: in the open")),
    ("answers_are_collapsed", "open", without("quiz", "<details>", "<details open>")),
    ("answers_are_collapsed", "not closed", says("story", "<details>")),
    ("navigation_is_current", "missing", dropped("navigation")),
    ("navigation_is_current", "typed", says("navigation", "and on")),
    ("navigation_is_current", "not last", moved_to_the_end("quiz")),
    ("executed_in_order", "gap", lambda nb: cell(nb, "step-12").update(execution_count=14)),
    ("executed_in_order", "never run", lambda nb: cell(nb, "step-12").update(execution_count=None)),
    ("executed_in_order", "swapped", moved_to_the_end("step-1")),
    ("no_empty_cell", "code", source("step-2", "  \n")),
    ("no_empty_cell", "markdown", source("recap", "")),
    ("results_are_stored", "no result", outputs("step-1")),
    ("results_are_stored", "name", both(source("step-1", "value"), outputs("step-1"))),
    ("results_are_stored", "no text", source("step-1", "print(1)")),
    ("results_are_stored", "other run", lambda nb: cell(nb, "step-1").outputs[0].update(execution_count=7)),
    ("errors_are_announced", "not announced", raised),
    ("errors_are_announced", "not raised", tagged("step-1", "raises-exception")),
    ("small_steps", "few", dropped("step-12")),
    ("small_steps", "many", lambda nb: nb.cells.extend(new_code_cell("1", id=f"s{n}") for n in range(14))),
    ("small_steps", "long", source("step-1", "1\n" * 13)),
    ("small_steps", "wide", source("step-1", "x" * 79)),
    ("small_steps", "one-liners", lambda nb: [source(f"step-{n}", "1")(nb) for n in range(1, 13)]),
    ("ignores_are_allowed", "comment", source("step-1", "# NBVAL_IGNORE_OUTPUT\n1")),
    ("ignores_are_allowed", "not listed", tagged("step-1", "nbval-ignore-output")),
    ("ignores_are_allowed", "skip", tagged("step-1", "nbval-skip")),
    ("ignores_are_allowed", "unknown", tagged("step-1", "nbval-raises-exception")),
    ("error_output_is_short", "frames", long_traceback),
    ("error_output_is_short", "times", timed),
    ("images_have_alt_text", "markdown", says("story", "![](bridge.svg)")),
    ("images_have_alt_text", "html", says("story", '<img src="bridge.svg">')),
    ("images_have_alt_text", "empty alt", says("story", '<img alt=" " src="bridge.svg">')),
    ("images_have_alt_text", "output", shows({"text/html": "<img src='data:'>", "text/plain": "x"})),
    ("no_picture_is_png_only", "png", shows(PNG)),
    ("widgets_have_a_figure", "widget", shows(WIDGET)),
    ("enough_words", "few", source("story", "## The story")),
    ("enough_words", "many", says("story", "word " * 1500)),
    ("no_address_that_the_run_decides", "prose", says("story", "It got 172.17.0.2.")),
    ("no_address_that_the_run_decides", "subnet", says("story", "It is `172.17.0.0/16`.")),
    ("no_address_that_the_run_decides", "note", both(says("story", "10.1.1.1"), says("step-1", "#10.1.1.1"))),
    ("no_machine_path", "prose", says("story", "See /home/ann/notes.")),
    ("no_machine_path", "code", source("step-1", 'open("/tmp/x")')),
    ("no_machine_path", "output", shows({"text/plain": "C:\\Users"})),
    ("links_lead_somewhere", "notebook", says("story", "[next](02-missing.ipynb)")),
    ("links_lead_somewhere", "html", says("story", '<a href="gone.md">x</a>')),
    ("links_lead_somewhere", "absolute", says("story", "[x](/README.md)")),
    ("guesses_are_judged", "never", asked()),
    ("guesses_are_judged", "other name", both(asked(), judged(text="other.judge(1)"))),
    ("guesses_are_judged", "twice", both(asked(), judged(), judged("step-3"))),
    ("guesses_are_judged", "at once", both(asked(), says("ask", "guess.judge(1)"))),
    ("guesses_are_judged", "not kept", both(asked(), source("ask", "lab.guess('Yes?')"))),
    ("guesses_are_judged", "one question twice", both(
        asked(), judged(), asked("again", before="step-3"), judged("step-3"))),
    ("guesses_are_judged", "two pending", both(asked(), asked("again", "No?"), judged())),
    ("questions_are_stored_unanswered", "not shown", both(asked(shown={"text/plain": "Yes?"}), judged())),
    ("questions_are_stored_unanswered", "ticked", both(
        asked(shown={"text/html": '<div class="netbook-paper">☑ yes</div>'}), judged())),
    ("questions_are_stored_unanswered", "no verdict", both(asked(), judged(shown={"text/plain": "x"}))),
    ("questions_are_stored_unanswered", "guessed", both(
        asked(), judged(shown={"text/plain": "Measured: yes. You guessed yes: right."}))),
    ("quiz_is_the_chapters", "another's", quizzed('netbook.quiz("02")')),
    ("quiz_is_the_chapters", "no number", quizzed("netbook.quiz()")),
    ("quiz_is_the_chapters", "elsewhere", quizzed(before="recap")),
    ("quiz_is_the_chapters", "changed", quizzed(shown=QUIZ | {"text/plain": "1. What?"})),
    ("quiz_is_the_chapters", "two", quizzed(times=2)),
    ("turns_are_checked", "solved", turned("07-move", text="lab")),
    ("turns_are_checked", "no task", both(turned("07-move"), dropped("task-move"))),
    ("turns_are_checked", "no check", both(turned("07-move"), dropped("check-move"))),
    ("turns_are_checked", "no turn", both(turned("07-move"), dropped("turn-move"))),
    ("turns_are_checked", "no tag", both(turned("07-move"), tagged("turn-move"))),
    ("turns_are_checked", "far away", both(turned("07-move"), moved_to_the_end("turn-move"))),
    ("turns_are_checked", "touched", turned("07-move", check="Not yet. 0 of 1 goals are met.")),
    ("exercises_are_the_chapters", "another's", turned("07-move")),
    ("answers_are_collapsed", "neither", source("quiz", "## Check yourself")),
]

GOOD: list[tuple[str, Callable[[NotebookNode], object]]] = [
    ("announced error", both(tagged("step-1", "raises-exception"), raised)),
    ("alt text", says("story", '![a bridge](../README.md) <img src="x" alt="a bridge">')),
    ("address chosen in code", both(says("story", "10.9.8.0/24"), source("step-1", 's = "10.9.8.0/24"'))),
    ("addresses by definition", says("story", "127.0.0.1, 127.0.0.11 and 0.0.0.0; version 1.2.3")),
    ("links", says("story", "[up](../README.md) [self](01-sample.ipynb#Recap) [web](https://example.org)")),
    ("heading in a fence", says("story", "```sh\n# not a heading\n```")),
    ("svg beside png", shows(PNG | {"image/svg+xml": "<svg/>"})),
    ("figure beside widget", shows(WIDGET | {"text/html": "<p>the same</p>"})),
    ("own tag", tagged("step-1", "predict")),
    ("a guess", both(asked(), judged())),
    ("guesses of one name", both(asked(), judged(), asked("next", "No?", before="step-3"), judged("step-3"))),
    ("a quiz", quizzed()),
    ("a quiz by its name", quizzed('from netbook import quiz\nquiz("01")')),
    ("questions are no steps", many_questions),
    ("container paths", says("story", "`/etc/hosts` and `/proc/net` and the root of trust")),
]

# fmt: on


def broken(nb: NotebookNode, folder, ignores=()) -> set[str]:
    path = sample.save(nb, folder)
    return {name for name, rule in RULES.items() if list(rule(Chapter(path, [path], list(ignores))))}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "notebooks").mkdir()
    return tmp_path / "notebooks"


def test_the_sample_keeps_every_rule(folder):
    assert broken(sample.notebook(), folder) == set()


@pytest.mark.parametrize(("rule", "spoil"), [b[::2] for b in BAD], ids=[f"{b[0]}-{b[1]}" for b in BAD])
def test_a_bad_chapter_is_caught(rule, spoil, folder):
    nb = sample.notebook()
    spoil(nb)
    assert rule in broken(nb, folder)


@pytest.mark.parametrize("change", [g[1] for g in GOOD], ids=[g[0] for g in GOOD])
def test_a_good_chapter_is_not(change, folder):
    nb = sample.notebook()
    change(nb)
    assert broken(nb, folder) == set()


def test_every_rule_has_a_bad_chapter():
    tested = {rule for rule, _, _ in BAD} | {"file_name"}
    assert tested == set(RULES)


def test_file_name(folder):
    path = sample.save(sample.notebook(), folder, "Sample.ipynb")
    assert list(RULES["file_name"](Chapter(path, [path], [])))


def test_an_ignore_on_the_list_is_allowed(folder):
    nb = sample.notebook()
    tagged("step-1", "nbval-ignore-output")(nb)
    entry = {"notebook": sample.NAME, "cell": "step-1", "tag": "nbval-ignore-output", "reason": "it differs"}
    assert broken(nb, folder, [entry]) == set()


def test_an_unused_entry_on_the_list_is_not(folder):
    entry = {"notebook": sample.NAME, "cell": "step-1", "tag": "nbval-ignore-output", "reason": "it differs"}
    assert broken(sample.notebook(), folder, [entry]) == {"ignores_are_allowed"}


def test_chapter_00_may_be_short(folder):
    nb = sample.notebook()
    dropped(*(f"step-{n}" for n in range(7, 13)))(nb)
    without("story", sample.STORY * 40)(nb)
    path = sample.save(nb, folder, "00-sample.ipynb")
    chapter = Chapter(path, [path], [])
    assert not [*RULES["small_steps"](chapter), *RULES["enough_words"](chapter)]


def test_prose_counts_what_the_author_wrote(folder):
    nb = sample.notebook()
    nb.cells.insert(1, new_markdown_cell("```\n" + "word " * 900 + "\n```", id="fence"))
    assert "enough_words" not in broken(nb, folder)


def with_exercises(*ids: str, guesses: int = 6) -> NotebookNode:
    nb = sample.notebook()
    for n in range(guesses):
        asked(f"ask-{n}", f"{n}?", f"g{n}")(nb)
    judged("step-2", "\n".join(f"g{n}.judge(1)" for n in range(guesses)))(nb)
    turned(*ids)(nb)
    return nb


OF_05 = [name for name in exercises.every() if name.startswith("05-")]


@pytest.mark.parametrize(
    ("ids", "guesses", "wrong"),
    [
        (OF_05, 6, ""),
        (OF_05, 5, "has 5 guesses"),
        (OF_05[1:], 6, f"exercise {OF_05[0]!r} stands here 0 times"),
        ([*OF_05, "06-line"], 6, "'06-line' is no exercise of this chapter"),
        (OF_05[:2], 6, "has 2 exercises"),
    ],
)
def test_a_chapter_has_its_exercises_and_some_guesses(ids, guesses, wrong, folder):
    path = sample.save(with_exercises(*ids, guesses=guesses), folder, "05-sample.ipynb")
    found = [said for check in RULES.values() for said in check(Chapter(path, [path], []))]
    assert found == [] if not wrong else any(said.startswith(wrong) for said in found)
