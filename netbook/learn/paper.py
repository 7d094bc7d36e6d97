"""A form and its paper: widgets where they show; where not, the same questions, for a pencil.

They are two outputs of one cell. Paper stands in print, on a repository's page, in a notebook that is not
trusted and in one that is opened without its kernel; it hides while its widgets are there.
"""

from __future__ import annotations

from typing import Any

from netbook.learn.words import Words

_PAIR = ".jp-OutputArea-child:has(.netbook-paper)"
_STYLE = (
    "<style>"
    f"@media screen {{{_PAIR}:has(+ .jp-OutputArea-child .netbook-form){{display:none}}}}"
    "@media print {.jp-OutputArea-child:has(.netbook-form){display:none}}"
    f"{_PAIR} + .jp-OutputArea-child:not(:has(.netbook-form)){{display:none}}"
    ".netbook-form .jupyter-button{height:auto;white-space:normal;text-align:left}"
    "</style>"
)
_WIDGET = "application/vnd.jupyter.widget-view+json"


class Paper(Words):
    """Words that are put together already."""

    def __init__(self, text: str, markup: str) -> None:
        self._text, self._html = text, markup

    @property
    def text(self) -> str:
        return self._text

    @property
    def html(self) -> str:
        return self._html


def show(paper: Paper, form: Any) -> Any:
    """Display both; returns the handle by which the paper is written anew."""
    from IPython.display import DisplayHandle, publish_display_data

    handle = DisplayHandle()
    handle.display(_pair(paper), raw=True)
    widget = {"version_major": 2, "version_minor": 0, "model_id": form.model_id}
    publish_display_data({_WIDGET: widget, "text/plain": ""})  # exporters warn of an output without a text
    return handle


def update(handle: Any, paper: Paper) -> None:
    """The paper follows its form, also in the file."""
    if handle is not None:
        handle.update(_pair(paper), raw=True)


def _pair(paper: Paper) -> dict[str, str]:
    return {
        "text/plain": paper.text,
        "text/html": f'{_STYLE}<div class="netbook-paper">{paper.html}</div>',
    }
