"""Which proxy settings a program that goes to the network will see here; passwords never shown."""

from __future__ import annotations

import os
import re
import urllib.request

_SECRET = re.compile(r"(?<=://)[^/@\s]+@")


def hide_passwords(text: str) -> str:
    """
    >>> hide_passwords("http://ann:secret@proxy:3128")
    'http://***@proxy:3128'
    """
    return _SECRET.sub("***@", text)


def seen() -> str:
    """The settings as a phrase: variables as they are named, or those of the system."""
    variables = {name: value for name, value in sorted(os.environ.items()) if _is_one(name) and value}
    if variables:
        return ", ".join(f"{name}={hide_passwords(value)}" for name, value in variables.items())
    system = {
        scheme: url for scheme, url in urllib.request.getproxies().items() if scheme in ("http", "https")
    }
    if system:
        return "the system's: " + ", ".join(
            f"{s} via {hide_passwords(url)}" for s, url in sorted(system.items())
        )
    return "none"


def _is_one(name: str) -> bool:
    return name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "pip_proxy")
