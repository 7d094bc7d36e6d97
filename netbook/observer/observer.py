"""One helper container in the host's namespaces that reads every network namespace in one go.

On Docker Desktop and on the embedded engine "the host" is a virtual machine, so
the notebook's own machine is the wrong place to look. The observer runs with
`--network host --pid host` and three capabilities, all others dropped: SYS_PTRACE to
open another process's namespace, SYS_ADMIN to enter it, NET_RAW to ping from the host.
What is shut besides, and what is not: `observer/confinement.py`. It ends with its kernel.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Lock
from typing import Protocol, TypeVar

from netbook import errors
from netbook.engine.client.channel import Channel
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.model.docker import ContainerInfo
from netbook.model.programs import ExecResult
from netbook.model.snapshot import Snapshot
from netbook.observer import firewall, helper, namespaces
from netbook.observer.errand import Errand
from netbook.observer.helper import Helper
from netbook.ownership import labels, session

ROLE = "observer"
CAPABILITIES = ("NET_RAW", "SYS_ADMIN", "SYS_PTRACE")

T = TypeVar("T")
Look = Callable[[Iterable[str]], str]  # words in, the text of `look` out

# One process reads a lab: who opens it anew ends what still looks through the earlier one's helper.
_OBSERVERS: weakref.WeakValueDictionary[tuple[str, str], Observer] = weakref.WeakValueDictionary()


class Watcher(Protocol):
    """Something that keeps looking through an observer."""

    def close(self, note: str = "", *, wait: bool = True) -> None: ...


class Observer:
    """The lab's eyes on the engine's host, and its claim: who has its container has the lab.

    The container is created when the lab opens, and started at the first look.
    Errors: NameTaken if another process has the lab; `force` takes it from there.
    """

    def __init__(self, engine: Engine, lab: str, *, force: bool = False) -> None:
        self._engine, self._lab = engine, lab
        self._claimed: Helper | None = None  # created; `_helper` when it has been started, too
        self._helper: Helper | None = None
        self._errand = Errand(engine, lab, image=busybox.NAME, capabilities=("NET_RAW",))
        self._firewall = firewall.for_host(engine, lab)
        self._opening = Lock()  # a live view looks from a thread of its own
        self._channel: Channel | None = None  # by which we look
        self._looking = Lock()
        self._watchers: dict[str, Watcher] = {}
        if earlier := _OBSERVERS.get((engine.where, lab)):
            earlier.unwatched("the lab was opened anew")
        self._claim(force=force)
        _OBSERVERS[engine.where, lab] = self

    @property
    def helper(self) -> str:
        """The helper's id, once there is one."""
        return self._helper.id if self._helper else ""

    def exec(self, *argv: str) -> ExecResult:
        """Run a command in the host's network namespace."""
        return self._in_helper(lambda helper: self._engine.exec(helper, argv))

    def errand(self) -> AbstractContextManager[Errand]:
        """A helper beside this one that may end a command which waits too long; gone soon after the block."""
        return self._errand.run()

    def firewall(self, *tables: str, ipv6: bool = False) -> str:
        """`iptables-save -c -t TABLE`, by such a helper, for each of them: what it printed, of one moment."""
        return firewall.read(self._engine, self._firewall.run(), tables, ipv6=ipv6)

    def ruled(self, rules: Sequence[Sequence[str]]) -> AbstractContextManager[None]:
        """The first rules of DOCKER-USER, for a block; only on an engine of the book's own."""
        return firewall.ruled(self._engine, self._firewall, rules)

    def channel(self, program: str = namespaces.SERVE) -> Channel:
        """A connection to the helper by which one can ask again and again; the caller closes it."""
        return self._in_helper(lambda helper: self._engine.channel(helper, ("sh", "-c", program)))

    def watched_by(self, watcher: Watcher, note: str) -> None:
        """One of each kind at a time: the earlier one ends, and says `note`."""
        earlier = self._watchers.get(type(watcher).__name__)
        self._watchers[type(watcher).__name__] = watcher
        if earlier:
            earlier.close(note)

    def unwatched(self, note: str) -> None:
        """All end, and say `note`."""
        while self._watchers:
            self._watchers.popitem()[1].close(note)

    def _in_helper(self, work: Callable[[str], T]) -> T:
        known = self._helper
        if known:
            with contextlib.suppress(errors.NotFound, errors.NotRunning):  # removed behind our back
                return work(known.id)
        with self._opening:
            if self._helper is known:  # else another thread has made the new one
                self._helper = self._open()
            found = self._helper
        if found is None:  # another thread has closed us since
            raise errors.NotFound("The lab was cleaned while it was looked at.", remedy="look again")
        return work(found.id)

    def _claim(self, *, force: bool = False) -> Helper:
        if force:
            for container in self._engine.containers(self._lab):
                if container.labels.get(labels.ROLE) == ROLE:
                    self._engine.remove(container.id)
        self._claimed = helper.create(
            self._engine, self._lab, ROLE, image=busybox.NAME, capabilities=CAPABILITIES
        )
        return self._claimed

    def _open(self) -> Helper:
        if self._claimed and self._claimed is not self._helper:
            with contextlib.suppress(errors.NotFound):  # removed behind our back
                self._claimed.start()
                return self._claimed
        found = self._claim()
        found.start()
        return found

    def is_it(self, marks: Mapping[str, str]) -> bool:
        """Are these the labels of this observer's helper?"""
        return marks.get(labels.ROLE) == ROLE and marks.get(labels.SESSION) == session.current()

    def close(self) -> None:
        """Remove the helper, and so give up the lab; the next look claims it again."""
        self.unwatched("the lab was cleaned")
        channel, self._channel = self._channel, None
        if channel:
            channel.close()
        claimed, self._claimed, self._helper = self._claimed, None, None
        for each in (self._errand, self._firewall, claimed):
            if each:
                each.close()

    def snapshot(self, by: Look | None = None) -> Snapshot:
        """The whole wiring of this moment, "ours" meaning this lab's: two listings and one look.

        `by` looks in another way than by an exec. Only a container that the look did not find is inspected.
        """
        by = by or self._look
        listed = [c for c in self._engine.containers() if labels.ROLE not in c.labels]
        listed = [replace(c, owned=labels.is_of(self._lab, c.labels)) for c in listed]
        networks = [replace(n, owned=labels.is_of(self._lab, n.labels)) for n in self._engine.networks()]
        running = [c.id[: namespaces.SHORT] for c in listed if c.state in ("running", "paused")]
        seen = namespaces.read(by(running))
        if lost := {word for word in running if not seen.where(word)}:
            with ThreadPoolExecutor(8) as pool:
                listed = list(
                    pool.map(lambda c: self._asked(c) if c.id[: namespaces.SHORT] in lost else c, listed)
                )
            if pids := [str(c.pid) for c in listed if c.pid]:
                seen |= namespaces.read(by(pids))
        return namespaces.join(seen, listed, networks)

    def processes(self, containers: Iterable[str]) -> dict[str, int]:
        """Container ids → pids on this host, also of containers of engines that run in containers here."""
        ids = {identity[: namespaces.SHORT]: identity for identity in containers}
        seen = namespaces.read(self._look(ids))
        found = {identity: seen.where(word) for word, identity in ids.items()}
        return {identity: place[0] for identity, place in found.items() if place}

    def _look(self, words: Iterable[str]) -> str:
        """By a channel that stays open: an exec for each look would cost more than the look."""
        line = " ".join(["look", *words])
        with self._looking:
            if self._channel and not self._channel.closed:
                with contextlib.suppress(errors.EngineGone):  # the helper was removed behind our back
                    return self._channel.ask(line)
            self._channel = opened = self.channel()
            weakref.finalize(self, opened.close)  # where nobody closes us, its engine being gone
            return opened.ask(line)

    def _asked(self, container: ContainerInfo) -> ContainerInfo:
        try:
            found = self._engine.container(container.id)
            return replace(container, pid=found.pid, state=found.state, endpoints=found.endpoints)
        except errors.NotFound:  # it was removed between two calls
            return replace(container, state="removing")
