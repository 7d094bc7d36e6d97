"""The card of an exercise on a real engine: it ticks by whatever means, and nothing of it stays."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from netbook import Lab
from netbook.learn.card import Card
from netbook.learn.program import play

_PATIENCE = 15  # seconds


def until(true: Callable[[], object]) -> None:
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < _PATIENCE
        time.sleep(0.02)


def threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("netbook-task")]


@pytest.fixture
def card(lab: Lab) -> Iterator[Card]:
    made = Card(lab.task("07-move"))
    made.follow()
    yield made
    lab.clean()
    assert not threads()


def docker(lab: Lab, *words: str) -> None:
    environment = {**os.environ, "DOCKER_HOST": lab.engine.where}
    subprocess.run(["docker", *words], env=environment, check=True, capture_output=True)


def test_it_ticks_by_a_terminal_and_by_a_verb(lab: Lab, card: Card) -> None:
    assert "Not attempted yet." in card._goals.value
    docker(lab, "network", "connect", "store", "typist")
    until(lambda: "joining one does not leave the other" in card._goals.value)
    lab.network("office").disconnect(lab.container("typist"))
    until(lambda: "Solved." in card._goals.value)


def test_its_own_looking_is_no_event(lab: Lab, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    play(card._task.exercise.solution, lab)
    until(lambda: "Solved." in card._goals.value)
    seen = [time.monotonic()]
    judged = card._task.judged
    monkeypatch.setattr(card._task, "judged", lambda: (seen.append(time.monotonic()), judged())[1])
    until(lambda: time.monotonic() - seen[-1] > 2)  # the solution's last events may come late, but they end
    before = len(seen)
    lab.container("typist").exec("true")  # the reader's own is one
    until(lambda: len(seen) > before)
    time.sleep(4)
    assert len(seen) <= before + 2


def test_the_buttons(lab: Lab, card: Card) -> None:
    card.buttons["hint"].click()
    assert "Hint 1 of 3" in card._said.value
    card.buttons["look"].click()
    assert card._said.value.count("<img") == 2
    card.buttons["solution"].click()
    assert "One way:" in card._said.value
    play(card._task.exercise.solution, lab)
    card.buttons["check"].click()
    assert "Solved, after the solution was shown." in card._goals.value
    card.buttons["start"].click()
    assert "Not attempted yet." in card._goals.value
    docker(lab, "rm", "-f", "typist", "boss", "cash")
    docker(lab, "network", "rm", "office", "store")
    card.buttons["check"].click()
    assert "cannot be judged" in card._goals.value
    assert "task.start()" in card._goals.value


def test_a_cleaned_lab_is_said(lab: Lab) -> None:
    card = Card(lab.task("07-move"))
    card.follow()
    lab.clean()
    assert "the lab was cleaned" in card._note.value
    assert not threads()
