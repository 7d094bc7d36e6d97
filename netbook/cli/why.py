"""`netbook why web db:5432`: as `lab.why`, on the reader's own engine, whoever made the containers."""

from __future__ import annotations

import argparse

from netbook.cli import onlooker
from netbook.engine.client.engine import Engine
from netbook.errors import NotFound, WrongArgument
from netbook.observer.observer import Observer
from netbook.setup.console import MARKS, say
from netbook.why.verdict import Why
from netbook.why.why import why
from netbook.workspace.echo import Echo
from netbook.workspace.workspace import Workspace

HOST = "host"


def main(options: argparse.Namespace) -> int:
    """The exit code: 0 if it reaches, 1 if not. Nothing is changed."""
    target, port = end(options.target)
    with onlooker.engine() as engine:
        onlooker.helper_image(engine)
        made = asked(engine, options.source, target, port)
    for line in report(made):
        say(line)
    if options.out:
        say(str(made.diagram.save(options.out)))
    return 0 if made.ok else 1


def end(text: str) -> tuple[str, str]:
    """A name or an address, and a port if there is one.

    >>> end("db:5432"), end("db"), end("10.0.0.3:53/udp"), end("[fd00::1]:80"), end("fd00::1")
    (('db', '5432'), ('db', '0'), ('10.0.0.3', '53/udp'), ('fd00::1', '80'), ('fd00::1', '0'))
    """
    if text.startswith("["):
        address, bracket, port = text[1:].partition("]")
        if not bracket:
            raise WrongArgument(f"the target is {text!r}; a bracket is open.", remedy="write [ADDRESS]:PORT")
        return address, port.removeprefix(":") or "0"
    if text.count(":") > 1:
        return text, "0"
    name, _, port = text.partition(":")
    if not name:
        raise WrongArgument(
            f"the target is {text!r}; it has no name.", remedy="write NAME:PORT, as in db:5432"
        )
    return name, port or "0"


def asked(engine: Engine, source: str, target: str, port: str) -> Why:
    """By a workspace that owns nothing, and is gone afterwards. Errors: NotFound for an unknown source."""
    names = {c.name for c in engine.containers()}
    from_, to = ("" if word == HOST and HOST not in names else word for word in (source, target))
    if from_ and from_ not in names:
        raise NotFound(
            f"No container is called {source!r}.",
            remedy=f"there are: {', '.join(sorted(names)) or 'none'}; or `host`, for the engine's host",
        )
    observer = Observer(engine, onlooker.NAME)
    try:
        return why(Workspace(onlooker.NAME, engine, echo=Echo(False), observer=observer), from_, to, port)
    finally:
        observer.close()


def report(made: Why) -> list[str]:
    """The checks, then the sentence."""
    lines = [f"{MARKS['ok' if c.ok else 'bad']} {c.question:45} {c.found}" for c in made.findings]
    return [*lines, "", made.sentence]
