"""Who made a thing, and does he live: the reader's id, the labels on all that a lab makes, its process."""
