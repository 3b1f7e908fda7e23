# SPDX-License-Identifier: GPL-3.0-or-later
"""The child without keys: its command and environment, and the numbers of its system calls.

What it can do once it is confined is tried in `tests/integration/test_foreign_documents.py`.
"""

import os
import platform
import re
import sys
from pathlib import Path

import pytest

import kfdesk
from kfdesk.decoder.child_argument import ARGUMENT
from kfdesk.decoder.protocol import LIMITS, DecoderTask
from kfdesk.domain.attachments import MAX_CONTENT_BYTES, MAX_SHOWN_PIXELS
from kfdesk.system import child_process, syscall_filter
from kfdesk.system.child_process import ChildFailedError, ChildLimits, started_child

HEADERS = (
    Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    Path("/usr/include/aarch64-linux-gnu/asm/unistd_64.h"),
)
FEW = ChildLimits(2**30, 10, 60, 1000)
ECHO = "import os; os.write(1, os.read(0, 100)[::-1])"


def answer(code: str, request: bytes = b"", limits: ChildLimits = FEW) -> bytes:
    """Return what a child that runs some Python answers."""
    with started_child([sys.executable, "-c", code], request, limits, lambda: None) as pieces:
        return b"".join(pieces)


@pytest.mark.parametrize("column", [0, 1])
def test_numbers_of_the_calls_are_those_of_the_headers(column: int) -> None:
    if not HEADERS[column].exists():
        pytest.skip("the headers of this processor are not installed")
    text = HEADERS[column].read_text(encoding="ascii")
    known = {name: int(number) for name, number in re.findall(r"__NR_(\w+)\s+(\d+)\n", text)}
    known.setdefault("newfstatat", known.get("fstatat", 79))
    ours = {name: numbers[column] for name, numbers in syscall_filter._ALLOWED.items()}
    assert {name: number for name, number in ours.items() if number is not None} == {
        name: known[name] for name in ours if name in known
    }
    machine = list(syscall_filter._MACHINES.values())[column]
    assert machine.write == known["write"]
    assert set(machine.opens) == {known[name] for name in ("open", "openat") if name in known}


def test_no_call_that_writes_or_leaves_is_allowed() -> None:
    harmful = {
        *("write", "open", "openat", "openat2", "creat", "unlink", "rename", "mkdir", "socket"),
        *("connect", "execve", "clone", "fork", "vfork", "kill", "tgkill", "ptrace", "ioctl"),
        *("process_vm_readv", "sendfile", "io_uring_setup", "mount", "dup2", "fcntl", "pwrite64"),
    }
    assert not harmful & set(syscall_filter._ALLOWED)


def test_unknown_processor_has_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "z80")
    assert syscall_filter.install() is False


def test_child_is_this_program_with_the_modules_of_this_process() -> None:
    command = child_process.child_command((ARGUMENT, DecoderTask.CHECK))
    assert command == [sys.executable, "-P", "-m", "kfdesk", "decode", "check"]
    places = child_process._environment()["PYTHONPATH"].split(os.pathsep)
    assert str(Path(kfdesk.__file__).parents[1]) in places
    assert all(Path(place).is_absolute() for place in places)


def test_package_gets_no_path_of_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("KANARIE", "Kanariegatan 7")
    assert set(child_process._environment()) <= {"SYSTEMROOT", "PYTHONPYCACHEPREFIX"}


def test_request_and_answer_go_through_pipes() -> None:
    assert answer(ECHO, b"abc") == b"cba"


def test_child_may_end_before_it_has_read_everything() -> None:
    assert answer("import os; os.write(1, b'x')", bytes(10_000_000)) == b"x"


def test_answer_longer_than_allowed_is_a_failure() -> None:
    with pytest.raises(ChildFailedError):
        answer("import os; os.write(1, bytes(1001))")


def test_error_of_the_caller_ends_the_child() -> None:
    with (
        pytest.raises(ZeroDivisionError),
        started_child(
            [sys.executable, "-c", "import time; time.sleep(3600)"], b"", FEW, lambda: None
        ),
    ):
        raise ZeroDivisionError


def test_every_task_has_room_for_its_largest_answer() -> None:
    assert LIMITS.keys() == set(DecoderTask)
    assert LIMITS[DecoderTask.SANITIZE].output > MAX_CONTENT_BYTES
    assert LIMITS[DecoderTask.SHOW].output > 3 * MAX_SHOWN_PIXELS
    assert all(one.processor < one.clock for one in LIMITS.values())
