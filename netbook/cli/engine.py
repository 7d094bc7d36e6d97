"""`netbook engine start|stop|status|shell|logs|install`: the embedded engine, operated by hand.

`lab` and `Lab()` start it by themselves where it is needed. By hand it is for Binder's start script, which
wants it early, and for readers who look inside.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time

from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.engine.embedded import machine
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.images import busybox
from netbook.errors import EngineError, NoEngine
from netbook.setup import console
from netbook.setup.console import say

NOT_RUNNING = 3  # exit code, as `systemctl status` has it


def main(options: argparse.Namespace) -> int:
    """The exit code of one verb."""
    daemon = EmbeddedEngine()
    if options.verb == "start":
        return _start(daemon)
    if options.verb == "stop":
        return _stop(daemon, force=options.force)
    if options.verb == "status":
        return _status(daemon)
    if options.verb == "shell":
        return _shell(daemon, options.argv)
    if options.verb == "logs":
        return _logs(daemon)
    return 0 if machine.install_programs(say, yes=options.yes) else 1


def _start(daemon: EmbeddedEngine) -> int:
    if daemon.answers():
        say(f"{console.MARKS['ok']} It runs already.")
    daemon.start(say, stay=True)
    os.environ.update(DOCKER_HOST=daemon.url, NETBOOK_ENGINE="embedded")
    outcome = next(iter(ladder.running()))
    if isinstance(outcome, Engine):
        busybox.ensure(outcome, say)
        outcome.close()
    say(f"{console.MARKS['ok']} Docker's command line reaches it with: export DOCKER_HOST={daemon.url}")
    return 0


def _stop(daemon: EmbeddedEngine, *, force: bool) -> int:
    if daemon.files.keeper() and daemon.in_use() and not force:
        raise EngineError(
            "A notebook or JupyterLab uses the embedded engine; its containers would be lost.",
            remedy="close them, or `python3 -m netbook engine stop --force`",
        )
    if daemon.stop():
        say(f"{console.MARKS['ok']} The embedded engine has ended.")
    else:
        say("The embedded engine does not run.")
    return 0


def _status(daemon: EmbeddedEngine) -> int:
    status = daemon.files.status()
    if daemon.files.keeper() is None:
        say(f"The embedded engine does not run. {daemon.last_end()}".strip())
        if found := machine.problem():
            say(f"  It could not be started: {found[0]}")
        return NOT_RUNNING
    if not daemon.answers():
        say("The embedded engine is starting.")
        return NOT_RUNNING
    minutes = (time.time() - float(status["since"])) / 60
    say(f"{console.MARKS['ok']} The embedded engine has run for {minutes:.0f} min at {daemon.url}")
    say(f"  keeper: process {daemon.files.keeper()}; memory: {status['memory']} MB; files: {status['root']}")
    say(f"  {'used by a notebook or JupyterLab' if daemon.in_use() else 'used by nobody right now'}")
    return 0


def _shell(daemon: EmbeddedEngine, argv: list[str]) -> int:
    """Become ssh: the terminal is the guest's."""
    if not daemon.answers():
        raise NoEngine("The embedded engine does not run.", remedy="`python3 -m netbook engine start`")
    argv = argv[1:] if argv[:1] == ["--"] else argv
    command = daemon.command(*([shlex.join(argv)] if argv else []), terminal=sys.stdin.isatty())
    os.chdir(daemon.files.directory)
    os.execv(command[0], command)  # noqa: S606  # no shell is what we want


def _logs(daemon: EmbeddedEngine) -> int:
    try:
        sys.stdout.write(daemon.files.log.read_text(errors="replace"))
    except FileNotFoundError:
        say(f"There is no log in {daemon.files.directory}: it never ran.")
    return 0
