"""The frame notices what it is there to notice: foreign things touched, our own left behind."""

from __future__ import annotations

import pytest
from docker import APIClient

from netbook.ownership import labels, session
from tests.frame import foreign


@pytest.fixture
def api(docker_host):
    client = APIClient(base_url=docker_host, version="auto")
    yield client
    client.close()


@pytest.fixture
def planted(api, monkeypatch):
    monkeypatch.setattr(foreign, "_PATIENCE", 0.3)
    things = foreign.Foreign(api)
    yield things
    things.remove()


@pytest.fixture
def ours(api):
    """Networks with our label that a test leaves, taken away afterwards."""
    made = []

    def leave(name: str) -> None:
        made.append(api.create_network(name, labels=labels.for_lab("careless", "0"))["Id"])

    yield leave
    for network in made:
        api.remove_network(network)


def test_nothing_happened(planted):
    assert planted.check() == []


def test_nothing_of_it_stays(api, planted):
    planted.remove()
    wrong = planted.check()
    assert sorted(s.split(":")[0] for s in wrong if "exists was True" in s) == [
        f"a foreign {thing} was touched"
        for thing in ("committed image", "container", "copy", "image", "network")
    ]


def test_a_restarted_container_is_noticed(api, planted):
    api.restart(planted._container, timeout=0)
    assert any("a foreign container was touched: started at" in sentence for sentence in planted.check())


def test_the_copy_looks_like_a_dead_labs_and_is_missed_when_it_goes(api, planted):
    marks = api.inspect_container(planted._copy)["Config"]["Labels"]
    assert labels.is_of("foreign", marks)
    assert session.is_dead(marks[labels.SESSION])
    api.remove_container(planted._copy)
    assert "a foreign copy was touched: exists was True, is now False" in planted.check()


def test_a_stopped_container_is_noticed(api, planted):
    api.kill(planted._container)
    assert "a foreign container was touched: state was 'running', is now 'exited'" in planted.check()


def test_a_disconnected_network_is_noticed(api, planted):
    api.disconnect_container_from_network(planted._container, planted._network)
    wrong = planted.check()
    assert any(s.startswith("a foreign network was touched: containers") for s in wrong)
    assert any(s.startswith("a foreign container was touched: addresses") for s in wrong)


def test_a_removed_tag_is_noticed(api, planted):
    api.remove_image(planted._image)
    assert "a foreign image was touched: exists was True, is now False" in planted.check()


def test_what_is_ours_and_left_is_named_with_its_lab(planted, ours):
    ours("left-behind")
    assert planted.check() == ["network left-behind of your lab 'careless' was left behind"]


def test_what_was_there_before_is_the_readers_business(api, ours, monkeypatch):
    ours("an-open-lab")
    monkeypatch.setattr(foreign, "_PATIENCE", 0)
    things = foreign.Foreign(api)
    wrong = things.check()
    things.remove()
    assert wrong == []


def test_two_can_be_planted_side_by_side(api, planted):
    second = foreign.Foreign(api)
    second.remove()
    assert planted.check() == []
