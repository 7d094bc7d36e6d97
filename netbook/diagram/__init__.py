"""The wiring as a picture and in words: laid out, drawn, marked, animated, compared.

diagram    the picture: SVG, alt text, text
hosts      several hosts in one picture, and the network between them
words      a scene in words
changes    two moments in one picture
journey    a captured packet on its way, as pictures and in words
layout     the whole picture, placed
columns    which box stands where
boxes      one box: its size and its shapes
bars       one bar
router     the way out: NAT's wires, or the host as a router with a firewall
marking    what came, went or changed, without colour
scene      what of a topology is drawn, in which order and colour
wires      which line along the wires a packet takes
captions   what each packet was, in words
arrows     ways, numbers and crosses over a diagram
animation  packets that move over a diagram
storyboard the same in still pictures
"""
