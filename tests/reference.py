"""Glossary and indexes of commands and of error words: generated from what the chapters say and show.

    python tests/reference.py            say which is not current (exit code 1)
    python tests/reference.py --write    bring them up to date

A term is defined where it stands as `***term***`: by that sentence. A command is found where a chapter
printed, ran or named it; the verb beside it is the one whose docstring begins with it.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat

if __name__ == "__main__":  # started as a script, Python looks for modules in this folder only
    sys.path.insert(0, str(Path(__file__).parents[1]))

from nbformat import NotebookNode

from netbook.lab.container import Container
from netbook.lab.host import Host
from netbook.lab.lab import Lab
from netbook.lab.network import Network
from tests import errors_page
from tests import notebook_files as files

FOLDER = files.NOTEBOOKS / "reference"
Where = tuple[str, str]  # a chapter's file, and its number

_TERM = re.compile(r"\*\*\*([^*]+)\*\*\*")
_SENTENCE = re.compile(r"(?<=[.?!])\)?\s+(?=[(A-Z`*])")
_CODE = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_GROUPS = {"network", "container", "image", "volume", "system", "compose", "swarm", "service", "context"}
_PROGRAMS = {
    "docker",
    "ip",
    "ping",
    "brctl",
    "nslookup",
    "wget",
    "nc",
    "tcpdump",
    "iptables-save",
    "bridge",
    "ss",
}
_PROGRAMS |= {"cat", "netstat", "nsenter", "sysctl", "curl"}
_TWO = {"ip", "docker", "brctl", "bridge"}  # their first word is a verb of its own
_WORD = re.compile(r"[a-z][a-z0-9-]*")


# -- the glossary -----------------------------------------------------------------


def terms(chapters: Iterable[Path]) -> dict[str, list[tuple[str, Where]]]:
    """Term → its definitions, each with the chapter it stands in."""
    found: dict[str, list[tuple[str, Where]]] = defaultdict(list)
    for path in chapters:
        for cell in files.read(path).cells:
            if cell.cell_type != "markdown":
                continue
            for part in re.split(r"\n\s*\n|\n(?=[-*] )", cell.source):
                for sentence in _SENTENCE.split(" ".join(part.split())):
                    for term in _TERM.findall(sentence):
                        found[term].append((_plain(sentence), (path.name, path.name[:2])))
    return dict(found)


def _plain(sentence: str) -> str:
    """Without the marks of the place it comes from: list, lead, brackets, links to its neighbours."""
    sentence = re.sub(r"^[-*] (\*\*[^*]+\*\* ?)?|^\*\*(Look|Predict)\.\*\* ", "", sentence)
    sentence = _TERM.sub(r"*\1*", sentence)
    sentence = re.sub(r"\]\((?!https?:)", "](../", sentence)
    if sentence.count("(") != sentence.count(")"):
        sentence = sentence.strip("()")
    sentence = sentence.removeprefix(": ")
    return sentence[:1].upper() + sentence[1:]


def glossary(chapters: list[Path]) -> NotebookNode:
    """The page."""
    found = terms(chapters)
    lines = [
        f"**{term}** — {sentence} ({_link(where)})"
        for term in sorted(found, key=str.lower)
        for sentence, where in found[term][:1]
    ]
    head = "# Glossary\n\nEvery term that the chapters define, in the sentence that defines it."
    return _page([("title", head), ("terms", "\n\n".join(lines))])


# -- the index of commands --------------------------------------------------------------


def commands(chapters: Iterable[Path]) -> dict[str, dict[str, set[Where]]]:
    """Command → option ("" for the command itself) → the chapters that have it."""
    found: dict[str, dict[str, set[Where]]] = defaultdict(lambda: defaultdict(set))
    for path in chapters:
        where = path.name, path.name[:2]
        for line in _lines(files.read(path)):
            for name, options in read(line):
                for option in ("", *options):
                    found[name][option].add(where)
    return found


def _lines(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from _CODE.findall(_FENCE.sub("", cell.source))
            for fence in _FENCE.findall(cell.source):
                yield from (line.removeprefix("$ ") for line in fence.splitlines()[1:-1])
            continue
        shell = cell.source.startswith("%%sh")
        for line in cell.source.splitlines():
            if shell or line.startswith("!"):
                yield line.lstrip("!")
        for output in cell.outputs:
            for line in str(output.get("text", "")).splitlines():
                if line.startswith("$ "):
                    yield line.removeprefix("$ ")


def read(line: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The commands in a line, each with its options; what `docker exec` runs is a command of its own.

    >>> list(read("docker network connect --ip 10.1.0.5 shop web"))
    [('docker network connect', ('--ip',))]
    >>> list(read("docker exec web ping -c 1 db"))
    [('docker exec', ()), ('ping', ())]
    >>> list(read("ip addr show eth0")), list(read("docker")), list(read("not a command"))
    ([('ip addr', ())], [], [])
    """
    try:
        words = shlex.split(line)
    except ValueError:
        return
    if not words or words[0] not in _PROGRAMS:
        return
    count = 1 + (words[0] in _TWO) + (words[0] == "docker" and words[1:2] != [] and words[1] in _GROUPS)
    name = words[:count]
    if len(name) < count or not all(map(_WORD.fullmatch, name)):
        return
    inner = next((n for n in range(count, len(words)) if words[n] in _PROGRAMS - {"docker"}), len(words))
    mine = words[count:inner]
    shown = tuple(dict.fromkeys(w.partition("=")[0] for w in mine if re.match(r"--[a-z]", w)))
    yield " ".join(name), shown if words[0] == "docker" else ()
    if name[:2] == ["docker", "exec"]:
        yield from read(shlex.join(words[inner:]))


def verbs() -> dict[str, list[str]]:
    """Command → the book's verbs whose docstring begins with it."""
    found: dict[str, list[str]] = defaultdict(list)
    for holder, kind in (("lab", Lab), ("container", Container), ("network", Network), ("lab.host", Host)):
        for name, member in vars(kind).items():
            first = (getattr(member, "__doc__", None) or "").partition("\n")[0]
            if name.startswith("_") or isinstance(member, property) or not (told := _CODE.match(first)):
                continue
            *_, (command, _) = [("", ()), *read(told[1])]
            if command:
                found[command].append(f"`{holder}.{name}()`")
    return found


def index(chapters: list[Path]) -> NotebookNode:
    """The page."""
    found, by_verb = commands(chapters), verbs()
    rows = ["| command | in the book | chapters |", "|---|---|---|"]
    for name in sorted(found):
        for option in sorted(found[name]):
            links = " ".join(map(_link, sorted(found[name][option])))
            told = "" if option else ", ".join(by_verb.get(name, ()))
            rows.append(f"| `{name}{' … ' if option else ''}{option}` | {told} | {links} |")
    summary = "What the chapters run, print or name, and the verb of the book that equals it."
    head = f"# Index of commands\n\n{summary}"
    return _page([("title", head), ("commands", "\n".join(rows))])


# -- files ------------------------------------------------------------------------------


def _link(where: Where) -> str:
    return f"[{where[1]}](../{where[0]})"


def _page(cells: list[tuple[str, str]]) -> NotebookNode:
    made = [nbformat.v4.new_markdown_cell(source, id=identity) for identity, source in cells]
    back = nbformat.v4.new_markdown_cell("---\n\n[All chapters](../../README.md#chapters)", id="navigation")
    return nbformat.v4.new_notebook(cells=[*made, back], metadata=nbformat.from_dict(files.METADATA))


def pages() -> dict[Path, NotebookNode]:
    """What must be in the folder."""
    chapters = files.chapters()
    return {
        FOLDER / "glossary.ipynb": glossary(chapters),
        FOLDER / "commands.ipynb": index(chapters),
        FOLDER / "errors.ipynb": _page(errors_page.cells(chapters)),
    }


def stale() -> list[Path]:
    """Those that say something else."""

    def said(notebook: NotebookNode) -> list[str]:
        return [cell.source for cell in notebook.cells]

    return [
        path for path, page in pages().items() if not path.exists() or said(files.read(path)) != said(page)
    ]


def main(arguments: list[str]) -> int:
    old = stale()
    if arguments != ["--write"]:
        for path in old:
            print(f"{path.relative_to(files.ROOT)} is not current: python tests/reference.py --write")
        return 1 if old else 0
    FOLDER.mkdir(exist_ok=True)
    for path, page in pages().items():
        files.write(page, path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
