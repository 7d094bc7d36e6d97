"""What a chapter must be like: one function per rule, which yields what is wrong, as sentences.

shape     cells and headings: where they stand, how they are called
code      cells that run: executed, short, announced errors, ignored outputs
outputs   pictures and what stands beside them
prose     words, addresses, paths, links
questions what the reader is asked: guesses are judged, a quiz is its chapter's
turns     what the reader does: exercises, each with a task, a turn and a check

A new rule is a function with the decorator `rule`; tests/guards/test_rules.py then
demands a broken chapter that it catches.
"""

from tests.guards.rules import code, outputs, prose, questions, shape, turns
from tests.guards.rules.chapter import RULES, Chapter

__all__ = ["RULES", "Chapter", "code", "outputs", "prose", "questions", "shape", "turns"]
