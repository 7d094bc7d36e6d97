"""What `lab.live()` returns: a widget where widgets show, and a figure of the same where they do not."""

from __future__ import annotations

from typing import Any

from netbook import tables
from netbook.errors import ParseError
from netbook.live.follow import Follower
from netbook.live.panel import Panel, table
from netbook.live.widget import LiveWidget
from netbook.model.snapshot import Snapshot
from netbook.ownership import session
from netbook.parsers import ip_route
from netbook.workspace.workspace import Workspace

# The figure and the widget are two outputs of one cell, for a notebook that is opened without its kernel has
# the first only. Where both are there, the figure hides; where the widget's place stays empty, that hides.
_STYLE = (
    "<style>"
    ".jp-OutputArea:has(.netbook-live) .jp-OutputArea-child:has(.netbook-figure),"
    ".jp-OutputArea-child:has(.netbook-figure) + .jp-OutputArea-child:not(:has(.netbook-live))"
    "{display:none}"
    "</style>"
)
_WIDGET = "application/vnd.jupyter.widget-view+json"


class LiveView:
    """The wiring, drawn anew whenever it changes. Ends by `close()`, with its lab, its cell or its kernel.

    Introduced in chapter 02.
    """

    def __init__(self, workspace: Workspace, title: str, *, foreign: bool) -> None:
        self._title, self._foreign = title, foreign
        workspace.echo("docker", "events", "--filter", "type=container", "--filter", "type=network")
        self._follower = Follower(workspace.engine, workspace.observer, self._show, self._ended)
        try:
            workspace.observer.watched_by(self, "another lab.live() shows this lab now")
            self._panel = Panel(self._follower.look(), title, foreign)
            self._widget = LiveWidget(picture=self._panel.picture)
        except BaseException:
            self.close()
            raise
        self._widget.observe(self._chosen, "selected")
        self._untie = _tie_to_cell(self)
        self._follower.start()

    @property
    def over(self) -> bool:
        """Does it follow no more?"""
        return self._follower.over

    def close(self, note: str = "closed by view.close()", *, wait: bool = True) -> None:
        """Stop following; the last picture stays. Safe to call twice."""
        self._follower.close(note, wait=wait)

    @property
    def text(self) -> str:
        """The wiring in words, as it was at the last look."""
        return self._panel.diagram.text

    def __repr__(self) -> str:
        return self.text

    def _ipython_display_(self) -> None:
        from IPython.display import publish_display_data

        figure = self._panel.diagram._repr_mimebundle_()
        if "text/html" in figure:
            figure["text/html"] = f'{_STYLE}<div class="netbook-figure">{figure["text/html"]}</div>'
        publish_display_data(figure)
        widget = {"version_major": 2, "version_minor": 0, "model_id": self._widget.model_id}
        both = {_WIDGET: widget, "text/plain": ""}  # exporters warn of an output without a text
        publish_display_data(both)

    # -- called by the follower's thread --------------------------------------

    def _show(self, snapshot: Snapshot) -> None:
        self._panel = Panel(snapshot, self._title, self._foreign)
        self._widget.picture = self._panel.picture  # sends nothing if it is the same
        self._read_routes()

    def _ended(self, state: str, note: str) -> None:
        self._untie()
        self._widget.status = {"state": state, "note": note}

    def _chosen(self, _: object) -> None:
        self._follower.do(self._read_routes)

    def _read_routes(self) -> None:
        """`ip route` is not in a snapshot: it is read of the one container whose tables are shown."""
        name = self._widget.selected
        chosen = self._panel.container(name) if name else None
        if chosen is None or not chosen.namespace:
            self._widget.routes = {}
            return
        try:
            found = ip_route.parse(self._follower.ask(f"route {chosen.pid}"))
        except ParseError:  # newer than our parser; the other tables are there all the same
            self._widget.routes = {}
            return
        self._widget.routes = {"name": name, "table": table(tables.routes(found))}


def _tie_to_cell(view: LiveView) -> Any:
    """Close it when its cell is run again, or was deleted; returns what unties it."""
    shell = session.shell()
    cell = _metadata(shell).get("cellId")
    if not cell:  # in a terminal, or an editor that names no cells
        return lambda: None

    def check(info: Any) -> None:
        if info.cell_id == cell or cell in _metadata(shell).get("deletedCells", ()):
            view.close("its cell was run again, or deleted")
            view._widget.close()  # nobody sees it any more

    shell.events.register("pre_run_cell", check)
    return lambda: shell.events.unregister("pre_run_cell", check)


def _metadata(shell: Any) -> dict[str, Any]:
    """Of the request that is being executed: JupyterLab names the cell in it."""
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return dict(parent.get("metadata") or {})
