"""The words that a handout has besides the book's own."""

from __future__ import annotations

TITLE = "Container networking, live"
SUBTITLE = "An interactive textbook of Docker networking"
AUTHOR = "The authors of the book"

PHRASES = {
    "chapter": "Chapter {}",
    "appendix": "Appendix {}",
    "contents": "Contents",
    "skip": "Skip to the text",
    "measured": "Measured",
    "came": "What came back? Note it here, then compare with the key:",
    "key": "Key",
    "key-title": "Key to the predictions",
    "quiz-title": "Key to “Check yourself”",
    "quiz-answers": "Answers",
    "many": "more than one is right",
    "right": "Right.",
    "wrong": "Not right.",
    "exercise": "Exercise",
    "goals": "It is done when",
    "room": "Your way:",
    "solution": "One way",
    "or": "Or",
    "mistakes": "Mistakes that the book recognises, and what it says",
    "hints": "Hints, one at a time",
    "why": "Why",
    "met": "Who met this",
    "minutes": "min",
    "remark": "Remark",
    "film": "The pictures of this journey, step by step",
    "prediction": "Prediction",
    "teachers": "For the teacher",
}
KICKERS = {"reader": "The book", "student": "Workshop handout", "teacher": "Teacher’s edition"}
