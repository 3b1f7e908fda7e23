# SPDX-License-Identifier: GPL-3.0-or-later
"""What a library asks the loader for is read off it; a path of its builder is taken out."""

import ctypes
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from elf import Asked, drop_foreign_paths, is_binary, read_asked
from steps import SetupError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have other files")
needs_binutils = pytest.mark.skipif(not shutil.which("ld"), reason="binutils are not installed")
SOURCE = ".globl answer\n.type answer,@function\nanswer: mov $42, %eax\nret\n"


def library(folder: Path, *words: str) -> Path:
    """Link a library with one function; `words` are for the linker."""
    source, made = folder / "answer.s", folder / "answer.o"
    source.write_text(SOURCE, encoding="ascii")
    subprocess.check_call(["as", "-o", str(made), str(source)])
    path = folder / "libanswer.so"
    subprocess.check_call(["ld", "-shared", *words, "-o", str(path), str(made)])
    return path


@needs_binutils
def test_real_library_is_read_as_the_tools_of_the_system_read_it() -> None:
    path = Path(ctypes.__file__).resolve()
    found = sorted(Path(sys.executable).resolve().parent.parent.rglob("*ctypes*.so")) or [path]
    said = subprocess.check_output(["objdump", "-p", str(found[0])], text=True)
    asked = read_asked(found[0])
    assert asked.needed == tuple(re.findall(r"NEEDED\s+(\S+)", said))
    versions = re.findall(r"GLIBC_(\d+)\.(\d+)", said.partition("Version References")[2])
    assert asked.glibc == max((int(one), int(two)) for one, two in versions)
    assert asked.glibc >= (2, 2)


@needs_binutils
@pytest.mark.parametrize("kind", ["--enable-new-dtags", "--disable-new-dtags"])
def test_path_of_the_builder_is_taken_out_and_the_library_still_works(
    tmp_path: Path, kind: str
) -> None:
    path = library(tmp_path, kind, "-rpath", "/srv/x/lib:/srv/y", "-soname", "libanswer.so.1")
    assert read_asked(path) == Asked((), ("/srv/x/lib", "/srv/y"), (0, 0))
    assert drop_foreign_paths(path)
    assert read_asked(path).paths == ()
    assert b"libanswer.so.1" in path.read_bytes()
    assert ctypes.CDLL(str(path)).answer() == 42
    assert "answer" in subprocess.check_output(["nm", "-D", str(path)], text=True)
    assert not drop_foreign_paths(path)


@needs_binutils
def test_path_that_begins_at_the_file_stays(tmp_path: Path) -> None:
    path = library(tmp_path, "-rpath", "$ORIGIN/../lib")
    before = path.read_bytes()
    assert not drop_foreign_paths(path)
    assert path.read_bytes() == before
    assert read_asked(path).foreign_paths == ()


@needs_binutils
def test_path_that_begins_at_the_file_and_elsewhere_stops_the_build(tmp_path: Path) -> None:
    path = library(tmp_path, "-rpath", "$ORIGIN:/srv/x/lib")
    with pytest.raises(SetupError, match="/srv/x/lib"):
        drop_foreign_paths(path)


@needs_binutils
def test_torn_library_is_named(tmp_path: Path) -> None:
    path = library(tmp_path, "-rpath", "/srv/x/lib")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SetupError, match=r"libanswer\.so"):
        read_asked(path)


def test_text_is_no_binary(tmp_path: Path) -> None:
    (tmp_path / "text.so").write_text("no library", encoding="ascii")
    assert not is_binary(tmp_path / "text.so")
    assert is_binary(Path(sys.executable).resolve())
