"""Every error a reader can meet, in one tree.

    NetbookError
    ├── SetupError                 the book's own set-up (venv, packages, disk, network) failed
    ├── EngineError                the Docker Engine
    │   ├── NoEngine               no rung of the ladder holds        (also ConnectionError)
    │   ├── EngineGone             it answered before, now it does not (also ConnectionError)
    │   ├── EngineRefused          it answered "no"; quotes its words
    │   ├── ImageMissing           no way to get the lab image         (also LookupError)
    │   └── ComposeMissing         no Docker Compose, or one too old   (also LookupError)
    ├── NameTaken                  a name is in use by something else  (also ValueError)
    ├── SubnetTaken                a subnet is in use by another network (also ValueError)
    ├── NetworkInUse               containers are still attached       (also RuntimeError)
    ├── NotFound                   no such container, network, address (also LookupError)
    ├── NotRunning                 the container is not running        (also RuntimeError)
    ├── NotOurs                    netbook did not make it: hands off  (also PermissionError)
    ├── WrongArgument              cannot be meant, or does not fit another (also ValueError)
    ├── UnknownMarkup              a notebook has what a handout cannot set (also ValueError)
    └── ParseError                 text that is not what the command prints (also ValueError)

A message says what happened, what was expected, and what to do; the last part
is also in `remedy`, so that `netbook doctor` can show it by itself.
"""

from __future__ import annotations


class NetbookError(Exception):
    """The root of the tree: `except NetbookError` catches all that netbook raises on purpose."""

    def __init__(self, what: str, *, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}\n  → {remedy}" if remedy else what)

    def _render_traceback_(self) -> list[str]:
        """IPython shows this in place of three chained tracebacks; the message says it all."""
        return [f"{type(self).__name__}: {self}"]


class SetupError(NetbookError):
    """The book could not set itself up: Python, venv, packages, disk or network."""


class EngineError(NetbookError):
    """Something about the Docker Engine."""


class NoEngine(EngineError, ConnectionError):
    """No rung of the engine ladder holds."""


class EngineGone(EngineError, ConnectionError):
    """The engine answered before and does not answer now."""


class EngineRefused(EngineError):
    """The engine answered, and the answer was no."""


class ImageMissing(EngineError, LookupError):
    """The lab image is not there and no rung of the image ladder could get it."""


class ComposeMissing(EngineError, LookupError):
    """Docker Compose is not there, or is too old, and cannot be fetched."""


class NameTaken(NetbookError, ValueError):
    """A container or network name belongs to something else."""


class SubnetTaken(NetbookError, ValueError):
    """A subnet overlaps with a network that exists."""


class NetworkInUse(NetbookError, RuntimeError):
    """The network still has containers attached."""


class NotFound(NetbookError, LookupError):
    """No such container, network or address."""


class NotRunning(NetbookError, RuntimeError):
    """The container exists but is not running."""


class NotOurs(NetbookError, PermissionError):
    """netbook did not make this thing, so it neither changes nor removes it."""


class WrongArgument(NetbookError, ValueError):
    """An argument that cannot be meant, or that does not fit another; the engine was not asked."""


class UnknownMarkup(NetbookError, ValueError):
    """A notebook has something that a handout does not know how to set."""


class ParseError(NetbookError, ValueError):
    """Text that does not look like what the command prints.

    `line` is the offending line, `number` counts from 1 (0: the text as a whole).
    """

    def __init__(self, parser: str, line: str, number: int, expected: str) -> None:
        self.parser, self.line, self.number, self.expected = parser, line, number, expected
        where = f"line {number}: {line!r}" if number else f"{line!r}"
        super().__init__(
            f"{parser}: cannot read {where}; expected {expected}",
            remedy=f"show the command's raw output; if it is real {parser} output, report it",
        )
