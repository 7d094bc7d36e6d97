"""`netbook clean`: remove by label what this reader's labs left, and say what was removed and what stays."""

from __future__ import annotations

from pathlib import Path

from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.engine.embedded import install
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.images import busybox, debian, engine_host, iptables, recipe, services, tcpdump
from netbook.engine.lease import Lease
from netbook.engine.private import data, dockerd, requirements
from netbook.setup import console
from netbook.setup.console import say
from netbook.workspace.cleanup import of_dead_sessions, sweep

_IMAGES = (busybox.NAME, engine_host.NAME, iptables.NAME, tcpdump.NAME, *services.NAMES)


def main(lab: str | None, *, everything: bool) -> int:
    """The exit code. `lab`: only that one; `everything`: also the image and what our own engines left."""
    daemon = dockerd.PrivateEngine()
    joined = requirements.problem() is None and daemon.answers()
    if joined:
        daemon.start()  # joins it: at the end, one that nobody uses any more is stopped
    outcomes = list(ladder.running())
    engines = [outcome for outcome in outcomes if isinstance(outcome, Engine)]
    try:
        for engine in engines:
            _clean_engine(engine, lab, everything=everything)
    finally:
        for engine in engines:
            engine.close()
        if joined and daemon.stop():
            say("The private engine had no other user: stopped.")
    if not engines:
        say("No engine runs, so nothing of the book runs either.")
        for outcome in outcomes:
            say(f"  - {outcome}")
    if everything:
        _remove_private_data(daemon.directory)
        _remove_embedded()
        if freed := install.remove(folder=debian.directory()):
            say(f"{console.MARKS['ok']} {debian.directory()}: removed the programs of clusters ({freed} MB)")
    elif not lab:
        if data.exist(daemon.directory):
            say(f"  stays: the private engine's data in {daemon.directory} (clean --all removes it)")
        if install.directory().exists():
            say(
                f"  stays: the embedded engine's packages in {install.directory()} (clean --all removes them)"
            )
        if debian.directory().exists():
            say(f"  stays: the programs of clusters in {debian.directory()} (clean --all removes them)")
    return 0


def _clean_engine(engine: Engine, lab: str | None, *, everything: bool) -> None:
    """One engine's share of `clean`, told in words."""
    open_still = [c.name for c in engine.containers(lab, owned=True) if not of_dead_sessions(c.labels)]
    removed = sweep(engine, lab)
    images = recipe.remove(engine, _IMAGES) if everything else []
    found = {"containers": removed.containers, "networks": removed.networks, "images": images}
    gone = "; ".join(f"{kind} {', '.join(names)}" for kind, names in found.items() if names)
    nothing = f"nothing of lab {lab!r} was there" if lab else "nothing of the book's was there"
    say(f"{console.MARKS['ok']} {engine.where}: {f'removed {gone}' if gone else nothing}")
    for name, who in removed.left.items():
        others = ", ".join(who) or "an endpoint that no container has: a restart of the engine mends that"
        say(f"  stays: network {name}, which is used by {others}")
    if not lab and recipe.built(engine, _IMAGES):
        why = "because a container uses it" if everything else "clean --all removes it"
        say(f"  stays: the lab image that was built here ({why})")
    if open_still and removed.containers:
        say("  a notebook that is still open used some of them: run it again from its first cell")


def _remove_private_data(directory: Path) -> None:
    """The data root of an engine that does not run and that nobody is about to use."""
    if not data.exist(directory):
        return
    lease = Lease(directory)
    if not lease.release():
        say(f"  stays: the private engine in {directory}, because somebody uses it")
        return
    try:
        freed = data.remove(directory)
    finally:
        lease.done()
    say(f"{console.MARKS['ok']} {directory}: removed the private engine's data ({freed} MB)")


def _remove_embedded() -> None:
    """What the embedded engine left, and the packages that were fetched for it."""
    machine = EmbeddedEngine()
    if machine.files.keeper():
        say("  stays: the embedded engine, because it runs (python3 -m netbook engine stop)")
        return
    machine.files.remove()
    where = install.directory()
    if freed := install.remove():
        say(f"{console.MARKS['ok']} {where}: removed the embedded engine's packages ({freed} MB)")
