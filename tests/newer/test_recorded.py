"""What a chapter shows of the newest Docker, for readers whose engine cannot: recorded here, and compared.

It stands in the chapter as a block of code in a markdown cell. If it differs, this test says what to put.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests import notebook_files as files

CHAPTER, CELL = files.NOTEBOOKS / "13-several-networks.ipynb", "priority-recorded"
PROGRAM = """\
from netbook import Lab

def way_out(box):
    gateways = list(box.ip_route().query("destination == 'default'")["gateway"])
    return box.inspect().query("gateway in @gateways")["network"].item()

with Lab("recorded", echo=False) as lab:
    front = lab.create_network("front", subnet="10.93.30.0/24")
    uplink = lab.create_network("uplink", subnet="10.93.31.0/24")
    taxi = lab.run("taxi", network=front)
    print("on front:", way_out(taxi))
    uplink.connect(taxi)
    print("connect uplink taxi:", way_out(taxi))
    uplink.disconnect(taxi)
    uplink.connect(taxi, gw_priority=1)
    print("connect --gw-priority 1 uplink taxi:", way_out(taxi))
"""


def test_the_priority_wins_as_the_chapter_says(newest: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=files.ROOT,
        env={**os.environ, "DOCKER_HOST": newest},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = "\n".join(done.stdout.splitlines()[-3:])  # before that, how the lab image was made
    (cell,) = (cell for cell in files.read(CHAPTER).cells if cell.id == CELL)
    assert f"```text\n{said}\n```" in cell.source, said
