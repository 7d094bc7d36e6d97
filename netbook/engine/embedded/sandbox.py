"""The guest's kernel is an ordinary process of the reader: let it read files, and write none.

Its hostfs is mounted read-only, but root in the guest (any `--privileged` container) could remount it.
So the host's kernel refuses instead: a seccomp filter, which no unprivileged process can take off again,
answers every call that would change a file with "Read-only file system". The one exception is a file that
the call itself creates under a name that was free (O_EXCL): that is how the kernel gets the file that is
its memory, and hostfs never asks that way.

(libseccomp's Python binding is no package of PyPI's, pyseccomp has had no release since 2021; the filter
is forty instructions. Sources: seccomp(2), linux/bpf.h, arch/x86/entry/syscalls/syscall_64.tbl.)
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct
from collections.abc import Sequence

OPEN, MKDIR, OPENAT, FCHMOD, PTRACE = 2, 83, 257, 91, 101
# calls that change what others can see in the file system, x86-64
CHANGES = {
    "truncate": 76,
    "rename": 82,
    "rmdir": 84,
    "creat": 85,
    "link": 86,
    "unlink": 87,
    "symlink": 88,
    "chmod": 90,
    "chown": 92,
    "fchown": 93,
    "lchown": 94,
    "utime": 132,
    "mknod": 133,
    "mount": 165,
    "setxattr": 188,
    "lsetxattr": 189,
    "fsetxattr": 190,
    "removexattr": 197,
    "lremovexattr": 198,
    "fremovexattr": 199,
    "utimes": 235,
    "mkdirat": 258,
    "mknodat": 259,
    "fchownat": 260,
    "futimesat": 261,
    "unlinkat": 263,
    "renameat": 264,
    "linkat": 265,
    "symlinkat": 266,
    "fchmodat": 268,
    "utimensat": 280,
    "renameat2": 316,
    "io_uring_setup": 425,
    "open_tree": 428,
    "openat2": 437,
    "fchmodat2": 452,
    "setxattrat": 463,
    "removexattrat": 466,
    "file_setattr": 469,
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_X86_64 = 0xC000003E  # AUDIT_ARCH_X86_64
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000  # SECCOMP_RET_*
_LOAD, _EQUAL, _SET, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|…|K, BPF_RET|K
_NR, _ARCH, _ARG0 = 0, 4, 16  # offsets in struct seccomp_data; an argument is 8 bytes, the low half first

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def program() -> list[Instruction]:
    """The filter, as BPF instructions."""
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EROFS)
    allow = (_RETURN, 0, 0, _ALLOW)

    def opening(number: int, flags: int) -> list[Instruction]:
        return [
            (_EQUAL, 0, 5, number),
            (_LOAD, 0, 0, _ARG0 + 8 * flags),
            (_SET, 0, 2, _WRITING),
            (_SET, 1, 0, os.O_EXCL),
            refuse,
            allow,
        ]

    return [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, _X86_64),
        (_RETURN, 0, 0, _KILL),  # 32-bit calls have other numbers
        (_LOAD, 0, 0, _NR),
        (_AT_LEAST, 0, 1, 0x40000000),  # so have those of x32
        (_RETURN, 0, 0, _KILL),
        *((_EQUAL, 0, 1, PTRACE), allow),  # by far the most frequent
        *opening(OPEN, 1),
        *opening(OPENAT, 2),
        # the kernel wants a folder for its own control socket, and dies of any other "no" (6.12)
        (_EQUAL, 0, 1, MKDIR),
        (_RETURN, 0, 0, _ERRNO | errno.EEXIST),
        # its memory's file gets mode 0777 from the kernel itself; hostfs sends the type of the file along
        (_EQUAL, 0, 4, FCHMOD),
        (_LOAD, 0, 0, _ARG0 + 8),
        (_EQUAL, 1, 0, 0o777),
        refuse,
        allow,
        *(step for number in sorted(CHANGES.values()) for step in ((_EQUAL, 0, 1, number), refuse)),
        allow,
    ]


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


_libc = ctypes.CDLL(None, use_errno=True)
_PDEATHSIG, _SECCOMP, _NO_NEW_PRIVS = 1, 22, 38  # PR_SET_*, linux/prctl.h


def die_with_parent() -> None:
    """Between fork and exec: this process ends when its parent does, however that ends."""
    _prctl(_PDEATHSIG, signal.SIGKILL)


def enter(instructions: Sequence[Instruction]) -> None:
    """Between fork and exec: from here on and for all children, the filter holds."""
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)
    _prctl(_NO_NEW_PRIVS, 1)
    _prctl(_SECCOMP, 2, ctypes.byref(_Program(len(instructions), code)))


def _prctl(option: int, first: int, second: object = None) -> None:
    if _libc.prctl(option, ctypes.c_ulong(first), second, None, None):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), f"prctl {option}")
