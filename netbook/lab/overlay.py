"""One overlay on one host: what Docker has told the kernel of who is behind which other host.

libnetwork keeps an overlay's bridge and its tunnel in a namespace of their own. It is there while the host
has a container on the network; the file that names it, and the programs that look into it, are the host's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address

import pandas as pd

from netbook import tables
from netbook.errors import NotFound
from netbook.model.docker import NetworkInfo
from netbook.model.programs import ExecResult
from netbook.parsers import bridge_fdb, ip_neigh

Exec = Callable[..., ExecResult]  # on the host
SHOWN = "--net=/var/run/docker/netns/1-…"
_HEARD = """
tries=50
until [ ! -e "$1" ] || nsenter --net="$1" ip neigh | grep -qF "$2 " || [ $tries = 0 ]; do
  tries=$((tries - 1)); sleep 0.1
done
"""


def peers(
    run: Exec, network: NetworkInfo, host: str, names: Mapping[str, str], hosts: Mapping[str, str]
) -> pd.DataFrame:
    """`names` and `hosts`: address → container, and → host. Errors: NotFound where it has no namespace."""
    place = _namespace(network)
    near, far = (run("nsenter", f"--net={place}", *words) for words in (("ip", "neigh"), ("bridge", "fdb")))
    if not (near.ok and far.ok):
        raise NotFound(
            f"{network.name} has no namespace on {host} that could be read: {near if not near.ok else far}",
            remedy=f"is it an overlay, with a container here? {host}.run(…, network={network.name!r})",
        )
    behind = {entry.mac: entry.behind for entry in bridge_fdb.parse(far.stdout) if entry.behind}
    known = [n for n in ip_neigh.parse(near.stdout) if n.mac in behind]
    rows: list[tables.Row] = [
        {
            "address": n.address,
            "container": names.get(n.address, ""),
            "behind": behind[n.mac],
            "host": hosts.get(behind[n.mac], ""),
        }
        for n in sorted(known, key=lambda n: ip_address(n.address))
    ]
    return tables.frame(["address", "container", "behind", "host"], rows, near.stdout + far.stdout)


def wait_for_news(run: Exec, network: NetworkInfo, address: str) -> None:
    """Until this host has been told of a container elsewhere; at once, if it takes no part in the network."""
    run("sh", "-c", _HEARD, "sh", _namespace(network), address)


def _namespace(network: NetworkInfo) -> str:
    return f"/var/run/docker/netns/1-{network.id[:10]}"
