"""One helper container in the host's namespaces that reads every network namespace in one exec.

On Docker Desktop and on the embedded engine "the host" is a virtual machine, so
the notebook's own machine is the wrong place to look. The observer runs with
`--network host --pid host` and two capabilities: SYS_PTRACE to open another
process's namespace, SYS_ADMIN to enter it. It is not privileged, mounts nothing
and ends with its lab.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from netbook import errors, helper, labels, look
from netbook.engine import image
from netbook.engine.api import Engine
from netbook.engine.channel import Channel
from netbook.models import ContainerInfo, ExecResult, Snapshot

ROLE = "observer"

T = TypeVar("T")
Look = Callable[[Iterable[str]], str]  # words in, the text of `look` out

# One process reads a lab: who opens it anew ends what still looks through the earlier one's helper.
_OBSERVERS: WeakValueDictionary[tuple[str, str], Observer] = WeakValueDictionary()


class Watcher(Protocol):
    """Something that keeps looking through an observer."""

    def close(self, note: str = "", *, wait: bool = True) -> None: ...


class Observer:
    """The lab's eyes on the engine's host; its container is made at the first look."""

    def __init__(self, engine: Engine, lab: str) -> None:
        self._engine, self._lab, self._id = engine, lab, ""
        self._opening = Lock()  # a live view looks from a thread of its own
        self._watcher: Watcher | None = None
        if earlier := _OBSERVERS.get((engine.where, lab)):
            earlier.watched_by(None, "the lab was opened anew")
        _OBSERVERS[engine.where, lab] = self

    @property
    def helper(self) -> str:
        """The helper's id, once there is one."""
        return self._id

    def exec(self, *argv: str) -> ExecResult:
        """Run a command in the host's network namespace."""
        return self._in_helper(lambda helper: self._engine.exec(helper, argv))

    def channel(self) -> Channel:
        """A connection to the helper by which one can look again and again; the caller closes it."""
        return self._in_helper(lambda helper: self._engine.channel(helper, ("sh", "-c", look.SERVE)))

    def watched_by(self, watcher: Watcher | None, note: str) -> None:
        """One at a time: the earlier one ends, and says `note`."""
        earlier, self._watcher = self._watcher, watcher
        if earlier:
            earlier.close(note)

    def _in_helper(self, work: Callable[[str], T]) -> T:
        helper = self._id
        if helper:
            with contextlib.suppress(errors.NotFound, errors.NotRunning):  # removed behind our back
                return work(helper)
        with self._opening:
            if self._id == helper:  # else another thread has made the new one
                self._id = self._open()
        return work(self._id)

    def _open(self) -> str:
        return helper.start(
            self._engine, self._lab, ROLE, image=image.NAME, capabilities=("SYS_ADMIN", "SYS_PTRACE")
        )

    def close(self) -> None:
        """Remove the helper; the next look makes a new one."""
        self.watched_by(None, "the lab was cleaned")
        if self._id:
            self._engine.remove(self._id)
            self._id = ""

    def snapshot(self, by: Look | None = None) -> Snapshot:
        """The whole wiring of this moment, "ours" meaning this lab's: two listings and one look.

        `by` looks in another way than by an exec. Only a container that the look did not find is inspected.
        """
        by = by or self._look
        listed = [c for c in self._engine.containers() if labels.ROLE not in c.labels]
        listed = [replace(c, owned=labels.is_of(self._lab, c.labels)) for c in listed]
        networks = [replace(n, owned=labels.is_of(self._lab, n.labels)) for n in self._engine.networks()]
        running = [c.id[: look.SHORT] for c in listed if c.state in ("running", "paused")]
        seen = look.read(by(running))
        if lost := {word for word in running if not seen.where(word)}:
            with ThreadPoolExecutor(8) as pool:
                listed = list(pool.map(lambda c: self._asked(c) if c.id[: look.SHORT] in lost else c, listed))
            if pids := [str(c.pid) for c in listed if c.pid]:
                seen |= look.read(by(pids))
        return look.join(seen, listed, networks)

    def _look(self, words: Iterable[str]) -> str:
        return self.exec("sh", "-c", f'{look.SCRIPT}\nlook "$@"', "sh", *words).stdout

    def _asked(self, container: ContainerInfo) -> ContainerInfo:
        try:
            found = self._engine.container(container.id)
            return replace(container, pid=found.pid, endpoints=found.endpoints)  # with their aliases
        except errors.NotFound:  # it was removed between two calls
            return container
