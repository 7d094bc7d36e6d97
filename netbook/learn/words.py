"""Something to be read: as lines of text, and the same as HTML."""

from __future__ import annotations

import html
import re
from abc import ABC, abstractmethod


class Words(ABC):
    """What has a `text` and an `html` of the same words."""

    @property
    @abstractmethod
    def text(self) -> str:
        """For a terminal, for paper, and for comparing."""

    @property
    @abstractmethod
    def html(self) -> str:
        """For the page."""

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html}


def marked_up(text: str) -> str:
    """As HTML, with what stands in back-ticks as code, and addresses as links.

    >>> marked_up("start `web` <now>")
    'start <code>web</code> &lt;now&gt;'
    """
    coded = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"(https://[^\s<)]+[^\s<).,;])", r'<a href="\1">\1</a>', coded)
