"""A helper container of a lab, in the host's namespaces; a role in its labels keeps it out of every view."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from netbook import errors, labels, session
from netbook.engine.api import Engine


def start(
    engine: Engine,
    lab: str,
    role: str,
    *,
    image: str,
    capabilities: Sequence[str],
    command: Sequence[str] = (),
    passing: bool = False,
) -> str:
    """`docker run -d --network host --pid host --cap-add … IMAGE`; its id. One of a role for each lab."""
    name = f"netbook-{role}-{session.pid(session.current())}-{lab}"
    with contextlib.suppress(errors.NotFound):
        stale = engine.container(name)
        if stale.labels.get(labels.ROLE) == role and stale.owned:
            engine.remove(stale.id)
    made = engine.create(
        name,
        command,
        image=image,
        marks=labels.for_lab(lab, session.current(), role),
        network="host",
        pid_mode="host",
        cap_add=capabilities,
        passing=passing,
    )
    try:
        engine.start(made)
    except BaseException:
        engine.remove(made)
        raise
    return made
