"""What the reader does: a task, a cell for the reader's turn, a check. A chapter has all of its exercises.

    task = lab.task("05-door")
    task

    # your turn            # the whole cell, with the tag `exercise`

    task.check()

Stored is the book as nobody has touched it. An appendix in which no turn is the reader's is not looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbformat import NotebookNode

from netbook.learn import exercises
from netbook.learn.ticket import Ticket
from tests import notebook_files as files
from tests.guards.rules.chapter import CHECK, TURN, Chapter, calls, has_data, rule, tags

TASKS, TASKS_START = 3, 2  # at least so many exercises in a chapter, and in chapter 00
GUESSES = 6  # at least so many guesses in a chapter; chapter 00 may have none


@rule
def turns_are_checked(chapter: Chapter) -> Iterator[str]:
    code = chapter.code
    for here, cell in enumerate(code):
        before, after = code[here - 1 : here], code[here + 1 : here + 2]
        if TURN in tags(cell):
            if cell.source != "# your turn" or cell.outputs:
                yield f"cell {cell.id} has the tag {TURN}: it must be `# your turn` and nothing else"
            if not any(_ids(near) for near in before):
                yield f'cell {cell.id}: the code cell before it must have `lab.task("…")`'
            if not any(near.source == CHECK for near in after):
                yield f"cell {cell.id}: the code cell after it must be `{CHECK}`"
        elif cell.source == CHECK:
            if not any(TURN in tags(near) for near in before):
                yield f"cell {cell.id} checks, and before it is no cell with the tag {TURN}"
            said = [str(output.data.get("text/plain", "")) for output in cell.outputs if has_data(output)]
            if not any(text.startswith("Not attempted yet.") for text in said):
                yield f"cell {cell.id} must store `Not attempted yet. …`: execute the chapter untouched"
        elif _ids(cell) and not any(TURN in tags(near) for near in after):
            yield f"cell {cell.id} opens an exercise; the code cell after it must have the tag {TURN}"


@rule
def exercises_are_the_chapters(chapter: Chapter) -> Iterator[str]:
    number = chapter.path.name[:2]
    every = exercises.every()
    of_chapter = [name for name in every if name[:2] == number]
    wanted = [name for name in of_chapter if not isinstance(every[name], Ticket)]  # of tickets, some
    of_the_book = (
        chapter.path.parent == files.NOTEBOOKS and number < "90"
    )  # the guards' own tests make others
    if not any(TURN in tags(cell) for cell in chapter.code) and not of_the_book:
        return
    found = [name for cell in chapter.code for name in _ids(cell)]
    for name in sorted({name for name in found if name not in of_chapter}):
        yield f"{name!r} is no exercise of this chapter; there are: {', '.join(of_chapter) or 'none'}"
    for name in wanted:
        if found.count(name) != 1:
            yield f"exercise {name!r} stands here {found.count(name)} times; must be once"
    least = TASKS_START if chapter.is_start else TASKS
    if len(set(found)) < least:
        yield f"has {len(set(found))} exercises; must have {least} or more"
    guesses = sum(len(calls(cell, "guess")) for cell in chapter.code)
    if guesses < GUESSES and not chapter.is_start:
        yield f"has {guesses} guesses; must have {GUESSES} or more"


def _ids(cell: NotebookNode) -> list[str]:
    """The exercises that a code cell opens."""
    return [
        str(ast.literal_eval(argument))
        for call in (*calls(cell, "task"), *calls(cell, "ticket"))
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]
