"""The suite's frame: an engine for the tests that need one, and proof that they leave nothing behind.

plugin      the pytest hooks
numbering   cells count as in a reader's kernel
engine      whose engine, started when first needed, stopped at the end
kept        folders that outlast a run
minutes     where they go; the budget
foreign     things that are not netbook's, planted before and checked after
leftovers   what is still there that should not be; ending what a killed run left
"""
