"""The labels of a Compose project, as an override file, for `lab.compose` and a typed `docker compose`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from netbook.ownership import labels

# https://docs.docker.com/reference/compose-file/services/#labels: what Compose writes by itself
PROJECT, SERVICE, NUMBER = (
    f"com.docker.compose.{word}" for word in ("project", "service", "container-number")
)


def of_project(marks: Mapping[str, str], project: str) -> dict[str, str]:
    """Always the same for a project of a lab: Compose makes a container anew when a label changes.

    >>> one, two = ({"org.netbook.lab": "a", "org.netbook.made": made} for made in "12")
    >>> of_project(one, "shop") == of_project(two, "shop") != of_project(two, "inn")
    True
    """
    said = sorted((key, value) for key, value in marks.items() if key != labels.MADE)
    return dict(marks) | {labels.MADE: uuid.uuid5(uuid.NAMESPACE_OID, f"{project} {said}").hex}


def override(config: Mapping[str, Any], marks: Mapping[str, str]) -> dict[str, Any]:
    """A Compose file that only adds labels; `config` is what `docker compose config` said.

    What is external is there already, and somebody else's to label.

    >>> config = {"services": {"web": {"image": "nginx"}}, "networks": {"lan": {"external": True}}}
    >>> override(config, {"a": "b"})
    {'services': {'web': {'labels': {'a': 'b'}}}}
    """
    said: dict[str, Any] = {}
    for kind in ("services", "networks", "volumes"):
        marked = {
            name: {"labels": dict(marks)}
            for name, about in (config.get(kind) or {}).items()
            if not (about or {}).get("external")
        }
        if marked:
            said[kind] = marked
    return said
