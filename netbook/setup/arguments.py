"""What can be typed after `python3 -m netbook`."""

from __future__ import annotations

import argparse

from netbook.setup import ports

TEST_HELP = """usage: python3 -m netbook test [PYTEST ARGS]

Run the whole suite: unit, integration, guards, every notebook. All arguments go
to pytest as they are; paths count from the book's folder. For example:

  python3 -m netbook test                  everything
  python3 -m netbook test tests/unit       what needs no engine
  python3 -m netbook test -k bridge -x     what has `bridge` in its name, up to a failure
  python3 -m netbook test notebooks/02*    one chapter, executed again and compared
  python3 -m netbook test -- -h            pytest's own help
"""


def pytest_arguments(arguments: list[str]) -> list[str] | None:
    """What follows `test`, untouched; None if it asks for our help.

    argparse would take pytest's options for its own, even with REMAINDER.

    >>> pytest_arguments(["-k", "bridge", "-x"])
    ['-k', 'bridge', '-x']
    >>> pytest_arguments(["--", "-h"])
    ['-h']
    """
    if arguments[:1] in (["-h"], ["--help"]):
        return None
    return arguments[1:] if arguments[:1] == ["--"] else arguments


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

    clean = commands.add_parser("clean", help="remove the containers and networks that the book left")
    what = clean.add_mutually_exclusive_group()
    what.add_argument("--lab", metavar="NAME", help="only those of this lab")
    what.add_argument(
        "--all", action="store_true", help="images that the book built and its engine's data, too"
    )
    return top
