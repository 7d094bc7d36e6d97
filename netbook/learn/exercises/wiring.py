"""What exercises about wiring by hand say again and again, as lines of a cell that begin with `!`."""

from __future__ import annotations

HELP = "!docker run --rm --cap-add NET_ADMIN --network container:"


def said_in(place: str, *commands: str) -> str:
    return "".join(f"!docker exec {place} {command}\n" for command in commands)


def cable(place: str, end: str, guest: str) -> str:
    """A veth pair made in `place`, whose other end is carried to `guest`, as veth0."""
    move = f"{HELP}{place} --pid container:{guest} busybox ip link set veth0 netns 1\n"
    return said_in(place, f"ip link add {end} type veth") + move


def guest(name: str, address: str) -> str:
    """Its end gets the usual name, an address, and current."""
    set_up = (f"ip addr add {address} dev eth0", "ip link set eth0 up")
    return said_in(name, "ip link set veth0 name eth0", *set_up)


def plug(place: str, end: str) -> str:
    return said_in(place, f"ip link set {end} master br0", f"ip link set {end} up")


def rooms(*names: str, forward: str = "") -> str:
    options = """, sysctl={"net.ipv4.ip_forward": 1}""" if forward else ""
    made = [f'lab.run("{forward}", network="none", cap_add="NET_ADMIN"{options})\n'] if forward else []
    made += [f'lab.run("{name}", network="none", cap_add="NET_ADMIN")\n' for name in names]
    return "".join(made)


def bridge(place: str, address: str, skipped: int = 0) -> str:
    """With an address. `skipped`: so many numbers of interfaces are used up first.

    A cable is known by the numbers of its ends, and those of two machines would be the same.
    """
    first = ["ip link add skip type veth && ip link del skip"] * (skipped // 2)
    made = [*first, "ip link add br0 type bridge", f"ip addr add {address} dev br0", "ip link set br0 up"]
    return f"!docker exec {place} sh -c '{' && '.join(made)}'\n"


def wired(place: str, end: str, guest: str, address: str, *near: str) -> str:
    """For a start, in two commands: a cable, its far end at `guest`; `near`: what becomes of the near one."""
    lay = (f"ip link add {end} type veth", "ip link set veth0 netns 1", *near, f"ip link set {end} up")
    far = ("ip link set veth0 name eth0", f"ip addr add {address} dev eth0", "ip link set eth0 up")
    return (
        f"{HELP}{place} --pid container:{guest} busybox sh -c '{' && '.join(lay)}'\n"
        f"!docker exec {guest} sh -c '{' && '.join(far)}'\n"
    )


def plugged(place: str, guest: str, address: str) -> str:
    return wired(place, f"to-{guest}", guest, address, f"ip link set to-{guest} master br0")


def lan(name: str, number: int, ip_range: str) -> str:
    """A bridge that plays the LAN, and a macvlan network upon it."""
    subnet = f"10.96.{number}.0/24"
    return f"""\
bridge = {{"com.docker.network.bridge.name": "nb-{name}"}}
lab.create_network("{name}", subnet="{subnet}", options=bridge)
lab.create_network("{name}_lan", driver="macvlan", subnet="{subnet}", gateway="10.96.{number}.254",
                   ip_range="10.96.{number}.{ip_range}", options={{"parent": "nb-{name}"}})
"""
