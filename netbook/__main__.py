"""`python3 -m netbook COMMAND`: look at this Python first, then hand over to the command line.

Written for Python 3.6, so that an old one reads it and gets a sentence instead of a SyntaxError.
"""

import subprocess
import sys

OLDEST = (3, 11)


def too_old(version: "tuple[int, ...]") -> str:
    """Why this Python cannot run the book, and which one on this machine can; "" if it can."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    newer = [name for name in (f"python3.{minor}" for minor in range(OLDEST[1], 20)) if works(name)]
    if newer:
        command = " ".join(sys.argv[1:]) or "lab"
        remedy = f"this machine has a newer one: {newer[-1]} -m netbook {command}"
    else:
        remedy = (
            "install Python 3.11 or newer (from python.org, or your system's packages), and start with that"
        )
    found = ".".join(str(number) for number in version[:3])
    return f"The book needs Python 3.11 or newer; this is Python {found} ({sys.executable}).\n  -> {remedy}"


def works(python: str) -> bool:
    """Is there such a program, and does it run? (pyenv leaves names on PATH that do not.)"""
    try:
        return subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def incomplete(module: str) -> str:
    """What to say when the standard library itself has holes, as Debian's python3-minimal has."""
    return (
        f"This Python ({sys.executable}) lacks {module!r}, a part of its standard library.\n"
        "  -> install the whole of it; on Debian and Ubuntu: apt-get install python3 python3-venv"
    )


def main() -> int:
    """The exit code of the command."""
    problem = too_old(tuple(sys.version_info[:3]))
    if problem:
        sys.stderr.write(problem + "\n")
        return 1
    try:
        from netbook.cli.main import main as command_line
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in sys.stdlib_module_names:
            raise
        sys.stderr.write(incomplete(str(missing.name)) + "\n")
        return 1
    return command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
