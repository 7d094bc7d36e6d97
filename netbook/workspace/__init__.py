"""One reader's labelled part of an engine: what is his, what is printed, what clashes, how it is cleaned."""
