"""A prediction, in every form a reader may write it, and what comes of it."""

from __future__ import annotations

import pandas as pd
import pytest

from netbook.errors import NotFound
from netbook.learn.prediction import Prediction
from netbook.model.programs import Answer
from netbook.reach.reachability import Reachability
from tests.unit.diagram.test_diagram import texts
from tests.unit.reach.test_reachability import THREE, answers

GRID = """
     a    b    c
a    –    yes  yes
b    yes  –    ?
"""
PAIRS = {("a", "b"): True, ("a", "c"): True, ("b", "a"): "yes"}


@pytest.mark.parametrize(
    "cells",
    [
        GRID,
        PAIRS,
        pd.DataFrame([["", "yes", "yes"], ["yes", "", "?"]], index=["a", "b"], columns=["a", "b", "c"]),
        Prediction("abc", PAIRS).table,
    ],
)
def test_every_form_says_the_same(cells):
    made = Prediction("abc", cells)
    assert made.table.to_dict("index") == {
        "a": {"a": "–", "b": "yes", "c": "yes"},
        "b": {"a": "yes", "b": "–", "c": "?"},
        "c": {"a": "?", "b": "?", "c": "–"},
    }
    assert made.form is None


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("yes", True),
        ("No", False),
        ("?", None),
        (None, None),
        (False, False),
        (float("nan"), None),
        ("✗", False),
    ],
)
def test_words_for_a_guess(word, value):
    assert Prediction("ab", {("a", "b"): word})["a", "b"] is value


@pytest.mark.parametrize(
    ("cells", "error", "words"),
    [
        ({("a", "b"): "maybe"}, ValueError, r"'maybe' is no prediction; it must be yes, no or \?"),
        ({("a", "bbox9"): True}, NotFound, r"'bbox9'(.|\n)*predict for: a, b"),
        ("   a  b\na  –", ValueError, "1 answers; expected 2"),
        ([1, 2], ValueError, "not list; expected"),
        ({"a": True}, ValueError, "not dict; expected"),
    ],
)
def test_what_a_reader_would_do_wrong(cells, error, words):
    with pytest.raises(error, match=words):
        Prediction("ab", cells)


def test_to_oneself_there_is_nothing_to_predict():
    made = Prediction("ab", {("a", "a"): True})  # as in a table copied from a matrix
    with pytest.raises(ValueError, match="nothing to predict"):
        made["a", "a"] = True


def test_containers_may_be_named_by_themselves():
    class Container:
        name = "a"

    assert Prediction("ab", {(Container(), "b"): True})["a", "b"] is True


def test_a_figure_to_fill_in_with_a_pencil():
    made = Prediction("ab")
    assert made.text.startswith("My prediction: who reaches whom, by address: 0 of 2 pairs predicted\n")
    assert made.alt == "My prediction: who reaches whom, by address: 0 of 2 pairs predicted."
    assert not {"✓ yes", "✗ no", "?"} & set(texts(made))


def test_alt_text_says_the_guesses():
    assert Prediction("abc", GRID).alt.endswith("3 of 6 pairs predicted. a → b yes; a → c yes; b → a yes.")
    many = [f"bbox{i}" for i in range(9)]
    alt = Prediction(many, {(a, b): False for a in many for b in many}).alt
    assert alt.endswith("60 more.")
    assert len(alt) < 400


def test_buttons_fill_it_in():
    made = Prediction("ab")
    button = made.form.buttons["a", "b"]
    assert (button.description, button.tooltip) == ("?", "a → b")
    for face, value in (("✓ yes", True), ("✗ no", False), ("?", None), ("✓ yes", True)):
        button.click()
        assert (button.description, made["a", "b"]) == (face, value)
    assert made.form.buttons["b", "a"].description == "?"
    assert "1 of 2 pairs predicted" in made.text


@pytest.mark.parametrize(("number", "shown"), [(0, False), (1, False), (2, True), (10, True), (11, False)])
def test_buttons_only_for_a_few(number, shown):
    assert (Prediction([f"bbox{i}" for i in range(number)]).form is not None) is shown


# ---------------------------------------------------------------- compared


def test_states():
    found = Prediction("abc", GRID).compare(Reachability("abc", THREE))
    assert found.table.to_dict("index") == {
        "a": {"a": "–", "b": "right", "c": "surprise"},
        "b": {"a": "right", "b": "–", "c": "not attempted"},
        "c": {"a": "not measured", "b": "not measured", "c": "–"},
    }
    assert found.surprises.to_dict("records") == [
        {"source": "a", "target": "c", "predicted": "yes", "answer": "no", "reason": "no reply"}
    ]
    assert found.text.splitlines()[0] == (
        "Predicted and measured, by address: 2 right, 1 surprise, 1 not attempted, 2 not measured"
    )
    assert found.text.splitlines()[-1] == "  ! a → c: predicted yes, it is no (no reply)"
    assert "Surprises: a → c: predicted yes, it is no (no reply)." in found.alt


def test_a_surprise_the_other_way_round():
    found = Prediction("ab", {("a", "b"): False}).compare(Reachability("ab", answers(a_b="/", b_a="/")))
    assert found.surprises.reason.tolist() == ["reply"]


def test_by_name_looks_at_the_names():
    guesses = Prediction("abc", {("b", "c"): False}, "name")
    assert guesses.compare(Reachability("abc", THREE)).state("b", "c") == "right"


def test_measured_in_another_way():
    with pytest.raises(
        ValueError, match=r"predicted by name, measured by address; use lab.reachability\('name'\)"
    ):
        Prediction("ab", None, "name").compare(Reachability("ab", [], "address"))


def test_containers_that_came_and_went_between():
    measured = Reachability("bc", [Answer("b", "c", "address"), Answer("c", "b", "address")], "address")
    found = Prediction("ab", {("a", "b"): True}).compare(measured)
    assert found.state("a", "b") == "not measured"
    assert found.state("b", "c") == "not attempted"
    assert "not there when it was measured" in "\n".join(texts(found))


def test_states_are_told_by_symbol_and_word():
    written = set(texts(Prediction("abc", GRID).compare(Reachability("abc", THREE))))
    assert {"✓ right", "! surprise", "… not attempted", "? not measured", "it is yes", "it is no"} <= written


def test_nothing_at_all():
    found = Prediction("").compare(Reachability("", []))
    assert "nothing to compare" in found.text
    assert found.svg
