r"""`nslookup NAME`: which address has a name, or which name an address?

Returns one `Lookup`. Give it both streams, for busybox complains on standard error.

    name       str         what the server was asked for, without the last dot: a search domain is part of it;
                           for `nslookup ADDRESS` the name found. "" when the text does not say
    server     str         who answered: 127.0.0.11 is the DNS server inside Docker. "" for nobody
    addresses  tuple[str]  in the order printed; for `nslookup ADDRESS` that address
    error      str         "" when there are addresses, else why not, in one phrase:
                           "NXDOMAIN" (no such name), "SERVFAIL", "REFUSED" … as the server said;
                           "no answer" (the name exists and has no address);
                           "no servers could be reached"; "can't resolve"; or the last of nslookup's
                           own words, in lower case

busybox asks twice, for IPv4 and for IPv6: one found address is a success, whatever the other said.
Both of its forms are read (`Address: 172.18.0.3`, and `Address 1: 172.18.0.3 NAME` of small builds).

>>> parse('''\
... Server:\t\t127.0.0.11
... Address:\t127.0.0.11:53
...
... Non-authoritative answer:
... Name:\tbbox02
... Address: 172.18.0.3
...
... ''')
Lookup(name='bbox02', server='127.0.0.11', addresses=('172.18.0.3',), error='')
>>> parse("** server can't find bbox09: NXDOMAIN\n").error
'NXDOMAIN'
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from netbook.model.programs import Lookup
from netbook.parsers._lines import nothing, read
from netbook.parsers._phrases import phrase

_EXPECTED = "a line that nslookup prints, such as 'Address: 172.18.0.3'"
_SERVER = re.compile(r"Server:\s+(\S+)")
_NAME = re.compile(r"Name:\s+(\S+)")
_ADDRESS = re.compile(r"Address(?: [0-9]+)?:\s+(\S+)(?: (\S+))?")
_POINTER = re.compile(r"(\S+)\tname = (\S+)")
_RECORD = re.compile(r"(\S*)\t(?:[a-z ]+ = |has AAAA address ).+")  # canonical name, mail exchanger, text …
_FAILURE = re.compile(r"\*\*\*? (?:server can't find|Can't find) (\S+): (.+)")
_SMALL_FAILURE = re.compile(r"nslookup: (can't resolve) '(.*)'.*")
_COMPLAINT = re.compile(r"(?:nslookup:|;;) (.+)")
_ELSEWHERE = "Authoritative answers can be found from:"  # of bind; below it, who else could be asked
_SKIPPED = re.compile(
    r"(Non-a|A|a)uthoritative answer:"
    r"|nslookup: (write to '.*'|read): .*"  # one server of several; if it was the last one, a line says so
    r"|;; (?!.*no servers could be reached).*"
)


def parse(text: str) -> Lookup:
    """Read what one run of `nslookup` printed, standard output and standard error together."""
    server = ""
    answered: list[str] = []
    failed: list[str] = []
    addresses: list[str] = []
    errors: list[str] = []
    elsewhere = False
    lines = read("nslookup", text)
    for line in lines:
        said = line.text
        if said == _ELSEWHERE:
            elsewhere = True
        elif elsewhere and _RECORD.fullmatch(said):
            continue
        elif match := _SERVER.fullmatch(said):
            server = server or match[1]
        elif match := _NAME.fullmatch(said):
            answered.append(match[1])
        elif match := _ADDRESS.fullmatch(said):
            if answered:  # those above the first name are the server's own
                addresses.append(str(line.address(match[1], "the answer")))
                if match[2] and answered == [match[1]]:  # small builds: an address was asked for
                    answered = [match[2]]
        elif match := _POINTER.fullmatch(said):
            answered.append(match[2])
            addresses += _from_pointer(match[1])
        elif match := _RECORD.fullmatch(said):
            if asked := _from_pointer(match[1]):  # the name of an address is an alias of another one
                addresses += asked
            elif match[1]:
                answered.append(match[1])
        elif match := _FAILURE.fullmatch(said):
            failed.append(match[1])
            errors.append(match[2] if match[2].isupper() else match[2].lower())
        elif match := _SMALL_FAILURE.fullmatch(said):
            failed += [match[2]] if match[2] != "(null)" else []  # that one is the server, which has no name
            errors.append(match[1])
        elif _SKIPPED.fullmatch(said):
            continue
        elif match := _COMPLAINT.fullmatch(said):
            errors.append(phrase(match[1]))
        else:
            raise line.error(_EXPECTED)
    if answered and answered[0] in addresses:  # small builds repeat an address that has no name
        addresses, errors = [], ["can't resolve"]
    if not (server or answered or errors):
        raise lines[0].error(_EXPECTED) if lines else nothing("nslookup", _EXPECTED)
    error = "" if addresses else next(iter(errors), "" if answered else "no answer")
    return Lookup(next(iter(answered + failed), "").rstrip("."), server, tuple(addresses), error)


def _from_pointer(name: str) -> list[str]:
    """Which address was asked for: it stands backwards in the name of a PTR record.

    >>> _from_pointer("2.0.18.172.in-addr.arpa")
    ['172.18.0.2']
    """
    lower = name.lower().rstrip(".")
    parts = lower.split(".")[-3::-1]
    found = ".".join(parts) if lower.endswith(".in-addr.arpa") else ""
    if lower.endswith(".ip6.arpa"):
        found = ":".join("".join(parts[place : place + 4]) for place in range(0, len(parts), 4))
    try:
        return [str(ip_address(found))]
    except ValueError:
        return []
