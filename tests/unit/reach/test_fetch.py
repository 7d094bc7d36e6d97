"""What a question for a page comes to, from what programs said; that they say it, integration tests show."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from netbook import tables
from netbook.errors import NotFound
from netbook.model.fetch import Fetched
from netbook.model.programs import ExecResult
from netbook.reach.fetch import check, fetch, patiently

URL = "http://web/"
TIMEOUT = "timeout 2 wget -q -O - http://web/"
NOBODY = "PING web (10.0.0.9): 56 data bytes\n\n--- web ping statistics ---\n"
NOBODY += "1 packets transmitted, 0 packets received, 100% packet loss\n"


def programs(**said: tuple[int, str, str]) -> Callable[..., ExecResult]:
    """Each by its name: exit code, standard output, standard error. All others are not there."""

    def ask(*argv: str) -> ExecResult:
        name = argv[2] if argv[0] == "timeout" else argv[0]
        if argv[1:] == ("--version",):
            name = "version"
        return ExecResult(argv, *said.get(name, (127, "", "no such program")))

    return ask


def outcome(ask: Callable[..., ExecResult]) -> tuple[str, list[str]]:
    told: list[str] = []
    found = fetch(ask, URL, 2, lambda *argv: told.append(" ".join(argv)), "box")
    assert found.url == URL
    return found.outcome, told


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ((0, "hello\n", ""), "page"),
        ((1, "", "wget: can't connect to remote host (10.0.0.2): Connection refused\n"), "refused"),
        ((1, "", "wget: error getting response\n"), "reset"),
        ((1, "", "wget: server returned error: HTTP/1.0 404 Not Found\n"), "status 404"),
        ((1, "", "somebody's own wget is cross\n"), "somebody's own wget is cross"),
    ],
)
def test_one_command_is_enough_where_wget_says_why(said: tuple[int, str, str], word: str) -> None:
    assert outcome(programs(wget=said)) == (word, [TIMEOUT])


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (NOBODY, "timed out"),
        (NOBODY + "@ARP \n", "no route"),
        (NOBODY + "@ARP gateway\n", "no route"),
        ("ping: bad address 'web'\n", "unknown name"),
        ("sh: ping: not found\n", "timed out"),
    ],
)
@pytest.mark.parametrize("code", [143, 137, 124])
def test_what_it_waited_for_when_time_was_up(code: int, more: str, word: str) -> None:
    assert outcome(programs(wget=(code, "", ""), sh=(0, more, ""))) == (word, [TIMEOUT])


@pytest.mark.parametrize(
    ("age", "listens_after", "word", "questions"),
    [
        (0.0, 0.2, "page", 2),  # it was started just before: once more, when it has had its time
        (0.0, 9.0, "refused", 2),
        (9.0, 0.2, "refused", 1),  # it has had its time: the first word is the last
        (0.0, 0.0, "page", 1),
    ],
)
def test_a_server_has_a_moment_to_begin(age: float, listens_after: float, word: str, questions: int) -> None:
    begun, asked = time.monotonic(), list[float]()

    def ask(*argv: str) -> ExecResult:
        asked.append(time.monotonic() - begun)
        if asked[-1] >= listens_after:
            return ExecResult(argv, 0, "hello\n", "")
        return ExecResult(argv, 1, "", "wget: can't connect to remote host (10.0.0.2): Connection refused\n")

    assert patiently(ask, URL, 2, "box", since=begun - age).outcome == word
    assert len(asked) == questions


def test_the_full_size_wget_is_asked_in_its_own_way() -> None:
    def ask(*argv: str) -> ExecResult:
        if argv[:1] == ("wget",):
            return ExecResult(argv, 0, "GNU Wget 1.21.3 built on linux-gnu.\n", "")
        return ExecResult(argv, 4, "", "failed: Connection refused.\n" if "-nv" in argv else "")

    assert outcome(ask) == ("refused", [TIMEOUT, "timeout 2 wget -nv -t 1 -O - http://web/"])


def test_curl_where_there_is_no_wget() -> None:
    words = "* connect to 10.0.0.2 port 80 failed: Connection refused\ncurl: (7) Failed to connect\n"
    assert outcome(programs(curl=(7, "", words))) == ("refused", [TIMEOUT, "curl -fsSv -m 2 http://web/"])
    late = "curl: (28) Connection timed out after 2000 milliseconds\n"
    assert outcome(programs(curl=(28, "", late), sh=(0, NOBODY + "@ARP \n", "")))[0] == "no route"


def test_neither_of_them() -> None:
    with pytest.raises(NotFound, match="box cannot fetch"):
        outcome(programs())


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("web", "web"),
        ("web:8080/x", "web"),
        ("http://10.0.0.2:80", "10.0.0.2"),
        ("http://[fd77::2]/", "fd77::2"),
    ],
)
def test_the_host_of_a_url(url: str, host: str) -> None:
    assert check(url, 2) == host


@pytest.mark.parametrize(
    ("url", "wait"), [("", 2), ("-O/etc/passwd", 2), ("http://", 2), ("http://[", 2), ("web", 0)]
)
def test_what_no_command_should_be_given(url: str, wait: int) -> None:
    with pytest.raises(ValueError, match="it must"):
        check(url, wait)


def test_first_line_is_short() -> None:
    assert Fetched(URL, "page", "\n\n  <h1>it works</h1>\nmore").first_line == "<h1>it works</h1>"
    assert len(Fetched(URL, "page", "x" * 99).first_line) == 60
    (row,) = tables.fetched(Fetched(URL, "reset", words="wget: …")).to_dict("records")
    assert row == {"url": URL, "outcome": "reset", "first_line": ""}
