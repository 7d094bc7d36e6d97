"""Rules around a block of verbs, and rules of one's own for a block."""

from __future__ import annotations

import pytest

from netbook import Lab, errors
from netbook.lab import host


def written(lab: Lab) -> list[str]:
    """What stands in DOCKER-USER, as the host's own table has it."""
    table = lab.host.firewall(chain="DOCKER-USER")
    return [f"{row.target}: {row.match}" for row in table.itertuples() if row.number != "policy"]


def test_rules_come_count_and_go(lab: Lab) -> None:
    with lab.host.rule_changes() as made:
        here = lab.create_network("here")
    (came,) = made.new(target="MASQUERADE", about="from network").to_dict("records")
    assert (came["table"], came["match"]) == ("nat", "from network here, not out bridge of here")
    assert made.gone().empty

    one, two = lab.run("one", network=here), lab.run("two")
    with lab.host.rule_changes() as crossing:
        assert not one.reaches(two.address)
    (dropped,) = crossing.counted.query("target == 'DROP'").to_dict("records")
    assert dropped["packets"] == 1

    one.remove()
    with lab.host.rule_changes() as removed:
        here.remove()
    assert removed.new().empty
    assert len(removed.gone()) == len(made.new())


def test_rules_of_ones_own_are_there_for_a_block_only(lab: Lab) -> None:
    before = written(lab)
    with lab.host.docker_user("-s 10.66.0.0/24 -j ACCEPT", "-d 10.66.0.0/24 -j DROP") as done:
        assert done
        assert written(lab) == ["ACCEPT: from 10.66.0.0/24", "DROP: to 10.66.0.0/24", *before]
    assert written(lab) == before

    during: list[str] = []

    def fail() -> None:
        with lab.host.docker_user("-s 10.66.0.0/24 -j DROP"):
            during.extend(written(lab))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert during == ["DROP: from 10.66.0.0/24", *before]
    assert written(lab) == before


def test_of_rules_with_a_wrong_one_none_is_written(lab: Lab) -> None:
    before = written(lab)
    with (
        pytest.raises(errors.EngineRefused, match="iptables refused the rule `-s nobody"),
        lab.host.docker_user("-s nobody.invalid/24 -j DROP", "-s 10.66.0.0/24 -j DROP"),
    ):
        raise AssertionError("the block must not run")
    assert written(lab) == before


def test_into_an_engine_of_the_readers_nothing_is_written(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(host, "is_the_books", lambda engine: False)
    with Lab("yours", engine=lab.engine) as yours:
        before = written(yours)
        with yours.host.docker_user("-s 10.66.0.0/24 -j DROP") as done:
            assert not done
            assert written(yours) == before
    assert "this engine is yours: the book writes no rule into its DOCKER-USER" in capsys.readouterr().out
