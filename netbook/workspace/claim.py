"""A lab's name belongs to one process at a time, with the engine as the lock."""

from __future__ import annotations

from netbook.engine.client.engine import Engine
from netbook.observer import helper
from netbook.observer.observer import Observer
from netbook.ownership import labels, session
from netbook.workspace.cleanup import of_dead_sessions, sweep


def claim(engine: Engine, name: str, *, force: bool = False) -> Observer:
    """Take the name; remove what an earlier run of it, or any process that died, left.

    It also ends what an earlier lab of this name still watches. Errors: NameTaken while another process has
    the name, or may have it; `force` takes it from there.
    """
    observer = Observer(engine, name, force=force)
    try:
        mine = [c.labels for c in engine.containers(name, owned=True)]
        mine += [n.labels for n in engine.networks(name, owned=True)]
        others = {marks.get(labels.SESSION, "") for marks in mine} - {session.current()}
        alive = sorted(other for other in others if not session.is_dead(other))
        if alive and not force:  # of an earlier edition, or made after that one's own clean()
            raise helper.open_elsewhere(name, alive[0])
        sweep(engine, name, only=lambda marks: not observer.is_it(marks))
        sweep(engine, only=of_dead_sessions)
    except BaseException:
        observer.close()
        raise
    return observer
