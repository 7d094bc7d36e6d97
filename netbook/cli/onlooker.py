"""The reader's own engine, to be looked at and not to be used: found, never started, and left as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from netbook.engine import ladder
from netbook.engine.attempt import Attempt, nothing_holds
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.errors import ImageMissing
from netbook.setup.console import say

NAME = f"look-{os.getpid()}"  # of the helper: as a lab's, and gone with this process


@contextmanager
def engine() -> Iterator[Engine]:
    """The first that runs. Errors: NoEngine, with what was tried."""
    fallen: list[Attempt] = []
    found: Engine | None = None
    for outcome in ladder.running():
        if not isinstance(outcome, Engine):
            fallen.append(outcome)
        elif found is None:
            found = outcome
        else:
            outcome.close()
    if found is None:
        raise nothing_holds(fallen)
    try:
        yield found
    finally:
        found.close()


def helper_image(found: Engine) -> None:
    """What the helper is made of. Errors: ImageMissing, with the way that does without."""
    try:
        busybox.ensure(found, say)
    except ImageMissing as missing:
        raise ImageMissing(missing.what, remedy=f"{missing.remedy}; or draw with --no-helper") from None
