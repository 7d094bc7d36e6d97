"""`netbook handout`: chapters for paper and as one offline page. What cannot work is told first."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from netbook.book import chapters
from netbook.errors import SetupError
from netbook.setup import console, extra, start

if TYPE_CHECKING:
    from netbook.handout.making import Wish

DEFAULT = Path("build") / "handout"


def wishes(options: argparse.Namespace) -> list[Wish]:
    """What was asked for, an edition each.

    Errors: SetupError for no chapter or an unknown one, and a folder that refuses.
    """
    from netbook.handout.edition import KINDS
    from netbook.handout.making import Wish

    known = chapters.all_chapters(start.ROOT)
    if options.all or not options.chapters:
        wanted = known if options.all else []
    else:
        found = {chapters.find(start.ROOT, word, "handout") for word in options.chapters}
        wanted = [path for path in known if path in found]
        if strange := sorted(str(path) for path in found if path not in known):
            raise SetupError(
                f"{', '.join(strange)} is no chapter of the book.",
                remedy="a handout is made of the notebooks right in notebooks/, such as 02-bridge",
            )
    if not wanted:
        names = "".join(f"\n    {path.stem}" for path in known)
        raise SetupError(
            f"A handout of which chapter? There are:{names}",
            remedy="name one or more, or all of them: python3 -m netbook handout --all",
        )
    to = Path(options.to).expanduser() if options.to else start.ROOT / DEFAULT
    _writable(to)
    return [
        Wish(
            chapters=tuple(wanted),
            to=to,
            book=options.all,
            kind=kind,
            paper=options.paper,
            key=not options.no_key,
        )
        for kind in KINDS
        if options.reader in (kind, "all")
    ]


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".netbook-probe"
        probe.touch()
        probe.unlink()
    except OSError as refusal:
        raise SetupError(
            f"The handouts cannot be written to {folder}: {refusal.strerror or refusal}.",
            remedy="name a folder of your own: python3 -m netbook handout … --to ~/handouts",
        ) from refusal


def main(wanted: list[Wish]) -> int:
    """Make them. Errors: SetupError where Typst cannot be fetched, UnknownMarkup."""
    from netbook.handout import making

    extra.ensure(extra.HANDOUT, "Typst, which sets the pages, and a typeface", console.say)
    began = time.monotonic()
    try:
        written = [file for wish in wanted for file in making.make(wish, console.say)]
    except OSError as refusal:
        raise SetupError(
            f"The handouts cannot be written to {wanted[0].to}: {refusal.strerror or refusal}."
        ) from refusal
    spent = time.monotonic() - began
    whom = ", ".join(f"the {wish.kind}" for wish in wanted)
    console.say(f"{console.MARKS['ok']} {len(written)} files in {spent:.1f} s, for {whom}.")
    return 0
