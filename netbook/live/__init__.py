"""The live view: a picture of the wiring that follows the engine's events.

view     what `lab.live()` returns and shows
follow   the threads: events in, snapshots out
pace     when to look: soon, but not at every event of a burst
panel    a snapshot becomes what the browser needs
widget   the browser's side: widget.js, widget.css
"""
