"""Everything that runs before the venv is made works without a single package installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from netbook.setup import start

_ALL = """
import pkgutil, importlib, netbook.setup as setup
for module in pkgutil.iter_modules(setup.__path__):
    importlib.import_module("netbook.setup." + module.name)
"""


@pytest.mark.parametrize(
    "code", ["import netbook.cli.main", "import netbook.cli.doctor", _ALL], ids=["cli", "doctor", "setup"]
)
def test_imports_without_site_packages(code: str) -> None:
    report = "import sys; print([m for m in sys.modules if m.split('.')[0] not in sys.stdlib_module_names])"
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"{code}\n{report}"], cwd=start.ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    foreign = [m for m in eval(done.stdout) if not m.startswith(("netbook", "__main__"))]
    assert foreign == []
