"""The verbs of the Docker Engine API that the book uses, on the docker SDK's low-level client.

Low level, because the other one inspects after every call; `ip_addr()` must cost what the bare exec costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from docker import APIClient

from netbook import errors
from netbook.engine.client import creation, records
from netbook.engine.client.channel import Channel, Hold
from netbook.engine.client.events import Events
from netbook.engine.client.images import Images
from netbook.engine.client.refusals import translated
from netbook.engine.client.streams import run
from netbook.engine.client.volumes import Volumes
from netbook.model.docker import ContainerInfo, NetworkInfo
from netbook.model.programs import ExecResult
from netbook.model.spec import ContainerSpec, NetworkSpec
from netbook.ownership import labels

_REMOVAL, _FOREVER = 30, 24 * 3600  # seconds; the SDK's default would give up after a minute


class Engine:
    """One Docker Engine, wherever it came from.

    `rung` is `yours`, `private` or `embedded`; `where` is what DOCKER_HOST would say. `close()` stops the
    engine only if netbook started it and nobody uses it any more.
    """

    def __init__(
        self, api: APIClient, *, rung: str, where: str, release: Callable[[], object] | None = None
    ) -> None:
        self._api, self.rung, self.where, self._release = api, rung, where, release
        if where.startswith(("unix:", "npipe:")):
            api.trust_env = False  # no proxy leads to a socket; looking for one is a sixth of each call
        self._names: dict[str, str] = {}  # of containers, by id: for messages
        self._image_labels: dict[str, dict[str, str] | None] = {}  # by the image's id: they never change
        self.images = Images(api, self._translated)
        self.volumes = Volumes(api, self._translated)
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

    @cached_property
    def security(self) -> tuple[str, ...]:
        """`docker info --format '{{.SecurityOptions}}'`: `name=seccomp,profile=…`, `name=userns`, …"""
        return tuple(self.info().get("SecurityOptions") or ())

    @cached_property
    def runtime(self) -> str:
        """`docker info --format '{{.DefaultRuntime}}'`: runc, or another that somebody chose."""
        return str(self.info().get("DefaultRuntime") or "")

    # -- containers ---------------------------------------------------------

    def containers(self, lab: str | None = None, *, owned: bool = False) -> list[ContainerInfo]:
        """`docker ps -a`, sorted by name; `lab` and `owned` filter by label."""
        with self._translated():
            found = self._api.containers(all=True, filters=_filters(lab, owned))
        read = (records.listed(one, self._given(one.get("ImageID"), one)) for one in found)
        return sorted((c for c in read if c.owned or not (owned or lab)), key=lambda c: c.name)

    def _given(self, image: str | None, about: object) -> dict[str, str]:
        """The labels that a container was given; those that it only inherited from its image are not ours."""
        marks = records.own_labels(about)
        if labels.OWNER not in marks:
            return marks
        image = image or ""
        if image not in self._image_labels:
            found = self.images.inspect(image) if image else None
            self._image_labels[image] = None if found is None else records.own_labels(found.get("Config"))
        return labels.given(marks, self._image_labels[image])

    def inspect(self, container: str) -> dict[str, Any]:
        """`docker inspect CONTAINER`, raw."""
        with self._translated():
            return dict(self._api.inspect_container(container))

    def container(self, name: str) -> ContainerInfo:
        """`docker inspect CONTAINER`, as a model with its pid."""
        record = self.inspect(name)
        found = records.inspected(record, self._given(record.get("Image"), record.get("Config")))
        self._names[found.id] = found.name
        return found

    def create(self, spec: ContainerSpec, *, warn: Callable[[str], None] | None = None) -> str:
        """`docker create -i …`; returns the id.

        `warn` is called with each warning of the engine, such as that ports are discarded.
        """
        with self._translated():
            created = self._api.create_container(**creation.container(self._api, spec))
        if warn is not None:
            for warning in created.get("Warnings") or []:
                warn(warning)
        identity = str(created["Id"])
        self._names[identity] = spec.name
        return identity

    def hold(self, container: str) -> Hold:
        """`docker attach CONTAINER`, for its input only: it ends when the connection does."""
        with self._translated():
            return Hold(self._api, container)

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
            if "is already in progress" not in str(refusal):
                raise
            with suppress(errors.NotFound), self._translated():  # somebody else does it: until it is done
                self._api.wait(container, timeout=_REMOVAL, condition="removed")

    def wait(self, container: str) -> int:
        """`docker wait CONTAINER`: its exit code, once it has ended."""
        with self._translated():
            return int(self._api.wait(container, timeout=_FOREVER)["StatusCode"])

    def logs(self, container: str) -> str:
        """`docker logs CONTAINER`, both streams."""
        with self._translated():
            return bytes(self._api.logs(container)).decode(errors="replace")

    def exec(
        self,
        container: str,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        user: str = "",
        note: Callable[[str], object] = lambda _: None,
    ) -> ExecResult:
        """`docker exec CONTAINER ARGV…`: no shell unless `argv` names one. `note` is told the exec's id."""
        with self._translated():
            return run(self._api, container, argv, env=env or {}, user=user, note=note)

    def channel(self, container: str, argv: Sequence[str]) -> Channel:
        """`docker exec -i CONTAINER ARGV…`, kept open: a line in, a text out, again and again."""
        with self._translated():
            return Channel(self._api, self._api.exec_create(container, list(argv), stdin=True)["Id"])

    def archive(self, container: str, path: str) -> bytes:
        """`docker cp CONTAINER:PATH -`: a file or folder as a tar archive."""
        with self._translated():
            return b"".join(self._api.get_archive(container, path)[0])

    def events(self, *, execs: bool = False) -> Events:
        """`docker events`, of containers and networks, from now on; the caller closes it."""
        with self._translated():
            return Events(self._api, execs=execs)

    # -- networks -----------------------------------------------------------

    def networks(self, lab: str | None = None, *, owned: bool = False) -> list[NetworkInfo]:
        """`docker network ls`, sorted by name; `lab` and `owned` filter by label."""
        with self._translated():
            found = self._api.networks(filters=_filters(lab, owned))
        read = (records.network(record) for record in found)
        return sorted((n for n in read if n.owned or not (owned or lab)), key=lambda n: (n.name, n.id))

    def inspect_network(self, network: str) -> dict[str, Any]:
        """`docker network inspect NETWORK`, raw."""
        with self._translated():
            return dict(self._api.inspect_network(network))

    def create_network(self, spec: NetworkSpec) -> str:
        """`docker network create`; returns the id."""
        with self._translated():
            url = self._api._url("/networks/create")  # the SDK's own has no EnableIPv4
            made = self._api._result(self._api._post_json(url, creation.network(self._api, spec)), json=True)
        return str(made["Id"])

    def remove_network(self, network: str) -> None:
        """`docker network rm NETWORK`."""
        with self._translated():
            self._api.remove_network(network)

    def connect(
        self,
        network: str,
        container: str,
        *,
        ip: str | None = None,
        ip6: str | None = None,
        alias: Iterable[str] = (),
        gw_priority: int | None = None,
    ) -> None:
        """`docker network connect NETWORK CONTAINER`."""
        told = creation.attachment(self._api, ip=ip, ip6=ip6, alias=list(alias), gw_priority=gw_priority)
        with self._translated():
            url = self._api._url("/networks/{0}/connect", network)  # the SDK's own has no GwPriority
            answer = self._api._post_json(url, {"Container": container, "EndpointConfig": told})
            self._api._raise_for_status(answer)

    def disconnect(self, network: str, container: str, *, force: bool = False) -> None:
        """`docker network disconnect [--force] NETWORK CONTAINER`."""
        with self._translated():
            self._api.disconnect_container_from_network(container, network, force=force)


def _filters(lab: str | None, owned: bool) -> dict[str, list[str]]:
    wanted = [labels.OWNER] if owned or lab is not None else []  # whose: earlier editions wrote another form
    wanted += [f"{labels.LAB}={lab}"] if lab is not None else []
    return {"label": wanted} if wanted else {}
