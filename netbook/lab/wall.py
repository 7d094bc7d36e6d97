"""The host's firewall as the picture shows it: its rules, read and asked."""

from __future__ import annotations

from netbook.observer import firewall
from netbook.parsers import iptables_save
from netbook.topology.graph import Topology
from netbook.topology.wall import Wall, wall
from netbook.workspace.workspace import Workspace


def read(workspace: Workspace, topology: Topology) -> Wall:
    """`iptables-save -t filter` and `-t raw` on the host: what is forwarded between the wiring's bridges.

    Errors: as `lab.host.firewall`, for the table filter; a kernel without the table raw has no rules in it.
    """
    workspace.echo(*firewall.shown("filter"))
    return wall(topology, iptables_save.parse(workspace.observer.firewall("filter", "raw")))
