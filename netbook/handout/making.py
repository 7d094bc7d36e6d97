"""From notebooks to files: each chapter as PDF and HTML, and the whole book."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from netbook.errors import SetupError
from netbook.handout import chapter, links, notes, paper, phrases, screen, workshop
from netbook.handout.edition import Json, Kind, edition

_COVER = "pictures/two-networks.svg"
_COVER_ALT = "Containers on two networks of one engine host, and one container that is on both"
APPENDIX = 90  # chapters from here on
WORKERS = min(os.cpu_count() or 1, 2)  # each takes up to 300 MB
BATCH = 12 * WORKERS  # chapters; then new processes, for one that has set many is as large as the book's

Document = tuple[Path | None, Json]  # the notebook, or None for the book; and what it has, as data


@dataclass(frozen=True)
class Wish:
    """What is wanted: chapters, in the book's order, and perhaps the book of them all."""

    chapters: tuple[Path, ...]
    to: Path
    book: bool = False
    kind: Kind = "reader"
    paper: str = "a4"
    key: bool = True

    def name(self, path: Path | None, suffix: str) -> str:
        """The file that is made of a notebook; None: of the book."""
        return f"{path.stem if path else 'book'}-{self.kind}{suffix}"


def make(wish: Wish, say: Callable[[str], object]) -> list[Path]:
    """Write the files, and say each. Errors: SetupError, UnknownMarkup; OSError where one cannot write."""
    editions = [(path, edition_of(path, wish)) for path in wish.chapters]
    waiting = list(documents(editions, wish))
    written = []
    while waiting:
        count = 1 if waiting[0][0] is None else BATCH  # the book by itself: it takes much memory
        for file in write(waiting[:count], editions, wish):
            say(f"  {file} ({file.stat().st_size / 1000:.0f} KB)")
            written.append(file)
        del waiting[:count]
    return written


def write(batch: Sequence[Document], editions: Sequence[tuple[Path, Json]], wish: Wish) -> Iterator[Path]:
    """Some documents as PDF and as HTML.

    PDFs are made in processes of their own: on all cores, and Typst gives back what it keeps of each text.
    """
    with ProcessPoolExecutor(min(len(batch), WORKERS), mp_context=get_context("spawn")) as pool:
        made = [pool.submit(paper.pdf, _linked(data, editions, wish, ".pdf")) for _, data in batch]
        try:
            for (path, data), pdf in zip(batch, made, strict=True):
                page = screen.page(_linked(data, editions, wish, ".html"))
                for suffix, content in ((".pdf", pdf.result()), (".html", page.encode())):
                    file = wish.to / wish.name(path, suffix)
                    file.write_bytes(content)
                    yield file
        except BrokenProcessPool as ended:
            raise SetupError(
                "The process that sets a PDF was ended from outside.",
                remedy="see that there are 800 MB of free memory, and start again",
            ) from ended
        finally:
            pool.shutdown(cancel_futures=True)


def document(chapters: Sequence[Json], wish: Wish, *, cover: bool = False) -> Json:
    """Chapters of one edition, and all that stands around them."""
    return {
        "title": phrases.TITLE if cover else chapters[0]["title"],
        "series": phrases.TITLE,
        "subtitle": phrases.SUBTITLE,
        "author": phrases.AUTHOR,
        "kicker": phrases.KICKERS[wish.kind],
        "phrases": phrases.PHRASES,
        "first": wish.kind,
        "paper": "us-letter" if wish.paper == "letter" else wish.paper,
        "lang": "en",
        "cover": cover,
        "picture": _cover(wish.chapters[0].parent) if cover else None,
        "chapters": list(chapters),
    }


def edition_of(path: Path, wish: Wish) -> Json:
    """The chapter in a notebook, as it is wanted."""
    read = chapter.read(path)
    made = edition(read, wish.kind, key=wish.key, notes=notes.read(read) if wish.kind == "teacher" else None)
    appendix = int(made["number"]) >= APPENDIX
    return made | {"kicker": phrases.PHRASES["appendix" if appendix else "chapter"].format(made["number"])}


def documents(editions: Sequence[tuple[Path, Json]], wish: Wish) -> Iterator[Document]:
    """What both templates are given: the book, and each chapter."""
    if wish.book:
        front = [workshop.front([made for _, made in editions])] if wish.kind == "teacher" else []
        yield None, document([*front, *(made for _, made in editions)], wish, cover=True)
    for path, made in editions:
        yield path, document([made], wish)


def _linked(data: Json, editions: Sequence[tuple[Path, Json]], wish: Wish, suffix: str) -> Json:
    inside = {one["file"]: one["anchor"] for one in data["chapters"]}
    beside = {path.name: wish.name(path, suffix) for path, _ in editions}
    linked: Json = links.resolved(data, inside, beside)
    return linked


def _cover(notebooks: Path) -> dict[str, Any]:
    return {"svg": (notebooks / _COVER).read_text(encoding="utf-8"), "alt": _COVER_ALT, "width": 0.0}
