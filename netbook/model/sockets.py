"""Who listens, and who talks to whom: one line of `netstat` or `ss`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Socket:
    """A TCP or UDP socket of a network namespace. `::` as address takes IPv4 connections too."""

    proto: str  # tcp, udp
    address: str  # 0.0.0.0 and ::, where it is not bound to one
    port: int
    state: str = ""  # of TCP, as netstat has it: LISTEN, ESTABLISHED, TIME_WAIT …; of UDP mostly empty
    peer: str = ""  # the address at the other end; empty when there is none
    peer_port: int = 0
    interface: str = ""  # if it is bound to one

    @property
    def serves(self) -> bool:
        """Does it wait for whoever comes?"""
        return self.state == "LISTEN" if self.proto == "tcp" else not self.peer

    @property
    def is_dns_of_docker(self) -> bool:
        """127.0.0.11, on ports by chance: a rule of the namespace sends port 53 there."""
        return self.address == "127.0.0.11"
