"""A question for a web page, from a container or from the host: what came of it, in one word.

busybox's wget waits for ever, and its `-T` crashes in Debian's static build; so `timeout` ends it. Then
one more question tells what it waited for: a neighbour that is not there, or a name that nobody answers to.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from netbook import errors
from netbook.model.fetch import Fetched
from netbook.model.programs import ExecResult
from netbook.parsers import curl, ping, wget
from netbook.reach import unanswered
from netbook.topology.addressing import literal

Ask = Callable[..., ExecResult]  # argv → what the program said
_MOMENT = 0.4  # seconds in which a server that was just started begins to listen
_ADDRESS = 'unanswered "($1)"'  # the kernel knows: it has just tried
_NAME = """
export RES_OPTIONS="timeout:1 attempts:1"
said=$(ping -c 1 -W 1 "$1" 2>&1)
echo "$said"
unanswered "$said"
"""
_ABSENT = (126, 127)
_KILLED = (124, 137, 143)  # the exit codes of coreutils' timeout, of SIGKILL and of SIGTERM
_LONGEST = 60  # seconds


def check(url: str, wait: int) -> str:
    """The host in the URL. Errors: ValueError, with what is expected, for what no command should be given."""
    if not 1 <= wait <= _LONGEST:
        raise ValueError(f"wait is {wait}; it must be from 1 to {_LONGEST} seconds")
    try:
        host = urlsplit(url if "://" in url else f"http://{url}").hostname
    except ValueError:  # an open bracket
        host = None
    if not host or url.startswith("-"):
        raise ValueError(f"url is {url!r}; it must name a host, as in 'http://web:8080/'")
    return host


def fetch(ask: Ask, url: str, wait: int, tell: Callable[..., object], place: str) -> Fetched:
    """Ask for the page, after `tell` was told the command. `place`: who asks, for the error.

    Errors: NotFound if there is neither wget nor curl.
    """
    host = check(url, wait)
    argv: tuple[str, ...] = ("timeout", str(wait), "wget", "-q", "-O", "-", url)
    tell(*argv)
    said, parse = ask(*argv), wget.parse
    silent = not (said.ok or said.stderr.strip() or said.exit_code in (*_ABSENT, *_KILLED))
    if silent and _is_full_size(ask):
        argv = ("timeout", str(wait), "wget", "-nv", "-t", "1", "-O", "-", url)  # -q: it would not say why
        tell(*argv)
        said = ask(*argv)
    if said.exit_code in _ABSENT:
        argv = ("curl", "-fsSv", "-m", str(wait), url)
        tell(*argv)
        said, parse = ask(*argv), curl.parse
        if said.exit_code in _ABSENT:
            raise errors.NotFound(
                f"{place} cannot fetch {url}: its image has neither wget (with timeout) nor curl.",
                remedy="ask from a container of the lab image, busybox",
            )
    word = "timed out" if said.exit_code in _KILLED else "page" if said.ok else _why(said, parse)
    if word == "timed out":
        word = _waited_for(ask, host)
    return Fetched(url, word, said.stdout if said.ok else "", said.stderr)


def _why(said: ExecResult, parse: Callable[[str], str]) -> str:
    """The program's word. The full-size wget has none for some connections that ended before their time."""
    try:
        return parse(said.stderr) or "reset"
    except errors.ParseError:  # another program of that name
        words = said.text.strip().splitlines()
        return words[-1] if words else f"exit code {said.exit_code}"


def patiently(ask: Ask, url: str, wait: int, place: str, *, since: float) -> Fetched:
    """Once more where nobody listened: the server may have been started just before `since` (monotonic).

    Behind a published port that is a reset, for somebody of the engine's does listen at the host's.
    """
    ready = since + _MOMENT
    young = time.monotonic() < ready
    found = fetch(ask, url, wait, _silent, place)
    if not young or found.outcome not in ("refused", "reset"):
        return found
    time.sleep(max(0.0, ready - time.monotonic()))
    return fetch(ask, url, wait, _silent, place)


def _silent(*_: str) -> None: ...


def _is_full_size(ask: Ask) -> bool:
    return "GNU Wget" in ask("wget", "--version").stdout


def _waited_for(ask: Ask, host: str) -> str:
    question = _ADDRESS if literal(host) else _NAME
    said, asked, _ = ask("sh", "-c", f"{unanswered.SCRIPT}\n{question}", "sh", host).text.partition("@ARP")
    if asked:
        return "no route"
    if question == _ADDRESS:
        return "timed out"
    try:
        return "unknown name" if ping.parse(said).outcome == "bad address" else "timed out"
    except errors.ParseError:  # its image has no ping
        return "timed out"
