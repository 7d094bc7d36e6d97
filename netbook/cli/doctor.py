"""`python3 -m netbook doctor`: look at everything the book needs, change nothing, say what mends it.

Before the set-up it looks at what it can without packages, so nothing of floor 3
and above is imported at the top.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from netbook.setup import console

if TYPE_CHECKING:
    pass
from netbook.cli.checks import START, Check, disk_check, engine_checks, packages_check, port_check


def main(*, complete: bool) -> int:
    """Print the checks; 0 only if the book can run. `complete`: the running Python has the packages."""
    checks = list(examine(complete=complete))
    for line in report(checks):
        console.say(line)
    return 1 if any(check.status == "bad" for check in checks) else 0


def report(checks: Iterable[Check], width: int = 0) -> Iterator[str]:
    """The checks as lines that fit the terminal (or 80 columns)."""
    width = width or min(shutil.get_terminal_size().columns, 100)
    for check in checks:
        head = f"{console.MARKS[check.status]} {check.name:<10} "
        indent = " " * len(head)
        yield from _wrapped(head, check.text, indent, width)
        if check.remedy:
            yield from _wrapped(f"{indent}→ ", check.remedy, f"{indent}  ", width)


def _wrapped(head: str, text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def examine(*, complete: bool) -> Iterator[Check]:
    """All checks, in the order in which a start needs them."""
    yield Check("Python", "ok", f"{'.'.join(map(str, sys.version_info[:3]))} ({sys.executable})")
    yield packages_check(complete=complete)
    yield disk_check(complete=complete)
    yield port_check()
    if complete:
        yield from engine_checks()
    else:
        yield Check(
            "Engine", "warn", "not looked for yet: that takes the packages", f"{START}, then doctor again"
        )
