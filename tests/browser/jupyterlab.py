"""JupyterLab as `netbook lab` starts it, and a notebook open in it.

The settings, the runtime files and the trust of notebooks are in a folder of the test's, not the reader's.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import nbformat
from playwright.sync_api import Browser, Locator, Page

from netbook.setup import ports, server
from tests.browser import chromium

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"  # for the CI to keep
_PATIENCE = 30  # seconds; a busy machine takes ten
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
_SETTINGS = {
    "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
    "docmanager-extension/plugin": {"autosave": False},
}


@dataclass(frozen=True)
class JupyterLab:
    """A running server; its notebooks are in `folder`."""

    url: str
    token: str
    folder: Path
    settings: Path

    def choose(self, **settings: dict[str, object]) -> None:
        """A reader's settings, for pages that are opened from now on: `themes={"theme": …}`."""
        for name, values in {**_SETTINGS, "apputils-extension/themes": settings.get("themes", {})}.items():
            path = self.settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))

    def end_kernels(self) -> None:
        """As "Shut Down All Kernels" does; again while the server says no, as to one that restarts."""
        deadline = time.monotonic() + _PATIENCE
        while sessions := json.loads(self._request("GET", "api/sessions")):
            try:
                for found in sessions:
                    self._request("DELETE", f"api/sessions/{found['id']}")
            except HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _request(self, method: str, path: str) -> bytes:
        headers = {"Authorization": f"token {self.token}"}
        request = Request(f"{self.url}/{path}", headers=headers, method=method)
        with urlopen(request, timeout=_PATIENCE) as answer:
            return bytes(answer.read())


@contextmanager
def running(folder: Path, docker_host: str, inner: str = "") -> Iterator[JupyterLab]:
    """`netbook lab`, with its notebooks in `folder`, or in a folder in it."""
    notebooks, own = folder / "notebooks", folder / "jupyter"
    (notebooks / inner).mkdir(parents=True)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    port = ports.next_free(ports.USUAL + 100 * (worker + 1))  # two that look at once find the same one free
    env = server.environment(ROOT, docker_host) | {
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
    }
    command = server.command(notebooks, None, port, fixed=True, browser=False)
    with (folder / "jupyterlab.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, cwd=notebooks, stdout=log, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + _PATIENCE
            while not ports.answers(port):
                assert process.poll() is None, (folder / "jupyterlab.log").read_text()
                assert time.monotonic() < deadline, "JupyterLab does not answer"
                time.sleep(0.1)
            lab = JupyterLab(f"http://127.0.0.1:{port}", env["JUPYTER_TOKEN"], notebooks, own / "settings")
            lab.choose()
            yield lab
        finally:
            process.terminate()  # it ends its kernels
            process.wait(_PATIENCE)


class NotebookPage:
    """A notebook in a browser's window: run its cells, look at their outputs, take pictures."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path = page, path

    def cell(self, number: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def output(self, number: int) -> Locator:
        """All outputs of a cell."""
        return self.cell(number).locator(".jp-Cell-outputWrapper")

    def run(self, number: int, *, wait: bool = True) -> None:
        """Run one cell as a reader does; `wait` until it has ended."""
        prompt = self.cell(number).locator(".jp-InputPrompt")
        idle = {prompt.inner_text(), "[ ]:"}
        deadline = time.monotonic() + _PATIENCE
        while (now := prompt.inner_text()) in idle or (wait and "*" in now):
            assert time.monotonic() < deadline, f"cell {number} does not run: {self.screenshot('stuck')}"
            if now in idle:  # a page that is still settling down loses keys, and forgets what it was to run
                self.cell(number).locator(".jp-InputArea-editor").click()
                self.page.keyboard.press("Control+Enter")
                self.page.wait_for_timeout(250)
            self.page.wait_for_timeout(50)

    def restart(self) -> None:
        """The kernel, by the toolbar's button."""
        self.page.get_by_title("Restart the kernel", exact=True).click()
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()

    def reload(self) -> None:
        """Open it again in the same window, until it has a kernel."""
        self.page.reload()
        self.wait()

    def wait(self) -> None:
        """Until it is there, with a kernel that has started."""
        self.page.get_by_text("(ipykernel) | Idle").wait_for(timeout=_PATIENCE * 1000)

    def is_dark(self) -> bool:
        return self.page.locator("body").get_attribute("data-jp-theme-light") == "false"

    def save(self) -> nbformat.NotebookNode:
        """Ctrl-S; the notebook as it is in the file."""
        stamp = self.path.stat().st_mtime_ns
        self.page.keyboard.press("Control+s")
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:  # the server empties the file before it writes it
            self.page.wait_for_timeout(50)
            if self.path.stat().st_mtime_ns != stamp and self.path.read_text().rstrip().endswith("}"):
                break
        return nbformat.read(self.path, as_version=4)

    def screenshot(self, name: str, of: Locator | None = None) -> Path:
        """A picture of the window, or of a part of it, kept as `build/screenshots/NAME.png`."""
        path = SCREENSHOTS / f"{name}.png"
        (of or self.page).screenshot(path=path)
        return path


@contextmanager
def opened(
    lab: JupyterLab,
    browser: Browser,
    path: Path,
    cells: Sequence[str] = (),
    *,
    dark: bool = False,
    width: int = 1280,
    height: int = 900,
) -> Iterator[NotebookPage]:
    """Write `cells` to a notebook, if there are any, and open it, with its kernel started."""
    if cells:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        notebook.metadata["kernelspec"] = {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        }
        nbformat.write(notebook, path)
    lab.choose(themes={"theme": DARK if dark else LIGHT})
    page = chromium.page(browser, width, height)
    try:
        where = path.relative_to(lab.folder).as_posix()
        page.goto(f"{lab.url}/doc/tree/{where}?reset&token={lab.token}")
        shown = NotebookPage(page, path)
        shown.wait()
        yield shown
    finally:
        page.close()
