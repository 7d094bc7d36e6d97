"""A pytest plugin: nbval numbers cells as a reader's kernel does. It stands alone, for runs elsewhere."""

from __future__ import annotations

from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.hasplugin("nbval"):
        from nbval.kernel import RunningKernel

        RunningKernel.execute_cell_input = _execute


def _execute(self: Any, cell_input: str, allow_stdin: bool | None = None) -> str:
    """nbval runs cells without history; then IPython ignores a `;` at the end of a cell."""
    return str(self.kc.execute(cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False))
