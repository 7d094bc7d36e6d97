"""An engine's images: `docker image …`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from docker import APIClient

from netbook import errors


class Images:
    """Of one engine; `translated` makes its refusals the book's errors."""

    def __init__(self, api: APIClient, translated: Callable[[], Any]) -> None:
        self._api, self._translated = api, translated

    def inspect(self, name: str) -> dict[str, Any] | None:
        """`docker image inspect NAME`, raw; None if it is not there."""
        try:
            with self._translated():
                return dict(self._api.inspect_image(name))
        except errors.NotFound:
            return None

    def history(self, image: str) -> list[dict[str, Any]]:
        """`docker history IMAGE`, raw: the steps by which it was made, the last one first."""
        with self._translated():
            return list(self._api.history(image))

    def labelled(self, label: str) -> list[dict[str, Any]]:
        """`docker images --filter label=LABEL`, raw."""
        with self._translated():
            return list(self._api.images(filters={"label": label}))

    def pull(self, name: str, tag: str) -> None:
        """`docker pull NAME:TAG`, or NAME@DIGEST for a tag that is one."""
        with self._translated():
            for step in self._api.pull(name, tag=tag, stream=True, decode=True):
                if "error" in step:
                    raise errors.EngineRefused(f"Docker could not pull {name} {tag}: {step['error']}")

    def tag(self, image: str, name: str) -> None:
        """`docker tag IMAGE NAME`."""
        with self._translated():
            self._api.tag(image, name)

    def load(self, tarball: bytes, name: str, changes: Sequence[str]) -> None:
        """`docker import -c CHANGE… - NAME`: a root file system becomes an image."""
        with self._translated():
            self._api.import_image_from_data(tarball, repository=name, changes=list(changes))

    def save(self, name: str) -> bytes:
        """`docker save NAME`: a tar archive that `restore` takes, on this engine or another."""
        with self._translated():
            return b"".join(self._api.get_image(name))

    def restore(self, archive: bytes) -> None:
        """`docker load -i ARCHIVE`."""
        with self._translated():
            for _ in self._api.load_image(archive):
                pass  # until it is done

    def remove(self, name: str) -> None:
        """`docker rmi NAME`."""
        with self._translated():
            self._api.remove_image(name)
