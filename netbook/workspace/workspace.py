"""One reader's corner of one engine: what is in it, whose it is, and how it looks right now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from netbook import errors
from netbook.engine.client.engine import Engine
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.snapshot import Snapshot
from netbook.observer.observer import Observer
from netbook.ownership import labels, session
from netbook.topology.build import build
from netbook.topology.graph import Topology
from netbook.workspace import cleanup
from netbook.workspace.claim import claim
from netbook.workspace.echo import Echo


class Workspace:
    """What all verbs of a lab share. Within it, "owned" means: of this lab.

    `observer` is its eyes and its claim on the name. Errors of opening: NameTaken while another process has
    the name, or may have it; `force` takes it from there. Who only looks brings an observer: then no name is
    claimed, and what dead labs left is left.
    """

    def __init__(
        self, name: str, engine: Engine, *, echo: Echo, force: bool = False, observer: Observer | None = None
    ) -> None:
        self.name, self.engine, self.echo = name, engine, echo
        self.observer: Observer = observer or claim(engine, name, force=force)
        self._task = ""

    # -- whose is it --------------------------------------------------------

    def marks(self) -> dict[str, str]:
        """The labels of one more thing that is made here."""
        marks = labels.for_lab(self.name, session.current())
        return marks | {labels.TASK: self._task} if self._task else marks

    @contextmanager
    def making(self, task: str) -> Iterator[None]:
        """What is made inside the block is the start of this exercise."""
        self._task = task
        try:
            yield
        finally:
            self._task = ""

    def owns(self, marks: Mapping[str, str]) -> bool:
        """Are these the labels of something of this lab's?"""
        return labels.is_of(self.name, marks)

    # -- what is there ------------------------------------------------------

    def containers(self, *, foreign: bool = False) -> list[ContainerInfo]:
        """`docker ps -a`, sorted by name, without the book's helpers; with `foreign` everybody's."""
        found = (self._mark(c) for c in self.engine.containers() if labels.ROLE not in c.labels)
        return [c for c in found if foreign or c.owned]

    def container(self, name: str) -> ContainerInfo:
        """`docker inspect NAME`, by name or id. Errors: NotFound, with the names there are."""
        try:
            return self._mark(self.engine.container(name))
        except errors.NotFound:
            raise self.no_container(name) from None

    def running(self, name: str) -> ContainerInfo:
        """`docker ps`, the one of that name or id. Errors: NotFound; NotRunning if it cannot send."""
        found = next((c for c in self.containers(foreign=True) if name in (c.name, c.id)), None)
        if found is None:
            raise self.no_container(name)
        if found.state != "running":
            raise errors.NotRunning(
                f"{found.name} is {found.state}, so it cannot send anything.",
                remedy="unpause it first: container.unpause()"
                if found.state == "paused"
                else "start it first: container.start()",
            )
        return found

    def no_container(self, name: str) -> errors.NotFound:
        """What to say of a name that is nobody's."""
        names = ", ".join(c.name for c in self.containers()) or "none"
        return errors.NotFound(
            f"No container {name!r}; this lab has: {names}.", remedy="make it with lab.run(…)"
        )

    def networks(self) -> list[NetworkInfo]:
        """`docker network ls`, everybody's, sorted by name."""
        return [replace(n, owned=self.owns(n.labels)) for n in self.engine.networks()]

    def network(self, name: str) -> NetworkInfo:
        """`docker network inspect NAME`, by name or id. Errors: NotFound, with the names there are."""
        found = self.networks()
        for network in found:
            if name in (network.name, network.id):
                return network
        raise errors.NotFound(
            f"No network {name!r}; there are: {', '.join(n.name for n in found)}.",
            remedy="make it with lab.create_network(…)",
        )

    def _mark(self, container: ContainerInfo) -> ContainerInfo:
        return replace(container, owned=self.owns(container.labels))

    # -- how it looks -------------------------------------------------------

    def look(self) -> tuple[Snapshot, Topology]:
        """All that is on the engine, of one moment: as it was read, and joined.

        Costs two listings and one question to the observer.
        """
        seen = self.observer.snapshot()
        return seen, build(seen)

    def topology(self, *, foreign: bool = False) -> Topology:
        """`docker ps`, `docker network ls` and `ip addr` of every namespace, of one moment, joined."""
        _, graph = self.look()
        return graph if foreign else graph.owned()

    # -- the end ------------------------------------------------------------

    def clean(self) -> None:
        """`docker rm -f …` and `docker network rm …` for all that is owned; gives up the name.

        Errors: NetworkInUse if somebody else's container is on one of the networks.
        """
        self.observer.close()
        names = [c.name for c in self.containers()]
        if names:
            self.echo("docker", "rm", "-f", *names)
        networks = [n.name for n in self.engine.networks(self.name, owned=True)]
        if networks:
            self.echo("docker", "network", "rm", *networks)
        left = cleanup.sweep(self.engine, self.name).left
        if used := {name: who for name, who in left.items() if who}:
            told = ", ".join(f"{name} ({', '.join(who)})" for name, who in used.items())
            raise errors.NetworkInUse(
                f"{told}: other containers, which netbook did not make, are still attached.",
                remedy="disconnect them yourself (docker network disconnect …), then lab.clean() again",
            )
        if left:
            raise errors.NetworkInUse(
                f"{', '.join(left)}: the engine keeps an endpoint there that no container has.",
                remedy="restart the engine, which then counts anew, and run lab.clean() again",
            )
