"""Run the source of a cell that an exercise holds: with `lab` at hand, and `!docker …` as in a notebook."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from typing import Any

from netbook.errors import EngineRefused
from netbook.workspace import typed

_LONGEST = 60  # seconds for one command line


def play(source: str, lab: Any) -> None:
    """As if the reader had typed it. Errors: what its verbs raise; EngineRefused for a command that fails."""
    from IPython.core.inputtransformer2 import TransformerManager

    code = TransformerManager().transform_cell(source)
    exec(compile(code, "<exercise>", "exec"), {"lab": lab, "get_ipython": lambda: _Shell(lab)})  # noqa: S102


class _Shell:
    """What `!` becomes a call of. As in a notebook's cell, what `docker` makes is of the lab."""

    def __init__(self, lab: Any) -> None:
        self._where, self._marks = lab.engine.where, lab.workspace.marks()

    def system(self, command: str) -> None:
        environment = {**os.environ, "DOCKER_HOST": self._where}
        done = subprocess.run(  # noqa: S602  # the exercise's own words
            labelled(command, self._marks),
            shell=True,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        if done.returncode:
            raise EngineRefused(f"`{command}` ended with exit code {done.returncode}: {done.stderr.strip()}")


def labelled(command: str, marks: Mapping[str, str]) -> str:
    """The command line, with these labels on what it makes, as `workspace/typed.py` gives them in a cell.

    >>> labelled("docker run -d busybox echo 'a b'", {"org": "x"})
    "docker run --label org=x -d busybox echo 'a b'"
    >>> labelled("docker ps", {"org": "x"}), labelled("ls", {"org": "x"})
    ('docker ps', 'ls')
    """
    program, *words = command.split()
    place = typed.verb(words) if program == "docker" else 0
    head = re.match(rf"(?:\S+\s+){{{place}}}\S+", command.lstrip()) if place else None
    return f"{head[0]} {shlex.join(typed.told(marks))}{head.string[head.end() :]}" if head else command
