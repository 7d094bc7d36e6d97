"""Pages, and all that can come instead of one, from containers and from the engine's host."""

from __future__ import annotations

import time

import pytest

from netbook import Lab, errors
from netbook.lab.container import Container
from netbook.lab.host import Host


def outcome(asker: Container | Host, url: str, wait: int = 2) -> str:
    return str(asker.fetch(url, wait=wait).outcome[0])


def page(web: Container) -> None:
    web.exec("sh", "-c", "echo hello >/tmp/index.html")


@pytest.fixture
def web(lab: Lab) -> Container:
    net = lab.create_network("shop", subnet="10.96.2.0/24")
    made = lab.run(
        "web", "httpd", "-f", "-p", "80", "-h", "/tmp", network=net, publish=["8080:80", "8081:81"]
    )
    page(made)
    return made


def test_outcomes_from_a_container(lab: Lab, web: Container, capsys: pytest.CaptureFixture[str]) -> None:
    box = lab.run("box", network="shop")
    table = box.fetch("http://web/")
    assert table.to_dict("records") == [{"url": "http://web/", "outcome": "page", "first_line": "hello"}]
    assert table.attrs["result"].body == "hello\n"
    assert outcome(box, "http://web/none") == "status 404"
    assert outcome(box, "http://web:99/") == "refused"
    assert outcome(box, "http://nobody/") == "unknown name"
    assert outcome(box, "http://10.96.2.77/") == "no route"  # nobody there: ARP in vain
    assert outcome(box, "http://10.96.2.77/") == "no route"  # and again, while the kernel remembers
    assert outcome(box, "http://10.96.2.77/", wait=5) == "no route"
    assert outcome(lab.run("lonely", network="none"), f"http://{web.address}/") == "no route"
    web.pause()  # its kernel accepts, and nobody reads
    started = time.monotonic()
    assert outcome(box, "http://web/", wait=1) == "timed out"
    assert time.monotonic() - started < 6
    web.unpause()


def test_reset_is_not_refused(lab: Lab) -> None:
    server = lab.run("server", "sh", "-c", "while :; do nc -l -p 90 -e true; done")
    box = lab.run("box")
    for _ in range(3):
        time.sleep(0.2)
        assert outcome(box, f"http://{server.address}:90/") == "reset"
    assert outcome(box, f"http://{server.address}:91/") == "refused"


def test_outcomes_from_the_host(lab: Lab, web: Container) -> None:
    assert outcome(lab.host, "http://127.0.0.1:8080/") == "page"
    assert outcome(lab.host, f"http://{web.address}/") == "page"
    assert outcome(lab.host, "http://127.0.0.1:9/") == "refused"
    # docker-proxy takes the connection, or a rule of the firewall leads it straight to the container
    assert outcome(lab.host, "http://127.0.0.1:8081/") in ("reset", "refused")
    assert outcome(lab.host, "http://10.96.2.77/") == "no route"


def test_each_prints_its_command(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    with Lab("told", engine=lab.engine) as told:
        box = told.run("box")
        capsys.readouterr()
        box.fetch("http://127.0.0.1/", wait=3)
        told.host.fetch("http://127.0.0.1:9/")
        assert capsys.readouterr().out.splitlines() == [
            "$ docker exec box timeout 3 wget -q -O - http://127.0.0.1/",
            "$ timeout 2 wget -q -O - http://127.0.0.1:9/",
        ]


def test_an_image_with_neither_wget_nor_curl_says_so(lab: Lab) -> None:
    bare = lab.run("bare")
    bare.exec("rm", "/bin/timeout")  # busybox finds its wget without a link
    with pytest.raises(errors.NotFound, match="neither wget"):
        bare.fetch("http://127.0.0.1/")
    bare.stop()
    with pytest.raises(errors.NotRunning):
        bare.fetch("http://127.0.0.1/")
