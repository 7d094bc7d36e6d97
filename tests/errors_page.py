"""The index of error words: from what a program said to causes, to tickets, and to what `lab.why` finds.

Generated from netbook/learn/noes.py and the tickets, by tests/reference.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from netbook.learn import tickets
from netbook.learn.noes import OTHERS, SIX, No
from netbook.learn.ticket import Ticket

HEAD = """\
# Index of error words

From the words of a complaint to what they mean, their causes, and the tickets that have them.

It tells the tickets' causes: solve first, if you want to be surprised.

A ticket is opened by its id, in any lab: `lab.ticket("19-pastry")`; `lab.ticket()` takes one for you."""
WHY = """\
## What `lab.why` finds

What it is asked, and at which step it says no and names the fault. The suite makes each of them."""


def cells(chapters: list[Path]) -> list[tuple[str, str]]:
    """The page's cells, by their ids."""
    by_number = {path.name[:2]: path.name for path in chapters}
    words = [(_id(no), "\n".join(_word(no, by_number))) for no in (*SIX, *OTHERS)]
    rows = ["| ticket | cause | `lab.why(…)` | says no at |", "|---|---|---|---|"]
    rows += [f"| `{one.id}` | {one.cause} | {_asked(one)} |" for one in tickets.every().values()]
    return [("title", HEAD), *words, ("why", WHY + "\n\n" + "\n".join(rows))]


def _id(no: No) -> str:
    return "".join(c if c.isalpha() else "-" for c in no.word.lower())


def _word(no: No, by_number: dict[str, str]) -> Iterator[str]:
    said = ", ".join(f"“{words}”" for words in no.said)
    where = by_number.get(no.chapter)
    yield f"## {no.word[:1].upper()}{no.word[1:]}\n"
    yield f"As programs put it: {said}.\n"
    yield f"{no.means}" + (f" ([{no.chapter}](../{where}))" if where else "") + "\n"
    yield "| cause | ticket |"
    yield "|---|---|"
    for one in tickets.every().values():
        if no.word in one.words:
            yield f"| {one.cause} | `{one.id}` {one.title} |"


def _asked(ticket: Ticket) -> str:
    asked = ticket.why_asked
    if asked is None:
        return "– | nothing that it could see: it cannot know what was meant"
    ends = [_end(end) for end in (asked.source, asked.target)]
    port = f", port={asked.port!r}" if asked.port else ""
    step = {"": "nowhere, and notes it", "*": "`route` or `rule`"}.get(asked.step, f"`{asked.step}`")
    return f"`lab.why({', '.join(ends)}{port})` | {step}"


def _end(text: str) -> str:
    if text.startswith("@"):  # its address; a string would be a name to resolve first
        return f'lab.container("{text[1:]}")'
    return f'"{text}"' if text else "lab.host"
