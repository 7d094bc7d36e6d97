"""Models in, DataFrames out.

A default table shows what is the same on every engine and in every run. Ids,
MACs, interface indices and veth names are the run's own business, IPv6
link-local and loopback addresses differ between engine versions: `full=True`
shows them. What the command printed is in `table.attrs["raw"]`.
"""

from netbook.tables.engine import containers, endpoints, members, networks, services
from netbook.tables.firewall import firewall
from netbook.tables.frame import Row, frame, is_stable
from netbook.tables.kernel import bridges, interfaces, routes, veth_pairs
from netbook.tables.link import neighbours, sockets
from netbook.tables.moments import changes
from netbook.tables.programs import fetched, hosts, lookup, ping

__all__ = [
    "Row",
    "bridges",
    "changes",
    "containers",
    "endpoints",
    "fetched",
    "firewall",
    "frame",
    "hosts",
    "interfaces",
    "is_stable",
    "lookup",
    "members",
    "neighbours",
    "networks",
    "ping",
    "routes",
    "services",
    "sockets",
    "veth_pairs",
]
