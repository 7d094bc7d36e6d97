"""How fast the book is, as ratios of two things measured in one run.

    python tests/benchmark.py [ROUNDS [MEASURE…]]

Ratios, because machines differ and neighbours are noisy; medians of five rounds
unless told otherwise. Needs an engine with the lab image and the docker command
line (for `docker run`, `docker exec`), and is no part of the test suite.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from netbook import Diagram, Lab
from netbook.engine import ladder
from netbook.learn import exercises, tickets
from netbook.learn.program import play
from netbook.live.view import LiveView

ROOT = Path(__file__).parents[1]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def docker(*argv: str) -> None:
    subprocess.run(["docker", *argv], check=True, capture_output=True)


def lab_of_twenty(lab: Lab) -> tuple[float, float]:
    """20 containers by `run_many` : the same `docker run` lines one after another."""
    names = [f"bench{n:02}" for n in range(20)]
    ours = seconds(lambda: lab.run_many(names))
    lab.clean()
    theirs = seconds(lambda: [docker("run", "-di", "--name", name, "busybox") for name in names])
    docker("rm", "-f", *names)
    return ours, theirs


def snapshot_of_fifty(lab: Lab) -> tuple[float, float]:
    """One snapshot of 50 containers : a loop of `docker exec NAME ip addr`."""
    names = [f"bench{n:02}" for n in range(50)]
    if lab.containers().empty:
        lab.run_many(names)
        lab.snapshot()  # the observer's start is paid once per lab
    ours = seconds(lab.snapshot)
    theirs = seconds(lambda: [docker("exec", name, "ip", "addr") for name in names])
    return ours, theirs


def ip_addr(lab: Lab) -> tuple[float, float]:
    """`ip_addr()`, table included : the bare docker SDK's exec_run. Ten of each, in turns."""
    import docker as sdk

    bbox = lab.run("bench")
    client = sdk.DockerClient(base_url=lab.engine.where)
    bare = client.containers.get("bench")
    ours = theirs = 0.0
    for _ in range(10):
        ours += seconds(bbox.ip_addr)
        theirs += seconds(lambda: bare.exec_run(["ip", "addr"]))
    client.close()
    return ours, theirs


def reachability_of_thirty(lab: Lab) -> tuple[float, float]:
    """Who reaches whom among 30, by address and by name, 1740 pings : one `docker exec NAME ping`."""
    names = [f"bench{n:02}" for n in range(30)]
    if lab.containers().empty:
        lab.run_many(names[::2])
        lab.run_many(names[1::2], network=lab.create_network("bench"))
    execs, plain = [], lab.engine.exec
    lab.engine.exec = lambda *args, **more: (execs.append(args), plain(*args, **more))[1]
    ours = seconds(lab.reachability)
    lab.engine.exec = plain
    assert len(execs) == len(names), f"{len(execs)} execs for {len(names)} containers"
    theirs = seconds(lambda: docker("exec", names[0], "ping", "-c", "1", "127.0.0.1"))
    return ours, theirs


def import_time(lab: Lab) -> tuple[float, float]:
    """`python -c "import netbook"` less `python -c pass`, in seconds : 1."""

    def python(code: str) -> None:
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)

    return seconds(lambda: python("import netbook")) - seconds(lambda: python("pass")), 1.0


def thirty(lab: Lab) -> LiveView:
    """A live view of 30 containers on three networks; the first of them runs."""
    if lab.containers().empty:
        networks = ["bridge", *(lab.create_network(f"bench{n}") for n in (1, 2))]
        for n, network in enumerate(networks):
            lab.run_many([f"bench{n}{m}" for m in range(10)], network=network)
    view = lab.live()
    time.sleep(1)  # what `run` and the helper's start were followed by
    return view


def redraw_calls(lab: Lab) -> tuple[float, float]:
    """Calls of the engine for one redraw of 30 containers : 1."""
    view, sent = thirty(lab), []
    send = lab.engine._api.send
    box = lab.container("bench00")
    box.pause()
    lab.engine._api.send = lambda *args, **named: sent.append(args) or send(*args, **named)
    try:
        time.sleep(1)
    finally:
        lab.engine._api.send = send
    box.unpause()
    view.close()
    return float(len(sent)), 1.0


def redraw_delay(lab: Lab) -> tuple[float, float]:
    """From the event to the redraw of 30 containers, in seconds : 1."""
    view = thirty(lab)
    shown = threading.Event()
    view._widget.observe(lambda _: shown.set(), "picture")
    box = lab.container("bench00")
    box.pause()
    took = seconds(lambda: shown.wait(10))
    box.unpause()
    view.close()
    return took, 1.0


def drawing_of_thirty(lab: Lab) -> tuple[float, float]:
    """The picture of 30 containers and its words, in seconds : 1."""
    thirty(lab).close()
    topology = lab.snapshot()
    return seconds(lambda: (Diagram(topology).svg, Diagram(topology).text)), 1.0


def draw_of_a_hundred(lab: Lab) -> tuple[float, float]:
    """`python3 -m netbook draw` of 100 containers on 20 networks, helper and all, in seconds : 1."""
    if lab.containers().empty:
        for n in range(10):
            here, there = (lab.create_network(f"bench{n}{kind}", internal=bool(kind)) for kind in ("", "db"))
            lab.run_many([f"bench{n}{m}" for m in range(10)], network=here)
            for m in range(4):
                there.connect(lab.container(f"bench{n}{m}"))
    file = Path(tempfile.gettempdir(), f"netbook-benchmark-{os.getpid()}.svg")
    command = [sys.executable, "-m", "netbook", "draw", "--out", str(file)]
    took = seconds(lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT))
    file.unlink()
    return took, 1.0


def trace_of_one_ping(lab: Lab) -> tuple[float, float]:
    """`lab.trace` from one container to another, helper and all, in seconds : 1."""
    one, two = lab.run("bench01"), lab.run("bench02")
    lab.trace(one, two)  # the image is made once, the observer once per lab
    return seconds(lambda: lab.trace(one, two)), 1.0


def set_up_of_a_ticket(lab: Lab) -> tuple[float, float]:
    """`lab.ticket(…)`, service, fault and complaint, the slowest of all, in seconds : 1."""
    took = []
    for name in tickets.every():
        lab.workspace.look()  # the observer is made once per lab
        took.append(seconds(lambda name=name: lab.ticket(name)))
        lab.clean()
    return max(took), 1.0


def _why(lab: Lab, target: str) -> tuple[float, float]:
    if lab.containers().empty:
        lab.run_many(["bench01", "bench02"])
        lab.run("bench03", network=lab.create_network("bench"))
        lab.why("bench01", lab.container("bench03"))  # the images are made once, the observer once per lab
    to = lab.container(target)
    return seconds(lambda: lab.why("bench01", to)), 1.0


def why_all_is_well(lab: Lab) -> tuple[float, float]:
    """`lab.why` of two on one network, in seconds : 1."""
    return _why(lab, "bench02")


def why_a_packet_is_dropped(lab: Lab) -> tuple[float, float]:
    """`lab.why` of two whom Docker keeps apart: the packet is followed to the rule, in seconds : 1."""
    return _why(lab, "bench03")


def check_of_an_exercise(lab: Lab) -> tuple[float, float]:
    """`task.check()` of a solved exercise, the median of one of each chapter, in seconds : 1."""
    took = []
    for _, of_chapter in groupby(exercises.every().values(), lambda one: one.chapter):
        exercise = next(of_chapter)
        task = lab.task(exercise.id)
        task.start()
        play(exercise.solution, lab)
        took.append(seconds(task.judged))
        lab.clean()
    return statistics.median(took), 1.0


def handouts_of_a_chapter(lab: Lab) -> tuple[float, float]:
    """`netbook handout 11 --for teacher`, the longest chapter, in seconds : 1."""
    return seconds(lambda: handouts("11", "--for", "teacher")), 1.0


def handouts_of_all(lab: Lab) -> tuple[float, float]:
    """All chapters and the book, three editions, two papers, in seconds : 1."""
    papers = ("a4", "letter")
    return seconds(lambda: [handouts("--all", "--for", "all", "--paper", one) for one in papers]), 1.0


def memory_of_handouts(lab: Lab) -> tuple[float, float]:
    """The book and all chapters for the teacher, the most that all its processes had at once, in MB : 1."""
    done, most = threading.Event(), 0

    def look() -> None:
        nonlocal most
        while not done.wait(0.05):
            most = max(most, proportional(os.getpid()) - mine)

    mine = proportional(os.getpid())
    looker = threading.Thread(target=look)
    looker.start()
    handouts("--all", "--for", "teacher")
    done.set()
    looker.join()
    return most / 1000, 1.0


def handouts(*words: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "netbook", "handout", *words, "--to", folder]
        subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[1])


def proportional(process: int) -> int:
    """The memory of a process and of those that it started, in kB; what several share is counted once."""
    found = 0
    try:
        own = Path(f"/proc/{process}/smaps_rollup").read_text()
        found = next(int(line.split()[1]) for line in own.splitlines() if line.startswith("Pss:"))
        started = [children.read_text() for children in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:  # it has ended
        return found
    return found + sum(proportional(int(child)) for child in " ".join(started).split())


GOALS = {
    lab_of_twenty: 0.6,
    snapshot_of_fifty: 0.15,
    ip_addr: 1.15,
    reachability_of_thirty: 100,  # with 0.1 s for one `docker exec`: the whole matrix in ten seconds
    import_time: 0.2,
    redraw_calls: 2,
    redraw_delay: 0.5,
    drawing_of_thirty: 0.05,
    draw_of_a_hundred: 2.0,
    trace_of_one_ping: 3.0,
    set_up_of_a_ticket: 3.0,
    why_all_is_well: 2.0,
    why_a_packet_is_dropped: 2.0,  # in the pod 6.0
    check_of_an_exercise: 1.0,  # in the pod 3.0
    handouts_of_a_chapter: 3.0,
    handouts_of_all: 60.0,  # on two cores
    memory_of_handouts: 800.0,
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    engine = ladder.find(print)
    os.environ["DOCKER_HOST"] = engine.where
    named = sys.argv[2:]
    for measure, goal in GOALS.items():
        if named and measure.__name__ not in named:
            continue
        with Lab("benchmark", engine=engine, echo=False) as lab:
            found = [measure(lab) for _ in range(rounds)]
        ratio = statistics.median(ours / theirs for ours, theirs in found)
        ours, theirs = (statistics.median(column) for column in zip(*found, strict=True))
        print(
            f"{measure.__name__:22} {ours:7.3f} : {theirs:7.3f} = {ratio:.3f}   (goal ≤ {goal})",
            flush=True,
        )
    engine.close()


if __name__ == "__main__":
    main()
