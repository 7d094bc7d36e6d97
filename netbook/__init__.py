"""netbook: a workspace for learning Docker networking on a real Docker Engine.

    from netbook import Lab

    lab = Lab("bridge")
    bbox01 = lab.run("bbox01")
    bbox01.ip_addr()

Names are loaded when first used, so that `import netbook` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netbook.diagram.diagram import Diagram
    from netbook.errors import NetbookError
    from netbook.lab.container import Container
    from netbook.lab.host import Host
    from netbook.lab.lab import Lab
    from netbook.lab.network import Network
    from netbook.learn.quiz import quiz

__version__ = "0.1.0"

_HOMES = {
    "Container": "netbook.lab.container",
    "Diagram": "netbook.diagram.diagram",
    "Host": "netbook.lab.host",
    "Lab": "netbook.lab.lab",
    "NetbookError": "netbook.errors",
    "Network": "netbook.lab.network",
    "quiz": "netbook.learn.quiz",
}

__all__ = ["Container", "Diagram", "Host", "Lab", "NetbookError", "Network", "quiz"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'netbook' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> "list[str]":
    return sorted([*globals(), *__all__])
