"""tcpdump in several network namespaces at once, from one helper container that is gone afterwards.

The helper runs in the host's network and process namespaces with five capabilities, all
others dropped: SYS_PTRACE and SYS_ADMIN to enter other namespaces and NET_RAW, as the
observer, NET_ADMIN to forget neighbours and SETGID, without which tcpdump does not begin.
Unlike the observer it writes, to a folder in memory; a filter cannot tell that from another
place. It ends with its kernel, tcpdump with it.

One `tcpdump -i any` per namespace, because only that tells the direction and the order
between interfaces. It does not make a bridge show what it passes on, only what is meant
for the host; so a second tcpdump, which keeps nothing, listens on each bridge while the
capture lasts, and takes that with it when it ends.
"""

from __future__ import annotations

import base64
import io
import re
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from netbook import errors
from netbook.engine.client.engine import Engine
from netbook.engine.images import tcpdump
from netbook.model.programs import ExecResult
from netbook.observer import helper
from netbook.observer.helper import Helper
from netbook.trace import pcap

ROLE = "capture"
CAPABILITIES = ("NET_ADMIN", "NET_RAW", "SETGID", "SYS_ADMIN", "SYS_PTRACE")
_LONGEST = 120  # seconds
_PLACE = "/capture"
# What is the same on every engine of what it may do, as `docker run` has it.
RIGHTS = (
    *("--network", "host", "--pid", "host", "--cap-drop", "ALL"),
    *(word for name in CAPABILITIES for word in ("--cap-add", name)),
    *("--security-opt", "no-new-privileges", "--read-only", "--tmpfs", _PLACE),
)

# Arguments: filter, seconds, then what is to be done: home=NUMBER, a process of what plays the host; then
# bridge=NAME, pid=NUMBER (0: the host), and when all of these listen, fresh=NUMBER and forget=ADDRESS.
# It prints how long each file is then: what is in it is not this trace's. (Five seconds after a ping a kernel
# asks whether its neighbour still lives, unless it has forgotten whom it knew.)
# The ring has room for 2000 packets: tcpdump's usual length would leave it 8.
_BEGIN = """
filter=$1 seconds=$2 home=; shift 2
cd /capture || exit 1
options="-n -U --immediate-mode -s 2048 -B 4096"
if tcpdump --help 2>&1 | grep -q -e "-Z"; then options="$options -Z root"; fi
any="-i any -y LINUX_SLL2 --time-stamp-precision=nano"
begin() {
  ( sh -c 'echo $$ >"$0.pid"; exec "$@"' "$n" timeout "$seconds" "$@"; touch "$n.end" ) \
    </dev/null >/dev/null 2>"$n.err" &
}
n=0
for what; do
  value=${what#*=}
  case $what in
  home=*) home="nsenter -t $value -n"; continue ;;
  bridge=*) begin $home tcpdump $options -i "$value" -w /dev/null "ether proto 0x88b5" ;;
  pid=0) begin tcpdump $options $any -w $n.pcap "$filter" ;;
  pid=*) begin nsenter -t "$value" -n tcpdump $options $any -w $n.pcap "$filter" ;;
  *) continue ;;
  esac
  n=$((n + 1))
done
while [ $n -gt 0 ]; do
  n=$((n - 1))
  until grep -q "listening on" $n.err; do
    if [ -e $n.end ]; then cat $n.err >&2; exit 1; fi
    sleep 0.02
  done
done
# twice: one that has not forgotten yet may make itself known to one that has
for what in "$@" "$@"; do
  value=${what#*=}
  case $what in
  fresh=*) for f in 0.0.0.0/0 ::/0; do nsenter -t "$value" -n ip neigh flush to $f; done ;;
  forget=*) $home ip neigh flush to "$value" ;;
  esac
done >/dev/null 2>&1
for file in *.pcap; do echo "${file%.pcap}=$(wc -c <"$file")"; done
"""

# When no file has grown for a tenth of a second, or after two seconds of noise, stop.
_END = """
cd /capture || exit 1
old= tries=20
while [ "$old" != "$(cat *.pcap | wc -c)" ] && [ $tries -gt 0 ]; do
  old=$(cat *.pcap | wc -c) tries=$((tries - 1))
  sleep 0.1
done
kill -INT $(cat *.pid)
for pid in *.pid; do
  until [ -e "${pid%.pid}.end" ]; do sleep 0.02; done
done
cat *.err >&2
tar -c *.pcap | base64
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to listen and for what."""

    pids: tuple[int, ...]  # one process of each namespace; 0: the host's
    bridges: tuple[str, ...]  # on the host, by the kernel's names
    filter: str  # as tcpdump has it
    fresh: tuple[int, ...] = ()  # processes whose namespaces forget all their neighbours
    forget: tuple[str, ...] = ()  # addresses that the host forgets as neighbours
    home: int = 0  # a process of what plays the host; 0: the host itself

    @property
    def words(self) -> list[str]:
        """As the script takes them; the captures first, so that their numbers are those of `pids`."""
        return [
            *([f"home={self.home}"] if self.home else []),
            *(f"pid={pid}" for pid in self.pids),
            *(f"bridge={name}" for name in self.bridges),
            *(f"fresh={pid}" for pid in self.fresh),
            *(f"forget={address}" for address in self.forget),
        ]


class Capture:
    """`with Capture(engine, lab, plan) as capture: …; files = capture.stop()`: it listens meanwhile.

    Errors: ImageMissing; EngineRefused with tcpdump's own words when it may not listen.
    """

    def __init__(self, engine: Engine, lab: str, plan: Plan) -> None:
        self._engine, self._lab, self._plan = engine, lab, plan
        self._helper: Helper | None = None
        self._begun: dict[int, int] = {}  # by the file's number: where in it this trace begins, in bytes
        self.dropped = 0  # packets that came too fast

    def __enter__(self) -> Self:
        self._helper = helper.create(
            self._engine,
            self._lab,
            ROLE,
            image=tcpdump.NAME,
            capabilities=CAPABILITIES,
            folder=_PLACE,
        )
        try:
            self._helper.start()
            said = self._run(_BEGIN, self._plan.filter, str(_LONGEST), *self._plan.words)
            self._begun = {int(n): int(size) for n, size in re.findall(r"(\d+)=(\d+)", said.stdout)}
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def stop(self) -> tuple[bytes, ...]:
        """Wait until nothing more comes, and stop: one pcap file for each of the plan's pids."""
        said = self._run(_END)
        self.dropped = sum(int(n) for n in re.findall(r"(\d+) packets? dropped by kernel", said.stderr))
        with tarfile.open(fileobj=io.BytesIO(base64.b64decode(said.stdout))) as tar:
            found = [tar.extractfile(f"{n}.pcap") for n in range(len(self._plan.pids))]
            files = [file.read() for file in found if file]
        return tuple(data[: pcap.HEADER] + data[self._begun[n] :] for n, data in enumerate(files))

    def _run(self, script: str, *arguments: str) -> ExecResult:
        assert self._helper is not None, "with Capture(…)"
        said = self._engine.exec(self._helper.id, ("sh", "-c", script, "sh", *arguments))
        if not said.ok:
            words = said.text.strip().splitlines()
            raise errors.EngineRefused(
                f"tcpdump could not listen: {words[-1] if words else f'exit code {said.exit_code}'}",
                remedy="a container has ended meanwhile? Otherwise this engine (rootless, perhaps) gives its "
                f"containers no right to {', '.join(CAPABILITIES)}, and cannot capture",
            )
        return said

    def _remove(self) -> None:
        if self._helper:
            self._helper.close()


def bpf(ports: Sequence[int] = (), *, tunnels: bool = False) -> str:
    """The filter for a ping, or for a TCP connection to one of `ports`: with ARP, ND, DNS and complaints.

    `tunnels`: VXLAN too, whatever it carries. Later fragments have no ports, and are only asked for where
    there are none.
    """
    wanted = ["arp", "icmp", "icmp6", "ip6[6] = 44", "udp port 53", "host 127.0.0.11"]
    wanted += ["udp port 4789"] * tunnels
    return " or ".join([*wanted, *(f"tcp port {port}" for port in ports)])
