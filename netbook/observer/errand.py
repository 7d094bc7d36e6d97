"""A command or two on the engine's host, in a helper container that is gone afterwards.

In the host's network namespace, but not in its process namespace, behind Docker's own seccomp profile, with
all capabilities dropped but those that are named. For what the observer may not do: end a command that
waits too long, and read the firewall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from netbook.engine.client.engine import Engine
from netbook.model.programs import ExecResult
from netbook.observer import helper

ROLE = "errand"
_ONE = Lock()  # in this process: a second helper of the same name would end the first


class Errand:
    """What `run` lends out."""

    def __init__(self, engine: Engine, identity: str) -> None:
        self._engine, self._id = engine, identity

    def exec(self, *argv: str) -> ExecResult:
        """`docker exec ERRAND ARGV…`."""
        return self._engine.exec(self._id, argv)


def rights(capabilities: Sequence[str], network: str = "host") -> tuple[str, ...]:
    """As `docker run` has them."""
    return ("--network", network, "--cap-drop", "ALL", *(w for c in capabilities for w in ("--cap-add", c)))


@contextmanager
def run(
    engine: Engine, lab: str, *, image: str, capabilities: Sequence[str], network: str = "host"
) -> Iterator[Errand]:
    """`docker run -i --rm --network host --cap-drop ALL --cap-add … IMAGE`, as long as the block lasts.

    `network`: `container:NAME`, for a container that plays the host. Errors: NameTaken while another process
    does the same for this lab.
    """
    config = {
        "CapDrop": ["ALL"],
        "CapAdd": sorted(capabilities),
        "SecurityOpt": ["no-new-privileges"],
        "ReadonlyRootfs": True,
        # where the engine maps root to another user, the host's namespaces are for `--userns host` only
        **({"UsernsMode": "host"} if any("name=userns" in o.split(",") for o in engine.security) else {}),
    }
    with _ONE:
        made = helper.create(
            engine, lab, ROLE, image=image, capabilities=capabilities, config=config, network=network
        )
        try:
            made.start()
            yield Errand(engine, made.id)
        finally:
            made.close()
