"""The exercise on the page: its text, and under it a card whose goals are ticked while the reader works.

The text is an output of its own: where widgets do not show (print, a notebook that is not trusted, a
repository's page), it is what is left.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from netbook.errors import NetbookError
from netbook.learn import progress, ticker
from netbook.learn.paper import Paper

if TYPE_CHECKING:
    from netbook.learn.task import Task

_FALLBACK = "Under it, a card with buttons: its goals are ticked while you work."
_IDLE = "This card does not follow any more ({note}). Run its cell again."


class Card:
    """Goals, and buttons for the verbs of a task."""

    def __init__(self, task: Task) -> None:
        import ipywidgets as widgets

        self._task = task
        self._goals = widgets.HTML(task.first_judged().html)
        self._said = widgets.HTML("")
        self._note = widgets.HTML("")
        self.buttons: dict[str, Any] = {}
        for verb, tip in (
            ("check", "judge it now"),
            ("hint", "one more hint"),
            ("look", "the goal beside what there is now"),
            ("solution", "one way to do it"),
            ("start", "remove what you made, and begin again"),
        ):
            button = widgets.Button(description=verb, tooltip=tip, layout=widgets.Layout(width="auto"))
            button.on_click(self._pressed(verb))
            self.buttons[verb] = button
        row = widgets.HBox(list(self.buttons.values()), layout=widgets.Layout(flex_flow="row wrap"))
        self.widget = widgets.VBox([self._goals, row, self._said, self._note])
        self.widget.add_class("netbook-task")

    def follow(self) -> None:
        """Let events judge it anew."""
        found = ticker.of(self._task.workspace)
        found.follow(self._task.id, self._task.exercise.names, self.judge, self.ended)

    def judge(self) -> None:
        """Tick what is met now."""
        verdict = self._task.judged()
        self._goals.value = verdict.html
        if verdict.state == "solved":
            progress.record(self._task.exercise, "solved", attempt=False)

    def ended(self, note: str) -> None:
        """Say that it follows no more."""
        if note:
            self._note.value = f"<p><i>{_IDLE.format(note=note)}</i></p>"

    def _pressed(self, verb: str) -> Callable[[object], None]:
        def act(_: object) -> None:
            for button in self.buttons.values():
                button.disabled = True
            try:
                said = getattr(self._task, verb)()
            except NetbookError as error:
                said = Paper(str(error), f"<pre>{html.escape(str(error))}</pre>")
            finally:
                for button in self.buttons.values():
                    button.disabled = False
            if verb == "check":
                self._goals.value = said.html
            else:
                self._said.value = said.html if said else ""
                if verb == "start":
                    self.judge()

        return act


def show(task: Task) -> None:
    """The text, and under it the card."""
    from IPython.display import publish_display_data

    publish_display_data(task.sheet._repr_mimebundle_())
    if task.complaint:
        print(task.complaint)
    card = Card(task)
    bundle = dict(card.widget._repr_mimebundle_())
    bundle["text/plain"] = _FALLBACK  # not the tree of widgets
    publish_display_data(bundle)
    card.follow()
