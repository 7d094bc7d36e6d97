"""Every pytest run in this project has the suite's frame, whichever folder it starts from."""

pytest_plugins = [
    "tests.frame.plugin",
    "tests.frame.day",
    "tests.frame.solving",
    "tests.frame.numbering",
    "tests.frame.minutes",
]
