"""Layer 6: who listens, who serves, what is published."""

from __future__ import annotations

from dataclasses import dataclass

from netbook.learn.evidence import Evidence
from netbook.learn.goals.base import Finding, Goal, state
from netbook.topology import addressing

ALL = "0.0.0.0"  # noqa: S104  # what a socket says that listens on all addresses


@dataclass(frozen=True)
class Listens(Goal):
    """A process listens on that TCP port; with `on`, at that address; `ALL` is all."""

    container: str
    port: int
    on: str = ""
    layer = 6

    def __str__(self) -> str:
        where = {"": "", ALL: " on all addresses"}.get(self.on, f" on {self.on}")
        return f"something listens on port {self.port} in {self.container}{where}"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        all_ = [s for s in evidence.sockets(self.container) if s.proto == "tcp" and s.serves]
        found = {s.address for s in all_ if s.port == self.port}
        met = bool(found) if not self.on else self.on in found or (self.on == ALL and "::" in found)
        others = sorted({s.port for s in all_ if not s.is_dns_of_docker} - {self.port})
        nobody = f"nobody listens on {self.port}" + (f", but on {', '.join(map(str, others))}" * bool(others))
        return Finding(met, f"it listens on {', '.join(sorted(found))}" if found else nobody)


@dataclass(frozen=True)
class Serves(Goal):
    """The page at `url`, asked for by `source`, comes; and has `text` in it, so that it is the right one."""

    source: str  # a container, or evidence.HOST
    url: str
    text: str
    layer = 6
    about = ("source",)

    def __str__(self) -> str:
        return f"{self.source} gets the page {self.text!r} from {self.url}"

    def judge(self, evidence: Evidence) -> Finding:
        page = evidence.page(self.source, self.url)
        if not page.ok:
            return Finding(False, page.outcome)
        return Finding(self.text in page.body, f"page: {page.first_line}")


@dataclass(frozen=True)
class PageOf(Goal):
    """The page at that port of a container comes, asked for by `source`; wherever the container has moved."""

    source: str
    container: str
    port: int
    text: str
    layer = 6
    about = ("source", "container")

    def __str__(self) -> str:
        return f"{self.source} gets the page {self.text!r} from port {self.port} of {self.container}"

    def judge(self, evidence: Evidence) -> Finding:
        if not evidence.running(self.container):
            return Finding(False, state(evidence, self.container))
        address = addressing.address(evidence.graph, self.source, self.container, "inet")
        if not address:
            return Finding(False, f"{self.container} has no address")
        return Serves(self.source, f"http://{address}:{self.port}/", self.text).judge(evidence)


@dataclass(frozen=True)
class NoPage(Goal):
    """No page comes from `url` for `source`; if `control` is given, that one gets it from `control_url`."""

    source: str
    url: str
    control: str = ""
    control_url: str = ""
    layer = 6
    about = ("source", "control")

    def __str__(self) -> str:
        return f"{self.source} gets no page from {self.url}"

    def judge(self, evidence: Evidence) -> Finding:
        page = evidence.page(self.source, self.url)
        if page.ok:
            return Finding(False, f"page: {page.first_line}")
        if self.control and not evidence.page(self.control, self.control_url).ok:
            return Finding(False, f"{self.control} gets none from {self.control_url} either")
        return Finding(True, page.outcome)


@dataclass(frozen=True)
class Published(Goal):
    """`docker port CONTAINER`: published at `host_port`; with `on`, at that address of the host only."""

    container: str
    port: int
    host_port: int
    on: str = ""
    layer = 6

    def __str__(self) -> str:
        where = f" of {self.on} and of no other address" if self.on else ""
        return f"port {self.port} of {self.container} is published at port {self.host_port}{where}"

    def judge(self, evidence: Evidence) -> Finding:
        running = evidence.running(self.container)
        if not running:
            return Finding(False, state(evidence, self.container))
        found = running.publications
        here = {p.host_ip for p in found if (p.port, p.host_port) == (self.port, self.host_port)}
        seen = ", ".join(map(str, found)) or "nothing is published"
        return Finding(here == {self.on} if self.on else bool(here), seen)


@dataclass(frozen=True)
class NotPublished(Goal):
    """No port of the container is published."""

    container: str
    layer = 6

    def __str__(self) -> str:
        return f"no port of {self.container} is published"

    def judge(self, evidence: Evidence) -> Finding:
        running = evidence.running(self.container)
        if not running:
            return Finding(False, state(evidence, self.container))
        found = running.publications
        return Finding(not found, ", ".join(map(str, found)))
