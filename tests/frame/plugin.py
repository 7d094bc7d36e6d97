"""The suite's frame as a pytest plugin.

Each process that runs tests gets an engine when its first test needs one, and
gives it back as it was; a run that leaves something behind, or touched something
foreign, fails.
"""

from __future__ import annotations

import contextlib
import signal
from pathlib import Path
from types import FrameType
from typing import Any

import psutil
import pytest

from tests.frame import leftovers
from tests.frame.engine import EngineOfTests, prepare_kernels, shared

_ENGINE = pytest.StashKey[EngineOfTests]()
_RUN = pytest.StashKey[Path]()  # only in the process that the user started
_WRONG = pytest.StashKey[list[str]]()
_SHARED = pytest.StashKey[str]()
# The tests of a file run in one process, for they share what takes long to make. These share nothing.
_APART = {"tests/integration/test_exercises.py"}
_BROWSER = "tests/browser/integration/"  # these share one JupyterLab
_PLACE = pytest.StashKey[Path]()  # this process's folder in the run's


def needs_engine(nodeid: str) -> bool:
    """By place, so that a test's id alone tells it: notebooks, and what is in a folder `integration`."""
    path = Path(nodeid.split("::")[0])
    return path.suffix == ".ipynb" or "integration" in path.parts


# -- one run: a directory, and what a killed run left ---------------------------


def pytest_configure(config: pytest.Config) -> None:
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is None:
        leftovers.end_killed_runs()
        config.stash[_RUN] = leftovers.new_directory()
        config.stash[_SHARED] = shared()
        signal.signal(signal.SIGTERM, _terminated)
        directory = config.stash[_RUN] / "main"
    else:
        config.stash[_SHARED] = given["netbook_shared"]
        directory = Path(given["netbook_run"]) / given["workerid"]
    config.stash[_WRONG] = []
    config.stash[_PLACE] = directory
    config.stash[_ENGINE] = EngineOfTests(directory, own=not config.stash[_SHARED])
    prepare_kernels(directory)
    if config.pluginmanager.hasplugin("nbval"):
        sanitizers = config.option.nbval_sanitize_with
        if sanitizers and not Path(sanitizers).exists():  # pytest was not started at the project's root
            config.option.nbval_sanitize_with = str(config.rootpath / sanitizers)


def _terminated(number: int, frame: FrameType | None) -> None:
    """A polite `kill` ends the run like Ctrl-C in a terminal, so that the engines stop."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            child.send_signal(signal.SIGINT)
    pytest.exit("terminated", returncode=128 + number)


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(_RUN, None)
    if run is not None:
        leftovers.end(run)  # also what a worker that crashed has left


def pytest_report_header(config: pytest.Config) -> str:
    why = config.stash[_SHARED]
    return f"engine: one for all ({why})" if why else "engine: a private one for each process that needs one"


# -- xdist: hand the run over to the workers, collect what they found -------------


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["netbook_run"] = str(node.config.stash[_RUN])
    node.workerinput["netbook_shared"] = node.config.stash[_SHARED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    found = getattr(node, "workeroutput", {}).get("netbook_wrong", [])
    node.config.stash[_WRONG] += [f"{node.gateway.id}: {sentence}" for sentence in found]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Who runs what. One engine for all: whatever needs it goes to one worker."""
    if config.getoption("dist") == "each":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if config.stash[_SHARED] and needs_engine(nodeid):
                return "engine"
            file = nodeid.split("::")[0]
            if file.startswith(_BROWSER):
                return _BROWSER
            return nodeid if file in _APART else file

    return Together(config, log)


# -- tests ----------------------------------------------------------------------


def pytest_itemcollected(item: pytest.Item) -> None:
    if needs_engine(item.nodeid):
        item.add_marker("engine")
    elif item.get_closest_marker("engine"):
        raise pytest.UsageError(
            f"{item.nodeid} needs the engine: it belongs into a folder called integration"
        )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("engine"):
        item.config.stash[_ENGINE].need()


@pytest.fixture(scope="session")
def docker_host(pytestconfig: pytest.Config) -> str:
    """DOCKER_HOST of the engine that this process may use; also in the environment."""
    return pytestconfig.stash[_ENGINE].need()


@pytest.fixture(scope="session")
def place_for_engines(pytestconfig: pytest.Config) -> Path | None:
    """A folder for further engines, removed with all that lives there; None: the reader's serves all."""
    return None if pytestconfig.stash[_SHARED] else pytestconfig.stash[_PLACE]


# -- the end ----------------------------------------------------------------------


@pytest.hookimpl(trylast=True)  # after the last fixture and the last kernel are gone
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    config.stash[_WRONG] += config.stash[_ENGINE].finish()
    output: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output["netbook_wrong"] = config.stash[_WRONG]
    elif config.stash[_WRONG] and session.exitstatus in (
        pytest.ExitCode.OK,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    wrong = config.stash[_WRONG]
    if wrong:
        terminalreporter.section(
            "the tests left the engine otherwise than they found it", red=True, bold=True
        )
        for sentence in wrong:
            terminalreporter.line(sentence, red=True)
