"""Judge anew what the reader may just have changed: `docker events`, those of `docker exec` among them.

Nothing is asked while nothing happens. One thread hears the events; another judges, after a burst of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import RLock, Thread, current_thread
from weakref import WeakKeyDictionary

from netbook.engine.client.events import Event
from netbook.learn.evidence import OWN
from netbook.live.pace import Pace
from netbook.ownership import labels
from netbook.workspace.workspace import Workspace

_PATIENCE = 5.0  # seconds for the threads to end
_QUIET, _LONGEST = 0.15, 0.6  # a command's effect may come a moment after its start
_TICKERS: WeakKeyDictionary[Workspace, Ticker] = WeakKeyDictionary()


class Ticker:
    """Of one workspace, for all of its cards: each is called when something of its names has happened."""

    def __init__(self, workspace: Workspace) -> None:
        self._cards: dict[str, tuple[frozenset[str], Callable[[], object]]] = {}
        self._ended: dict[str, Callable[[str], object]] = {}
        self._inbox: SimpleQueue[Event | None] = SimpleQueue()
        self._lock, self.over = RLock(), False
        self._events = workspace.engine.events(execs=True)
        self._threads = [
            Thread(target=self._listen, name="netbook-task-events", daemon=True),
            Thread(target=self._run, name="netbook-task", daemon=True),
        ]
        workspace.observer.watched_by(self, "")
        for thread in self._threads:
            thread.start()

    def follow(
        self, key: str, names: frozenset[str], judge: Callable[[], object], ended: Callable[[str], object]
    ) -> None:
        """`judge` after each burst of events about `names`; `ended` once, with a note. A key has one card."""
        with self._lock:
            if earlier := self._ended.get(key):
                earlier("this exercise has another card now")
            self._cards[key], self._ended[key] = (names, judge), ended

    def close(self, note: str = "", *, wait: bool = True) -> None:
        """Safe to call twice, and from any thread."""
        with self._lock:
            ended = list(self._ended.values()) if not self.over else []
            self.over = True
            self._events.close()
            self._inbox.put(None)
        for told in ended:
            told(note)
        for thread in self._threads:
            if wait and thread is not current_thread():
                thread.join(_PATIENCE)

    def _listen(self) -> None:
        for event in self._events:
            about = event.attributes
            if labels.ROLE not in about and about.get("execID") not in OWN:
                self._inbox.put(event)
        self.close("the engine has ended", wait=False)

    def _run(self) -> None:
        pace, happened = Pace(_QUIET, _LONGEST), set[str]()
        while not self.over:
            with suppress(Empty):
                event = self._inbox.get(timeout=pace.wait(time.monotonic()))
                if event is not None:
                    happened |= named(event)
                    pace.event(time.monotonic())
            if pace.wait(time.monotonic()) == 0 and not self.over:
                pace.looked()
                concerned = [judge for names, judge in list(self._cards.values()) if names & happened]
                happened = set()
                for judge in concerned:
                    judge()


def named(event: Event) -> set[str]:
    """Whom it is about: an event of a network names that network only.

    >>> named(Event("network", "connect", attributes={"name": "store", "container": "1a2b"}))
    {'store'}
    """
    old = event.attributes.get("oldName", "").lstrip("/")
    return {name for name in (event.attributes.get("name", ""), old) if name}


def of(workspace: Workspace) -> Ticker:
    """The one of this workspace; a new one if its lab was cleaned, or its engine came back."""
    found = _TICKERS.get(workspace)
    if found is None or found.over:
        found = _TICKERS[workspace] = Ticker(workspace)
    return found
