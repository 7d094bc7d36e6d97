"""What every parser owes: a docstring, one `parse`, ParseError and no other error."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netbook import parsers
from netbook.errors import ParseError
from netbook.model.programs import Resolver
from tests.fixtures.golden import FIXTURES

NAMES = [module.name for module in pkgutil.iter_modules(parsers.__path__) if module.name[0] != "_"]
WRONG = {  # a real text of the parser, broken in its second line
    "bridge_fdb": "02:42:0a:63:00:0a dev veth1 master br0\n02:42:0a:63:00:14 vxlan0\n",
    "curl": "*   Trying 10.0.0.1:80...\ncurl: failed\n",
    "hosts": "127.0.0.1 localhost\nlocalhost 127.0.0.1\n",
    "ip_addr": "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue\n    inet 127.0.0.1 scope host lo\n",
    "ip_route": "default via 172.17.0.1 dev eth0\n172.17.0.1/16 dev eth0\n",
    "ip_neigh": "172.17.0.1 dev eth0 lladdr 02:42:ac:11:00:01 STALE\n172.17.0.2 lladdr eth0\n",
    "iptables_save": "*filter\n-A FORWARD -j DROP\n",
    "nc": "nc: bad address 'web'\nConnecting to web\n",
    "netstat": "Active Internet connections (only servers)\ntcp  0  0 :::80  :::*  LISTENING\n",
    "nslookup": "Server:\t\t127.0.0.11\nAdress:\t127.0.0.11:53\n",
    "ping": "PING 172.17.0.3 (172.17.0.3): 56 data bytes\n64 bytes from 172.17.0.3: sequence=0\n",
    "resolv_conf": "search example.org\nnameserver ns1.example.org\n",
    "ss": "Netid State Recv-Q Send-Q\ntcp LISTEN 0 128 0.0.0.0:http 0.0.0.0:*\n",
    "wget": "wget: bad address 'web'\nConnecting to web (10.0.0.2:80)\n",
}
EMPTY = {
    "bridge_fdb": (),
    "iptables_save": (),
    "curl": "",
    "nc": "",
    "wget": "",
    "ip_neigh": (),
    "ip_route": (),
    "hosts": (),
    "resolv_conf": Resolver(),
}
FOREIGN = [  # what the engine or the shell says instead of the command
    "OCI runtime exec failed: exec failed: unable to start container process: no such file or directory\n",
    "sh: ping: not found\n",
    "Error response from daemon: container 3f2a is not running\n",
    "BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.\n",
    "{}\n",
    "\x1b[31m1: lo: <LOOPBACK>\x1b[0m mtu 65536\n",
]


def module(name: str) -> ModuleType:
    return importlib.import_module(f"netbook.parsers.{name}")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_wrong_inputs_are_complete():
    assert set(NAMES) == set(WRONG)


def test_docstring_says_schema_with_an_example(name):
    text = module(name).__doc__
    assert "Returns" in text
    assert ">>> " in text


def test_one_public_function(name):
    public = [
        member
        for member, value in inspect.getmembers(module(name))
        if member[0] != "_" and getattr(value, "__module__", "") == module(name).__name__
    ]
    assert public == ["parse"]
    assert list(inspect.signature(module(name).parse).parameters) == ["text"]


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n"])
def test_empty_input(name, text):
    if name in EMPTY:
        assert module(name).parse(text) == EMPTY[name]
    else:
        with pytest.raises(ParseError) as raised:
            module(name).parse(text)
        assert raised.value.number == 0


def test_wrong_input(name):
    with pytest.raises(ParseError) as raised:
        module(name).parse(WRONG[name])
    assert raised.value.parser == name
    assert raised.value.number == 2
    assert raised.value.line == WRONG[name].splitlines()[1]
    assert raised.value.expected in str(raised.value)


@pytest.mark.parametrize("text", FOREIGN)
def test_foreign_input(name, text):
    with pytest.raises(ParseError) as raised:
        module(name).parse(text)
    assert raised.value.number == 1


def test_a_terminals_line_ends(name):
    path = next(iter(sorted(FIXTURES.glob(f"*/{name}--*.out"))))
    text = path.read_text()
    assert module(name).parse(text.replace("\n", "\r\n")) == module(name).parse(text)


# -- fuzz --------------------------------------------------------------------------

REAL = {name: [path.read_text() for path in sorted(FIXTURES.glob(f"*/{name}--*.out"))] for name in NAMES}
PIECES = [
    "",
    "\n",
    " ",
    ":",
    "@",
    "/",
    ",",
    "<",
    "'",
    "(",
    "0" * 400,
    "-1",
    "٣",
    "²",
    "\x00",
    "\u2028",
    "%x",
    "é",
    "via",
]
WORDS = [
    "1:",
    "lo:",
    "lo@if7:",
    "<UP>",
    "mtu",
    "inet",
    "via",
    "PING",
    "(::1)",
    "Name:",
    "\n",
    "#",
    "::1/",
    "7",
]


@st.composite
def mangled(draw: st.DrawFn, name: str) -> str:
    """A real output with a few pieces cut out, doubled, swapped or put in."""
    text = draw(st.sampled_from(REAL[name]))
    for _ in range(draw(st.integers(1, 6))):
        begin, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        end = min(end, begin + draw(st.sampled_from([0, 1, 8, 200])))
        middle = draw(st.sampled_from([*PIECES, text[begin:end] * 2, text[end : end + 20]]))
        text = text[:begin] + middle + text[end:]
    return text


def survives(name: str, text: str) -> None:
    try:
        hash(module(name).parse(text))
    except ParseError as error:
        said = error
    else:
        return
    lines = ["", *text.split("\n")]
    assert lines[said.number].rstrip() == said.line


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_fuzz_with_mangled_output(name, data):
    survives(name, data.draw(mangled(name)))


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text() | st.lists(st.sampled_from(WORDS)).map(" ".join))
@example(text="1: lo: <UP> mtu " + "9" * 5000)
@example(text="default via ² metric ٣")
@example(text="\ud800")
def test_fuzz_with_any_text(name, text):
    survives(name, text)
