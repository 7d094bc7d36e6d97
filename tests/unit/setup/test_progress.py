"""pip's chatter, condensed."""

from __future__ import annotations

import pytest

from netbook.setup.pip import Progress

OUTPUT = """\
Collecting docker==7.2.0
  Downloading docker-7.2.0-py3-none-any.whl (148 kB)
Collecting pandas==3.1.1
  Downloading pandas-3.1.1-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl (12.4 MB)
WARNING: Retrying (Retry(total=2)) after connection broken by 'NewConnectionError'
WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError'
Collecting jupyterlab_widgets~=3.0.15
  Using cached jupyterlab_widgets-3.0.16-py3-none-any.whl (914 kB)
Installing collected packages: docker, pandas, jupyterlab_widgets
Successfully installed docker-7.2.0 pandas-3.1.1
"""


def read(said: list[str], *, live: bool) -> None:
    progress = Progress(said.append)
    progress._line.live = live
    for line in OUTPUT.splitlines(keepends=True):
        progress.read(line)
    progress.end()


def test_in_a_log_only_what_takes_time_is_told() -> None:
    said: list[str] = []
    read(said, live=False)
    assert said == [
        "  downloading pandas (12.4 MB)",
        "  The package index does not answer; trying again …",
        "  installing 3 packages",
    ]


def test_on_a_terminal_one_line_is_rewritten_and_wiped(capsys: pytest.CaptureFixture[str]) -> None:
    read([], live=True)
    shown = capsys.readouterr().out
    assert "\n" not in shown
    assert all(len(part) <= 79 for part in shown.split("\r"))
    assert "2 packages · downloading pandas (12.4 MB)" in shown
    assert shown.endswith("\r")
    assert shown.split("\r")[-2].strip() == ""


def test_uv_s_chatter_is_told_in_the_same_words() -> None:
    said: list[str] = []
    progress = Progress(said.append)
    progress._line.live = False
    for line in ("Resolved 97 packages in 1.2s\n", "Downloading pandas (11.8MiB)\n", " + pandas==3.1.1\n"):
        progress.read(line)
    assert said == ["  installing 97 packages", "  downloading pandas (11.8MiB)"]
