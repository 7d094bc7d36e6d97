"""What an engine host is made of: on the book's own engine of what is there, on a reader's of docker:dind."""

from __future__ import annotations

import io
import tarfile
from types import SimpleNamespace

import pytest

from netbook.engine.images import engine_host
from netbook.errors import EngineGone, EngineRefused, ImageMissing


class Engine:
    """As much of one as is asked here."""

    def __init__(
        self, *, labels: tuple[str, ...] = (), present: bool = False, refusal: Exception | None = None
    ):
        self.said: list[str] = []
        self.rung, self._labels = "yours", labels
        self._present, self._refusal = present, refusal
        self.images = SimpleNamespace(
            inspect=lambda _: {} if self._present else None, pull=self._pull, load=self._load
        )

    def info(self) -> dict[str, object]:
        return {"Labels": self._labels}

    def _pull(self, name: str, tag: str) -> None:
        self.said.append(f"pull {name}:{tag}")
        if self._refusal:
            raise self._refusal

    def _load(self, _: bytes, name: str, changes: list[str]) -> None:
        self.said.append(f"load {name} {changes[0]}")


def test_the_books_own_engine_lends_its_programs() -> None:
    engine = Engine(labels=("org.netbook.engine=private",))
    assert engine_host.ensure(engine) == ("netbook-engine-host", ("/usr:/usr:ro",))
    assert engine.said == ['load netbook-engine-host CMD ["sh"]']


def test_a_readers_engine_pulls_the_image_once() -> None:
    engine = Engine()
    assert engine_host.ensure(engine) == ("docker:28-dind", ())
    assert engine_host.ensure(Engine(present=True)) == ("docker:28-dind", ())
    assert engine.said == ["pull docker:28-dind"]


def test_where_it_cannot_be_pulled_a_sentence_says_what_to_do() -> None:
    engine = Engine(refusal=EngineRefused("Docker could not pull docker 28-dind: no route to host"))
    with pytest.raises(
        ImageMissing, match=r"on your Docker, and it could not be pulled: .*no route(.|\n)*embedded"
    ):
        engine_host.ensure(engine)
    with pytest.raises(EngineGone):
        engine_host.ensure(Engine(refusal=EngineGone("it stopped")))


def test_its_root_leads_to_usr() -> None:
    with tarfile.open(fileobj=io.BytesIO(engine_host.root_filesystem())) as tar:
        links = {entry.name: entry.linkname for entry in tar if entry.issym()}
        assert tar.extractfile("etc/passwd") is not None
    assert links == {
        **{name: f"usr/{name}" for name in ("bin", "sbin", "lib", "lib64")},
        "var/run": "/run",
    }
