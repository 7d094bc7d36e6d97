"""The book's one visual language: a topology becomes shapes, and shapes become SVG.

layout     the whole picture, placed
columns    which box stands where
boxes      one box, one bar: its size and its shapes
routing    wires that cross no box and no label
scene      what of a topology is drawn, in which order and colour
ways       which line along the wires a packet takes
captions   what each packet was, in words
arrows     ways, numbers and crosses over a diagram
film       packets that move over a diagram
storyboard the same in still pictures
svg        shapes → bytes; knows nothing of Docker
lettering  how wide text is, and where to cut it
"""
