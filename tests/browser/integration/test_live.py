"""The live view in JupyterLab, driven as a reader drives it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request

import nbformat

SETUP = """\
from netbook import Lab
lab = Lab('browser', echo=False)
net = lab.create_network('custom', subnet='10.9.8.0/24')
bbox01 = lab.run('bbox01')
bbox02 = lab.run('bbox02', network=net)
lab.run('bbox03',network='container:bbox02')
lab.run('hosted', network='host')
net.connect(bbox01)
"""


def test_trial(notebook, docker_host, jupyterlab):
    for dark, width in ((True, 1280), (True, 640), (False, 640)):
        page = notebook(
            [SETUP, "lab.live('Everything 你好')", "lab.run('new')", "lab.clean()"]
            if not (dark and width == 640)
            else [],
            dark=dark,
            width=width,
        )
        page.run(0)
        page.run(1)
        page.output(1).locator(".netbook-live").wait_for()
        page.run(2)
        page.page.wait_for_timeout(400)
        page.screenshot(f"trial-new-{dark}-{width}")
        page.page.wait_for_timeout(400)
        page.output(1).get_by_role("listbox").focus()
        page.page.keyboard.press("ArrowRight")
        page.page.keyboard.press("ArrowRight")
        page.page.keyboard.press("Enter")
        page.page.keyboard.press("ArrowRight")
        page.page.wait_for_timeout(500)
        page.screenshot(f"trial-{dark}-{width}")
        nb = page.save()
        print([list(o.get("data", {})) for o in nb.cells[1].outputs])
        page.run(3)
        page.page.wait_for_timeout(500)
        page.screenshot(f"trial-over-{dark}-{width}")
        if width == 640 and not dark:
            break
        page.page.close()
        call(jupyterlab, "DELETE")
        other = notebook(dark=dark, width=width)
        other.page.wait_for_timeout(3000)
        other.screenshot(f"trial-reopened-{dark}-{width}")
        other.page.close()
        call(jupyterlab, "DELETE")
    nb = nbformat.read(page.path, 4)
    nb.cells[0].source += "\n# untrusted"
    nbformat.write(nb, page.path)
    page.page.close()
    call(jupyterlab, "DELETE")
    other = notebook()
    other.page.wait_for_timeout(3000)
    other.screenshot("trial-untrusted")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "nbconvert",
            "--to",
            "html",
            str(page.path),
            "--output",
            "/tmp/live-nbconvert.html",
        ],
        check=True,
    )
    p = other.page
    p.goto("file:///tmp/live-nbconvert.html")
    p.wait_for_timeout(1000)
    p.screenshot(path="build/screenshots/trial-nbconvert.png")


def call(jupyterlab, method):
    head = {"Authorization": f"token {jupyterlab.token}"}
    get = urllib.request.Request(f"{jupyterlab.url}/api/sessions", headers=head)
    for session in json.load(urllib.request.urlopen(get)):
        urllib.request.urlopen(
            urllib.request.Request(
                f"{jupyterlab.url}/api/sessions/{session['id']}", headers=head, method=method
            )
        )
