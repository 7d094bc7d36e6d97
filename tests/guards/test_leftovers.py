"""Whose directories a run may remove: those of runs that are gone, and no others."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import psutil
import pytest

from tests.frame import leftovers


@pytest.fixture(autouse=True)
def parent(tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers, "_parent", lambda: tmp_path)
    return tmp_path


def signed(directory, pid, started):
    directory.mkdir()
    (directory / "run.json").write_text(json.dumps({"pid": pid, "started": started}))
    (directory / "data").mkdir()
    return directory


def test_a_run_that_goes_on_is_left_alone():
    mine = leftovers.new_directory()
    assert leftovers.end_killed_runs() == []
    assert mine.is_dir()


def test_a_run_that_is_gone_is_removed(parent):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    directory = signed(parent / "netbook-tests-gone", gone.pid, 0)
    assert leftovers.end_killed_runs() == [directory]
    assert not directory.exists()


def test_a_pid_that_was_given_again_is_not_that_run(parent):
    directory = signed(parent / "netbook-tests-old", os.getpid(), psutil.Process().create_time() - 3600)
    assert leftovers.end_killed_runs() == [directory]


def test_a_directory_that_is_just_being_made_is_left_alone(parent):
    (parent / "netbook-tests-new").mkdir()
    assert leftovers.end_killed_runs() == []


def test_an_old_one_without_signature_is_removed(parent):
    directory = parent / "netbook-tests-unsigned"
    directory.mkdir()
    os.utime(directory, (0, 0))
    assert leftovers.end_killed_runs() == [directory]


def test_links_and_other_folders_are_left_alone(parent):
    elsewhere = signed(parent / "elsewhere", 0, 0)
    (parent / "netbook-tests-link").symlink_to(elsewhere)
    assert leftovers.end_killed_runs() == []
    assert (elsewhere / "data").is_dir()


def test_a_process_that_only_names_the_directory_is_left_alone(parent):
    directory = signed(parent / "netbook-tests-gone", 0, 0)
    reader = subprocess.Popen([sys.executable, "-c", "input()", f"{directory}/log"], stdin=subprocess.PIPE)
    assert leftovers.end(directory) == []
    assert reader.poll() is None
    reader.communicate(b"\n")


def test_a_daemon_of_that_directory_is_ended(parent):
    directory = signed(parent / "netbook-tests-gone", 0, 0)
    program = directory / "dockerd"
    program.symlink_to("/bin/sleep")
    daemon = subprocess.Popen([program, "60"])
    assert leftovers.end(directory) == [daemon.pid]
    assert daemon.wait() != 0
    assert not directory.exists()
