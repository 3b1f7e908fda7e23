# SPDX-License-Identifier: GPL-3.0-or-later
"""The system calls that a decoding process may still make: a seccomp filter for Linux.

The filter is a list of what is allowed: memory, the clock, reading files, and writing to the
standard streams. Every other call fails with EPERM, so that a library gives up one file instead
of being killed. So the process can write no file, open no socket, start no program, and reach no
other process. The numbers are those of `asm/unistd_64.h` and `asm-generic/unistd.h`; the program
is classic BPF (`linux/filter.h`, `linux/seccomp.h`).
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_MODE_FILTER = 2
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in `struct seccomp_data`
_ARGUMENTS, _ARGUMENT_BYTES = 16, 8
_LAST_STREAM = 2
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_INSTRUCTION = struct.Struct("HBBI")

Instruction = tuple[int, int, int, int]


_ALLOWED: Mapping[str, tuple[int, int | None]] = {
    "access": (21, None), "brk": (12, 214), "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115), "close": (3, 57), "exit": (60, 93), "exit_group": (231, 94),
    "faccessat": (269, 48), "fstat": (5, 80), "futex": (202, 98), "getcwd": (79, 17),
    "getdents64": (217, 61), "getpid": (39, 172), "getrandom": (318, 278), "gettid": (186, 178),
    "gettimeofday": (96, 169), "lseek": (8, 62), "lstat": (6, None), "madvise": (28, 233),
    "membarrier": (324, 283), "mmap": (9, 222), "mprotect": (10, 226), "mremap": (25, 216),
    "munmap": (11, 215), "nanosleep": (35, 101), "newfstatat": (262, 79), "pread64": (17, 67),
    "prlimit64": (302, 261), "read": (0, 63), "readlink": (89, None), "readlinkat": (267, 78),
    "readv": (19, 65), "rseq": (334, 293), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "sched_getaffinity": (204, 123), "sched_yield": (24, 124),
    "set_robust_list": (273, 99), "sigaltstack": (131, 132), "stat": (4, None), "statx": (332, 291),
    "sysinfo": (99, 179), "uname": (63, 160),
}  # fmt: skip
"""The system calls that are allowed, with their numbers on x86-64 and on AArch64."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """A kind of processor: its audit number, and the numbers of the calls that are looked into."""

    column: int
    audit: int
    write: int
    opens: Mapping[int, int]
    """The calls that open a file, with the place of their flags among the arguments."""


_MACHINES = {
    "x86_64": _Machine(0, 0xC000003E, 1, {2: 1, 257: 2}),
    "aarch64": _Machine(1, 0xC00000B7, 64, {56: 2}),
}


class _Program(ctypes.Structure):
    """A BPF program (`struct sock_fprog`)."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install() -> bool:
    """Allow this thread only what decoding needs, for good; return whether that holds.

    False on a system or a processor without such a filter. A process with one thread is meant.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 2**32:
        return False
    code = b"".join(_INSTRUCTION.pack(*each) for each in _instructions(machine))
    program = _Program(len(code) // _INSTRUCTION.size, code)
    try:
        control = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return False
    control.argtypes = (ctypes.c_int, *(ctypes.c_void_p,) * 4)
    if control(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    if control(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program), 0, 0):
        return False
    return _is_refused()


def _is_refused() -> bool:
    """Return whether a file can no longer be opened for writing."""
    try:
        os.close(os.open(os.devnull, os.O_WRONLY))
    except OSError as error:
        return error.errno == errno.EPERM
    return False


def _instructions(machine: _Machine) -> Iterator[Instruction]:
    """Yield the program; each question answers itself, so no jump crosses another question."""
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _EQUAL, 1, 0, machine.audit
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    numbers = (each[machine.column] for each in _ALLOWED.values())
    for number in (each for each in numbers if each is not None):
        yield _EQUAL, 0, 1, number
        yield _RETURN, 0, 0, _ALLOW
    yield from _if_argument(machine.write, 0, (_GREATER, _LAST_STREAM))
    for number, place in machine.opens.items():
        yield from _if_argument(number, place, (_ANY_BIT, _WRITING))
    yield _RETURN, 0, 0, _FAIL


def _if_argument(number: int, place: int, refused: tuple[int, int]) -> Iterator[Instruction]:
    """Allow a call unless the low half of an argument answers the question `refused`."""
    test, value = refused
    yield _EQUAL, 0, 4, number
    yield _LOAD, 0, 0, _ARGUMENTS + place * _ARGUMENT_BYTES
    yield test, 1, 0, value
    yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, _FAIL
