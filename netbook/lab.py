"""The reader's workspace: containers and networks that belong together and are removed together."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any, Self

import pandas as pd

from netbook import clash, errors, labels, session, tables
from netbook.container import Container
from netbook.echo import Echo
from netbook.engine import image as lab_image
from netbook.engine import ladder
from netbook.engine.api import Engine
from netbook.host import Host
from netbook.models import ContainerInfo
from netbook.network import Network
from netbook.observer import Observer
from netbook.options import RunOptions, Words
from netbook.sweep import of_dead_sessions, sweep
from netbook.views import Views

__all__ = ["Lab", "sweep"]

_MOMENT = 0.5  # seconds; a name is reserved before its container can be found


class Lab(Views):
    """A labelled workspace on a real Docker Engine. Introduced in chapter 00.

    Opening it finds an engine, makes sure that the lab image is there, and removes
    what an earlier run of this lab, or any kernel that died, left behind. It never
    touches what it did not make.

        lab = Lab("bridge")
        bbox01 = lab.run("bbox01")
        lab.clean()

    or, cleaning up by itself: `with Lab("bridge") as lab: …`.

    `echo=False` mutes the command lines; `force=True` takes over a lab of this name
    that is open in another process of yours.

    Errors: NoEngine, ImageMissing, NameTaken (the lab is open elsewhere).
    """

    def __init__(
        self, name: str = "lab", *, engine: Engine | None = None, echo: bool = True, force: bool = False
    ) -> None:
        if not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*", name):
            raise ValueError(f"a lab's name must be letters, digits, '_', '.' or '-', not {name!r}")
        self.name = name
        self._echo = Echo(echo)
        self.engine = engine or ladder.find(print)
        lab_image.ensure(self.engine, print)
        self._observer = Observer(self.engine, name)  # ends what an earlier lab of this name still watches
        self._open(force)
        self.host = Host(self._observer, self.snapshot, self._echo)

    def _open(self, force: bool) -> None:
        mine = [c.labels for c in self.engine.containers(self.name, owned=True)]
        mine += [n.labels for n in self.engine.networks(self.name, owned=True)]
        others = {m.get(labels.SESSION, "") for m in mine} - {session.current()}
        alive = sorted(other for other in others if not session.is_dead(other))
        if alive and not force:
            raise errors.NameTaken(
                f"The lab {self.name!r} is open in another process of yours ({session.pid(alive[0])}).",
                remedy=f"shut that kernel down, or take over: Lab({self.name!r}, force=True)",
            )
        sweep(self.engine, self.name)
        sweep(self.engine, only=of_dead_sessions)

    def __repr__(self) -> str:
        return f"<Lab {self.name} on Docker {self.engine.version}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self.quiet():
            self.clean()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Print no command lines inside `with lab.quiet():`."""
        with self._echo.muted():
            yield

    # -- containers ---------------------------------------------------------

    def run(
        self,
        name: str,
        *command: str,
        image: str = lab_image.NAME,
        network: str | Network | None = None,
        publish: Words = (),
        link: Words = (),
        ip: str | None = None,
        alias: Words = (),
        env: Mapping[str, str] | None = None,
        hostname: str | None = None,
        expose: Words = (),
    ) -> Container:
        """`docker run -di --name NAME [--network NETWORK] … IMAGE [COMMAND…]`.

        `network`: a name or a Network, `host`, `none` or `container:NAME`; the
        default is `bridge`. `publish`: `"8080:80"` or several, always on 127.0.0.1.
        `link`: `"source:alias"`, deprecated by Docker. A container of this lab that
        has the name is replaced, so that a cell can be run again.

        Errors: NameTaken with the holder's name; NotFound for a network that does
        not exist; SubnetTaken for an `ip` that is given out.
        """
        if not name:
            raise ValueError("a container's name must not be empty: Docker would invent one")
        options = RunOptions.read(network, publish, link, ip, alias, env, hostname, expose)
        self._echo("docker", "run", "-di", "--name", name, *options.words, image, *command)
        return self._launch(name, command, image, options)

    def run_many(
        self, names: Iterable[str], *command: str, image: str = lab_image.NAME, **options: Any
    ) -> list[Container]:
        """`docker run …` for each name, four at a time: half the time of one after another.

        Same options as `run`. Which container gets which address is left to chance.
        """
        names = list(names)
        read = RunOptions.read(**options)
        for name in names:
            self._echo("docker", "run", "-di", "--name", name, *read.words, image, *command)
        with self.quiet(), ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda name: self._launch(name, command, image, read), names))

    def _launch(self, name: str, command: tuple[str, ...], image: str, options: RunOptions) -> Container:
        marks = labels.for_lab(self.name, session.current())
        words = {"image": image, "marks": marks, "warn": self._echo.warning, **options.arguments}
        try:
            made = self.engine.create(name, command, **words)
        except errors.NameTaken:
            self._make_room(name)
            made = self.engine.create(name, command, **words)
        try:
            self.engine.start(made)
        except errors.NetbookError:
            self.engine.remove(made)  # `docker run` would leave it behind, with the name taken
            raise
        return Container(self.engine, ContainerInfo(made, name, image, labels=marks), self._echo)

    def _make_room(self, name: str) -> None:
        try:
            holder = self.engine.container(name)
        except errors.NotFound:  # another process is making it, or removing it, right now
            time.sleep(_MOMENT)
            return
        if not self._is_here(holder.labels):
            raise clash.container_name(holder)
        self._echo("docker", "rm", "-f", name)
        self.engine.remove(holder.id)

    def container(self, name: str) -> Container:
        """`docker inspect NAME`: a container that exists. Errors: NotFound, with the names there are."""
        try:
            return Container(self.engine, self._mark(self.engine.container(name)), self._echo)
        except errors.NotFound:
            names = ", ".join(c.name for c in self._containers()) or "none"
            raise errors.NotFound(
                f"No container {name!r}; this lab has: {names}.", remedy="make it with lab.run(…)"
            ) from None

    def containers(self, *, full: bool = False, foreign: bool = False) -> pd.DataFrame:
        """`docker ps -a`: this lab's containers; with `foreign` all, marked in the column `ours` by `full`.

        Columns: name, state, networks, addresses.
        """
        self._echo("docker", "ps", "-a")
        return tables.containers(self._containers(foreign), full=full)

    # -- networks -----------------------------------------------------------

    def networks(self, *, full: bool = False, foreign: bool = False) -> pd.DataFrame:
        """`docker network ls`: the three default networks and this lab's; with `foreign` all.

        Columns: name, driver, scope; with `full` also id, subnet, gateway, internal, bridge.
        """
        self._echo("docker", "network", "ls")
        found = (self._mark_network(n) for n in self.engine.networks())
        return tables.networks((n for n in found if foreign or n.owned or n.is_default), full=full)

    def network(self, name: str) -> Network:
        """`docker network inspect NAME`: a network that exists.

        Errors: NotFound, with the names there are.
        """
        found = {n.name: n for n in self.engine.networks()}
        if name not in found:
            raise errors.NotFound(
                f"No network {name!r}; there are: {', '.join(sorted(found))}.",
                remedy="make it with lab.create_network(…)",
            )
        return Network(self.engine, found[name], self.name, self._echo)

    def create_network(
        self,
        name: str,
        *,
        driver: str = "bridge",
        subnet: str | None = None,
        gateway: str | None = None,
        ip_range: str | None = None,
        internal: bool = False,
        ipv6: bool = False,
        options: Mapping[str, str] | None = None,
    ) -> Network:
        """`docker network create [--driver …] [--subnet …] [--gateway …] [--internal] … NAME`.

        Without a subnet the engine takes the next free one of its pools. Errors:
        NameTaken and SubnetTaken, with the holder; ValueError for a subnet that is none.
        """
        words = ["--driver", driver] if driver != "bridge" else []
        for option, value in (("--subnet", subnet), ("--gateway", gateway), ("--ip-range", ip_range)):
            words += [option, value] if value else []
        words += ["--internal"] * internal + ["--ipv6"] * ipv6
        words += [word for key, value in (options or {}).items() for word in ("-o", f"{key}={value}")]
        self._echo("docker", "network", "create", *words, name)
        if subnet:
            ip_network(subnet)  # with host bits set, engines differ: some refuse, some guess
        wanted = {"Subnet": subnet, "Gateway": gateway, "IPRange": ip_range}
        pool = {key: value for key, value in wanted.items() if value}
        existing = {n.name: n for n in self.engine.networks()}
        if name in existing:
            raise clash.network_name(existing[name], self.name)
        try:
            made = self.engine.create_network(
                name,
                marks=labels.for_lab(self.name, session.current()),
                driver=driver,
                pools=[pool] if pool else [],
                internal=internal,
                ipv6=ipv6,
                options=options,
            )
        except errors.SubnetTaken as refusal:
            raise clash.subnet(subnet, existing.values(), refusal) from refusal
        return next(
            Network(self.engine, n, self.name, self._echo) for n in self.engine.networks() if n.id == made
        )

    def clean(self) -> None:
        """`docker rm -f …` and `docker network rm …` for all that this lab made."""
        self._observer.close()
        names = [c.name for c in self._containers()]
        if names:
            self._echo("docker", "rm", "-f", *names)
        networks = [n.name for n in self.engine.networks(self.name, owned=True)]
        if networks:
            self._echo("docker", "network", "rm", *networks)
        left = sweep(self.engine, self.name).left
        if left:
            raise errors.NetworkInUse(
                f"{', '.join(left)}: other containers, which netbook did not make, are still attached.",
                remedy="disconnect them yourself (docker network disconnect …), then lab.clean() again",
            )
