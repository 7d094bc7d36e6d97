"""Every pytest run in this project has the suite's frame, whichever folder it starts from."""

import os
import sys

# Some surroundings forbid Python to keep what it compiles: each kernel would compile pandas anew: seconds.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

pytest_plugins = ["tests.frame.plugin", "tests.frame.day", "tests.frame.numbering", "tests.frame.minutes"]
