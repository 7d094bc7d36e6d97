"""A helper container of a lab, in the host's namespaces; a role in its labels keeps it out of every view.

It ends when we do, however that happens: its first process is `cat`, which reads an input that we hold open,
and the engine removes it when that has ended.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netbook import errors
from netbook.engine.client.channel import Hold
from netbook.engine.client.engine import Engine
from netbook.model.spec import ContainerSpec
from netbook.observer import confinement
from netbook.ownership import labels, session


class Helper:
    """One of a role for each lab: `create` claims its name, `start` brings it to life, `close` removes it."""

    def __init__(self, engine: Engine, identity: str) -> None:
        self._engine, self.id = engine, identity
        self._hold: Hold | None = None
        self._let_go: Callable[[], object] = lambda: None

    def start(self) -> None:
        """`docker start -i HELPER`."""
        self._hold = hold = self._engine.hold(self.id)
        self._let_go = weakref.finalize(self, hold.close)
        try:
            self._engine.start(self.id)
        except BaseException:
            self.close()
            raise

    def tell(self, line: str) -> None:
        """A line for its first process to read. Errors: OSError if it has ended."""
        if self._hold:
            self._hold.write(line)

    def close(self) -> None:
        """`docker rm -f HELPER`. Safe to call twice."""
        self._let_go()
        self._engine.remove(self.id)


def create(
    engine: Engine,
    lab: str,
    role: str,
    *,
    image: str,
    capabilities: Sequence[str],
    command: Sequence[str] = ("cat",),
    folder: str = "",
    config: Mapping[str, Any] | None = None,
    network: str = "host",
) -> Helper:
    """`docker create -i --rm --network host --pid host --cap-drop ALL --cap-add … IMAGE`.

    One of a role for each lab: an engine gives a name once, so whoever has the helper has the lab. What this
    process had, or one that is certainly dead, makes room. `config`: its HostConfig, for other rights than
    those of `confinement.host_config`. Errors: NameTaken while another process has it, or may have it.
    """
    name = f"netbook-{role}-{labels.owner()[:8]}-{lab}"
    more = config or confinement.host_config(engine.security, engine.runtime, capabilities, folder=folder)
    marks = labels.for_lab(lab, session.current(), role)
    spec = ContainerSpec(name, image, tuple(command), network=network, passing=True, labels=marks, more=more)
    while True:
        try:
            return Helper(engine, engine.create(spec))
        except errors.NameTaken:
            try:
                holder = engine.container(name)
            except errors.NotFound:  # it went away meanwhile
                continue
            if not labels.is_of(lab, holder.labels) or labels.ROLE not in holder.labels:
                raise
            of = holder.labels.get(labels.SESSION, "")
            if of != session.current() and not session.is_dead(of):
                raise open_elsewhere(lab, of) from None
            engine.remove(holder.id)  # by id: if a third process was quicker, its own one stays


def open_elsewhere(lab: str, made: str) -> errors.NameTaken:
    """Another process has the lab, or may have it."""
    what = f"The lab {lab!r} is open in another process of yours ({session.pid(made)})."
    if session.state(made) == "unknown":
        what = (
            f"The lab {lab!r} may be open in another process of yours ({session.pid(made)}): it was opened "
            "in another container, on another machine or by another edition, where this one cannot look."
        )
    return errors.NameTaken(
        what, remedy=f"shut that kernel down, or take over, if you know it is gone: Lab({lab!r}, force=True)"
    )
