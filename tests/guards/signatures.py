"""Every signature that a reader can call: `python3 -m tests.guards.signatures > tests/guards/signatures.txt`.

From `netbook`'s own names, and on to each class that a method, property or field of them names.
"""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import netbook
from netbook import errors


def lines() -> list[str]:
    """One for each public function, class, method, property, field; sorted."""
    known, waiting, seen = _classes(), [getattr(netbook, name) for name in netbook.__all__], set()
    waiting += [error for name, error in vars(errors).items() if inspect.isclass(error) and name[0] != "_"]
    found: set[str] = set()
    while waiting:
        cls = waiting.pop()
        if inspect.isfunction(cls):
            found.add(f"{cls.__name__}{inspect.signature(cls)}")
            waiting.append(known[cls.__annotations__["return"]])
            continue
        if cls in seen or not cls.__module__.startswith("netbook"):
            continue
        seen.add(cls)
        for line, named in _of(cls):
            found.add(line)
            waiting += [known[word] for word in re.findall(r"\w+", named) if word in known]
    return sorted(re.sub(r"\b[a-z_]+\.(?=[A-Z])", "", line) for line in found)  # wherever a class lives


def _classes() -> dict[str, type]:
    """All of the library, by name."""
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(netbook.__path__, "netbook."):
        if not module.name.endswith("__main__"):
            for name, value in vars(import_module(module.name)).items():
                if inspect.isclass(value) and value.__module__ == module.name and name[0] != "_":
                    found[name] = value
    return found


def _of(cls: type) -> Iterator[tuple[str, str]]:
    """Lines about a class, and the words in which other classes may be named."""
    bases = ", ".join(base.__name__ for base in cls.__bases__ if base is not object)
    yield f"class {cls.__name__}({bases})", ""
    if dataclasses.is_dataclass(cls):
        for field in dataclasses.fields(cls):
            yield f"{cls.__name__}.{field.name}: {field.type}", str(field.type)
    for name, value in inspect.getmembers_static(cls):
        made_by_readers = cls is netbook.Lab or issubclass(cls, Exception)
        if name[0] == "_" and not (name == "__init__" and made_by_readers):
            continue
        function = _function(value)
        if function is None or not (getattr(function, "__module__", "") or "").startswith("netbook"):
            continue
        kind = "" if inspect.isroutine(value) else f"  # {type(value).__name__}"
        signature = str(inspect.signature(function))
        yield f"{cls.__name__}.{name}{signature}{kind}", str(function.__annotations__.get("return", ""))


def _function(member: Any) -> Any:
    for inner in ("__func__", "fget", "func"):
        member = getattr(member, inner, member)
    return member if inspect.isfunction(member) else None


if __name__ == "__main__":
    print("\n".join(lines()))
