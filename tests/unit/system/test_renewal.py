# SPDX-License-Identifier: GPL-3.0-or-later
"""A process begins anew as the same program, knows what it was told, and passes it to nobody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kfdesk.system import process

PYTHON = "/x/python"
AGAIN = """
import os, sys
from kfdesk.system import process
told = process.take_passed_state()
if not told:
    print(os.getpid(), len(sys.argv), flush=True)
    process.restart({"why": "key", "at": 7})
print(os.getpid(), len(sys.argv), told["why"], told["at"], process.STATE_VARIABLE in os.environ)
"""

WITHOUT_STREAMS = """
import os, sys
from kfdesk.system import process
process.hold_standard_streams()
told = process.take_passed_state()
if not told:
    os.environ["SAID"] = sys.argv[1]
    sys.stdout.write("a line that is not flushed")
    process.restart({"why": "key"})
with open(os.environ["SAID"], "w") as said:
    said.write(told["why"])
    assert said.fileno() > 2, "a library would write its warnings into it"
"""


@pytest.mark.parametrize(
    ("original", "given", "expected"),
    [
        (["python", "-m", "kfdesk"], ["/x/kfdesk/__main__.py"], [PYTHON, "-P", "-m", "kfdesk"]),
        (
            ["python", "-I", "-m", "kfdesk", "--store", "x"],
            ["/x/kfdesk/__main__.py", "--store", "x"],
            [PYTHON, "-P", "-I", "-m", "kfdesk"],
        ),
        ([PYTHON, "/x/kfdesk"], ["/x/kfdesk"], [PYTHON, "-P", "/x/kfdesk"]),
        (
            [PYTHON, "/x/kfdesk", "demo", "--into", "y"],
            ["/x/kfdesk", "demo", "--into", "y"],
            [PYTHON, "-P", "/x/kfdesk"],
        ),
        (["python", "-P", "/x/kfdesk"], ["/x/kfdesk"], [PYTHON, "-P", "/x/kfdesk"]),
    ],
)
def test_same_program_is_started_without_what_it_was_given(
    original: list[str], given: list[str], expected: list[str]
) -> None:
    assert process.restart_command(PYTHON, original, given, is_packed=False) == expected


def test_package_is_started_by_itself() -> None:
    given = ["/x/notebook", "--language", "sv"]
    assert process.restart_command("/x/notebook", given, given, is_packed=True) == ["/x/notebook"]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000])
def test_what_cannot_be_read_is_nothing(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(process.STATE_VARIABLE, text)
    assert process.take_passed_state() == {}
    assert process.STATE_VARIABLE not in os.environ


def test_what_was_told_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(process.STATE_VARIABLE, json.dumps({"why": "idle"}))
    assert process.take_passed_state() == {"why": "idle"}
    assert process.take_passed_state() == {}


@pytest.mark.skipif(sys.platform == "win32", reason="a new process takes its place there")
def test_renewed_process_keeps_its_number_and_hears_what_was_told(tmp_path: Path) -> None:
    script = tmp_path / "again.py"
    script.write_text(AGAIN, encoding="utf-8")
    for start in (["-c", AGAIN], [str(script)]):
        said = subprocess.run(
            [sys.executable, *start, "given"], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        first, second = (line.split() for line in said)
        assert first == [second[0], "2"]
        assert second[1:] == ["1", "key", "7", "False"]


@pytest.mark.skipif(sys.platform != "linux", reason="closed streams and pipes of Linux")
@pytest.mark.parametrize("streams", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "| true"])
def test_process_without_its_streams_is_renewed_all_the_same(tmp_path: Path, streams: str) -> None:
    script, said = tmp_path / "again.py", tmp_path / "said.txt"
    script.write_text(WITHOUT_STREAMS, encoding="utf-8")
    command = f'env -u PYTHONUNBUFFERED "$0" "$1" "$2" {streams}'
    subprocess.run(["sh", "-c", command, sys.executable, str(script), str(said)], check=False)
    assert said.read_text(encoding="utf-8") == "key"


def test_program_that_is_no_longer_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("the new process is started otherwise there")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(FileNotFoundError):
        process.restart({})


def test_another_is_started_beside_this_one_with_its_own_arguments(tmp_path: Path) -> None:
    script = tmp_path / "beside.py"
    script.write_text(
        "import sys\nfrom kfdesk.system import process\n"
        "print(len(sys.argv), sys.argv[-1], flush=True)\n"
        "if sys.argv[-1] != '--look':\n    process.start_another(('demo', '--look'))\n"
    )
    done = subprocess.run(
        [sys.executable, str(script), "given"], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2", "given", "3", "--look"]
