"""`python3 -m netbook COMMAND`: the standard library only, until the packages are there."""
