"""Why can A not reach B? One check after another, in a packet's order, until the first no."""
