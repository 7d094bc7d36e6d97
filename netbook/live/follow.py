"""Follow the engine: one thread hears its events, another looks at the wiring when there was one.

Nothing is asked while nothing happens. A look costs two calls of the engine, the two listings; the rest comes
by a channel to the helper that stays open.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import RLock, Thread, current_thread
from typing import Final

from netbook.engine.client.channel import Channel
from netbook.engine.client.engine import Engine
from netbook.errors import EngineGone, NetbookError
from netbook.live.pace import Pace
from netbook.model.snapshot import Snapshot
from netbook.observer.observer import Observer
from netbook.ownership import labels

_PATIENCE = 5.0  # seconds for the threads to end
_EVENT: Final = "event"


class Follower:
    """`docker events`, and for every burst of them a look.

    `show` gets each snapshot, `ended` why it is over: `closed` with a note, or `lost` with the error's words.
    Both are called by a thread of the follower's own.
    """

    def __init__(
        self,
        engine: Engine,
        observer: Observer,
        show: Callable[[Snapshot], object],
        ended: Callable[[str, str], object],
    ) -> None:
        self._engine, self._observer, self._show, self._ended = engine, observer, show, ended
        self._inbox: SimpleQueue[str | Callable[[], object]] = SimpleQueue()
        self._channel: Channel | None = None
        self._lock, self._over, self._note = RLock(), False, ""  # reentrant: a finalizer may come in between
        self._events = engine.events()  # before the first look, so that nothing falls between
        self._threads = [
            Thread(target=self._listen, name="netbook-live-events", daemon=True),
            Thread(target=self._run, name="netbook-live", daemon=True),
        ]

    @property
    def over(self) -> bool:
        return self._over

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def do(self, work: Callable[[], object]) -> None:
        """Let the looking thread do something in between."""
        self._inbox.put(work)

    def look(self) -> Snapshot:
        """The wiring of now."""
        return self._observer.snapshot(self._look)

    def ask(self, line: str) -> str:
        """By the channel; if it broke (the helper was removed, say), once more by a new one."""
        with suppress(EngineGone):
            if self._channel:
                return self._channel.ask(line)
        with self._lock:
            if self._over:
                raise EngineGone("The live view is closed.")
            self._channel = self._observer.channel()
        return self._channel.ask(line)

    def close(self, note: str = "", *, wait: bool = True) -> None:
        """End it; safe to call twice, and from any thread. `wait` until its threads have ended."""
        with self._lock:
            if not self._over:
                self._over, self._note = True, note
                self._events.close()
                self._inbox.put(_EVENT)  # wakes up who waits for one
            if self._channel:
                self._channel.close()
        for thread in self._threads:
            if wait and thread.ident is not None and thread is not current_thread():
                thread.join(_PATIENCE)

    def _look(self, words: Iterable[str]) -> str:
        return self.ask(" ".join(["look", *words]))

    def _listen(self) -> None:
        for event in self._events:
            helper, about = self._observer.helper, event.attributes
            if event.id == helper and event.action == "die" and self._channel:
                self._channel.close()  # old engines leave it open, and silent
            # a lab's helper is not in the picture; an event of a network names it by its id only
            if labels.ROLE not in about and about.get("container") != helper:
                self._inbox.put(_EVENT)
        self._inbox.put(self._lost)

    def _lost(self) -> None:
        if not self._over:
            raise EngineGone(
                f"The Docker Engine at {self._engine.where} has ended: this is the last that was seen of it.",
                remedy="once it is back, run the notebook from the top",
            )

    def _run(self) -> None:
        state, note = "lost", ""
        try:
            self._follow()
            state, note = "closed", self._note
        except NetbookError as error:
            state, note = ("closed", self._note) if self._over else ("lost", str(error))
        except Exception as error:  # whatever it was: the view says so, and the thread's own report follows
            note = f"The live view broke: {type(error).__name__}: {error}"
            raise
        finally:
            self.close(wait=False)
            self._ended(state, note)

    def _follow(self) -> None:
        pace = Pace()
        while not self._over:
            message: str | Callable[[], object] = ""
            with suppress(Empty):
                message = self._inbox.get(timeout=pace.wait(time.monotonic()))
            if callable(message):
                message()
            elif message:
                pace.event(time.monotonic())
            if pace.wait(time.monotonic()) == 0 and not self._over:
                pace.looked()
                self._show(self.look())
