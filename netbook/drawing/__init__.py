"""The book's one visual language: a topology becomes shapes, and shapes become SVG.

layout     the whole picture, placed
columns    which box stands where
boxes      one box: its size and its shapes
bars       one bar
routing    wires that cross no box and no label
marking    what came, went or changed, without colour
scene      what of a topology is drawn, in which order and colour
ways       which line along the wires a packet takes
captions   what each packet was, in words
arrows     ways, numbers and crosses over a diagram
film       packets that move over a diagram
storyboard the same in still pictures
matrix     a picture of its own: who, with whom, and a legend
svg        shapes → bytes; knows nothing of Docker
lettering  how wide text is, and where to cut it
"""
