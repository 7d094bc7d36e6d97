"""README's Binder badge opens the first chapter, of a real address as soon as the repository has one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACEHOLDER = "OWNER/NAME"
_LINK = re.compile(r"mybinder\.org/v2/gh/(?P<repository>[^/]+/[^/]+)/main\?labpath=(?P<page>[\w%.-]+)\)")


def is_public(remote: str) -> bool:
    """Could Binder clone from there?"""
    return re.search(r"github\.com[:/][\w.-]+/[\w.-]+$", remote.strip()) is not None


def test_badge():
    git = ["git", "remote", "get-url", "origin"]
    remote = (
        subprocess.run(git, cwd=ROOT, capture_output=True, text=True).stdout if shutil.which("git") else ""
    )
    link = _LINK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert link
    first = min(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert link["page"] == f"notebooks%2F{first}"
    assert link["repository"] != PLACEHOLDER or not is_public(remote), "put the repository's address in"


@pytest.mark.parametrize("remote", ["https://github.com/ann/book.git\n", "git@github.com:ann/book"])
def test_public_address(remote):
    assert is_public(remote)


@pytest.mark.parametrize("remote", ["", "/srv/book", "ssh://ann@machine/srv/book.git"])
def test_other_address(remote):
    assert not is_public(remote)
