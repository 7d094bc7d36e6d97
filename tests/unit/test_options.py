"""The options of `docker run`: read once, told twice, refused with the form that is expected."""

from __future__ import annotations

import pytest

from netbook.options import RunOptions


def test_words_and_arguments_say_the_same() -> None:
    read = RunOptions.read(
        "net", ["8080:80", "53:53/udp", "443"], "db:store", "10.0.0.9", "www", {"A": "b c"}
    )
    assert read.words == [
        *("--network", "net", "--ip", "10.0.0.9", "--network-alias", "www"),
        *("-p", "127.0.0.1:8080:80", "-p", "127.0.0.1:53:53/udp", "-p", "127.0.0.1::443"),
        *("--link", "db:store", "-e", "A=b c"),
    ]
    assert read.arguments["publish"] == {"80/tcp": 8080, "53/udp": 53, "443/tcp": None}
    assert read.arguments["link"] == {"db": "store"}
    assert read.arguments["alias"] == ("www",)


def test_nothing_asked_is_nothing_said() -> None:
    assert RunOptions.read().words == []


@pytest.mark.parametrize("bad", ["0.0.0.0:80:80", "eighty", "80:80/sctp", "8080:"])
def test_a_bad_port_shows_the_good_forms(bad: str) -> None:
    with pytest.raises(ValueError, match="'8080:80', '8080:80/udp' or '80'"):
        RunOptions.read(publish=bad)
