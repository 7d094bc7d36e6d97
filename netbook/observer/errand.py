"""A command or two on the engine's host, in a helper container that is gone soon afterwards.

In the host's network namespace, but not in its process namespace, behind Docker's own seccomp profile, with
all capabilities dropped but those that are named. For what the observer may not do: end a command that
waits too long, and read the firewall.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock

from netbook import errors
from netbook.engine.client.engine import Engine
from netbook.model.programs import ExecResult
from netbook.observer import helper
from netbook.observer.helper import Helper

ROLE, ONCE = "errand", "errand-once"
# It ends when no line has come for as many seconds as the last one said; and with us, as every helper.
_STAY = 'n=$0; while read -r -t "$n" n; do :; done'
_LONGEST, _LINGER = 180, 10  # seconds: for one errand; until the next one, for often there is one
_MARGIN = 3  # seconds before its end, when nothing is begun in it any more
_ONE = Lock()  # in this process: a second helper of the same name would end the first


class Errand:
    """What `run` lends out: one helper for all errands of a kind, while they follow each other."""

    def __init__(
        self,
        engine: Engine,
        lab: str,
        role: str = ROLE,
        *,
        image: str,
        capabilities: Sequence[str],
        network: str = "host",
    ) -> None:
        self._engine, self._lab, self._role, self._network = engine, lab, role, network
        self._image, self._capabilities = image, capabilities
        self._helper: Helper | None = None
        self._until = 0.0  # it surely lives so long, if nobody has removed it

    def exec(self, *argv: str) -> ExecResult:
        """`docker exec ERRAND ARGV…`."""
        if self._helper and time.monotonic() < self._until:
            with suppress(errors.NotFound, errors.NotRunning):  # removed behind our back
                return self._engine.exec(self._helper.id, argv)
        self._helper = self._made()
        return self._engine.exec(self._helper.id, argv)

    @contextmanager
    def run(self) -> Iterator[Errand]:
        """One at a time. Errors: NameTaken while another process does the same for this lab."""
        with _ONE:
            self._stay(_LONGEST)
            try:
                yield self
            finally:
                self._stay(_LINGER)

    def close(self) -> None:
        """Remove the helper. Safe to call twice."""
        made, self._helper = self._helper, None
        if made:
            made.close()

    def _stay(self, seconds: int) -> None:
        if self._helper and time.monotonic() < self._until:
            with suppress(OSError):  # it is gone; the next command makes another
                self._helper.tell(str(seconds))
                self._until = time.monotonic() + seconds - _MARGIN

    def _made(self) -> Helper:
        config = {
            "CapDrop": ["ALL"],
            "CapAdd": sorted(self._capabilities),
            "SecurityOpt": ["no-new-privileges"],
            "ReadonlyRootfs": True,
            # where the engine maps root to another user, the host's namespaces are for `--userns host` only
            **(
                {"UsernsMode": "host"}
                if any("name=userns" in o.split(",") for o in self._engine.security)
                else {}
            ),
        }
        made = helper.create(
            self._engine,
            self._lab,
            self._role,
            image=self._image,
            capabilities=self._capabilities,
            command=("sh", "-c", _STAY, str(_LONGEST)),
            config=config,
            network=self._network,
        )
        made.start()
        self._until = time.monotonic() + _LONGEST - _MARGIN
        return made


def rights(capabilities: Sequence[str], network: str = "host") -> tuple[str, ...]:
    """As `docker run` has them."""
    return ("--network", network, "--cap-drop", "ALL", *(w for c in capabilities for w in ("--cap-add", c)))


@contextmanager
def run(
    engine: Engine, lab: str, *, image: str, capabilities: Sequence[str], network: str = "host"
) -> Iterator[Errand]:
    """`docker run -i --rm --network host --cap-drop ALL --cap-add … IMAGE`, as long as the block lasts.

    `network`: `container:NAME`, for a container that plays the host. Its helper does not stay: a container
    that is started again has another namespace.
    """
    made = Errand(engine, lab, ONCE, image=image, capabilities=capabilities, network=network)
    try:
        with made.run() as errand:
            yield errand
    finally:
        made.close()
