"""Print the command line that a verb stands for, as a reader would type it in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager


class Echo:
    """Prints `$ docker …` unless it is off or muted.

    >>> echo = Echo()
    >>> echo("docker", "exec", "bbox01", "sh", "-c", "ip addr | head")
    $ docker exec bbox01 sh -c 'ip addr | head'
    >>> with echo.muted():
    ...     echo("docker", "ps")
    """

    def __init__(self, on: bool = True, host: str = "") -> None:
        self.on = on
        self._prompt = f"{host} $" if host else "$"  # whose terminal it is, where there are several

    def __call__(self, *argv: str) -> None:
        if self.on:
            print(self._prompt, shlex.join(argv))

    def each(self, what: str, *argv: str) -> None:
        """One line for a command that is run for each of many."""
        self.noted(f"for every {what}", *argv)

    def noted(self, note: str, *argv: str) -> None:
        """A command line, and what is to be said of it."""
        if self.on:
            print(self._prompt, shlex.join(argv), f"  # {note}")

    def warning(self, text: str) -> None:
        """The engine's own warning, as `docker run` prints it."""
        if self.on:
            print("WARNING:", text)

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Verbs that are made of other verbs print only themselves."""
        was, self.on = self.on, False
        try:
            yield
        finally:
            self.on = was
