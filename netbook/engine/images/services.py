"""The images of an application cluster: web server, Python, database, cache. Present · pulled · built here.

Each has the name of its official edition on Alpine Linux, so that a Compose file that was learned here runs
anywhere: small, and with busybox, as all images of this book. (`nginx` alone may be a reader's other edition,
which has no `ip` and no `ping`.) What is built is busybox, Debian's program at its own place, its libraries,
and as much of the official image's manner as a Compose file relies on: nginx reads `/etc/nginx/conf.d`,
postgres makes its data at the first start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox, debian, installed
from netbook.engine.images.recipe import Recipe

_NGINX = b"""\
worker_processes 1;
events {}
http {
    include mime.types;
    include conf.d/*.conf;
}
"""
_TAG = "alpine"
_LOADERS, _LIBRARIES = "lib64", "usr/lib/x86_64-linux-gnu"
# as docker-library/postgres has it: data at the first start, by a user of its own; then the server
_POSTGRES = b"""\
#!/bin/sh -e
data=${PGDATA:=/var/lib/postgresql/data}
mkdir -p /var/run/postgresql
chown postgres /var/run/postgresql
bin=$(dirname /usr/lib/postgresql/*/bin/postgres)
if [ ! -s "$data/PG_VERSION" ]; then
  [ -n "$POSTGRES_PASSWORD$POSTGRES_HOST_AUTH_METHOD" ] || {
    echo "Error: Database is uninitialized and superuser password is not specified."
    echo "You must specify POSTGRES_PASSWORD, or POSTGRES_HOST_AUTH_METHOD=trust."
    exit 1
  } >&2
  mkdir -p "$data"
  chown -R postgres "$data"
  chmod 700 "$data"
  if [ -n "$POSTGRES_PASSWORD" ]; then
    echo "$POSTGRES_PASSWORD" > /tmp/password
    password=--pwfile=/tmp/password
  fi
  su postgres -c "$bin/initdb -D $data -U postgres --no-sync --locale=C --encoding=UTF8 $password \\
    --auth-host=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256} $POSTGRES_INITDB_ARGS"
  echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$data/pg_hba.conf"
fi
[ "$1" = postgres ] && shift
exec start-stop-daemon -S -c postgres -x "$bin/postgres" -- -D "$data" -c listen_addresses='*' "$@"
"""
_ACCOUNTS = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\npostgres:x:70:70::/var/lib/postgresql:/bin/sh\n"
    b"nobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": b"root:x:0:\npostgres:x:70:\nnogroup:x:65534:\n",
}


@dataclass(frozen=True, slots=True)
class Service:
    """One program of Debian's, as an image."""

    program: str  # also the official image's name
    programs: tuple[str, ...]  # as patterns below a root
    data: tuple[str, ...] = ()  # files and folders that they read
    without: tuple[str, ...] = ()  # of these, files and folders of this name
    added: Mapping[str, bytes] = field(default_factory=dict)
    changes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of the image, on the engine and in the registry."""
        return f"{self.program}:{_TAG}"

    @property
    def recipe(self) -> Recipe:
        """How it comes to an engine."""
        return Recipe(
            name=self.name,
            what=f"image {self.name}",
            registry=self.program,
            tag=_TAG,
            source=f"{self.program} of Debian's",
            obstacle=self.obstacle,
            files=self.files,
            remedy=_remedy,
            changes=self.changes,
        )

    def obstacle(self) -> str:
        """Why it cannot be built here, as a sentence; "" if it can."""
        if debian.place(_PROGRAMS) is None and (why := debian.cannot_fetch()):
            return f"Debian's {self.program} is not on this machine, and {why}"
        return busybox.obstacle()

    def files(self) -> bytes:
        """A root file system as a tar archive."""
        root = debian.place(_PROGRAMS) or debian.fetch()
        programs = [path for pattern in self.programs for path in sorted(root.glob(pattern))]
        data = [path for pattern in self.data for path in _below(root, pattern) if self._wanted(path)]
        libraries = installed.libraries(root, programs, [path for path in data if path.suffix == ".so"])
        contents: dict[str, bytes | Path] = {str(p.relative_to(root)): p for p in (*programs, *data)}
        for library in libraries:
            folder = _LOADERS if library.name.startswith("ld-") else _LIBRARIES
            contents[f"{folder}/{library.name}"] = library
        for path in programs:  # on everybody's PATH
            if path.parent.name == "bin" and path.parents[1].name != "usr":
                contents[f"bin/{path.name}"] = f'#!/bin/sh\nexec /{path.relative_to(root)} "$@"\n'.encode()
        return busybox.root_filesystem({**contents, **self.added})

    def _wanted(self, path: Path) -> bool:
        return not any(part in self.without for part in path.parts)


def _below(root: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(root.glob(pattern)):
        yield from (
            (inner for inner in sorted(path.rglob("*")) if inner.is_file()) if path.is_dir() else [path]
        )


def _remedy() -> str:
    return "connect to a network that reaches an image registry, or to one that reaches Debian's archive"


_PYTHON = b'#!/bin/sh\nexec /usr/bin/python3.* "$@"\n'
SERVICES = (
    Service(
        "nginx",
        ("usr/sbin/nginx",),
        ("etc/nginx/mime.types",),
        added={
            "etc/nginx/nginx.conf": _NGINX,
            **{
                f"{folder}/.keep": b""
                for folder in ("etc/nginx/conf.d", "var/log/nginx", "var/lib/nginx", "run")
            },
        },
        changes=('CMD ["nginx", "-g", "daemon off;"]', "EXPOSE 80"),
    ),
    Service(
        "python",
        ("usr/bin/python3.[0-9]", "usr/bin/python3.[0-9][0-9]")[1:],
        ("usr/lib/python3.[0-9]*",),
        without=("__pycache__", "test", "idlelib", "pydoc_data", "ensurepip", "dist-packages"),
        added={"bin/python": _PYTHON, "bin/python3": _PYTHON},
        changes=('CMD ["python3"]',),
    ),
    Service(
        "redis",
        ("usr/bin/redis-server", "usr/bin/redis-cli"),
        changes=('CMD ["redis-server", "--protected-mode", "no"]', "EXPOSE 6379"),
    ),
    Service(
        "postgres",
        tuple(f"usr/lib/postgresql/*/bin/{name}" for name in ("postgres", "initdb", "psql", "pg_isready")),
        (
            *(f"usr/lib/postgresql/*/lib/{name}.so" for name in ("dict_snowball", "plpgsql")),
            "usr/share/postgresql/*/[!ce]*",
            "usr/share/postgresql/*/extension/plpgsql*",
        ),
        without=("man",),
        added={**_ACCOUNTS, "bin/docker-entrypoint.sh": _POSTGRES},
        changes=('ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["postgres"]', "EXPOSE 5432"),
    ),
)
_PROGRAMS = tuple(pattern for service in SERVICES for pattern in service.programs)  # of one root: they fit
_BY_NAME = {service.name: service for service in SERVICES}
NAMES = tuple(_BY_NAME)


def ensure(engine: Engine, name: str, say: Callable[[str], object] = lambda _: None) -> str:
    """Make sure that one of `NAMES` is there; returns how: `present`, `pulled` or `built`.

    Errors: ImageMissing with one sentence for each way that was tried; SetupError if Debian's programs cannot
    be fetched.
    """
    return _BY_NAME[name].recipe.ensure(engine, say)
