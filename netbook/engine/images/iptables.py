"""Where the image with iptables comes from: present · built here from this machine's iptables · pulled.

Building comes before pulling, as with tcpdump. iptables has two backends, nft and legacy, which share no
rules; the engine's host may use either, or both. So `iptables-save` of this image prints what each of them
has. That of legacy would make an empty table where there is none, and so is asked only for one that is there.
`iptables` writes with the backend that has the namespace's rules. (The lock of legacy is a file, and the root
may be read-only.)

With it comes `tc`, of iproute2, for a container of this image that plays a router or a slow link: that of
busybox cannot make what it lists.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox, installed, tcpdump
from netbook.engine.images.recipe import Recipe
from netbook.setup import packages

NAME = "netbook-iptables"
_FOLDER, _TC = "opt/iptables", "opt/tc"  # a folder each: they may be of two roots
_BACKENDS = {"nft": "xtables-nft-multi", "legacy": "xtables-legacy-multi"}
_PLACES = ("usr/lib*/xtables", "usr/lib*/*/xtables")  # no deeper: all of /usr/lib has thousands of folders
_PLUGINS = ("libxt_*.so", "libipt_*.so", "libip6t_*.so")  # a match or a target each; not bridges' and ARP's
_SAVE = f"""#!/bin/sh
# by its name: iptables-save or ip6tables-save; without a table, all
ip=${{0##*/}} ip=${{ip%%tables*}} table=
for word; do [ "$last" = -t ] && table=$word; last=$word; done
export XTABLES_LIBDIR=/{_FOLDER}
code=1 complaint=
for backend in nft legacy; do
  [ -e "/bin/${{ip}}tables-$backend-save" ] || continue
  [ $backend = nft ] || grep -qs "^$table" "/proc/net/${{ip}}_tables_names" || continue
  if said=$("${{ip}}tables-$backend-save" "$@" 2>&1); then
    echo "$said" | grep -v "^# Warning: ${{ip}}tables-legacy tables present"; code=0
  else
    code=1 complaint=$said
  fi
done
case $complaint in # a kernel without nft, and legacy has not been asked for that table yet: all may pass
  *"nft: Protocol not supported"*) [ -e "/proc/net/${{ip}}_tables_names" ] && code=0 ;;
esac
[ $code = 0 ] || echo "${{complaint:-no table $table}}" >&2
exit $code
"""
_IPTABLES = f"""#!/bin/sh
# by its name, iptables or ip6tables, with the backend that has this namespace's rules; where there are none
# yet, nft, if the kernel has it
ip=${{0##*/}} ip=${{ip%%tables*}}
export XTABLES_LIBDIR=/{_FOLDER} XTABLES_LOCKFILE=/dev/shm/xtables.lock
backend=nft
if [ ! -e /bin/${{ip}}tables-nft-save ]; then
  backend=legacy
elif [ -e /bin/${{ip}}tables-legacy-save ]; then
  said=$(${{ip}}tables-nft-save 2>&1) || backend=legacy
  case $said in
    *"-A "*) ;;
    *) grep -qs . "/proc/net/${{ip}}_tables_names" && backend=legacy ;;
  esac
fi
if [ $backend = nft ] && [ -e /bin/${{ip}}tables-legacy ]; then
  said=$(${{ip}}tables-nft "$@" 2>&1); code=$?
  case $said in
    *" not supported"*) backend=legacy ;; # said of a kernel whose nft cannot do this, and nothing is written
    *) [ -z "$said" ] || echo "$said" >&$((code ? 2 : 1)); exit $code ;;
  esac
fi
exec "${{ip}}tables-$backend" "$@"
"""


def ensure(engine: Engine, say: Callable[[str], object] = lambda _: None) -> str:
    """Make sure that the image is there; returns how: `present`, `built` or `pulled`.

    Errors: ImageMissing with one sentence for each way that was tried, and what to do.
    """
    return RECIPE.ensure(engine, say)


def _programs() -> dict[str, tuple[Path, Path]]:
    """Backend → (root, program)."""
    found = {backend: installed.place(name) for backend, name in _BACKENDS.items()}
    return {backend: each for backend, each in found.items() if each}


def obstacle() -> str:
    """Why it cannot be built here, as a sentence; "" if it can."""
    return busybox.obstacle() if _programs() else "no iptables on this machine"


def files() -> bytes:
    """busybox, iptables of both kinds with all that it loads, scripts that bring them together; and tc."""
    contents: dict[str, bytes] = {}
    for ip in ("ip", "ip6"):
        contents |= {f"bin/{ip}tables-save": _SAVE.encode(), f"bin/{ip}tables": _IPTABLES.encode()}
    for backend, (root, program) in _programs().items():
        plugins = sorted({p for place in product(_PLACES, _PLUGINS) for p in root.glob("/".join(place))})
        libraries = installed.libraries(root, [program], plugins)
        for path in (program, *plugins, *libraries):
            contents[f"{_FOLDER}/{path.name}"] = path.read_bytes()
        start = installed.starter(_FOLDER, program.name, libraries)
        for command, name in product(("iptables", "ip6tables"), ("", "-save")):
            script = f'#!/bin/sh\nexec {start} {command}{name} "$@"\n'
            contents[f"bin/{command}-{backend}{name}"] = script.encode()
    if found := installed.place("tc"):
        root, program = found
        libraries = installed.libraries(root, [program])
        contents |= {f"{_TC}/{path.name}": path.read_bytes() for path in (program, *libraries)}
        # sbin comes before bin, where busybox's is
        contents["sbin/tc"] = f'#!/bin/sh\nexec {installed.starter(_TC, "tc", libraries)} "$@"\n'.encode()
    return busybox.root_filesystem(contents)


def _remedy() -> str:
    if packages.has_apt():
        return f"{packages.command(['iptables', 'busybox-static'])}, or connect to an image registry"
    return "connect to a network that reaches an image registry, or install iptables and a static busybox"


RECIPE = Recipe(
    name=NAME,
    what="image with iptables",
    registry=tcpdump.REGISTRY,  # has iptables, too
    tag=tcpdump.TAG,
    source="iptables",
    obstacle=obstacle,
    files=files,
    remedy=_remedy,
    build_first=True,
)
