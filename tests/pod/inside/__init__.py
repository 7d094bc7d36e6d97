"""Tests of the embedded engine, run where it is the only one: in a container like a Binder pod.

tests/pod/test_pod.py builds that container and runs them there. On a Linux machine without Docker they run as
they are:  NETBOOK_ENGINE=embedded python3 -m netbook test tests/pod/inside
"""
