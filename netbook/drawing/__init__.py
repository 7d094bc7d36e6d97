"""The book's one visual language, down to bytes; it knows nothing of Docker.

figure     what a notebook shows of an object: SVG with alt text, and text
matrix     who, with whom, and a legend
strips     values on a line, side by side
routing    wires that cross no box and no label
svg        shapes → bytes
lettering  how wide text is, and where to cut it
"""
