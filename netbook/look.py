"""One look at all network namespaces of the engine's host: the script for the helper, and what its text says.

`/proc/PID/cgroup` holds the id of the container that the process is in, with cgroup v1 and v2, by the
cgroupfs and the systemd driver, with runc and crun. So one grep and one stat find the namespaces of all
containers, and the engine need not be asked for their pids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from netbook.models import ContainerInfo, Interface, Namespace, NetworkInfo, Snapshot
from netbook.parsers import ip_addr

SHORT = 12  # digits of an id, as `docker ps` shows it

# `look WORD…`: which namespaces the processes are in that have a WORD as pid or as their container's short
# id, and `ip addr` in each of them. Prints WORD PID INODE, then one section for each inode.
SCRIPT = r"""
look() {
  echo "@host"; ip addr
  echo "@ports"; for port in /sys/class/net/*/brif/*; do [ ! -e "$port" ] || echo "$port"; done
  echo "@processes"
  {
    grep -oE '[0-9a-f]{64}' /proc/[0-9]*/cgroup
    stat -L -c '%n %i' /proc/self/ns/net /proc/[0-9]*/ns/net
  } 2>/dev/null | awk -v words="self $*" '
    BEGIN { split(words, list, " "); for (i in list) wanted[list[i]] }
    { n = split($0, path, "/") }
    / / { pid = path[n - 2]; inode[pid] = $2; if (pid in wanted) member[pid " " pid]; next }
    { id = substr($0, length($0) - 63, 12); if (id in wanted) member[id " " path[n - 1]] }
    END {
      for (pair in member) {
        split(pair, part, " "); pid = part[2]
        if (!(pid in inode)) continue
        print pair, inode[pid]
        space = inode[pid]
        if (space != inode["self"] && (!(space in first) || pid + 0 < first[space] + 0)) first[space] = pid
      }
      for (space in first) print "@enter", first[space], space
    }' | while read -r word pid inode; do
    if [ "$word" = "@enter" ]; then
      echo "@inode $inode"; nsenter -t "$pid" -n ip addr 2>/dev/null </dev/null
    else
      echo "$word $pid $inode"
    fi
  done
}
"""
# The same for one who asks again and again: a line in, a text and "@end" out.
SERVE = (
    SCRIPT
    + r"""
while read -r verb words; do
  case $verb in
    look) look $words ;;
    route) nsenter -t "$words" -n ip route 2>/dev/null </dev/null ;;
  esac
  echo "@end"
done
"""
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look found; `spaces` are the namespaces other than the host's, by inode."""

    host: Namespace
    spaces: dict[int, tuple[Interface, ...]] = field(default_factory=dict)
    processes: dict[str, dict[int, int]] = field(default_factory=dict)  # word → pid → inode
    bridges: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def where(self, word: str) -> tuple[int, int] | None:
        """(pid, inode) of a container; None if it was not found.

        Nor is it if its processes are in several namespaces (one was just entering, or made its own), or
        if the first of them ended before its interfaces could be read.
        """
        found = self.processes.get(word, {})
        inodes = set(found.values())
        if len(inodes) != 1 or not inodes <= {self.host.inode, *self.spaces}:
            return None
        return min(found), inodes.pop()

    def __or__(self, other: Sight) -> Sight:
        return replace(self, spaces=self.spaces | other.spaces, processes=self.processes | other.processes)


def read(text: str) -> Sight:
    """What `look` printed."""
    sections: dict[str, str] = {}
    for part in text.removeprefix("@").split("\n@"):
        title, _, body = part.partition("\n")
        sections[title] = body
    processes: dict[str, dict[int, int]] = defaultdict(dict)
    for line in sections["processes"].splitlines():
        word, pid, inode = line.split()
        processes[word][0 if pid == "self" else int(pid)] = int(inode)
    ports: dict[str, tuple[str, ...]] = {}
    for line in sections["ports"].splitlines():  # /sys/class/net/docker0/brif/veth1a2b3c4
        *_, bridge, _, port = line.split("/")
        ports[bridge] = (*ports.get(bridge, ()), port)
    return Sight(
        host=Namespace(processes.pop("self", {}).get(0, 0), ip_addr.parse(sections["host"])),
        spaces={
            int(title.removeprefix("inode ")): ip_addr.parse(body)
            for title, body in sections.items()
            if title.startswith("inode ") and body.strip()  # empty: it ended, or we may not enter it
        },
        processes=dict(processes),
        bridges=ports,
    )


def join(seen: Sight, containers: Iterable[ContainerInfo], networks: Iterable[NetworkInfo]) -> Snapshot:
    """What the kernel showed, and what the engine lists: containers with a pid have been asked for."""

    def placed(container: ContainerInfo) -> ContainerInfo:
        pid = container.pid
        inode = seen.processes.get(str(pid), {}).get(pid, 0)
        if not pid:
            pid, inode = seen.where(container.id[:SHORT]) or (0, 0)
        return replace(container, pid=pid, namespace=inode)

    return Snapshot(
        host=seen.host,
        namespaces=tuple(Namespace(inode, found) for inode, found in sorted(seen.spaces.items())),
        containers=tuple(placed(container) for container in containers),
        networks=tuple(networks),
        bridges=seen.bridges,
    )
