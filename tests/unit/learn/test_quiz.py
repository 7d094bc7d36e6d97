"""A quiz: its data and what can be wrong in them, its words, its widget in this process."""

from __future__ import annotations

import re

import pytest
from IPython.utils.capture import capture_output

import netbook
from netbook.errors import NotFound, WrongArgument
from netbook.learn import question
from netbook.learn import quiz as module
from netbook.learn.question import Question, QuizAnswer
from netbook.learn.quiz import Quiz

ONE = Question(
    "what-is-42",
    "What is `42`?",
    (
        QuizAnswer("A <port>.", "It is not."),
        QuizAnswer("An index.", "On the host.", right=True),
        QuizAnswer("A name.", "Names are random."),
    ),
)
MANY = Question(
    "who",
    "Who is it?",
    (
        QuizAnswer("I", "It is I.", right=True),
        QuizAnswer("You", "It is not you."),
        QuizAnswer("We", "It is we.", right=True),
    ),
)
TEXT = """\
1. What is `42`?
   ☐ a) A <port>.
   ☐ b) An index.
   ☐ c) A name.

2. Who is it? (more than one is right)
   ☐ a) I
   ☐ b) You
   ☐ c) We

The answers
1. a) Not right. It is not.
   b) Right. On the host.
   c) Not right. Names are random.
2. a) Right. It is I.
   b) Not right. It is not you.
   c) Right. It is we."""
FILE = """
[[question]]
id = "one"
text = "One?"
[[question.answer]]
text = "a"
reason = "b"
[[question.answer]]
text = "c"
reason = "d"
right = true
[[question.answer]]
text = "e"
reason = "f"
"""


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch):
    monkeypatch.setattr(module, "_GIVEN", {})


@pytest.fixture
def quiz() -> Quiz:
    return Quiz("02", (ONE, MANY))


# ---------------------------------------------------------------- words


def test_tick_boxes_and_the_key_at_the_end(quiz):
    assert quiz.text == repr(quiz) == TEXT
    assert quiz._repr_mimebundle_()["text/plain"] == TEXT


def test_html_has_the_same_words_with_the_answers_folded_away(quiz):
    html = quiz.paper.html
    assert html.count("<details>") == html.count("</details>") == 2
    folded = "".join(re.findall(r"<details>.*?</details>", html))
    assert "<summary>Answers to 1</summary>" in folded
    shown = re.sub(r"<details>.*?</details>", "", html)
    for line in (line.strip() for line in TEXT.splitlines()):
        said = line.replace("<port>", "&lt;port&gt;").replace("`42`", "<code>42</code>")
        if line.startswith("☐"):
            assert said in shown
            assert said not in folded
        elif "ight. " in line:
            reason = re.sub(r"^\d\. ", "", said)
            assert reason in folded
            assert reason not in shown


def test_what_was_answered_is_ticked(quiz):
    quiz.given = {"who": (0, 2)}
    assert quiz.text.splitlines()[6:9] == ["   ☑ a) I", "   ☐ b) You", "   ☑ c) We"]
    assert "☑ a) I<br>☐ b) You<br>☑ c) We" in quiz.paper.html


def test_answers_stay_in_this_kernel_for_their_chapter(quiz):
    quiz.given = {"who": (1,)}
    assert Quiz("02", (ONE, MANY)).given == {"who": (1,)}
    assert Quiz("03", (ONE, MANY)).given == {}


def test_answers_that_do_not_exist_are_dropped(quiz):
    quiz.given = {"who": (1, 7), "what-is-42": (), "gone": (0,)}
    assert quiz.given == {"who": (1,)}


# ---------------------------------------------------------------- the widget


def test_the_widget_is_told_all_and_tells_what_was_chosen(quiz):
    widget = quiz.form.widget
    assert [entry["many"] for entry in widget.questions] == [False, True]
    assert widget.questions[0]["answers"][1] == {
        "text": "An index.",
        "verdict": "Right. On the host.",
        "right": True,
    }
    widget.given = {"what-is-42": [1], "who": [0, 2]}
    assert quiz.given == {"what-is-42": (1,), "who": (0, 2)}
    widget.given = {"what-is-42": [0], "who": []}
    assert quiz.given == {"what-is-42": (0,)}


def test_a_cell_that_was_run_again_knows_the_answers(quiz):
    quiz.form.widget.given = {"who": [1]}
    assert Quiz("02", (ONE, MANY)).form.widget.given == {"who": [1]}


def test_in_a_notebook_the_paper_comes_first_and_follows_the_form(quiz, shell):
    with capture_output() as shown:
        quiz._ipython_display_()
    paper, form = (output.data for output in shown.outputs)
    assert paper["text/plain"] == TEXT
    assert form["application/vnd.jupyter.widget-view+json"]["model_id"] == quiz.form.widget.model_id
    with capture_output() as updated:
        quiz.form.widget.given = {"who": [1]}
    assert "☑ b) You" in updated.outputs[-1].data["text/plain"]


# ---------------------------------------------------------------- by its chapter


@pytest.mark.parametrize("chapter", ["02", 2, " 02 "])
def test_a_chapter_by_its_number(chapter):
    assert netbook.quiz(chapter).questions == question.read("02")


@pytest.mark.parametrize("chapter", ["99", 99, "2", "../02", "02-bridge", ""])
def test_a_chapter_that_is_none(chapter):
    with pytest.raises(NotFound, match=r"no chapter '.*' has a quiz(.|\n)*choose one of: 00, 01, 02"):
        netbook.quiz(chapter)


# ---------------------------------------------------------------- wrong data


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('id = "one"', 'id = "One two"', "question 'One two': its id must be words joined by '-'"),
        ("right = true", "", "question 'one': no answer is right"),
        ("reason", "right = true\nreason", None),
        ('reason = "b"', 'reason = " "', "question 'one': an answer has no reason"),
        ('text = "c"', 'text = "a"', "question 'one': one answer is there twice"),
        ('text = "c"', 'words = "c"', "unexpected keyword argument 'words'"),
        ('text = "One?"', "", "'text'"),
        (
            '[[question.answer]]\ntext = "e"\nreason = "f"\n',
            "",
            "it has 2 answers; it must have three or more",
        ),
        ("[[question]]", "[[question", "Expected"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path, before, after, words):
    assert before in FILE
    if words is None:  # every answer right; the one that was so already is said once
        text = FILE.replace("right = true", "").replace(before, after)
        words = "question 'one': every answer is right"
    else:
        text = FILE.replace(before, after, 1)
    (tmp_path / "77.toml").write_text(text)
    with pytest.raises(WrongArgument, match=re.escape("77.toml: ") + ".*" + re.escape(words)):
        question.read("77", tmp_path)


def test_two_questions_of_one_id(tmp_path):
    (tmp_path / "77.toml").write_text(FILE + FILE)
    with pytest.raises(WrongArgument, match=r"77.toml: two questions have one id"):
        question.read("77", tmp_path)


def test_a_file_that_is_right(tmp_path):
    (tmp_path / "77.toml").write_text(FILE)
    (found,) = question.read("77", tmp_path)
    assert (found.id, found.many, [answer.right for answer in found.answers]) == (
        "one",
        False,
        [False, True, False],
    )
