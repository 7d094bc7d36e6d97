"""Rung 2: a dockerd of the book's own, in a network namespace of its own."""
