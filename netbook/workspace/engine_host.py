"""A host with an engine of its own, as a container of a workspace: made, waited for, and reached.

It has the rights that an engine needs to make namespaces, mounts and rules of its own: SYS_ADMIN, NET_ADMIN
and SYS_PTRACE, without a seccomp filter and masked files. That is less than `--privileged`, which would give
it the devices of the machine below, too. What it makes is in its own namespaces and in memory, and ends with
it.
"""

from __future__ import annotations

import shlex
from contextlib import suppress

from netbook import errors
from netbook.engine.client import inside
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox, engine_host
from netbook.model.docker import ContainerInfo
from netbook.model.programs import ExecResult
from netbook.model.spec import ContainerSpec
from netbook.ownership import labels
from netbook.workspace import launch
from netbook.workspace.workspace import Workspace

CAPABILITIES = ("NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE")
RIGHTS = (
    *(word for name in CAPABILITIES for word in ("--cap-add", name)),
    *("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"),
    *("--security-opt", "systempaths=unconfined"),
)
_IN_MEMORY = {"/var/lib/docker": "exec", "/run": "exec,mode=755", "/tmp": "exec"}  # noqa: S108  # its own
_PATIENCE = 60  # seconds
_NO_CLI = "docker: not found"  # a shell's words

# What an init would do. Docker mounts a container's cgroups for reading only. With cgroup v2 those of the
# engine's containers want a parent without processes, and what is executed meanwhile comes into it: again.
# All controllers at once, or none: `cpu` alone would be had with processes there, and then never `io`. A
# swarm's log takes 128 MB of disk in advance, which in a tmpfs is memory, and in a ramfs is not. Of iptables'
# two kinds, the one that the kernel has. A swarm asks a registry for an image before each task, also for one
# that is here: twenty seconds where none answers, and another busybox where one does. Moby's own tests tell
# it not to, in the same way. Memory is tidied less often, as the private engine's is.
_BEGIN = r"""
export DOCKER_SERVICE_PREFER_OFFLINE_IMAGE=1
export GOGC=400 GOMEMLIMIT=64MiB
export PATH=/opt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
while read -r _ _ _ _ place how _; do
  case $place,$how in /sys/fs/cgroup*,ro*) mount -o remount,rw,bind "$place" ;; esac
done </proc/self/mountinfo
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  all=
  for each in $(cat /sys/fs/cgroup/cgroup.controllers); do all="$all +$each"; done
  for try in 1 2 3 4 5 6 7 8 9; do
    while read -r pid; do echo "$pid" >/sys/fs/cgroup/init/cgroup.procs; done </sys/fs/cgroup/cgroup.procs
    echo "$all" >/sys/fs/cgroup/cgroup.subtree_control && break
  done
fi 2>/dev/null
mkdir -p /var/lib/docker/swarm && mount -t ramfs ramfs /var/lib/docker/swarm
iptables -nL >/dev/null 2>&1 || for kind in nft legacy; do
  multi=/usr/sbin/xtables-$kind-multi
  "$multi" iptables -nL >/dev/null 2>&1 || continue
  for ip in iptables ip6tables; do
    for word in "" -save -restore; do ln -s "$multi" /opt/bin/$ip$word; done
  done
  break
done
label=$1 runtime=$2; set --
# it starts a container in half of runc's time, and where it is the default outside, runc may not be there
[ -z "$runtime" ] || set -- --add-runtime "$runtime=$(command -v "$runtime")" --default-runtime "$runtime"
exec dockerd --label "$label" "$@" 2>&1
"""
_WAIT = """
tries=$(($1 * 20))
until [ -S /var/run/docker.sock ]; do
  tries=$((tries - 1)); [ $tries -gt 0 ] || exit 1
  sleep 0.05
done
docker version >/dev/null
"""


def make(ws: Workspace, name: str, network: str | None) -> ContainerInfo:
    """`docker run -d --hostname NAME --cap-add … IMAGE dockerd`. It is not ready yet: `reach` waits.

    Errors: as `launch.container`; ImageMissing on a reader's own engine that cannot pull `docker:dind`.
    """
    image, folders = engine_host.ensure(ws.engine, print)
    more = {
        "CapAdd": list(CAPABILITIES),
        "SecurityOpt": ["seccomp=unconfined", "apparmor=unconfined"],
        "MaskedPaths": [],
        "ReadonlyPaths": [],
        "Tmpfs": _IN_MEMORY,
        "Binds": list(folders),
    }
    runtime = "crun" if folders and ws.engine.runtime == "crun" else ""
    command = ("sh", "-c", _BEGIN, "sh", f"{labels.ENGINE}={name}", runtime)
    marks = {labels.ENGINE: name}
    spec = ContainerSpec(name, image, command, network=network, hostname=name, labels=marks, more=more)
    volumes = [word for folder in folders for word in ("-v", folder)]
    told = ("docker", "run", "-di", "--name", name, *spec.words, *RIGHTS, *volumes, image, "dockerd")
    return launch.container(ws, spec, *told)


def reach(ws: Workspace, host: ContainerInfo) -> Engine:
    """The engine on it, once it answers, with the lab image. Errors: NoEngine with its last words."""
    try:
        said = ws.engine.exec(host.id, ("sh", "-c", _WAIT, "sh", str(_PATIENCE)))
        if not said.ok:
            raise _silent(ws, host, said.text)
        engine = inside.engine(ws.engine, host.id, host.name)
    except (errors.NotRunning, errors.NotFound, errors.EngineRefused) as ended:
        raise _silent(ws, host, ended.what) from ended
    if not engine.images.inspect(busybox.NAME):
        engine.images.restore(ws.engine.images.save(busybox.NAME))
    return engine


def _silent(ws: Workspace, host: ContainerInfo, words: str) -> errors.NoEngine:
    if _NO_CLI in words:
        return errors.NoEngine(
            f"{host.name} has a Docker Engine, but no `docker`, by which it is reached: {words.strip()}",
            remedy="install Docker's command line where the engine runs (Debian: apt-get install docker-cli)",
        )
    with suppress(errors.NetbookError):  # it may be gone
        words = ws.engine.logs(host.id) or words
    last = "\n".join(f"    {line[:200]}" for line in words.strip().splitlines()[-4:])
    return errors.NoEngine(
        f"The engine on {host.name} does not answer:\n{last}",
        remedy="does this engine give a container the rights above? A rootless one does not; "
        "NETBOOK_ENGINE=private (Linux, root) and NETBOOK_ENGINE=embedded do",
    )


def refused(host: str, said: ExecResult) -> errors.EngineRefused:
    """What `docker …` on a host said, when it said no."""
    words = " ".join(said.text.split()).removeprefix("Error response from daemon: ")
    shown = shlex.join(said.argv[:3])
    remedies = {
        "already part of a swarm": f'it has to leave that one first: {host}.docker("swarm leave --force")',
        "is not a swarm manager": f'ask the host that is one, or make it one: {host}.docker("swarm init")',
    }
    found = (remedy for phrase, remedy in remedies.items() if phrase in words)
    return errors.EngineRefused(
        f"{host} refused `{shown} …`: {words}",
        remedy=next(found, f'{host}.docker("{said.argv[1]} --help") says what it takes'),
    )
