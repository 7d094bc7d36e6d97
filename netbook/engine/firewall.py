"""What a private dockerd changes on the machine and does not put back: rules, docker0, forwarding.

dockerd adds iptables chains and rules, sets the FORWARD policy to DROP, turns IP
forwarding on and leaves docker0 behind when it stops. `remember` notes how it was;
`restore` takes away what is new *and* speaks of Docker, so that rules which the
reader added meanwhile stay.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from pathlib import Path

_TABLES = ("filter", "nat", "raw", "mangle")
_FORWARD = Path("/proc/sys/net/ipv4/ip_forward")
_DOCKER = re.compile(r"\bDOCKER|docker0|\bbr-[0-9a-f]{12}\b|-A POSTROUTING .*-j MASQUERADE")


def _run(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def _rules(program: str, table: str) -> list[str]:
    return _run(program, "-w", "-t", table, "-S").splitlines()


def _programs() -> list[str]:
    return [name for name in ("iptables", "ip6tables") if shutil.which(name)]


def _links() -> list[str]:
    return sorted(name for _, name in socket.if_nameindex())


def remember(memo: Path) -> None:
    """Note how the machine is. A memo that is still there is older and truer: the last engine was killed."""
    if memo.exists():
        return
    rules = {f"{p} {t}": _rules(p, t) for p in _programs() for t in _TABLES}
    memo.write_text(json.dumps({"rules": rules, "links": _links(), "forward": _FORWARD.read_text()}))


def restore(memo: Path) -> None:
    """Take away what a private dockerd left. Does nothing without a memo."""
    try:
        before = json.loads(memo.read_text())
    except (OSError, ValueError):
        return
    for name in _links():
        if name not in before["links"] and re.fullmatch(r"docker0|br-[0-9a-f]{12}", name):
            _run("ip", "link", "delete", name)
    for key, old in before["rules"].items():
        program, table = key.split()
        new = [rule for rule in _rules(program, table) if rule not in old]
        for argv in undoing(old, new):
            _run(program, "-w", "-t", table, *argv)
    if _FORWARD.read_text() != before["forward"]:  # where it may not be written, dockerd changed nothing
        _FORWARD.write_text(before["forward"])
    memo.unlink()


def undoing(old: list[str], new: list[str]) -> list[list[str]]:
    """The iptables arguments that undo `new` rules, in an order that works.

    >>> new = ["-P FORWARD DROP", "-N DOCKER", "-A FORWARD -o docker0 -j DOCKER"]
    >>> for argv in undoing(["-P FORWARD ACCEPT"], new):
    ...     print(*argv)
    -D FORWARD -o docker0 -j DOCKER
    -F DOCKER
    -X DOCKER
    -P FORWARD ACCEPT
    """
    chains = [r.split()[1] for r in new if r.startswith("-N ") and _DOCKER.search(r)]
    rules = [r.split() for r in new if r.startswith("-A ") and _DOCKER.search(r)]
    policies = {r.split()[1] for r in new if r.startswith("-P ")}
    return [
        *(["-D", *rule[1:]] for rule in rules if rule[1] not in chains),
        *(["-F", chain] for chain in chains),
        *(["-X", chain] for chain in chains),
        *(r.split() for r in old if r.startswith("-P ") and r.split()[1] in policies),
    ]
