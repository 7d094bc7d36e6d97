"""What can be typed after `python3 -m netbook`."""

from __future__ import annotations

import argparse

from netbook.setup import ports

TEST_HELP = """usage: python3 -m netbook test [--yes] [PYTEST ARGS]

Run the whole suite: unit, integration, guards, every notebook. All arguments go
to pytest as they are; paths count from the book's folder. `--yes`, as the first one,
is ours: missing system packages are installed without asking. For example:

  python3 -m netbook test                  everything
  python3 -m netbook test tests/unit       what needs no engine
  python3 -m netbook test -k bridge -x     what has `bridge` in its name, up to a failure
  python3 -m netbook test notebooks/02*    one chapter, executed again and compared
  python3 -m netbook test -- -h            pytest's own help
"""


def of_test(arguments: list[str]) -> tuple[bool, list[str] | None]:
    """What follows `test`: is `--yes` its first word, and pytest's, untouched; None if it asks for our help.

    argparse would take pytest's options for its own, even with REMAINDER.

    >>> of_test(["-k", "bridge", "-x"])
    (False, ['-k', 'bridge', '-x'])
    >>> of_test(["--yes", "--", "-h"])
    (True, ['-h'])
    """
    yes = arguments[:1] == ["--yes"]
    arguments = arguments[yes:]
    if arguments[:1] in (["-h"], ["--help"]):
        return yes, None
    return yes, arguments[1:] if arguments[:1] == ["--"] else arguments


def parser() -> argparse.ArgumentParser:
    """For every command but `test`."""
    top = argparse.ArgumentParser(
        prog="python3 -m netbook",
        description="An interactive textbook of Docker networking: every chapter runs on real containers.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    lab = commands.add_parser("lab", help="open the book in JupyterLab (the first start sets everything up)")
    lab.add_argument("chapter", nargs="?", metavar="CHAPTER", help="2, 02, bridge, 02-bridge or a path")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    lab.add_argument(
        "--port",
        type=int,
        metavar="N",
        help=f"JupyterLab's port (default: {ports.USUAL}, or the next free one)",
    )
    lab.add_argument("--yes", action="store_true", help="install missing system packages without asking")

    commands.add_parser("test", help="run the whole suite; `test -h` tells about its arguments")
    commands.add_parser("doctor", help="look at everything the book needs, and change nothing")

    draw = commands.add_parser("draw", help="the wiring of your own engine as a picture; nothing is changed")
    draw.add_argument(
        "--out", metavar="FILE", help="a picture (.svg), a page (.html), data (.json) or words (.txt)"
    )
    draw.add_argument("--watch", action="store_true", help="draw anew after every change, until Ctrl-C")
    draw.add_argument(
        "--no-helper", action="store_true", help="from the engine's API alone, without a container that looks"
    )

    why = commands.add_parser("why", help="why one cannot reach another, on your own engine")
    why.add_argument("source", metavar="SOURCE", help="a container, or `host`")
    why.add_argument("target", metavar="TARGET", help="db, db:5432, 10.0.0.3:53/udp, [fd00::1]:80, host:8080")
    why.add_argument("--out", metavar="FILE.svg", help="the way as a picture, with the break on it")

    engine = commands.add_parser("engine", help="the book's own embedded Docker Engine, by hand")
    verbs = engine.add_subparsers(dest="verb", metavar="VERB", required=True)
    verbs.add_parser("start", help="start it; it runs until `stop`, whoever uses it")
    stop = verbs.add_parser("stop", help="end it, with all that is on it")
    stop.add_argument("--force", action="store_true", help="even if a notebook uses it")
    verbs.add_parser("status", help="does it run, where, since when (exit code 3: it does not)")
    shell = verbs.add_parser("shell", help="a root shell on the engine's host, or one command there")
    shell.add_argument("argv", nargs=argparse.REMAINDER, metavar="COMMAND")
    verbs.add_parser("logs", help="what its kernel and its daemon said")
    install = verbs.add_parser("install", help="fetch what it needs from Debian's archive, without root")
    install.add_argument("--yes", action="store_true", help="without asking")

    handout = commands.add_parser(
        "handout", help="chapters for paper (PDF) and as one offline page (HTML), for a workshop"
    )
    handout.add_argument("chapters", nargs="*", metavar="CHAPTER", help="2, 02, bridge, 02-bridge or a path")
    handout.add_argument("--all", action="store_true", help="every chapter, and the book")
    handout.add_argument(
        "--for",
        dest="reader",
        choices=("reader", "student", "teacher", "all"),
        default="reader",
        help="the book as it is; with room to write, and a key; with solutions, mistakes, remarks; the three",
    )
    handout.add_argument("--paper", choices=("a4", "letter"), default="a4")
    handout.add_argument(
        "--no-key", action="store_true", help="a student's handout without the key at its end"
    )
    handout.add_argument(
        "--to", metavar="DIR", help="where to write (default: build/handout in the book's folder)"
    )

    clean = commands.add_parser("clean", help="remove the containers and networks that the book left")
    what = clean.add_mutually_exclusive_group()
    what.add_argument("--lab", metavar="NAME", help="only those of this lab")
    what.add_argument(
        "--all", action="store_true", help="images that the book built and its engine's data, too"
    )

    progress = commands.add_parser("progress", help="the exercises that you have solved, on this machine")
    verbs = progress.add_subparsers(dest="verb", metavar="VERB")
    verbs.add_parser("show", help="a table of all exercises (this is what `progress` alone does)")
    export = verbs.add_parser("export", help="write your progress to a file, to take along or to hand in")
    export.add_argument("file", metavar="FILE")
    taken = verbs.add_parser("import", help="take in such a file; what was solved in either is solved")
    taken.add_argument("file", metavar="FILE")
    reset = verbs.add_parser("reset", help="forget exercises, so that they count as new")
    which = reset.add_mutually_exclusive_group(required=True)
    which.add_argument("exercises", nargs="*", default=[], metavar="ID")
    which.add_argument("--all", action="store_true", help="all of them")
    group = verbs.add_parser("class", help="the files of a class as one table")
    group.add_argument("files", nargs="+", metavar="FILE")
    return top
