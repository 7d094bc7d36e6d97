"""One packet's way: sent once, captured everywhere on it, read, and told as tables, words and pictures."""
