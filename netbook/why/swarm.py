"""What is different on an engine that is a node of a swarm: addresses of services, and other nodes."""

from __future__ import annotations

from netbook.why.case import Case, joined

_SERVICE = "com.docker.swarm.service.name"


def silent(case: Case) -> tuple[str, str] | None:
    """Cause and remedy, where nobody on this machine has an overlay's address; None of another network."""
    network = case.network(case.leaving.network) if case.leaving else None
    if network is None or network.driver != "overlay":
        return None
    tasks = sorted(c.name for c in case.seen.containers if c.labels.get(_SERVICE) == case.asked)
    if tasks:
        return (
            f"{case.address} is the virtual address of the service {case.asked}, and nobody passes it on "
            f"to a task: the kernel's IPVS does, on the engine's host",
            f"modprobe ip_vs, on the host; or ask for tasks.{case.asked}, which is {joined(tasks)}; or "
            f"docker service update --endpoint-mode dnsrr {case.asked}",
        )
    return (
        f"nobody on this machine has {case.address}; on the overlay {network.name} it may be another node's",
        f"docker node ls; between nodes 4789/udp, 7946/tcp and 7946/udp have to pass; docker network inspect "
        f"-v {network.name} lists who is on it",
    )


def published(case: Case) -> str:
    """What to add to a remedy where nobody has a port of the host: services publish ports of their own."""
    swarm = any(network.driver == "overlay" for network in case.seen.networks)
    return "; docker service ls, what services publish, by a routing mesh that needs IPVS" if swarm else ""
