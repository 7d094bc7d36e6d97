"""Pictures: everyone gets something, a screen reader and a printed page too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.guards.rules.chapter import Chapter, has_data, rule

_SEEN_ANYWHERE = {"image/svg+xml", "text/html"}
_WIDGET = "application/vnd.jupyter.widget-view+json"
_MARKDOWN_IMAGE = re.compile(r"!\[(.*?)\]\((.*?)\)")
_HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*("[^"]*[^"\s][^"]*"|'[^']*[^'\s][^']*')""", re.IGNORECASE)


def images_without_alt(text: str) -> list[str]:
    """Images in markdown or HTML that say nothing to who cannot see them."""
    bare = [f"![{alt}]({target[:40]})" for alt, target in _MARKDOWN_IMAGE.findall(text) if not alt.strip()]
    return bare + [image[:60] for image in _HTML_IMAGE.findall(text) if not _ALT.search(image)]


@rule
def images_have_alt_text(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.cells:
        texts = [cell.source] if cell.cell_type == "markdown" else []
        for output in cell.get("outputs", []):
            if has_data(output):
                texts += [str(output.data.get(kind, "")) for kind in ("text/html", "text/markdown")]
        for text in texts:
            for image in images_without_alt(text):
                yield f"cell {cell.id}: no alt text: {image}"


@rule
def no_picture_is_png_only(chapter: Chapter) -> Iterator[str]:
    """nbval does not compare PNG, and a screen reader cannot read it."""
    for cell in chapter.code:
        for output in filter(has_data, cell.outputs):
            if output.data.keys() & {"image/png", "image/jpeg"} and not output.data.keys() & _SEEN_ANYWHERE:
                yield f"cell {cell.id}: a bitmap alone; emit image/svg+xml or text/html beside it"


@rule
def widgets_have_a_figure(chapter: Chapter) -> Iterator[str]:
    """A widget is invisible in print, on GitHub and in an untrusted notebook."""
    for cell in chapter.code:
        kinds = {kind for output in cell.outputs if has_data(output) for kind in output.data}
        if _WIDGET in kinds and not kinds & _SEEN_ANYWHERE:
            yield f"cell {cell.id}: a widget alone; show a figure or table in the same cell"
