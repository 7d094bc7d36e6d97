"""Which notebook a reader means by `lab 02`, `lab bridge` or a path."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path

from netbook.errors import SetupError

_MADE = (
    re.compile(r"^\$ docker run .*?--name (\S+)", re.MULTILINE),
    re.compile(r"^\$ docker network create .*?(\S+)$", re.MULTILINE),
)
_NAME = re.compile(r"(\d+)-(.+)")


def all_chapters(root: Path) -> list[Path]:
    """The notebooks, in the book's order."""
    return sorted((root / "notebooks").glob("[0-9]*-*.ipynb"))


def names(root: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The containers and the networks that the chapters make: name → the chapter that does so first.

    From the commands that the chapters have shown and stored. A notebook that cannot be read has none.
    """
    found: tuple[dict[str, str], dict[str, str]] = {}, {}
    for chapter in all_chapters(root):
        try:
            cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
            texts = ["".join(shown.get("text", ())) for cell in cells for shown in cell.get("outputs", ())]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
        for made, command in zip(found, _MADE, strict=True):
            for name in command.findall("\n".join(texts)):
                made.setdefault(name, chapter.stem)
    return found


def find(root: Path, wanted: str | None, command: str = "lab") -> Path | None:
    """The notebook that `wanted` names: "2", "02", "bridge", "02-bridge", a path; None: the first page.

    Errors: SetupError with the list of chapters; it tells `netbook COMMAND` as an example. The answer is None
    only when there are no notebooks.
    """
    chapters = all_chapters(root)
    if wanted is None:
        return chapters[0] if chapters else None
    for path in (Path(wanted), root / wanted):
        if path.suffix == ".ipynb" and path.is_file():
            return _inside(root, path)
    matches = [chapter for chapter in chapters if wanted.lower() in _names(chapter)]
    if not matches:
        matches = [c for c in chapters if any(name.startswith(wanted.lower()) for name in _names(c))]
    if len(matches) == 1:
        return matches[0]
    raise _unknown(wanted, matches or chapters, command, ambiguous=bool(matches))


def _names(chapter: Path) -> list[str]:
    """Every way to name a chapter.

    >>> _names(Path("notebooks/02-bridge.ipynb"))
    ['02-bridge', 'bridge', '02', '2', '02-bridge.ipynb']
    """
    match = _NAME.fullmatch(chapter.stem)
    assert match is not None  # all_chapters' glob sees to it
    number, slug = match.groups()
    return [chapter.stem, slug, number, str(int(number)), chapter.name]


def _inside(root: Path, path: Path) -> Path:
    path = path.resolve()
    if not path.is_relative_to(root.resolve()):
        raise SetupError(
            f"{path} is outside the book's folder, {root}.",
            remedy="JupyterLab opens what lies inside it: copy the notebook to its notebooks/",
        )
    return path


def _unknown(wanted: str, chapters: list[Path], command: str, *, ambiguous: bool) -> SetupError:
    if not chapters:
        return SetupError(
            f"There is no chapter {wanted!r}, and no notebook at all: this copy of the book is incomplete.",
            remedy="get it again",
        )
    names = "".join(f"\n    {chapter.stem}" for chapter in chapters)
    what = "could be any of these" if ambiguous else "is no chapter. There are"
    stems = [chapter.stem for chapter in chapters]
    slugs = {name: stem for stem in stems for name in (stem, stem.partition("-")[2])}
    near = difflib.get_close_matches(wanted.lower(), slugs, n=1)
    best = slugs[near[0]] if near else stems[0]
    return SetupError(
        f"{wanted!r} {what}:{names}", remedy=f"for example: python3 -m netbook {command} {best}"
    )
