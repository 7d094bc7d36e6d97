"""The registers that an old kernel hands over in part: refused by the host as they are, taken with the shim.

A CPU with AMX is not needed: every x86 refuses a part. What AMX changes is that the kernel's part is one.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from netbook import Lab
from netbook.engine import ladder
from netbook.engine.embedded import xstate
from netbook.engine.embedded.machine import EmbeddedEngine
from netbook.engine.embedded.programs import Programs

# sets the first LENGTH bytes of a stopped child's extended state, with xmm0 as 0xaa…, and reads it again
TRACER = """
import ctypes, os, signal, sys
length = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
TRACEME, PEEKUSER, GETREGSET, SETREGSET, XSTATE = 0, 3, 0x4204, 0x4205, 0x202
child = os.fork()
if not child:
    libc.ptrace(TRACEME, 0, None, None)
    os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(0)
os.waitpid(child, 0)
memory = ctypes.create_string_buffer(65536)
whole = Iovec(ctypes.addressof(memory), 65536)
libc.ptrace(GETREGSET, child, XSTATE, ctypes.byref(whole))
memory[160:176] = b"\\xaa" * 16  # xmm0, in the layout of FXSAVE
memory[512] = bytes([memory[512][0] | 3])  # XSTATE_BV: x87 and SSE are set
part = Iovec(ctypes.addressof(memory), min(length, whole.length))
done = libc.ptrace(SETREGSET, child, XSTATE, ctypes.byref(part))
why = os.strerror(ctypes.get_errno()) if done else "taken"
after = ctypes.create_string_buffer(65536)
libc.ptrace(GETREGSET, child, XSTATE, ctypes.byref(Iovec(ctypes.addressof(after), 65536)))
ctypes.set_errno(0)
word = libc.ptrace(PEEKUSER, child, 15 * 8, None)  # orig_rax: the call it stands in, or -1
os.kill(child, signal.SIGKILL)
print(why, after[160:176] == b"\\xaa" * 16, after[576:whole.length] == memory[576:whole.length], word >= -1)
"""


@pytest.fixture
def shim(tmp_path: Path) -> Path:
    return xstate.build(Programs(Path("/")), tmp_path)


def traced(length: int, preload: str = "") -> list[str]:
    command = [sys.executable, "-c", TRACER, str(length)]
    env = {**os.environ, "LD_PRELOAD": preload}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.strip().rsplit(" ", 3)


def test_a_part_is_refused_by_the_host_and_taken_with_the_shim(shim: Path) -> None:
    length = 576  # x87, SSE and the header: less than any CPU of today has
    assert traced(length) == ["Bad address", "False", "True", "True"]
    assert traced(length, str(shim)) == ["taken", "True", "True", "True"]


def test_the_whole_is_taken_either_way(shim: Path) -> None:
    assert traced(65536) == traced(65536, str(shim)) == ["taken", "True", "True", "True"]


def test_an_engine_starts_with_it(
    machine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a CPU with AMX: the keeper, a process of its own, is made to believe in one."""
    believes = "from netbook.engine.embedded import kernel\nkernel.hands_over_a_part = lambda _: True\n"
    (tmp_path / "sitecustomize.py").write_text(believes)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]]))
    stayed = machine.files.status().get("stay", False)
    machine.stop()
    try:
        with contextlib.closing(ladder.find()) as engine:
            guest = Path(f"/proc/{kernel_of(machine)}")
            scratch = Path(machine.files.status()["scratch"])
            assert f"LD_PRELOAD={scratch}/xstate.so" in (guest / "environ").read_text().split("\0")
            assert str(scratch / "xstate.so") in (guest / "maps").read_text()
            with Lab("counts", engine=engine, echo=False) as lab:
                said = lab.run("counts").exec("awk", "BEGIN { print 2 / 3 * 1e9 }")
            assert said.stdout == "6.66667e+08\n", said.text
    finally:
        monkeypatch.undo()
        machine.stop()
        if stayed:
            machine.start(stay=True)


def kernel_of(machine: EmbeddedEngine) -> int:
    keeper = machine.files.keeper()
    children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    return int(next(pid for pid in children if "linux.uml" in Path(f"/proc/{pid}/cmdline").read_text()))
