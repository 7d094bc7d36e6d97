"""What a ticket quotes: its commands and what they print, at the moment when somebody looks."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from netbook.errors import NetbookError
from netbook.learn.evidence import HOST, OWN
from netbook.learn.ticket import Symptom
from netbook.workspace.workspace import Workspace

_KILLED = (124, 137, 143)  # the exit codes of `timeout`
_LONGEST = 30  # seconds


def capture(workspace: Workspace, symptoms: Sequence[Symptom]) -> str:
    """All at once: command, output, command, output. What cannot be asked says why."""
    with ThreadPoolExecutor(max(len(symptoms), 1)) as pool:
        said = list(pool.map(lambda symptom: _said(workspace, symptom), symptoms))
    return "\n".join(f"{symptom}\n{text}" for symptom, text in zip(symptoms, said, strict=True))


def _said(workspace: Workspace, symptom: Symptom) -> str:
    try:
        code, text = _run(workspace, symptom)
    except NetbookError as error:
        return str(error)
    if code in _KILLED and not text.strip():
        return "(no answer, until timeout ended it)"
    return text.rstrip() or f"(it printed nothing; exit code {code})"


def _run(workspace: Workspace, symptom: Symptom) -> tuple[int, str]:
    argv = shlex.split(symptom.command)
    if symptom.at == HOST:
        with workspace.observer.errand() as errand:
            said = errand.exec(*argv)
    elif symptom.at:
        said = workspace.engine.exec(workspace.container(symptom.at).id, argv, note=OWN.append)
    else:
        done = subprocess.run(
            argv,
            env={**os.environ, "DOCKER_HOST": workspace.engine.where},
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr
    return said.exit_code, said.text
