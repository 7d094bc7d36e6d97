"""One look at all network namespaces of the engine's host: the script for the helper, and what its text says.

`/proc/PID/cgroup` holds the id of the container that the process is in, with cgroup v1 and v2, by the
cgroupfs and the systemd driver, with runc and crun. So one grep and one stat find the namespaces of all
containers, and the engine need not be asked for their pids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.kernel import Interface, Namespace
from netbook.model.snapshot import Snapshot
from netbook.observer import gateway
from netbook.parsers import ip_addr

SHORT = 12  # digits of an id, as `docker ps` shows it
# Bridges of this namespace and what is plugged into them: …/docker0/brif/ and …/docker0/brif/veth1a2b3c4
BRIDGES = """
for each in /sys/class/net/*/brif; do [ ! -e "$each" ] || echo "$each/"; done
for each in /sys/class/net/*/brif/*; do [ ! -e "$each" ] || echo "$each"; done
"""

# `look WORD…`: which namespaces the processes are in that have a WORD as pid or as their container's short
# id, and `ip addr` in each of them. Prints WORD PID INODE, then one section for each inode. Complaints about
# what has just ended go to standard error: the helper may open nothing for writing, /dev/null neither.
SCRIPT = (
    f"bridges() {{{BRIDGES}}}\n"
    + r"""
# Does the engine write rules at all? It does not say. So look how the dockerd of this network namespace was
# started, and into its settings. Once: they are for its whole life.
daemons() {
  here=$(stat -L -c %i /proc/self/ns/net)
  for daemon in $(grep -lxs dockerd /proc/[0-9]*/comm); do
    daemon=${daemon%/comm}
    [ "$(stat -L -c %i "$daemon/ns/net")" != "$here" ] || echo "$daemon"
  done
}
told_no_rules() {
  for daemon in $(daemons); do
    words=$(tr '\0' '\n' <"$daemon/cmdline")
    file=$(echo "$words" | grep -A1 -e '^--config-file' | sed 's/^--config-file=*//' | grep -m1 .)
    echo "$words" | grep -qE '^--?iptables=(false|0|f)$' && echo yes
    file=$daemon/root${file:-/etc/docker/daemon.json}
    grep -qsE '"iptables"[[:space:]]*:[[:space:]]*false' "$file" && echo yes
  done
  echo no
}
look() {
  [ -n "$no_rules" ] || no_rules=$(told_no_rules | head -n 1)
  [ -n "$homes" ] || homes="$(daemons) "
  echo "@no rules"; echo "$no_rules"
  echo "@host"; ip addr
  echo "@ports"
  bridges
  echo "@riding"; for each in /sys/class/net/*/lower_*; do [ ! -e "$each" ] || echo "$each"; done
  echo "@processes"
  {
    grep -soE '[0-9a-f]{64}' /proc/[0-9]*/cgroup
    stat -L -c '%n %i' /proc/self/ns/net /proc/[0-9]*/ns/net
    grep -sH . /proc/[0-9]*/stat
  } | awk -v words="self $*" '
    function older(one, other) { return other == "" || start[one] + 0 < start[other] + 0 }
    BEGIN { split(words, list, " "); for (i in list) wanted[list[i]] }
    { n = split($0, path, "/") }
    /^\/proc\/[0-9]+\/stat:/ { sub(/.*\) /, ""); split($0, part, " "); start[path[3]] = part[20]; next }
    / / { pid = path[n - 2]; inode[pid] = $2; if (pid in wanted) member[pid " " pid]; next }
    { id = substr($0, length($0) - 63, 12); if (id in wanted) member[id " " path[n - 1]] }
    END {
      for (pair in member) {
        split(pair, part, " "); pid = part[2]
        if (!(pid in inode)) continue
        if (older(pid, home[part[1]])) home[part[1]] = pid
        space = inode[pid]
        if (space != inode["self"] && older(pid, first[space])) first[space] = pid
      }
      for (word in home) print word, home[word], inode[home[word]]
      for (pair in member) {
        split(pair, part, " "); pid = part[2]
        if (pid in inode && pid != home[part[1]]) print pair, inode[pid]
      }
      for (space in first) print "@enter", first[space], space
      for (word in home) print "@home", home[word]
    }' | while read -r word pid inode; do
    case $word in
      @enter) echo "@inode $inode"; nsenter -t "$pid" -n ip addr </dev/null ;;
      @home) named "/proc/$pid" ;;
      *) echo "$word $pid $inode" ;;
    esac
  done
  for home in $homes; do named "$home"; done
}
# What `ip netns add` made: as its maker sees it, for the names are files, and each container has its own.
named() {
  for file in "$1"/root/run/netns/*; do
    [ -e "$file" ] || continue
    echo "@named ${1##*/} $(stat -L -c %i "$file") ${file##*/}"; nsenter --net="$file" ip addr </dev/null
  done
}
"""
)
# The same for one who asks again and again: a line in, a text and "@end" out.
SERVE = (
    SCRIPT
    + r"""
while read -r verb words; do
  case $verb in
    look) look $words ;;
    route) nsenter -t "$words" -n ip route </dev/null ;;
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
    riding: frozenset[str] | None = None  # interfaces of the host that ride on another of the host's
    named: tuple[tuple[int, Namespace], ...] = ()  # by whose files, a pid, it has its name
    rules: bool = True  # does the engine write firewall rules, NAT's among them?

    def where(self, word: str) -> tuple[int, int] | None:
        """(pid, inode) of a container; None if it was not found.

        Nor is it if its processes are in several namespaces (one was just entering, or made its own), or
        if the first of them ended before its interfaces could be read.
        """
        found = self.processes.get(word, {})
        inodes = set(found.values())
        if len(inodes) != 1 or not inodes <= {self.host.inode, *self.spaces}:
            return None
        return next(iter(found)), inodes.pop()

    def __or__(self, other: Sight) -> Sight:
        return replace(
            self,
            spaces=self.spaces | other.spaces,
            processes=self.processes | other.processes,
            named=tuple(dict.fromkeys((*self.named, *other.named))),
        )


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
    riders = {line.split("/")[-2] for line in sections.get("riding", "").splitlines()}
    return Sight(
        host=Namespace(processes.pop("self", {}).get(0, 0), ip_addr.parse(sections["host"])),
        spaces={
            int(title.removeprefix("inode ")): ip_addr.parse(body)
            for title, body in sections.items()
            if title.startswith("inode ") and body.strip()  # empty: it ended, or we may not enter it
        },
        processes=dict(processes),
        bridges=bridges(sections["ports"]),
        riding=frozenset(riders) if "riding" in sections else None,
        named=tuple(_named(title, body) for title, body in sections.items() if title.startswith("named ")),
        rules=sections.get("no rules", "").strip() != "yes",
    )


def bridges(text: str) -> dict[str, tuple[str, ...]]:
    """What BRIDGES printed: bridge → its ports.

    >>> bridges("/sys/class/net/br0/brif/\\n/sys/class/net/br0/brif/to-red")
    {'br0': ('to-red',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        *_, bridge, _, port = line.split("/")
        found[bridge] = (*found.get(bridge, ()), *([port] if port else []))
    return found


def _named(title: str, body: str) -> tuple[int, Namespace]:
    """`named PID INODE NAME`; a file that is no namespace could not be entered, and shows nothing."""
    _, pid, inode, name = title.split(" ", 3)
    return int(pid), Namespace(int(inode), ip_addr.parse(body) if body.strip() else (), name)


def join(seen: Sight, containers: Iterable[ContainerInfo], networks: Iterable[NetworkInfo]) -> Snapshot:
    """What the kernel showed, and what the engine lists: containers with a pid have been asked for."""

    def placed(container: ContainerInfo) -> ContainerInfo:
        pid = container.pid
        inode = seen.processes.get(str(pid), {}).get(pid, 0)
        if not pid:
            pid, inode = seen.where(container.id[:SHORT]) or (0, 0)
        return replace(container, pid=pid, namespace=inode)

    found = tuple(placed(container) for container in containers)
    ours = {container.pid for container in found if container.owned}
    spaces = {inode: Namespace(inode, inside) for inode, inside in sorted(seen.spaces.items())}
    for pid, space in seen.named:
        if space.interfaces:
            spaces.setdefault(space.inode, replace(space, owned=pid in ours))
    return Snapshot(
        host=seen.host,
        namespaces=tuple(spaces.values()),
        containers=found,
        networks=tuple(
            replace(gateway.known(n, seen.host.interfaces, found), masquerade=n.masquerade and seen.rules)
            for n in networks
        ),
        bridges=seen.bridges,
        riding=seen.riding,
    )
