"""Nothing in the project knows where it was made: no folder, no proxy, no private registry of one machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_HOME = re.compile(r"(?<![\w.~{}$<-])(?:/home/(?!ann\b)[a-z][\w-]*/|/Users/(?!ann\b)\w+/|[A-Z]:\\Users\\\w+)")
_HOST = re.compile(
    # an address of someone's LAN; the book's own networks are in 10.90 to 10.99
    r"https?://(?!127\.|0\.0\.0\.0|10\.9\d\.)\d+\.\d+\.\d+\.\d+:\d+/\w"
    r"|--(?:extra-)?index-url[ =]\S+://|PIP_INDEX_URL|GOPROXY=|registry-mirrors"
    r"|://(?!host\.docker\.internal)[\w.-]+\.(?:internal|corp|lan|intranet)\b"
    r"|\b(?:registry|mirror|nexus|artifactory|proxy)[\w-]*\.[\w-]+\.(?:com|net|org|io|dev)\b"
)


def tracked() -> list[Path]:
    """Every text file of the project."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listing = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:  # a bare machine, or a copy: everything but what tools made
        made = {".venv", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
        made |= {".ipynb_checkpoints", ".import_linter_cache"}
        paths = [path for path in ROOT.rglob("*") if not made.intersection(path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:1000]]


def findings(text: str, root: Path = ROOT) -> list[str]:
    """What in `text` belongs to one machine."""
    public = (Path("/"), Path(tempfile.gettempdir()))  # a clone in /tmp: that is everybody's folder
    here = [re.escape(str(folder)) for folder in (root, root.parent) if folder not in public]
    places = re.compile(rf"(?<![\w.])(?:{'|'.join(here)})(?=/)")
    return [match[0] for pattern in (places, _HOME, _HOST) for match in pattern.finditer(text)]


def test_no_file_knows_this_machine():
    wrong = []
    for path in tracked():
        if path == Path(__file__):  # it has the patterns
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            wrong += [f"{path.relative_to(ROOT)}:{number}: {found}" for found in findings(line)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "see /srv/book/main/notes.txt",
        "see /srv/book/other/notes.txt",
        "cd /home/reader/book/",
        r"C:\Users\reader",
        "pip install --index-url https://x",
        "http://10.20.30.40:3141/simple",
        "https://registry.example.com/v2/",
        "https://files.example.internal/",
    ],
)
def test_a_machine_is_recognised(text):
    assert findings(text, Path("/srv/book/main"))


@pytest.mark.parametrize(
    "text",
    [
        "/etc/hosts, /var/run/docker.sock, /sys/class/net",
        "http://127.0.0.1:8080",
        "host.docker.internal, http://host.docker.internal:80/, network.internal",
        "the docker.io package",
        "/home/ann/notes/",
        "https://docs.docker.com/reference/",
    ],
)
def test_the_rest_is_fine(text):
    assert not findings(text, Path("/srv/book/main"))


def test_licence():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License")
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
