"""The verbs of the Docker Engine API that the book uses, on the docker SDK's low-level client.

Low level, because `docker.from_env().containers` inspects once more after every
call, and `ip_addr()` must cost what the bare exec costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from docker import APIClient

from netbook import errors, labels
from netbook.engine import records
from netbook.engine.channel import Channel
from netbook.engine.events import Events
from netbook.engine.refusals import translated
from netbook.engine.streams import start_exec
from netbook.models import ContainerInfo, ExecResult, NetworkInfo

_FOREVER = 24 * 3600  # seconds; the SDK's default would give up after a minute


class Engine:
    """One Docker Engine, wherever it came from.

    `rung` is `yours`, `private` or `embedded`; `where` is what DOCKER_HOST would
    say. `close()` stops the engine only if netbook started it and nobody uses it
    any more.
    """

    def __init__(
        self, api: APIClient, *, rung: str, where: str, release: Callable[[], object] | None = None
    ) -> None:
        self._api, self.rung, self.where, self._release = api, rung, where, release
        self._names: dict[str, str] = {}  # of containers, by id: for messages
        with self._translated():
            about = api.version()
        self.version: str = about.get("Version", "?")
        self.arch: str = about.get("Arch", "?")

    def __repr__(self) -> str:
        return f"<Docker Engine {self.version} ({self.rung}) at {self.where}>"

    def _translated(self) -> Any:
        return translated(self.where, self._names)

    def close(self) -> None:
        """Let go of the engine. Safe to call twice."""
        self._api.close()
        release, self._release = self._release, None
        if release:
            release()

    def info(self) -> dict[str, Any]:
        """`docker info`, raw."""
        with self._translated():
            return dict(self._api.info())

    # -- containers ---------------------------------------------------------

    def containers(self, lab: str | None = None, *, owned: bool = False) -> list[ContainerInfo]:
        """`docker ps -a`, sorted by name; `lab` and `owned` filter by label."""
        with self._translated():
            found = self._api.containers(all=True, filters=_filters(lab, owned))
        return sorted((records.listed(record) for record in found), key=lambda c: c.name)

    def inspect(self, container: str) -> dict[str, Any]:
        """`docker inspect CONTAINER`, raw."""
        with self._translated():
            return dict(self._api.inspect_container(container))

    def container(self, name: str) -> ContainerInfo:
        """`docker inspect CONTAINER`, as a model with its pid."""
        found = records.inspected(self.inspect(name))
        self._names[found.id] = found.name
        return found

    def create(
        self,
        name: str,
        command: Sequence[str] = (),
        *,
        image: str,
        marks: Mapping[str, str],
        network: str | None = None,
        publish: Mapping[str, int] | None = None,
        link: Mapping[str, str] | None = None,
        ip: str | None = None,
        ip6: str | None = None,
        alias: Iterable[str] = (),
        env: Mapping[str, str] | None = None,
        hostname: str | None = None,
        expose: Iterable[str] = (),
        cap_add: Iterable[str] = (),
        pid_mode: str | None = None,
        dns: Iterable[str] = (),
        passing: bool = False,
        warn: Callable[[str], None] | None = None,
    ) -> str:
        """`docker create -i`; returns the id. `publish` maps `80/tcp` to a port on 127.0.0.1.

        `passing`: `--rm`, the engine removes it when its first process ends.
        `warn` is called with each warning of the engine, such as that ports are discarded.
        """
        own = network not in (None, "default", "bridge", "host", "none") and ":" not in str(network)
        bindings = {port: ("127.0.0.1", host) for port, host in (publish or {}).items()}
        with self._translated():
            host_config = self._api.create_host_config(
                port_bindings=bindings,
                links=None if own else dict(link or {}),
                cap_add=list(cap_add) or None,
                pid_mode=pid_mode,
                dns=list(dns) or None,
                auto_remove=passing,
            )
            # Not as an argument: the SDK refuses `host` with ports, where the engine only warns.
            host_config["NetworkMode"] = network or "default"
            endpoint = None
            if own:
                config = self._api.create_endpoint_config(
                    aliases=list(alias) or None,
                    links=dict(link or {}) or None,
                    ipv4_address=ip,
                    ipv6_address=ip6,
                )
                endpoint = self._api.create_networking_config({network: config})
            ports = [tuple(port.split("/")) for port in {*bindings, *expose}]
            created = self._api.create_container(
                image,
                list(command) or None,
                name=name,
                hostname=hostname,
                stdin_open=True,
                labels=dict(marks),
                environment=dict(env or {}),
                ports=ports or None,
                host_config=host_config,
                networking_config=endpoint,
            )
        if warn is not None:
            for warning in created.get("Warnings") or []:
                warn(warning)
        identity = str(created["Id"])
        self._names[identity] = name
        return identity

    def start(self, container: str) -> None:
        """`docker start CONTAINER`."""
        with self._translated():
            self._api.start(container)

    def stop(self, container: str, seconds: int = 0) -> None:
        """`docker stop -t SECONDS CONTAINER`."""
        with self._translated():
            self._api.stop(container, timeout=seconds)

    def restart(self, container: str, seconds: int = 0) -> None:
        """`docker restart -t SECONDS CONTAINER`."""
        with self._translated():
            self._api.restart(container, timeout=seconds)

    def pause(self, container: str) -> None:
        """`docker pause CONTAINER`."""
        with self._translated():
            self._api.pause(container)

    def unpause(self, container: str) -> None:
        """`docker unpause CONTAINER`."""
        with self._translated():
            self._api.unpause(container)

    def remove(self, container: str) -> None:
        """`docker rm -f -v CONTAINER`; a container that is gone already is fine."""
        try:
            with self._translated():
                self._api.remove_container(container, force=True, v=True)
        except errors.NotFound:
            pass
        except errors.EngineRefused as refusal:
            if "is already in progress" not in str(refusal):  # somebody else removes it right now
                raise

    def wait(self, container: str) -> int:
        """`docker wait CONTAINER`: its exit code, once it has ended."""
        with self._translated():
            return int(self._api.wait(container, timeout=_FOREVER)["StatusCode"])

    def logs(self, container: str) -> str:
        """`docker logs CONTAINER`, both streams."""
        with self._translated():
            return bytes(self._api.logs(container)).decode(errors="replace")

    def exec(
        self, container: str, argv: Sequence[str], *, env: Mapping[str, str] | None = None, user: str = ""
    ) -> ExecResult:
        """`docker exec CONTAINER ARGV…`: no shell unless `argv` names one."""
        with self._translated():
            made = self._api.exec_create(container, list(argv), environment=dict(env or {}), user=user)
            out, err = start_exec(self._api, made["Id"])
            code = self._api.exec_inspect(made["Id"])["ExitCode"]
        return ExecResult(tuple(argv), code, out.decode(errors="replace"), err.decode(errors="replace"))

    def channel(self, container: str, argv: Sequence[str]) -> Channel:
        """`docker exec -i CONTAINER ARGV…`, kept open: a line in, a text out, again and again."""
        with self._translated():
            made = self._api.exec_create(container, list(argv), stdin=True)
            return Channel(self._api, made["Id"])

    def archive(self, container: str, path: str) -> bytes:
        """`docker cp CONTAINER:PATH -`: a file or folder as a tar archive."""
        with self._translated():
            chunks, _ = self._api.get_archive(container, path)
            return b"".join(chunks)

    def events(self) -> Events:
        """`docker events`, of containers and networks, from now on; the caller closes it."""
        with self._translated():
            return Events(self._api)

    # -- networks -----------------------------------------------------------

    def networks(self, lab: str | None = None, *, owned: bool = False) -> list[NetworkInfo]:
        """`docker network ls`, sorted by name; `lab` and `owned` filter by label."""
        with self._translated():
            found = self._api.networks(filters=_filters(lab, owned))
        return sorted((records.network(record) for record in found), key=lambda n: (n.name, n.id))

    def inspect_network(self, network: str) -> dict[str, Any]:
        """`docker network inspect NETWORK`, raw."""
        with self._translated():
            return dict(self._api.inspect_network(network))

    def create_network(
        self,
        name: str,
        *,
        marks: Mapping[str, str],
        driver: str = "bridge",
        pools: Iterable[Mapping[str, str]] = (),
        internal: bool = False,
        ipv6: bool = False,
        options: Mapping[str, str] | None = None,
    ) -> str:
        """`docker network create`; returns the id. A pool: Subnet, and perhaps Gateway and IPRange."""
        config = [dict(pool) for pool in pools]
        with self._translated():
            made = self._api.create_network(
                name,
                driver=driver,
                ipam={"Driver": "default", "Config": config} if config else None,
                options=dict(options or {}),
                internal=internal,
                labels=dict(marks),
                enable_ipv6=ipv6,
                check_duplicate=True,
            )
        return str(made["Id"])

    def remove_network(self, network: str) -> None:
        """`docker network rm NETWORK`."""
        with self._translated():
            self._api.remove_network(network)

    def connect(
        self, network: str, container: str, *, ip: str | None = None, alias: Iterable[str] = ()
    ) -> None:
        """`docker network connect NETWORK CONTAINER`."""
        with self._translated():
            self._api.connect_container_to_network(
                container, network, ipv4_address=ip, aliases=list(alias) or None
            )

    def disconnect(self, network: str, container: str) -> None:
        """`docker network disconnect NETWORK CONTAINER`."""
        with self._translated():
            self._api.disconnect_container_from_network(container, network)

    # -- images -------------------------------------------------------------

    def image(self, name: str) -> dict[str, Any] | None:
        """`docker image inspect NAME`, raw; None if it is not there."""
        try:
            with self._translated():
                return dict(self._api.inspect_image(name))
        except errors.NotFound:
            return None

    def images(self, label: str) -> list[dict[str, Any]]:
        """`docker images --filter label=LABEL`, raw."""
        with self._translated():
            return list(self._api.images(filters={"label": label}))

    def pull(self, name: str, tag: str) -> None:
        """`docker pull NAME:TAG`."""
        with self._translated():
            for step in self._api.pull(name, tag=tag, stream=True, decode=True):
                if "error" in step:
                    raise errors.EngineRefused(f"Docker could not pull {name}:{tag}: {step['error']}")

    def tag(self, image: str, name: str) -> None:
        """`docker tag IMAGE NAME`."""
        with self._translated():
            self._api.tag(image, name)

    def import_image(self, tarball: bytes, name: str, changes: Sequence[str]) -> None:
        """`docker import -c CHANGE… - NAME`: a root file system becomes an image."""
        with self._translated():
            self._api.import_image_from_data(tarball, repository=name, changes=list(changes))

    def remove_image(self, name: str) -> None:
        """`docker rmi NAME`."""
        with self._translated():
            self._api.remove_image(name)


def _filters(lab: str | None, owned: bool) -> dict[str, list[str]]:
    wanted = [f"{labels.OWNER}={labels.owner()}"] if owned or lab is not None else []
    if lab is not None:
        wanted.append(f"{labels.LAB}={lab}")
    return {"label": wanted} if wanted else {}
