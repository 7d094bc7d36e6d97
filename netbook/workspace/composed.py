"""`docker compose` as a reader types it: Compose itself, and what it makes has the open lab's labels.

    docker compose up -d   →   docker-compose -f compose.yaml -f OVERRIDE up -d

The override file is the one that `lab.compose` adds (netbook/workspace/marking.py), so that both may work on
one project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from netbook.ownership import reader
from netbook.workspace import marking

_MAKING = ("up", "create", "run", "scale", "watch")
# https://docs.docker.com/reference/cli/docker/compose/#options: those that take a word
_WITH_A_WORD = (
    *("-f", "--file", "-p", "--project-name", "--profile", "--project-directory", "--env-file"),
    *("--ansi", "--progress", "--parallel"),
)
_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
# beside one of those, Compose takes the first of these, whatever the other's ending
_OVERRIDES = tuple(
    f"{stem}.override.{end}" for stem in ("compose", "docker-compose") for end in ("yml", "yaml")
)
_PATIENCE = 20  # seconds


def marked(command: Sequence[str], arguments: Sequence[str], marks: Mapping[str, str]) -> list[str]:
    """The words after `docker compose`, with one more file if they make something; `command` is Compose's.

    As they are where no lab is open, or Compose cannot read the file: it will say why.
    """
    place = _verb(arguments)
    if not marks or arguments[place : place + 1] == [] or arguments[place] not in _MAKING:
        return list(arguments)
    folder = reader.folder() / "compose"
    folder.mkdir(parents=True, exist_ok=True)
    options = [*arguments[:place], *_found(arguments[:place])]
    if "-" in options:  # two have to read it
        (folder / "typed.yaml").write_text(sys.stdin.read())
        options = [str(folder / "typed.yaml") if word == "-" else word for word in options]
        options += ["--project-directory", str(Path.cwd())]
        arguments = [*options, *arguments[place:]]
        place = len(options)
    asked = [*command, *options, "config", "--format", "json"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=_PATIENCE).stdout
        config = json.loads(said)
    except (OSError, ValueError, subprocess.SubprocessError):
        return list(arguments)
    name = str(config.get("name"))
    override = marking.override(config, marking.of_project(marks, name))
    file = folder / f"{name}.json"
    file.write_text(json.dumps(override))
    return [*options, "-f", str(file), *arguments[place:]]


def _verb(arguments: Sequence[str]) -> int:
    """Where the command begins, after the options that are for all of them.

    >>> _verb(["up", "-d"]), _verb(["-f", "a.yaml", "--profile=x", "up"]), _verb(["--dry-run"])
    (0, 3, 1)
    """
    number = 0
    while number < len(arguments) and arguments[number].startswith("-"):
        number += 2 if arguments[number] in _WITH_A_WORD else 1
    return min(number, len(arguments))


def _found(options: Sequence[str]) -> list[str]:
    """The files that Compose takes when none is named: with an override, they have to be."""
    if any(word in ("-f", "--file") or word.startswith(("-f", "--file=")) for word in options):
        return []
    if said := os.environ.get("COMPOSE_FILE"):
        separator = os.environ.get("COMPOSE_PATH_SEPARATOR", os.pathsep)
        return [word for file in said.split(separator) for word in ("-f", file)]
    for folder in (Path.cwd(), *Path.cwd().parents):
        for name in _FILES:
            if (folder / name).is_file():
                more = [folder / one for one in _OVERRIDES if (folder / one).is_file()]
                return [word for file in (folder / name, *more[:1]) for word in ("-f", str(file))]
    return []
