"""The reader does it: predictions that are filled in and judged."""
