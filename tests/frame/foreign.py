"""Things that are not netbook's: planted before the first test that needs the engine, checked after the last.

A container on a network of its own (so that no address on the default bridge
moves), that network, an image tag, and a container of an image that was committed
from a lab's container: it has all the labels that a dead lab's has, and is the
reader's. None bears a label of ours of its own. netbook may see them; it must
never touch them.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import time
import uuid
from collections.abc import Callable
from typing import Any

from docker import APIClient
from docker.errors import APIError, NotFound

from netbook.ownership import labels, session

IMAGE = "busybox"
_SUBNETS = [
    f"10.211.83.{16 * number}/28" for number in range(16)
]  # outside of what Docker gives out by itself
_PATIENCE = 2  # seconds: removals end in the background


class Foreign:
    """One set of foreign things on one engine.

    `check` returns sentences: what of them changed, and what of netbook's is left.
    """

    def __init__(self, api: APIClient) -> None:
        self._api = api
        self._before = _labelled(
            api
        )  # a reader's open lab is on the reader's engine: not this run's business
        name = f"foreign-{uuid.uuid4().hex[:8]}"
        self._network: str = _plant_network(api, name)
        self._image = f"{name}:planted"
        empty = io.BytesIO()
        tarfile.open(fileobj=empty, mode="w").close()
        api.import_image_from_data(empty.getvalue(), repository=name, tag="planted")
        self._container: str = api.create_container(
            IMAGE,
            ["tail", "-f", "/dev/null"],
            name=name,
            host_config=api.create_host_config(network_mode=name),
        )["Id"]
        api.start(self._container)
        self._committed = str(
            api.commit(self._container, repository=f"{name}-work", changes=_inherited())["Id"]
        )
        self._copy: str = api.create_container(f"{name}-work", name=f"{name}-copy")["Id"]
        self._planted = self._state()

    def check(self) -> list[str]:
        """Everything that is wrong now; waits a little for removals that are under way."""
        deadline = time.monotonic() + _PATIENCE
        while (wrong := self._wrong()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return wrong

    def remove(self) -> None:
        """Take away what was planted, whatever became of it."""
        for take_away in (
            lambda: self._api.remove_container(self._copy, force=True, v=True),
            lambda: self._api.remove_image(self._committed),
            lambda: self._api.remove_container(self._container, force=True, v=True),
            lambda: self._api.remove_network(self._network),
            lambda: self._api.remove_image(self._image),
        ):
            try:
                take_away()
            except APIError:
                continue

    def _wrong(self) -> list[str]:
        now = self._state()
        changed = [
            f"a foreign {thing} was touched: {fact} was {before!r}, is now {now[thing].get(fact)!r}"
            for thing, facts in self._planted.items()
            for fact, before in facts.items()
            if now[thing].get(fact) != before
        ]
        ours = {key: text for key, text in _labelled(self._api).items() if key not in self._before}
        for id_ in (self._container, self._copy, self._committed):  # they inherited our labels
            ours.pop(id_, None)
        return changed + [f"{text} was left behind" for text in ours.values()]

    def _state(self) -> dict[str, dict[str, Any]]:
        return {
            "container": _look(lambda: _container(self._api.inspect_container(self._container))),
            "copy": _look(lambda: _container(self._api.inspect_container(self._copy))),
            "committed image": _look(lambda: {"id": self._api.inspect_image(self._committed)["Id"]}),
            "network": _look(lambda: _network(self._api.inspect_network(self._network))),
            "image": _look(lambda: {"id": self._api.inspect_image(self._image)["Id"]}),
        }


def _inherited() -> list[str]:
    """What `docker commit` writes of a lab's container whose kernel has ended, as lines of a Dockerfile."""
    with subprocess.Popen(["sleep", "60"]) as kernel:
        marks = labels.for_lab("foreign", session.of(kernel.pid))
        kernel.kill()
    return [f'LABEL {key}="{value}"' for key, value in marks.items()]


def _plant_network(api: APIClient, name: str) -> str:
    for number, subnet in enumerate(_SUBNETS, 1):
        ipam = {"Driver": "default", "Config": [{"Subnet": subnet}]}
        try:
            return str(api.create_network(name, driver="bridge", ipam=ipam)["Id"])
        except APIError as refusal:
            if "overlaps" not in str(refusal) or number == len(_SUBNETS):
                raise
    raise AssertionError("unreachable")


def _look(read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"exists": True} | read()
    except NotFound:
        return {"exists": False}


def _container(record: dict[str, Any]) -> dict[str, Any]:
    state, networks = record["State"], record["NetworkSettings"]["Networks"]
    return {
        "name": record["Name"],
        "state": state["Status"],
        "started at": state["StartedAt"],
        "pid": state["Pid"],
        "labels": record["Config"]["Labels"],
        "addresses": {name: (end["IPAddress"], end["MacAddress"]) for name, end in networks.items()},
    }


def _network(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": record["Name"],
        "labels": record["Labels"],
        "subnets": [pool["Subnet"] for pool in record["IPAM"]["Config"]],
        "containers": sorted(record["Containers"]),
    }


def _labelled(api: APIClient) -> dict[str, str]:
    """Everything on the engine that bears a label of ours: id → what it is, in words."""
    found: dict[str, str] = {}
    for record in api.containers(all=True):
        if marks := _marks(record):
            found[record["Id"]] = f"container {record['Names'][0].lstrip('/')} of {labels.holder(marks)}"
    for record in api.networks():
        if marks := _marks(record):
            found[record["Id"]] = f"network {record['Name']} of {labels.holder(marks)}"
    for record in api.volumes().get("Volumes") or []:
        if marks := _marks(record):
            found[record["Name"]] = f"volume {record['Name']} of {labels.holder(marks)}"
    for record in api.images(all=True):
        if (marks := _marks(record)) and set(marks) != {labels.IMAGE}:  # those built here stay: `clean --all`
            found[record["Id"]] = f"image {record['RepoTags']} of {labels.holder(marks)}"
    return found


def _marks(record: dict[str, Any]) -> dict[str, str]:
    return {k: v for k, v in (record["Labels"] or {}).items() if k.startswith(f"{labels.NAMESPACE}.")}
