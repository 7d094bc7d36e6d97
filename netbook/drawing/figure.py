"""A picture that shows everywhere: how what the book draws meets a notebook, a file and a screen reader.

Three forms of the same thing: an SVG image inside an HTML `<img>` with alternative text
(also in a notebook that is not trusted, where raw SVG is hidden), the SVG itself, and
plain text.
"""

from __future__ import annotations

import html
import traceback
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Collection
from pathlib import Path

from netbook.errors import NetbookError


class Figure(ABC):
    """What has a picture (`svg`), a few sentences (`alt`) and lines of text (`text`)."""

    @property
    @abstractmethod
    def svg(self) -> str:
        """The picture as the text of an SVG file."""

    @property
    @abstractmethod
    def alt(self) -> str:
        """What it shows, in a few sentences, for readers who cannot see the picture."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The same as plain lines."""

    @property
    def _html(self) -> str:
        """The form for a screen."""
        return image(self.svg, self.alt)

    @property
    def _paper(self) -> str:
        """The form for what cannot show HTML, such as nbconvert to LaTeX."""
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file that ends in `.svg`; returns its path."""
        path = Path(path)
        if path.suffix.lower() != ".svg":
            raise NetbookError(
                f"cannot save a picture as {path.name!r}: unknown suffix {path.suffix!r} (must be '.svg')",
                remedy=f"save it as {path.with_suffix('.svg').name!r}",
            )
        path.write_text(self.svg, encoding="utf-8", newline="\n")
        return path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and (self.svg, self.text) == (other.svg, other.text)

    def __hash__(self) -> int:
        return hash(self.svg)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None, **_: object
    ) -> dict[str, str]:
        bundle = {"text/plain": self.text}
        try:
            bundle |= {"image/svg+xml": self._paper, "text/html": self._html}
        except Exception:  # noqa: BLE001 - whatever it was: words and a traceback, never a blank cell
            bundle["text/plain"] += f"\n\nThe picture could not be drawn:\n{traceback.format_exc()}"
            return bundle
        return {
            kind: content
            for kind, content in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }


def image(svg: str, alt: str, style: str = "") -> str:
    """The picture as an HTML element that no sanitizer removes."""
    data = b64encode(svg.encode()).decode()
    look = f'style="{style}" ' if style else ""
    return f'<img {look}alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{data}">'
