"""An engine's volumes: `docker volume …`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from docker import APIClient

from netbook import errors
from netbook.engine.client import records
from netbook.ownership import labels


class Volumes:
    """Of one engine; `translated` makes its refusals the book's errors."""

    def __init__(self, api: APIClient, translated: Callable[[], Any]) -> None:
        self._api, self._translated = api, translated

    def owned(self, lab: str | None = None) -> dict[str, dict[str, str]]:
        """`docker volume ls --filter label=org.netbook.owner`: this reader's, by name, with their labels."""
        with self._translated():
            found = self._api.volumes(filters={"label": labels.OWNER})["Volumes"] or []
        marked = {str(record["Name"]): records.own_labels(record) for record in found}
        return {
            name: marks
            for name, marks in marked.items()
            if labels.is_ours(marks) and lab in (None, marks.get(labels.LAB))
        }

    def exists(self, name: str) -> bool:
        """`docker volume inspect NAME`: is there one, whoever made it?"""
        try:
            with self._translated():
                self._api.inspect_volume(name)
        except errors.NotFound:
            return False
        return True

    def make(self, name: str, marks: Mapping[str, str]) -> None:
        """`docker volume create --label … NAME`; one that is there stays as it is, whoever made it."""
        with self._translated():
            self._api.create_volume(name, labels=dict(marks))

    def remove(self, volume: str) -> None:
        """`docker volume rm VOLUME`; one that is gone, or in use, is left."""
        with suppress(errors.NotFound, errors.EngineRefused), self._translated():
            self._api.remove_volume(volume)
