"""One question before a measurement: `guess = lab.guess(…)`, and in the next cell `guess.judge(…)`.

What the reader guesses is never required; the judge is what was measured, not a key that somebody wrote down.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import cached_property

from netbook.errors import WrongArgument
from netbook.learn.asked import Asked, Choice, Guessed, Name, Number, plain, same
from netbook.learn.guess_form import GuessForm
from netbook.learn.paper import Paper
from netbook.learn.words import Words, marked_up

_Key = tuple[str, str, Asked]
_MADE: dict[
    _Key, Guessed
] = {}  # what was guessed in this kernel outlives its object: a cell may be run again
_OPEN = {"", "?"}


class Guess(Words):
    """A question that can be answered before it is measured. Introduced in chapter 00.

    In a notebook it is a row of buttons, or a box to write in; on paper, tick boxes or a line. `.answer` is
    the guess, or None; it can be set: `guess.answer = "yes"`, and taken back: `guess.answer = None`.
    """

    def __init__(self, question: str, asked: Asked, lab: str = "") -> None:
        self.question = " ".join(question.split())
        if not self.question:
            raise WrongArgument("the question is empty; ask in one sentence, as in 'Will it answer?'")
        self.asked = asked
        self._key: _Key = (lab, self.question, asked)

    @property
    def answer(self) -> Guessed | None:
        """What was guessed for this question in this kernel; None as long as nothing was."""
        return _MADE.get(self._key)

    @answer.setter
    def answer(self, value: object) -> None:
        if value is None or (isinstance(value, str) and value.strip() in _OPEN):
            _MADE.pop(self._key, None)
        else:
            _MADE[self._key] = self.asked.read(value)
        if "form" in self.__dict__:
            self.form.refresh()

    def judge(self, measured: object) -> None:
        """Show what was measured, and whether that was the guess: right, or a surprise.

        `measured` is a value of the cell: True or False for yes or no, a number, a name, a container, one of
        the choices. Errors: WrongArgument if it cannot be an answer to this question.
        """
        from IPython.display import display

        display(self.judgement(measured))

    def judgement(self, measured: object) -> Paper:
        """The same as words, without showing them."""
        try:
            found = self.asked.read(measured)
        except WrongArgument as wrong:
            raise WrongArgument(
                f"measured, for {self.question!r}: {wrong.what}",
                remedy="judge by a value that can be an answer, or ask for another kind in lab.guess(…)",
            ) from None
        if self.answer is None:
            parts = ["Measured: ", plain(found), ". You had not guessed."]
        else:
            word = "right" if same(self.answer, found) else "a surprise"
            parts = ["Measured: ", plain(found), ". You guessed ", plain(self.answer), f": {word}."]
        marked = (
            html.escape(p) if n % 2 == 0 else f"<strong>{html.escape(p)}</strong>"
            for n, p in enumerate(parts)
        )
        return Paper("".join(parts), f"<p>{''.join(marked)}</p>")

    # -- words, paper, buttons ------------------------------------------------

    @property
    def paper(self) -> Paper:
        """The question with tick boxes, or a line to write on."""
        lines = self.asked.lines(self.answer)
        boxes = self.asked.faces(self.answer) if isinstance(self.asked, Choice) else lines
        row = " &emsp; ".join(
            f'<span style="display:inline-block">{html.escape(box)}</span>' for box in boxes
        )
        return Paper("\n".join([self.question, *lines]), f"<p>{marked_up(self.question)}<br>{row}</p>")

    @property
    def text(self) -> str:
        """The question, and what can be answered, as lines."""
        return self.paper.text

    @property
    def html(self) -> str:
        """The same for the page."""
        return self.paper.html

    @cached_property
    def form(self) -> GuessForm:
        """The buttons or the box."""
        return GuessForm(self)

    def _ipython_display_(self) -> None:
        self.form.display()


def ask(
    question: str, choices: Iterable[object] | None, number: bool, unit: str, name: bool, lab: str
) -> Guess:
    """A guess of the kind that is asked for; without any: yes or no. Errors: WrongArgument for two kinds."""
    kinds = [
        word
        for word, given in (("choices", choices is not None), ("number", number), ("name", name))
        if given
    ]
    if len(kinds) > 1:
        raise WrongArgument(
            f"{' and '.join(kinds)} are given; a guess is one of them, or yes or no without any"
        )
    if unit and not number:
        raise WrongArgument(f"unit is {unit!r}; it goes with number=True")
    if number:
        return Guess(question, Number(unit.strip()), lab)
    return Guess(question, Name() if name else Choice.of(("yes", "no") if choices is None else choices), lab)
