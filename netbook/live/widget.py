"""The browser's side of a live view, as an anywidget: its state here, its looks in widget.js and .css.

anywidget brings a prebuilt JupyterLab extension, so nothing is built or installed here; ipywidgets alone
could show the picture, but not tell which container in it was clicked.
"""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_HERE = Path(__file__).parent


class LiveWidget(anywidget.AnyWidget):
    """What the browser is told; it tells `selected`."""

    _esm = (_HERE / "widget.js").read_text(encoding="utf-8")
    _css = (_HERE / "widget.css").read_text(encoding="utf-8")

    picture = traitlets.Dict().tag(sync=True)  # panel.Panel.picture
    selected = traitlets.Unicode().tag(sync=True)  # a container's name
    routes = traitlets.Dict().tag(sync=True)  # `ip route` of the selected one: name, table
    status = traitlets.Dict({"state": "live", "note": ""}).tag(sync=True)  # live, closed, lost
