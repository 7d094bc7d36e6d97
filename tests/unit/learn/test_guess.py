"""A guess: what may be asked and answered, how the measurement judges it, its buttons and its box."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from IPython.utils.capture import capture_output

from netbook.errors import WrongArgument
from netbook.learn import guess as module
from netbook.learn.guess import Guess, ask
from netbook.learn.guess_form import NOTHING

ADDRESSES = ["172.17.0.2", "172.17.0.3"]


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch):
    monkeypatch.setattr(module, "_MADE", {})


def guess(question="Will it answer?", choices=None, number=False, unit="", name=False, lab="lab") -> Guess:
    return ask(question, choices, number, unit, name, lab)


class Container:
    name = "bbox02"


# ---------------------------------------------------------------- on paper


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Will it answer?\n☐ yes   ☐ no"),
        ({"choices": ADDRESSES}, "Will it answer?\n☐ 172.17.0.2   ☐ 172.17.0.3"),
        ({"choices": ["a" * 40, "b" * 40]}, f"Will it answer?\n☐ {'a' * 40}\n☐ {'b' * 40}"),
        ({"number": True}, "Will it answer?\n________"),
        ({"number": True, "unit": "ms"}, "Will it answer?\n________ ms"),
        ({"name": True}, "Will it answer?\n____________________"),
    ],
)
def test_a_form_for_a_pencil(asked, words):
    made = guess(**asked)
    assert made.text == repr(made) == words
    bundle = made._repr_mimebundle_()
    assert bundle["text/plain"] == words
    for line in words.replace("   ", "\n").splitlines():
        assert line in bundle["text/html"]


def test_what_was_guessed_is_ticked_and_written():
    made, number = guess(), guess("How many?", number=True, unit="ms")
    made.answer, number.answer = "no", 3
    assert made.text == "Will it answer?\n☐ yes   ☑ no"
    assert number.text == "How many?\n3 ms"


def test_html_shows_code_and_hides_nothing():
    made = guess("Is `a<b` so?", choices=["<b>", "&"])
    assert "<code>a&lt;b</code>" in made.paper.html
    assert "☐ &lt;b&gt;" in made.paper.html


# ---------------------------------------------------------------- judged


@pytest.mark.parametrize(
    ("asked", "answer", "measured", "words"),
    [
        ({}, None, True, "Measured: yes. You had not guessed."),
        ({}, "yes", True, "Measured: yes. You guessed yes: right."),
        ({}, "yes", np.bool_(False), "Measured: no. You guessed yes: a surprise."),
        ({}, False, "No", "Measured: no. You guessed no: right."),
        ({"choices": ADDRESSES}, None, "172.17.0.3", "Measured: 172.17.0.3. You had not guessed."),
        (
            {"choices": ADDRESSES},
            "172.17.0.2",
            "172.17.0.3",
            "Measured: 172.17.0.3. You guessed 172.17.0.2: a surprise.",
        ),
        ({"choices": [1, 2, 3]}, 2, np.int64(2), "Measured: 2. You guessed 2: right."),
        ({"choices": ["Bridge", "none"]}, "NONE", None, "Measured: none. You guessed none: right."),
        ({"number": True}, "2", 2.0, "Measured: 2. You guessed 2: right."),
        ({"number": True}, " 2.50", np.float64(2.5), "Measured: 2.5. You guessed 2.5: right."),
        ({"number": True}, 1, 48017, "Measured: 48017. You guessed 1: a surprise."),
        ({"number": True}, 1, 12345678, "Measured: 12345678. You guessed 1: a surprise."),
        ({"number": True, "unit": "ms"}, "4 ms", "4", "Measured: 4. You guessed 4: right."),
        ({"number": True}, 3, pd.Series([3]), "Measured: 3. You guessed 3: right."),
        ({"name": True}, " `Bbox02` ", Container(), "Measured: bbox02. You guessed Bbox02: right."),
        ({"name": True}, "eth0", "eth1\n", "Measured: eth1. You guessed eth0: a surprise."),
    ],
)
def test_the_measurement_judges(asked, answer, measured, words):
    made = guess(**asked)
    made.answer = answer
    found = made.judgement(measured)
    assert found.text == words
    plain = found.html.replace("<strong>", "").replace("</strong>", "")
    assert plain == f"<p>{words}</p>"


def test_judge_shows_it_wherever_it_stands_in_a_cell(shell):
    with capture_output() as shown:
        guess().judge(True)
    assert [output.data["text/plain"] for output in shown.outputs] == ["Measured: yes. You had not guessed."]
    assert set(shown.outputs[0].data) == {"text/plain", "text/html"}


@pytest.mark.parametrize(
    ("asked", "measured", "words"),
    [
        ({"choices": ADDRESSES}, "10.0.0.9", r"'10.0.0.9' is none of the choices: 172.17.0.2, 172.17.0.3\."),
        ({"choices": ADDRESSES}, True, "'yes' is none of the choices"),
        ({}, None, "'None' is none of the choices: yes, no"),
        ({"number": True}, True, "'yes' is no number"),
        ({"number": True}, float("nan"), "'nan' is no number"),
        ({"number": True}, pd.Series([1, 2]), "2 values are not one answer; take one of them"),
        ({"name": True}, "", "'' is no name"),
        ({"name": True}, None, "None is no name"),
        ({"name": True}, pd.Series(["a", "b"], name="address"), "2 values are not one answer"),
    ],
)
def test_a_measured_value_that_cannot_be_an_answer(asked, measured, words):
    with pytest.raises(WrongArgument, match=words) as raised:
        guess(**asked).judge(measured)
    assert str(raised.value).startswith("measured, for 'Will it answer?': ")
    assert "lab.guess(…)" in raised.value.remedy


# ---------------------------------------------------------------- kept


def test_a_guess_outlives_its_cell():
    guess("Which?", ADDRESSES).answer = "172.17.0.3"
    again = guess("Which?", ADDRESSES)
    assert again.answer == "172.17.0.3"
    assert again.judgement("172.17.0.3").text.endswith("right.")
    assert again.judgement("172.17.0.3").text.endswith("right.")


def test_it_is_kept_for_its_question_in_its_lab():
    guess("Which?", ADDRESSES).answer = "172.17.0.3"
    assert guess("Who?", ADDRESSES).answer is None
    assert guess("Which?", [*ADDRESSES, "172.17.0.4"]).answer is None
    assert guess("Which?", ADDRESSES, lab="other").answer is None


@pytest.mark.parametrize("nothing", [None, "", "  ", "?"])
def test_a_guess_is_taken_back(nothing):
    made = guess()
    made.answer = True
    made.answer = nothing
    assert made.answer is None


# ---------------------------------------------------------------- wrong


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [
        ({}, "maybe", r"^'maybe' is none of the choices: yes, no\.$"),
        ({"choices": ADDRESSES}, True, "'yes' is none of the choices"),
        ({"number": True}, "two", r"^'two' is no number; write digits, as in 2 or 0.5\.$"),
        ({"number": True}, "inf", "'inf' is no number"),
        ({"number": True}, True, "'yes' is no number"),
        ({"name": True}, "``", "is no name; write one word, as in bbox01 or eth0"),
    ],
)
def test_an_answer_that_is_none(asked, answer, words):
    made = guess(**asked)
    with pytest.raises(WrongArgument, match=words):
        made.answer = answer
    assert made.answer is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"question": "  "}, "the question is empty; ask in one sentence"),
        ({"choices": "yes"}, "choices is 'yes'; it must be a list of two or more"),
        ({"choices": ["yes"]}, "must be a list of two or more"),
        ({"choices": ["yes", ""]}, "none of them empty"),
        ({"choices": ["yes", "Yes"]}, "each must be there once"),
        ({"choices": ADDRESSES, "number": True}, "choices and number are given; a guess is one of them"),
        ({"number": True, "name": True}, "number and name are given"),
        ({"unit": "ms"}, "unit is 'ms'; it goes with number=True"),
    ],
)
def test_a_question_that_is_none(asked, words):
    with pytest.raises(WrongArgument, match=words):
        guess(**asked)


# ---------------------------------------------------------------- buttons and box


def test_buttons():
    made = guess()
    yes, no = made.form.buttons.values()
    assert (yes.description, no.description) == ("☐ yes", "☐ no")
    assert made.form.status.value == NOTHING
    no.click()
    assert (yes.description, no.description, made.answer) == ("☐ yes", "☑ no", "no")
    assert made.form.status.value == "Your guess: no."
    yes.click()
    assert (yes.description, no.description, made.answer) == ("☑ yes", "☐ no", "yes")
    yes.click()  # again: taken back
    assert (yes.description, no.description, made.answer) == ("☐ yes", "☐ no", None)
    assert made.form.status.value == NOTHING


def test_buttons_of_a_cell_that_was_run_again_know_the_guess():
    guess().answer = "no"
    assert [button.description for button in guess().form.buttons.values()] == ["☐ yes", "☑ no"]


def test_button_and_box_tell_a_screen_reader_the_question():
    button, *_ = guess("Is it `lo`?").form.buttons.values()
    assert button.tooltip == "Is it lo? yes"
    assert guess("Who is `lo`?", name=True).form.box.tooltip == "Who is lo?"


def test_a_box():
    made = guess("How long?", number=True, unit="ms")
    box, status = made.form.box, made.form.status
    assert (box.value, box.continuous_update) == ("", False)
    box.value = "4.0 ms"
    assert (made.answer, box.value, status.value) == (4, "4", "Your guess: 4.")
    box.value = "<long>"
    assert status.value == "&#x27;&lt;long&gt;&#x27; is no number; write digits, as in 2 or 0.5."
    assert made.answer == 4
    box.value = "4"
    assert status.value == "Your guess: 4."
    box.value = ""
    assert status.value == NOTHING
    assert made.answer is None


def test_a_box_shows_what_code_sets():
    made = guess(name=True)
    box = made.form.box
    made.answer = Container()
    assert (box.value, made.form.status.value) == ("bbox02", "Your guess: bbox02.")


def test_in_a_notebook_the_paper_comes_first_and_follows_the_form(shell):
    made = guess()
    with capture_output() as shown:
        made._ipython_display_()
    paper, form = (output.data for output in shown.outputs)
    assert paper["text/plain"] == made.text
    assert '<div class="netbook-paper">' in paper["text/html"]
    assert form["application/vnd.jupyter.widget-view+json"]["model_id"] == made.form.widget.model_id
    assert form["text/plain"] == ""
    with capture_output() as updated:
        made.form.press("yes")
    assert [output.data["text/plain"] for output in updated.outputs] == ["Will it answer?\n☑ yes   ☐ no"]
