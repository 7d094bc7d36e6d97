"""The reader's lab: every verb of a chapter's first word, `lab`, and what it stands for."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, Self

import pandas as pd

from netbook import errors, tables
from netbook.diagram.changes import Changes
from netbook.diagram.diagram import Diagram
from netbook.engine import ladder
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.lab import options, pool, wall
from netbook.lab.container import Container
from netbook.lab.host import Host
from netbook.lab.network import Network
from netbook.lab.options import Words
from netbook.lab.played import PlayedHost
from netbook.learn import guess
from netbook.learn.cells import Cells
from netbook.learn.guess import Guess
from netbook.learn.prediction import Prediction
from netbook.model.spec import NetworkSpec
from netbook.reach import latency, reachability
from netbook.reach.latency import Latency
from netbook.reach.reachability import Reachability
from netbook.topology.graph import Topology
from netbook.workspace import launch, typed
from netbook.workspace.echo import Echo
from netbook.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from netbook.lab.cluster import Cluster
    from netbook.lab.engine_host import EngineHost
    from netbook.learn.task import Task
    from netbook.learn.tickets import TicketTask
    from netbook.live.view import LiveView
    from netbook.trace.trace import Trace
    from netbook.why.verdict import Why


class Lab:
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

    Errors: NoEngine, ImageMissing, NameTaken (the lab is open elsewhere, or nobody can tell that it is not).
    """

    def __init__(
        self, name: str = "lab", *, engine: Engine | None = None, echo: bool = True, force: bool = False
    ) -> None:
        if not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*", name):
            raise ValueError(f"a lab's name must be letters, digits, '_', '.' or '-', not {name!r}")
        self.name, self.engine = name, engine or ladder.find(print)
        typed.reachable_from_cells(self.engine.rung, self.engine.where)
        busybox.ensure(self.engine, print)
        self._echo = Echo(echo)
        self.workspace = Workspace(name, self.engine, echo=self._echo, force=force)
        self.host = Host(self.workspace)
        self._hosts: dict[str, EngineHost] = {}

    def __repr__(self) -> str:
        return f"<Lab {self.name} on Docker {self.engine.version}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        with self.quiet():
            try:
                self.clean()
            except errors.NetbookError as unclean:
                if error is None:
                    raise
                error.add_note(f"And the lab could not be cleaned: {unclean}")

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
        image: str = busybox.NAME,
        network: str | Network | None = None,
        publish: Words = (),
        link: Words = (),
        ip: str | None = None,
        ip6: str | None = None,
        mac: str | None = None,
        alias: Words = (),
        env: Mapping[str, str] | None = None,
        hostname: str | None = None,
        expose: Words = (),
        cap_add: Words = (),
        sysctl: Mapping[str, object] | None = None,
        dns: Words = (),
        dns_search: Words = (),
        dns_option: Words = (),
        add_host: Mapping[str, str] | None = None,
        volume: Words = (),
    ) -> Container:
        """`docker run -di --name NAME [--network NETWORK] … IMAGE [COMMAND…]`; each option by its name.

        `network`: a name or a Network, `host`, `none` or `container:NAME`; the default is `bridge`.
        `publish`: `"8080:80"` or several, on 127.0.0.1, this machine only, and not on all addresses as
        Docker's `-p 8080:80`; say `"0.0.0.0:8080:80"` if you mean those. `link`: `"source:alias"`, deprecated
        by Docker. `sysctl`, `add_host`, `env`: a dict. `volume`: `"data:/folder"`, gone with the lab. A
        container of this lab that has the name is replaced, so that a cell can be run again.

        Errors: NameTaken with the holder's name; NotFound for a network that does not exist; SubnetTaken for
        an `ip` that is given out; WrongArgument with the forms that are expected.
        """
        spec = options.read(
            name,
            image,
            command,
            network=network,
            publish=publish,
            link=link,
            ip=ip,
            ip6=ip6,
            mac=mac,
            alias=alias,
            env=env,
            hostname=hostname,
            expose=expose,
            cap_add=cap_add,
            sysctl=sysctl,
            dns=dns,
            dns_search=dns_search,
            dns_option=dns_option,
            add_host=add_host,
            volume=volume,
        )
        told = ("docker", "run", "-di", "--name", name, *spec.words, image, *command)
        return Container(self.workspace, launch.container(self.workspace, spec, *told))

    def run_many(
        self, names: Iterable[str], *command: str, image: str = busybox.NAME, **given: Any
    ) -> list[Container]:
        """`docker run …` for each name, four at a time: half the time of one after another.

        Same options as `run`. Which container gets which address is left to chance.
        """
        specs = [options.read(name, image, command, **given) for name in names]
        for spec in specs:
            self._echo("docker", "run", "-di", "--name", spec.name, *spec.words, image, *command)
        with self.quiet(), ThreadPoolExecutor(4) as threads:
            made = threads.map(lambda spec: launch.container(self.workspace, spec), specs)
            return [Container(self.workspace, info) for info in made]

    def container(self, name: str) -> Container:
        """`docker inspect NAME`: a container that exists. Errors: NotFound, with the names there are."""
        return Container(self.workspace, self.workspace.container(name))

    def containers(self, *, full: bool = False, foreign: bool = False) -> pd.DataFrame:
        """`docker ps -a`: this lab's containers; with `foreign` all, marked in the column `ours` by `full`.

        Columns: name, state, networks, addresses.
        """
        self._echo("docker", "ps", "-a")
        return tables.containers(self.workspace.containers(foreign=foreign), full=full)

    def engine_hosts(self, *names: str, network: str | Network | None = None) -> list[EngineHost]:
        """`docker run -di --hostname NAME --cap-add … dockerd` for each name: a host with its own engine.

        Each is a container of this lab on `network`, in which a Docker Engine runs; all verbs of a lab work
        there. It has the rights that an engine needs (SYS_ADMIN, NET_ADMIN, SYS_PTRACE, no seccomp filter),
        and the programs of the book's engine, or on an engine of yours those of the image `docker:dind`.

        Errors: as `run`; WrongArgument for no name, or one twice; ImageMissing if that image cannot be had;
        NoEngine if one does not start.
        """
        from netbook.lab.engine_host import EngineHost
        from netbook.workspace import engine_host

        if not names or len({*names}) < len(names):
            raise errors.WrongArgument(
                f"Hosts are told apart by their names; given: {', '.join(names) or 'none'}.",
                remedy='east, west = lab.engine_hosts("east", "west")',
            )
        for name in names:
            if name in self._hosts:  # it is made anew
                self._hosts.pop(name).engine.close()
        where = network.name if isinstance(network, Network) else network
        made = [engine_host.make(self.workspace, name, where) for name in names]
        with ThreadPoolExecutor(4) as threads:
            hosts = list(threads.map(lambda info: EngineHost(self, info), made))
        self._hosts |= {host.name: host for host in hosts}
        return hosts

    # -- networks -----------------------------------------------------------

    def networks(self, *, full: bool = False, foreign: bool = False) -> pd.DataFrame:
        """`docker network ls`: the three default networks and this lab's; with `foreign` all.

        Columns: name, driver, scope; with `full` also id, subnet, gateway, internal, bridge.
        """
        self._echo("docker", "network", "ls")
        found = self.workspace.networks()
        if full and any(n.bridge and len(n.gateways) < len(n.subnets) for n in found):
            found = list(self.workspace.look()[0].networks)  # with gateways that the engine does not tell
        return tables.networks((n for n in found if foreign or n.owned or n.is_default), full=full)

    def network(self, name: str) -> Network:
        """`docker network inspect NAME`: a network that exists.

        Errors: NotFound, with the names there are.
        """
        return Network(self.workspace, self.workspace.network(name))

    def create_network(
        self,
        name: str,
        *,
        driver: str = "bridge",
        subnet: Words | None = None,
        gateway: Words | None = None,
        ip_range: Words | None = None,
        internal: bool = False,
        attachable: bool = False,
        ipv4: bool = True,
        ipv6: bool = False,
        options: Mapping[str, str] | None = None,
    ) -> Network:
        """`docker network create [--driver …] [--subnet …] [--gateway …] [--internal] … NAME`.

        Without a subnet the engine takes the next free one of its pools; of several, one can be IPv6, with
        `ipv6=True`. `attachable`: an overlay that not only a swarm's services may use. `ipv4=False` needs
        Docker 28. Errors: NameTaken and SubnetTaken, with the holder;
        WrongArgument for addresses that are none, or do not fit; EngineRefused for an engine that is too old.
        """
        pools = pool.read(subnet, gateway, ip_range)
        spec = NetworkSpec(name, driver, pools, internal, ipv4, ipv6, options or {}, attachable=attachable)
        self._echo("docker", "network", "create", *spec.words, name)
        return Network(self.workspace, launch.network(self.workspace, spec))

    def compose(self, file: str | Path) -> Cluster:
        """`docker compose -f FILE up -d --wait`: all that the file describes, as this lab's.

        `file`: the path of a Compose file, or its text, of several lines. It is run as it is; an override
        file beside it adds the lab's labels, so that all is drawn, and goes with `lab.clean()`. A project
        without `name:` has the lab's name; one of this lab that is there already is replaced. nginx, python,
        redis and postgres are built where no registry answers, and Compose itself is fetched where it is
        missing, both from Debian's packages. Introduced in chapter 17.

        Errors: NotFound for a file that is not there; WrongArgument for one that Compose cannot read;
        NameTaken for a project, network or container of somebody else's; ImageMissing; ComposeMissing;
        EngineRefused with Compose's last words, and then nothing of it stays.
        """
        from netbook.lab.cluster import Cluster  # few labs have one

        return Cluster(self.workspace, file)

    # -- what a look shows ----------------------------------------------------

    def snapshot(self, *, foreign: bool = False) -> Topology:
        """`docker ps`, `docker network ls` and `ip addr` of every namespace, of one moment, joined.

        Costs two listings and one question to the observer.
        """
        return self.workspace.topology(foreign=foreign)

    def as_host(self, container: Container | str) -> PlayedHost:
        """The lab as a container sees it that plays the host: its `diagram`, `changes`, `trace`, `firewall`.

        No command yet. What is wired by hand (`ip link`, in a container with NET_ADMIN) is drawn around it:
        its bridges as bars, and the containers on `none`. Introduced in chapter 11.
        """
        return PlayedHost(
            self.workspace, self.container(container) if isinstance(container, str) else container
        )

    def veth_pairs(self, *, full: bool = False) -> pd.DataFrame:
        """`ip addr` in every namespace: which veth on the host is whose eth0, matched by their numbers.

        Columns: container, interface, host_end, bridge, network; with `full` also both numbers.
        """
        self._echo("ip", "addr")
        return tables.veth_pairs(self.snapshot().veth_pairs, full=full)

    def diagram(
        self,
        title: str = "",
        *,
        highlight: Iterable[str] = (),
        foreign: bool = False,
        firewall: bool = False,
    ) -> Diagram:
        """`docker ps`, `docker network ls` and `ip addr`, as a picture with alt text and a text form.

        `highlight`: names of containers and networks to look at. With `firewall` also the host as a router
        with a firewall, and what its rules (`iptables-save`) do with a ping from bridge to bridge; IPv4.

        Errors: NotFound for a name not in it; as `lab.host.firewall`, if its rules are asked for.
        """
        seen = self.snapshot(foreign=foreign)
        found = wall.read(self.workspace, seen) if firewall else None
        return Diagram(seen, title, tuple(highlight), wall=found)

    def live(self, title: str = "", *, foreign: bool = False) -> LiveView:
        """`docker events`, and after each the picture of `diagram()` drawn anew, whoever caused it.

        A click, or the arrow keys and Enter, on a container shows its `ip addr`, `ip route` and endpoints.
        It ends by `close()`, when its cell is run again, with the lab and with the kernel; a lab has one at
        a time. Where widgets do not show, there is a figure of the moment when the cell ran.
        """
        from netbook.live.view import LiveView  # widgets take a while to import, and few cells need them

        view = LiveView(self.workspace, title, foreign=foreign)
        weakref.finalize(self, view.close, "its lab is gone", wait=False).atexit = False
        return view

    def changes(self, title: str = "", *, foreign: bool = False) -> Changes:
        """`docker ps`, `docker network ls` and `ip addr`, before and after the verbs of a block.

            with lab.changes("What docker run does"):
                lab.run("bbox01")

        At its end the block shows one picture with what came, went and changed; `as changes` keeps it,
        and the same as a table: `changes.table`. If a verb raises, that is seen, and what changed until then.
        """
        return Changes(self.snapshot(foreign=foreign), lambda: self.snapshot(foreign=foreign), title)

    def diff(self, before: Topology, after: Topology, title: str = "") -> Changes:
        """`docker ps`, `docker network ls` and `ip addr` of two moments: what came, went and changed.

        `before` and `after` are results of `lab.snapshot()`. Shown as a picture; `.table` is the same
        as a table.
        """
        return Changes(before, after, title)

    # -- what a measurement shows ----------------------------------------------

    def reachability(
        self, by: Literal["both", "address", "name"] = "both", title: str = "", *, port: int = 0
    ) -> Reachability:
        """`docker exec A ping -c 1 -W 1 B` for every pair: a matrix, rows from, columns to, with reasons.

        By address: every address that B has; those of the container whose network it
        shares, or docker0's for one on the host network. By name: its name. All pings
        of one container run at once, in one exec; one that is stopped or paused cannot
        be asked. `port`: by a TCP connection instead, `nc -w 2 B PORT -e true`; cells say
        `open`, `refused`, `timed out`, `no route` or `unknown name`. `.table` is the matrix
        as a DataFrame, `.reasons` one row per ping, `.diagram(a, b)` the way from a to b.
        """
        return reachability.measured(self.workspace, by, title, port)

    def predict(
        self, cells: Cells = None, *, by: Literal["address", "name"] = "address", title: str = ""
    ) -> Prediction:
        """`docker ps -a`, as a matrix to fill in before measuring: who will reach whom?

        Without `cells`, a grid of buttons, for up to ten containers. Else `cells` is the prediction:
        `{("bbox01", "bbox02"): True, …}`, a DataFrame, or a grid of text with yes, no and ?. Then
        `prediction.compare(lab.reachability())`. Errors: NotFound for a container that is not there.
        """
        self._echo("docker", "ps", "-a")
        return Prediction((c.name for c in self.workspace.containers()), cells, by, title)

    def task(self, exercise: str) -> Task:
        """An exercise of this book, on this lab: builds its start, unless that is there already.

        `task.check()` says what is met, what is not, and what was seen; `hint()`, `look()` and `solution()`
        help; `start()` begins again. Any means count: verbs, `!docker`, a terminal. Errors: NotFound, with
        those that there are; NameTaken, if somebody else has a container of one of its names.
        """
        from netbook.learn import exercises, tickets
        from netbook.learn.task import Task
        from netbook.learn.ticket import Ticket

        found = exercises.find(exercise)
        return tickets.opened(self, found.id) if isinstance(found, Ticket) else Task(self, found)

    def ticket(self, ticket: str = "") -> TicketTask:
        """`docker run …` of a small service with one fault in it: a broken network, for you to mend.

        Without an id a surprise: one that you have not solved yet. What the ticket quotes was printed a
        moment ago; the lab's containers alone were changed for it. Then as with `lab.task`: any means count,
        `check()` judges by effect, twice, and that nothing else was broken; `start()` begins again; after the
        mend it tells the cause, and who met it. Errors: NotFound, with those that there are; NameTaken.
        """
        from netbook.learn import tickets

        return tickets.opened(self, ticket)

    def guess(
        self,
        question: str,
        *,
        choices: Iterable[object] | None = None,
        number: bool = False,
        unit: str = "",
        name: bool = False,
    ) -> Guess:
        """A question before a measurement, to be answered or not; no command, the engine is not asked.

        The answer is yes or no, one of `choices`, with `number=True` a number (in `unit`s), or with
        `name=True` a name or an address. Then, in the cell that measures: `guess.judge(measured)`.
        A guess is kept for its question as long as the kernel lives. Errors: WrongArgument.
        """
        return guess.ask(question, choices, number, unit, name, self.name)

    def latency(
        self,
        pairs: Mapping[str, tuple[Container | str, Container | str]] | None = None,
        *,
        count: int = 20,
        title: str = "",
    ) -> Latency:
        """`docker exec A ping -c COUNT B` for some pairs, in turns: round-trip times side by side, in ms.

        `pairs`: a label for each, as in `{"bridge": (bbox01, bbox02), "to the gateway": (bbox01,
        "172.17.0.1")}`; the default is one for each mode that is in the lab. Within one namespace 127.0.0.1
        is pinged; else an address on a network that both are on. Errors: NotRunning, NotFound.
        """
        return latency.measured(self.workspace, pairs, count, title)

    def trace(
        self,
        source: Container | Host | str,
        target: Container | str,
        *,
        port: int = 0,
        size: int | None = None,
        wait: int = 1,
        full: bool = False,
    ) -> Trace:
        """`tcpdump -i any` everywhere on the way of `docker exec SOURCE ping -c 1 TARGET`, or of `nc`.

        `source`: a container of any lab, or `lab.host`; `target`: a container (then its address), a name
        (then the DNS question is part of it) or an address. `port`: one TCP connection instead of a ping;
        `size`: the ping's data, in bytes; `wait`: seconds for the answer. `.table` has a row for each
        interface that saw a packet, with `full` also times, MACs, ports, lengths.

        Errors: NotFound, NotRunning; EngineRefused if tcpdump may not listen; ImageMissing for the
        helper's image. An unknown name, loss and a closed port are results.
        """
        from netbook.trace.follow import follow  # with dpkt; most labs trace nothing

        from_ = "" if isinstance(source, Host) else source
        return follow(self.workspace, from_, target, port=port, size=size, wait=wait, full=full)

    def why(
        self, source: Container | Host | str, target: Container | Host | str, *, port: int | str = 0
    ) -> Why:
        """`docker inspect`, `ip route get`, `ping`, `nc`, `netstat -tuln`, … until the first no: why not?

        Does each run, has it an address, does the name resolve and by whom, which route, does the neighbour
        answer, where does the packet end, which rule dropped it, does anything listen and where, what did TCP
        say, does a big packet pass, the way back. The result is a sentence with cause and remedy; `.ok`,
        `.step`, `.cause`, `.remedy`, `.table` (step, question, found, ok), `.diagram` with the break.

        `source`: a container, its name, or `lab.host`; `target`: a container (then its address), a name (then
        it is resolved as the source does), an address, or the host. `port`: TCP, or `"53/udp"`; 0: a ping.
        All is asked from outside, by helpers, whatever programs the images have. Nothing is changed, but that
        containers of this lab forget their neighbours if a packet has to be captured, as in `trace`.
        Rules are those of IPv4's iptables; of UDP it is told who publishes and who listens, not what came.

        Errors: NotFound for a source that is not there; WrongArgument. A target that is not is a result.
        """
        from netbook.why.why import why  # with dpkt, where something has to be captured

        from_, to = ("" if isinstance(end, Host) else end for end in (source, target))
        return why(self.workspace, from_, to, port)

    # -- the end --------------------------------------------------------------

    def clean(self) -> None:
        """`docker rm -f …` and `docker network rm …` for all that this lab made."""
        while self._hosts:
            self._hosts.popitem()[1].engine.close()
        self.workspace.clean()
