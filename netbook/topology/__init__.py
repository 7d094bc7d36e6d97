"""Models in, one graph of the wiring out; two of them compared, joined, walked. Pure: it asks nobody."""
