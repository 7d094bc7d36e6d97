"""The widgets of a guess: a row of buttons for choices, a box for a number or a name."""

from __future__ import annotations

import html
from typing import Any, Protocol

from netbook.errors import WrongArgument
from netbook.learn import paper
from netbook.learn.asked import Asked, Choice, Guessed, Number, plain
from netbook.learn.paper import Paper
from netbook.learn.words import marked_up

NOTHING = "No guess yet; you may go on without one."


class Guessable(Protocol):
    """What the form fills in."""

    question: str
    asked: Asked
    answer: Any

    @property
    def paper(self) -> Paper: ...


class GuessForm:
    """The question, what can be pressed or written, and a line that says what the guess is."""

    def __init__(self, guess: Guessable) -> None:
        import ipywidgets as widgets

        self._guess, self._handle = guess, None
        self.buttons: dict[str, widgets.Button] = {}
        self.box: Any = None
        self.status = widgets.HTML()
        wide = widgets.Layout(width="auto", max_width="100%")
        asked = guess.question.replace("`", "")  # a screen reader at the button is told the question
        fields: list[Any] = []
        if isinstance(guess.asked, Choice):
            for option in guess.asked.options:
                button = widgets.Button(layout=wide, tooltip=f"{asked} {option}")
                button.on_click(lambda _, option=option: self.press(option))
                self.buttons[option] = button
                fields.append(button)
        else:
            hint = "a number" if isinstance(guess.asked, Number) else "a name or an address"
            self.box = widgets.Text(description="Your guess", placeholder=hint, continuous_update=False)
            self.box.layout.width, self.box.layout.max_width = "19em", "100%"
            self.box.tooltip = asked
            self.box.observe(self._written, "value")
            fields.append(self.box)
            if isinstance(guess.asked, Number) and guess.asked.unit:
                fields.append(widgets.Label(guess.asked.unit))
        question = widgets.HTML(marked_up(guess.question))
        row = widgets.HBox(fields, layout=widgets.Layout(flex_flow="row wrap"))
        self.widget = widgets.VBox([question, row, self.status])
        self.widget.add_class("netbook-form")
        self.refresh()

    def press(self, option: str) -> None:
        """Guess this; pressed again, take it back."""
        self._guess.answer = None if self._guess.answer == option else option

    def _written(self, change: dict[str, Any]) -> None:
        if change["new"].strip() == _words(self._guess.answer):
            self._say()  # the form itself wrote it, or the reader the same again
            return
        try:
            self._guess.answer = change["new"]
        except WrongArgument as wrong:
            self.status.value = html.escape(str(wrong))

    def refresh(self) -> None:
        """Buttons, box, line and paper say what the guess is now."""
        answer = self._guess.answer
        if isinstance(self._guess.asked, Choice):
            faces = self._guess.asked.faces(answer)
            for button, face in zip(self.buttons.values(), faces, strict=True):
                button.description = face
        else:
            self.box.value = _words(answer)
        self._say()
        paper.update(self._handle, self._guess.paper)

    def _say(self) -> None:
        answer = self._guess.answer
        self.status.value = NOTHING if answer is None else f"Your guess: {html.escape(_words(answer))}."

    def display(self) -> None:
        """The widgets, and the paper for where they do not show."""
        self._handle = paper.show(self._guess.paper, self.widget)


def _words(answer: Guessed | None) -> str:
    return "" if answer is None else plain(answer)
