"""Who reaches a port of whom: what the script's text comes to, and what the matrix makes of it."""

from __future__ import annotations

import pytest

from netbook.learn.prediction import Prediction
from netbook.model.programs import Answer
from netbook.reach.connect import answer
from netbook.reach.reachability import Reachability

ALIVE = "PING web (10.0.0.2): 56 data bytes\n64 bytes from 10.0.0.2: seq=0 ttl=64 time=0.1 ms\n\n"
ALIVE += "--- web ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\n"
SILENT = "PING web (10.0.0.2): 56 data bytes\n\n--- web ping statistics ---\n"
SILENT += "1 packets transmitted, 0 packets received, 100% packet loss\n"
REFUSED = "nc: can't connect to remote host (10.0.0.2): Connection refused"


@pytest.mark.parametrize(
    ("said", "pinged", "verdict", "reason"),
    [
        ("open", ALIVE, "yes", ""),
        ("open", SILENT, "yes", ""),  # a firewall may drop pings only
        ("open", "sh: ping: not found", "yes", ""),
        (REFUSED, ALIVE, "no", "refused"),
        (f"{REFUSED}\nsent 0, rcvd 0", ALIVE, "no", "refused"),
        ("nc: timed out", SILENT, "no", "timed out"),
        ("nc: timed out", f"{SILENT}@ARP ", "no", "no route"),
        ("nc: timed out", f"{SILENT}@ARP gateway", "no", "no route"),
        ("nc: timed out", "ping: bad address 'web'", "no", "unknown name"),
        ("nc: can't connect to remote host (10.0.0.2): No route to host", SILENT, "no", "no route"),
        ("nc: bad address 'web'", "ping: bad address 'web'", "no", "unknown name"),
        ("nc: invalid option -- 'e'\nusage: nc", ALIVE, "?", "usage: nc"),
    ],
)
def test_answers(said: str, pinged: str, verdict: str, reason: str) -> None:
    found = answer("a", "web", "name", "", f"{said}\n@PING\n{pinged}", ["10.0.0.2"])
    assert (found.answer, found.reason) == (verdict, reason)


def test_a_name_that_leads_elsewhere_is_not_open() -> None:
    found = answer("a", "web", "name", "", f"open\n@PING\n{ALIVE}", ["10.0.0.9"])
    assert (found.answer, found.address, found.reason) == ("no", "10.0.0.2", "somebody else has that name")


def answers(by: str = "address", **reasons: str) -> list[Answer]:
    pairs = [(*pair.split("_"), reason) for pair, reason in reasons.items()]
    return [Answer(a, b, by, "10.0.0.2", "no" if reason else "yes", reason) for a, b, reason in pairs]


PORT = answers(a_b="", a_c="refused", b_a="timed out", b_c="no route", c_a="unknown name", c_b="not running")


def test_cells_say_the_word() -> None:
    found = Reachability("abc", PORT, "address", port=80)
    assert found.table.to_dict("index") == {
        "a": {"a": "–", "b": "open", "c": "refused"},
        "b": {"a": "timed out", "b": "–", "c": "no route"},
        "c": {"a": "unknown name", "b": "no", "c": "–"},
    }
    assert found.title == "Who reaches port 80 of whom, by address"
    assert found.text.splitlines()[1:4] == ["  a", "    open: b", "    refused: c"]
    assert "no (not running): b" in found.text
    assert "refused: nobody listens on that port" in found.svg
    assert found.alt.startswith(
        "Who reaches port 80 of whom, by address: 3 containers, 6 pairs: 1 no, 1 open"
    )


def test_two_ways_of_asking() -> None:
    both = [*answers(a_b="", b_a="refused"), *answers("name", a_b="unknown name", b_a="refused")]
    found = Reachability("ab", both, port=80)
    assert found.table.loc["a", "b"] == "address only"
    assert found.table.loc["b", "a"] == "refused"
    mixed = [*answers(a_b="refused", b_a=""), *answers("name", a_b="unknown name", b_a="")]
    found = Reachability("ab", mixed, port=80)
    assert (found.table.loc["a", "b"], found.table.loc["b", "a"]) == ("no", "open")
    assert found.why("a", "b") == "by address: refused, by name: unknown name"


def test_a_ping_has_the_words_that_it_had() -> None:
    found = Reachability("ab", answers(a_b="", b_a="no reply"), "address")
    assert found.table.loc["a", "b"] == "yes"
    assert found.table.loc["b", "a"] == "no"


def test_a_prediction_is_compared_with_a_port_too() -> None:
    measured = Reachability("abc", PORT, "address", port=80)
    compared = Prediction("abc", {("a", "b"): True, ("a", "c"): False, ("b", "a"): True}).compare(measured)
    assert (compared.state("a", "b"), compared.state("a", "c")) == ("right", "right")
    (row,) = compared.surprises.to_dict("records")
    assert (row["answer"], row["reason"]) == ("timed out", "timed out")
