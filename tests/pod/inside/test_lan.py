"""What chapter 16 shows of macvlan and ipvlan as recorded, is measured here: this kernel has both."""

from __future__ import annotations

from netbook import Container, Lab
from netbook.book.records import recorded
from tests.pod.inside.conftest import Guest

SHIM = """
    set -e
    ip link add shim link {parent} type macvlan mode bridge
    ip addr add 10.97.{number}.223/32 dev shim
    ip link set shim up
    ip route add 10.97.{number}.192/27 dev shim
"""


def measured(lab: Lab, guest: Guest, host: Container, driver: str, number: int) -> list[str]:
    """One row: two containers upon a bridge that plays the LAN, a laptop on it, and the host."""
    kind, _, mode = driver.partition(", mode ")
    options = {"parent": f"nb-{number}", **({"ipvlan_mode": mode[:2]} if mode else {})}
    subnet, names = f"10.97.{number}.0/24", {"com.docker.network.bridge.name": f"nb-{number}"}
    lan = lab.create_network(f"lan{number}", subnet=subnet, options=names)
    upon = lab.create_network(
        f"upon{number}",
        driver=kind.partition(",")[0],
        subnet=subnet,
        gateway=f"10.97.{number}.254",
        ip_range=f"10.97.{number}.192/27",
        options=options,
    )
    laptop = lab.run(f"laptop{number}", network=lan, cap_add="NET_ADMIN")
    there = [lab.run(f"{name}{number}", network=upon).address for name in ("one", "two")]
    if driver.endswith("a route"):
        laptop.exec(f"ip route add 10.97.{number}.192/27 via 10.97.{number}.1")
    if driver.endswith("a shim"):
        guest(SHIM.format(parent=f"nb-{number}", number=number))
    try:
        laptop.ping(f"10.97.{number}.1")
        reached = all(laptop.reaches(address) for address in there)
        known = {mac for mac in laptop.neighbours(full=True)["mac"] if mac}
        own = all(host.reaches(address) for address in there)
    finally:
        if driver.endswith("a shim"):
            guest("ip link del shim")
    return [driver, str(len(known)), "yes" if reached else "no", "yes" if own else "no"]


def test_the_record_is_true(lab: Lab, guest: Guest) -> None:
    rows = recorded("lan").to_numpy().tolist()
    host = lab.run("host", network="host")
    assert [measured(lab, guest, host, row[0], 40 + n) for n, row in enumerate(rows)] == rows
