"""What the picture says of the host's firewall, against what a ping says."""

from __future__ import annotations

import subprocess

from netbook import Lab
from netbook.diagram.router import TITLE
from netbook.engine.client.engine import Engine
from netbook.engine.images import busybox
from netbook.engine.private.dockerd import PrivateEngine


def test_the_wall_is_where_the_picture_has_it(mortal: tuple[PrivateEngine, Engine]) -> None:
    daemon, engine = mortal
    busybox.ensure(engine)
    with Lab("wall", engine=engine, echo=False) as lab:
        other = lab.create_network("other", subnet="10.99.20.0/24")
        lab.run("one", publish="80")
        lab.run("two", network=other)

        def said() -> dict[tuple[str, str], bool | None]:
            picture = lab.diagram(firewall=True)
            assert picture.wall is not None
            assert TITLE in picture.text
            assert f"→ one:{80}" in picture.text
            return {(a, b): verdict for a, b, verdict in picture.wall.between}

        def pings() -> bool:
            (port,) = lab.snapshot().box("two").ports
            target = next(a.ip for a in port.addresses if a.value.version == 4)
            return bool(engine.exec(lab.container("one").info.id, ("ping", "-c1", "-W1", target)).ok)

        assert (said(), pings()) == ({("bridge", "other"): False, ("other", "bridge"): False}, False)
        bridge = other.info.bridge
        for way in (f"-i docker0 -o {bridge}", f"-i {bridge} -o docker0"):
            rule = ["iptables", "-I", "DOCKER-USER", *way.split(), "-j", "ACCEPT"]
            subprocess.run(["nsenter", "-t", str(daemon.pid), "-n", *rule], check=True)
        assert (said(), pings()) == ({("bridge", "other"): True, ("other", "bridge"): True}, True)
        assert TITLE not in lab.diagram().text
