"""The chapters' quizzes, as data: enough of them, no pattern to guess by, nothing that a run decides."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from netbook.learn import question

CHAPTERS = [f"{number:02}" for number in range(9)]
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
ALLOWED = {"0.0.0.0", "127.0.0.1", "127.0.0.11"}  # by definition, the same everywhere
CHOSEN = {"10.1.0.2", "10.2.0.3", "10.1.200.7", "10.0.0.5"}  # by the question itself


def test_chapters_00_to_08_have_one():
    assert set(CHAPTERS) <= set(question.chapters())


@pytest.mark.parametrize("chapter", question.chapters())
def test_at_least_four_questions(chapter):
    assert len(question.read(chapter)) >= 4


@pytest.mark.parametrize("chapter", question.chapters())
def test_the_place_of_an_answer_does_not_tell_it(chapter):
    firsts = Counter(
        [answer.right for answer in asked.answers].index(True) for asked in question.read(chapter)
    )
    assert len(firsts) >= 2
    assert max(firsts.values()) <= len(question.read(chapter)) / 2


@pytest.mark.parametrize("chapter", question.chapters())
def test_sentences(chapter):
    for asked in question.read(chapter):
        assert asked.text[-1] in "?." or asked.text.endswith("?`"), asked.text
        reasons = [answer.reason for answer in asked.answers]
        assert len(set(reasons)) == len(reasons), f"{asked.id}: one reason is there twice"
        for answer in asked.answers:
            assert answer.reason[-1] in ".)", answer.reason
            assert len(answer.reason.split()) >= 4, f"{asked.id}: say why: {answer.reason}"
        for text in (asked.text, *(answer.text for answer in asked.answers), *reasons):
            assert text.count("`") % 2 == 0, text
            assert text == " ".join(text.split()), text


@pytest.mark.parametrize("chapter", question.chapters())
def test_no_address_that_a_run_decides(chapter):
    for asked in question.read(chapter):
        said = " ".join([asked.text, *(f"{answer.text} {answer.reason}" for answer in asked.answers)])
        assert set(_ADDRESS.findall(said)) <= ALLOWED | CHOSEN, asked.id


def test_ids_are_used_once_in_the_book():
    ids = Counter(asked.id for chapter in question.chapters() for asked in question.read(chapter))
    assert [name for name, times in ids.items() if times > 1] == []
