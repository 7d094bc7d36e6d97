"""The Engine API, as the book speaks it: its requests, its streams, its answers as models, its refusals."""
