"""What a helper container may do: two doors opened, all others shut, as HostConfig of the Engine API.

The helpers are uid 0 in the host's process and network namespaces, with SYS_PTRACE to open another process's
namespace and SYS_ADMIN to enter it. Alone, that is root on the engine's host: by `nsenter -m`, by mount, by
/proc/1/root. So a seccomp profile of ours allows what reading needs and nothing else. A list of what is
allowed, not Docker's own profile with removals: SYS_ADMIN opens a dozen more doors in that one, new kernels
bring new calls, and a helper runs few programs. Of the calls that are in it,

- `setns` takes network namespaces only (busybox and util-linux name the type, which the kernel checks);
- no file is opened for writing, wherever it is: /proc/1/root leads to the host's, and a filter sees no paths.
  One way of opening has to stay, O_WRONLY|O_CLOEXEC: by it runc waits for the word to start. No program of
  busybox opens so; and whoever does may not write to a regular file, for `--ulimit fsize=0`;
- sockets are of the internet and of rtnetlink, never a Unix one: /proc/1/root/run/docker.sock is an engine;
- `clone` makes no namespace, `ioctl` asks about a terminal (TIOCSTI would type into one) or an interface.

What is left: it can read what root's files hold, for the owner of a file needs no capability. And code that a
stranger brings along could open /proc/1/root/proc/sys in runc's way, and change a setting of the kernel.
Sources: capabilities(7), seccomp(2), setns(2), "access mode checking" in ptrace(2), and
https://docs.docker.com/engine/security/seccomp/ for the profile's form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_READING = """
    access alarm arch_prctl brk capget chdir clock_getres clock_gettime clock_gettime64 clock_nanosleep
    clock_nanosleep_time64 close close_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait
    epoll_wait execve exit exit_group faccessat faccessat2 fadvise64 fadvise64_64 fchdir fcntl fcntl64 fork
    fstat fstat64 fstatat64 fstatfs fstatfs64 futex futex_time64 getcwd getdents getdents64 getegid getegid32
    geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpgid getpgrp getpid getppid
    getrandom getresgid getresuid getrlimit getrusage getsid gettid gettimeofday getuid getuid32 lseek _llseek
    lstat lstat64 madvise membarrier mmap mmap2 mprotect mremap munmap nanosleep newfstatat pause
    pipe pipe2 poll ppoll ppoll_time64 pread64 preadv pselect6 pselect6_time64 read readlink readlinkat readv
    restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait
    sched_getaffinity sched_yield select _newselect setitimer set_robust_list setsid
    set_thread_area set_tid_address set_tls sigaltstack sigreturn stat stat64 statfs statfs64 statx sysinfo
    time times umask uname vfork wait4 waitid waitpid write writev
    accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmsg send
    sendmmsg sendmsg sendto setsockopt shutdown
"""
_WRITING = """
    creat open openat ftruncate ftruncate64 mkdir mkdirat unlink unlinkat rename renameat renameat2 fsync
    utimensat chmod fchmod fchmodat chown fchown fchownat lchown kill tgkill setuid setgid setgroups setresuid
    setresgid capset prctl setpgid timer_create timer_settime timer_delete eventfd eventfd2
"""

_NEWNET = 0x40000000
_NAMESPACES = 0x7E020000 | 0x80  # CLONE_NEW*, NEWTIME too
_CHANGING = 0o3 | 0o100 | 0o1000  # O_WRONLY and O_RDWR, O_CREAT, O_TRUNC
_RUNC = 0o1 | 0o2000000  # O_WRONLY|O_CLOEXEC: the fifo in its libcontainer/standard_init_linux.go
_INET, _INET6, _NETLINK, _PACKET = 2, 10, 16, 17
_ROUTE, _NETFILTER = 0, 12
_QUESTIONS = (0x5401, 0x5413, 0x541B, 0x5421)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO
_NO_FILES = {"Name": "fsize", "Soft": 0, "Hard": 0}
_EPERM, _ENOSYS = 1, 38


def _allowed(names: Sequence[str], *conditions: tuple[int, str, int, int]) -> dict[str, Any]:
    args = [{"index": i, "op": f"SCMP_CMP_{op}", "value": a, "valueTwo": b} for i, op, a, b in conditions]
    return {"names": list(names), "action": "SCMP_ACT_ALLOW", "args": args}


def profile(*, writing: bool = False, rules: bool = False) -> str:
    """The seccomp profile, for `--security-opt`. `writing`: files, signals, packet sockets too.

    `rules`: sockets to the firewall of the kernel too (nft's; legacy's are those of the internet).

    It names no architecture: then the filter is for the kernel's own, and a call by another one's numbers
    (32-bit on x86-64) ends the process.
    """
    domains = [(_INET,), (_INET6,), (_NETLINK, _ROUTE), *([(_PACKET,)] if writing else [])]
    domains += [(_NETLINK, _NETFILTER)] if rules else []
    allowed = [
        _allowed(_READING.split()),
        _allowed(["setns"], (1, "EQ", _NEWNET, 0)),
        _allowed(["clone"], (0, "MASKED_EQ", _NAMESPACES, 0)),
        _allowed(["open"], (1, "MASKED_EQ", _CHANGING, 0)),
        _allowed(["openat"], (2, "MASKED_EQ", _CHANGING, 0)),
        _allowed(["openat"], (2, "EQ", _RUNC, 0)),
        _allowed(["prlimit64"], (0, "EQ", 0, 0), (2, "EQ", 0, 0)),  # asks for its own
        *(_allowed(["ioctl"], (1, "EQ", request, 0)) for request in _QUESTIONS),
        _allowed(["ioctl"], (1, "MASKED_EQ", 0xFFFFFF00, 0x8900)),  # SIOC…, of sockets
        *(
            _allowed(["socket"], (0, "EQ", domain, 0), *((2, "EQ", protocol, 0) for protocol in protocols))
            for domain, *protocols in domains
        ),
        # the C library then asks in the older way, which can be looked into
        {"names": ["clone3", "openat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": _ENOSYS},
    ]
    if writing:
        allowed.append(_allowed(_WRITING.split()))
    return json.dumps({"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": _EPERM, "syscalls": allowed})


def host_config(
    security: Iterable[str],
    runtime: str,
    capabilities: Iterable[str],
    *,
    folder: str = "",
    rules: bool = False,
) -> Mapping[str, Any]:
    """For a helper on an engine with these SecurityOptions and this DefaultRuntime (`docker info`).

    `rules`: it may ask for the firewall's. `folder`: in memory, to write to. crun writes a file itself after
    it has set the limits, so it would not start with fsize 0; with it, and with other runtimes, a stranger's
    code keeps runc's way of opening.

    Where the engine's kernel has no seccomp, the engine would refuse a profile, and none is given (the
    embedded engine's kernels have it). Where the engine maps root to another user, the host's namespaces
    are for `--userns host` only.
    """
    names = {part for option in security for part in option.split(",") if part.startswith("name=")}
    options, filtered = ["no-new-privileges"], "name=seccomp" in names
    if filtered:
        options.append(f"seccomp={profile(writing=bool(folder), rules=rules)}")
    return {
        "CapDrop": ["ALL"],
        "CapAdd": sorted(capabilities),
        "SecurityOpt": options,
        "ReadonlyRootfs": True,
        "PidMode": "host",
        **({"UsernsMode": "host"} if "name=userns" in names else {}),
        **({"Tmpfs": {folder: "size=64m,mode=700"}} if folder else {}),
        **({"Ulimits": [_NO_FILES]} if filtered and runtime == "runc" and not folder else {}),
    }
