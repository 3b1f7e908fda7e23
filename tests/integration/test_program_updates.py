# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of an installed folder, on real files: taken whole or not at all.

The versions are small folders that start; keys are made for the test. Whatever is wrong with an
update, the old version starts as before and nothing of the new one is left.
"""

import errno
import gzip
import json
import os
import shutil
import sys
from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.updates import (
    FOREIGN_KEY,
    KEY,
    NEW,
    NEW_NAME,
    NEXT_KEY,
    OLD,
    OLD_NAME,
    Bench,
    forged,
    keys_of,
    library_of,
    light_version,
    make_bench,
    refusal,
    tree,
)

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.updates import read_manifest
from kfdesk.system import process, update_files, updates
from kfdesk.system.update_files import MAGIC

Change = Callable[[Bench], Path]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return make_bench(tmp_path)


def test_update_is_installed_and_the_version_before_is_kept(bench: Bench) -> None:
    update = bench.update()
    assert bench.install(update) == OLD_NAME
    assert bench.current == NEW
    assert bench.versions == [OLD_NAME, NEW_NAME]
    new = bench.root / "versions" / NEW_NAME
    assert (new / "_internal" / "lib.so").readlink() == Path("lib", "big.so")
    assert (new / "_internal" / "lib.so").read_bytes() == library_of(NEW)
    assert (new / "notebook").stat().st_mode & 0o777 == 0o755
    assert (new / "_internal" / "note.txt").stat().st_mode & 0o777 == 0o644


def test_way_back_leads_to_the_version_before_and_forward_again(bench: Bench) -> None:
    update = bench.update()
    bench.install(update)
    after = replace(bench.updates, version=NEW)
    assert after.go_back() == OLD_NAME
    assert bench.current == OLD
    assert refusal(bench.updates.go_back) == "update.no_earlier"
    assert bench.install(update) == OLD_NAME
    assert bench.current == NEW


def test_second_update_keeps_two_versions_and_the_first_install_goes(bench: Bench) -> None:
    bench.install(bench.update())
    third = bench.update(version="0.4.0")
    after = replace(bench.updates, version=NEW, build="bbbb2222")
    assert after.install(after.check(third, lambda *_: None), lambda *_: None) == NEW_NAME
    assert bench.current == "0.4.0"
    assert bench.versions == [NEW_NAME, "0.4.0-bbbb2222"]
    assert not (bench.root / "_internal").exists()
    assert after.go_back() == NEW_NAME
    assert bench.current == NEW


def test_window_that_still_runs_the_version_before_updates_only_to_a_newer_one(
    bench: Bench,
) -> None:
    """Nothing is taken away under the version that runs, and none is installed twice."""
    update = bench.update()
    bench.install(update)
    with pytest.raises(KfdeskError) as caught:
        bench.install(update)
    assert (caught.value.code, caught.value.data) == (
        "update.not_newer", {"version": NEW, "installed": NEW},
    )  # fmt: skip
    assert bench.install(bench.update(version="0.4.0")) == NEW_NAME
    assert bench.current == "0.4.0"
    assert bench.versions == [OLD_NAME, NEW_NAME, "0.4.0-bbbb2222"]
    assert (bench.root / "_internal" / "note.txt").read_text() == f"of {OLD}\n"


def test_what_lies_beside_the_program_stays(bench: Bench) -> None:
    (bench.root / "data").mkdir()
    (bench.root / "data" / "store").write_bytes(b"hers")
    (bench.root / "portable.flag").touch()
    bench.install(bench.update())
    assert (bench.root / "data" / "store").read_bytes() == b"hers"
    assert (bench.root / "portable.flag").exists()


# --- what is refused


def _flipped(at: int) -> Change:
    def change(bench: Bench) -> Path:
        path = bench.update()
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)
        return path

    return change


def _cut(bench: Bench) -> Path:
    path = bench.update()
    path.write_bytes(path.read_bytes()[:-100])
    return path


def _longer(bench: Bench) -> Path:
    path = bench.update()
    path.write_bytes(path.read_bytes() + b"\0")
    return path


def _empty(bench: Bench) -> Path:
    path = bench.update()
    path.write_bytes(b"")
    return path


def _changed_signature(find: bytes, put: bytes) -> Change:
    def change(bench: Bench) -> Path:
        path = bench.update()
        beside = path.with_name(f"{path.name}.minisig")
        data = beside.read_bytes()
        assert find in data
        beside.write_bytes(data.replace(find, put))
        return path

    return change


def _unsigned(bench: Bench) -> Path:
    path = bench.update()
    path.with_name(f"{path.name}.minisig").unlink()
    return path


def _signature_is(data: bytes) -> Change:
    def change(bench: Bench) -> Path:
        path = bench.update()
        path.with_name(f"{path.name}.minisig").write_bytes(data)
        return path

    return change


def _signature_of_another(bench: Bench) -> Path:
    other, path = bench.update(version="0.4.0"), bench.update()
    shutil.copyfile(f"{other}.minisig", f"{path}.minisig")
    return path


def _gone(bench: Bench) -> Path:
    path = bench.update()
    path.unlink()
    return path


def _stick_gone(bench: Bench) -> Path:
    path = bench.update()
    shutil.rmtree(bench.stick)
    return path


def _folder(bench: Bench) -> Path:
    path = _gone(bench)
    path.mkdir()
    return path


def _pipe(bench: Bench) -> Path:
    path = _gone(bench)
    os.mkfifo(path)
    return path


def _signature_pipe(bench: Bench) -> Path:
    path = _unsigned(bench)
    os.mkfifo(f"{path}.minisig")
    return path


REFUSED: dict[str, tuple[str, Change]] = {
    "first byte flipped": ("update.torn", _flipped(0)),
    "length flipped": ("update.torn", _flipped(9)),
    "manifest flipped": ("update.torn", _flipped(40)),
    "content flipped": ("update.torn", _flipped(-20)),
    "cut short": ("update.torn", _cut),
    "made longer": ("update.torn", _longer),
    "empty": ("update.torn", _empty),
    "other trusted comment": ("update.torn", _changed_signature(b"version:0.3.0", b"version:9")),
    "signature of another": ("update.torn", _signature_of_another),
    "other key": ("update.other_key", lambda bench: bench.update(FOREIGN_KEY)),
    "old kind of signature": ("update.unsigned", _changed_signature(b"\nRUR", b"\nRWR")),
    "no signature": ("update.unsigned", _unsigned),
    "empty signature": ("update.unsigned", _signature_is(b"")),
    "odd signature": ("update.unsigned", _signature_is(b"\xff\0" * 9_000)),
    "four odd lines": ("update.unsigned", _signature_is(b"a\nb\nc\nd\n")),
    "signature that waits": ("update.unsigned", _signature_pipe),
    "older": ("update.not_newer", lambda bench: bench.update(version="0.1.9")),
    "the same": ("update.not_newer", lambda bench: bench.update(version=OLD)),
    "other system": ("update.other_system", lambda bench: bench.update(system="win32-amd64")),
    "other machine": ("update.other_system", lambda bench: bench.update(system="linux-mips")),
    "gone": ("update.unreadable", _gone),
    "stick gone": ("update.unreadable", _stick_gone),
    "a folder": ("update.unreadable", _folder),
    "a file that waits": ("update.unreadable", _pipe),
    "says another version": ("update.not_started", lambda bench: bench.update(said="0.9.9")),
    "says more": ("update.not_started", lambda bench: bench.update(said="0.3.0; echo more")),
    "does not start": (
        "update.not_started",
        lambda bench: bench.update(change=lambda folder: _put(folder, "#!/nowhere\n")),
    ),
    "dies": (
        "update.not_started",
        lambda bench: bench.update(change=lambda folder: _put(folder, "#!/bin/sh\nkill -9 $$\n")),
    ),
    "talks for ever": (
        "update.not_started",
        lambda bench: bench.update(change=lambda folder: _put(folder, "#!/bin/sh\nyes\n")),
    ),
}


def _put(folder: Path, text: str) -> None:
    (folder / "notebook").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("code", "change"), REFUSED.values(), ids=REFUSED)
def test_wrong_update_is_refused_and_the_old_version_stays(
    bench: Bench, code: str, change: Change
) -> None:
    path = change(bench)
    assert bench.refusal(path) == code
    assert bench.current == OLD
    assert bench.versions in ([], [OLD_NAME])
    assert not list(bench.root.glob("*.new"))


def test_refusal_before_the_new_folder_writes_nothing(bench: Bench) -> None:
    before = tree(bench.root)
    for path in (bench.update(FOREIGN_KEY), bench.update(version="0.1"), _cut(bench)):
        assert bench.refusal(path) != ""
    assert tree(bench.root) == before


def test_signature_comes_before_everything_else(bench: Bench) -> None:
    older = bench.update(FOREIGN_KEY, version="0.1.0", system="win32-amd64")
    assert bench.refusal(older) == "update.other_key"
    path = bench.stick / "odd.kfupdate"
    forged(path, b"[" * 1000, b"", FOREIGN_KEY)
    assert bench.refusal(path) == "update.other_key"


# --- keys


def test_next_key_counts_and_a_revoked_one_does_not(bench: Bench) -> None:
    by_old, by_next = bench.update(KEY), bench.update(NEXT_KEY, version="0.3.1")
    both = replace(bench, keys=keys_of(KEY, NEXT_KEY))
    assert both.checked(by_old) == both.checked(by_next) == ""
    rotated = replace(bench, keys=keys_of(KEY, NEXT_KEY, revoked=(KEY,)))
    assert (rotated.checked(by_old), rotated.checked(by_next)) == ("update.revoked_key", "")


def test_copy_that_knows_no_key_takes_nothing(bench: Bench) -> None:
    assert replace(bench, keys=keys_of()).refusal(bench.update()) == "update.no_keys"


# --- what only who has the key could forge


def _manifest(bench: Bench, **changed: object) -> bytes:
    data = bench.update().read_bytes()
    begin = len(MAGIC) + 4
    end = begin + int.from_bytes(data[len(MAGIC) : begin], "big")
    told = json.loads(data[begin:end])
    return json.dumps(told | changed).encode()


@pytest.mark.parametrize("path", ["../../out", "/out", "_internal/../../out", "notebook/x"])
def test_signed_file_that_reaches_out_is_refused(bench: Bench, path: str) -> None:
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    files = [["notebook", 0, digest, 1], [path, 0, digest, 0]]
    update = bench.stick / "forged.kfupdate"
    forged(update, _manifest(bench, files=files, links=[]), gzip.compress(b""))
    around = tree(bench.root.parent)
    assert bench.refusal(update) == "update.not_an_update"
    assert tree(bench.root.parent) == around


@pytest.mark.parametrize("target", ["../../../out", "/etc/passwd", "gone", "_internal"])
def test_signed_link_that_leads_out_is_refused(bench: Bench, target: str) -> None:
    update = bench.stick / "forged.kfupdate"
    forged(update, _manifest(bench, links=[["_internal/lib.so", target]]), gzip.compress(b""))
    assert bench.refusal(update) == "update.not_an_update"


def _content(bench: Bench) -> bytes:
    """Return the content of the usual update, unpacked."""
    data = bench.update().read_bytes()
    begin = len(MAGIC) + 4
    return gzip.decompress(data[begin + int.from_bytes(data[len(MAGIC) : begin], "big") :])


@pytest.mark.parametrize(
    "packed",
    [
        lambda content: b"",
        lambda content: b"no gzip at all",
        lambda content: gzip.compress(content)[:-30],
        lambda content: gzip.compress(content[:-1]),
        lambda content: gzip.compress(content + b"x"),
        lambda content: gzip.compress(content) + gzip.compress(bytes(2**23)),
        lambda content: gzip.compress(bytes(len(content))),
        lambda content: gzip.compress(content[:-1] + b"?"),
    ],
    ids=["none", "odd", "cut", "short", "long", "bomb behind", "zeros", "one byte"],
)
def test_signed_content_that_is_not_what_the_manifest_names_is_refused(
    bench: Bench, packed: Callable[[bytes], bytes]
) -> None:
    update = bench.stick / "forged.kfupdate"
    forged(update, _manifest(bench), packed(_content(bench)))
    assert bench.refusal(update) == "update.torn"
    assert (bench.current, bench.versions) == (OLD, [OLD_NAME])


@pytest.mark.parametrize("length", [0, 2**32 - 1, 10**7])
def test_length_that_leads_nowhere_is_refused(bench: Bench, length: int) -> None:
    update = bench.stick / "forged.kfupdate"
    update.write_bytes(MAGIC + length.to_bytes(4, "big") + b"{}")
    KEY.sign(update, "forged")
    assert bench.refusal(update) == "update.not_an_update"


def test_signed_file_of_another_kind_is_no_update(bench: Bench) -> None:
    archive = bench.stick / "notebook.tar.gz"
    archive.write_bytes(b"archive")
    KEY.sign(archive, "archive")
    assert bench.refusal(archive) == "update.not_an_update"
    disguised = bench.stick / "archive.kfupdate"
    disguised.write_bytes(b"archive")
    KEY.sign(disguised, "archive")
    assert bench.refusal(disguised) == "update.not_an_update"


def test_file_beyond_the_largest_size_is_not_read(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bench.update()
    monkeypatch.setattr(update_files, "MAX_FILE", path.stat().st_size - 1)
    assert bench.refusal(path) == "update.unreadable"


# --- sticks and disks


def test_stick_that_gives_other_bytes_at_the_second_reading_changes_nothing(bench: Bench) -> None:
    path = bench.update()
    update = bench.updates.check(path, _go)
    other = bench.update(change=lambda folder: (folder / "_internal" / "empty").write_text("evil"))
    assert other == path
    assert refusal(lambda: bench.updates.install(update, _go)) == "update.torn"
    assert bench.current == OLD


class Unplugged:
    """A stick that is pulled out after some bytes."""

    def __init__(self, after: int) -> None:
        self.left = after

    def read(self, read: Callable[[int], bytes], size: int) -> bytes:
        piece = read(size)
        self.left -= len(piece)
        if self.left < 0:
            raise OSError(errno.EIO, "gone")
        return piece


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("is_second", [False, True])
def test_stick_pulled_out_in_the_middle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, share: float, is_second: bool
) -> None:
    path = bench.update()
    size = path.stat().st_size
    update = bench.updates.check(path, _go) if is_second else None
    real, stick = os.fdopen, Unplugged(int(size * share))

    def fdopen(descriptor: int, mode: str) -> object:
        file = real(descriptor, mode, buffering=0)
        if os.fstat(descriptor).st_size != size:
            return file
        return _Pulled(file, stick)

    monkeypatch.setattr(os, "fdopen", fdopen)
    act = (
        (lambda: bench.updates.check(path, _go))
        if update is None
        else (lambda: bench.updates.install(update, _go))
    )
    assert refusal(act) == "update.unreadable"
    assert bench.current == OLD
    assert bench.versions in ([], [OLD_NAME])


class _Pulled:
    """A file on a stick that is pulled out."""

    def __init__(self, file: object, stick: Unplugged) -> None:
        self._file, self._stick = file, stick

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def __enter__(self) -> "_Pulled":
        return self

    def __exit__(self, *_told: object) -> None:
        self._file.close()  # type: ignore[attr-defined]

    def read(self, size: int) -> bytes:
        return self._stick.read(self._file.read, size)  # type: ignore[attr-defined]


def test_no_room_is_said_before_anything_is_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    path, before = bench.update(), tree(bench.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1, 1, 2**20))
    assert bench.refusal(path) == "update.no_room"
    assert tree(bench.root) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("step", ["fsync", "mkdir", "chmod"])
def test_disk_that_refuses_leaves_the_old_version(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    path = bench.update()

    def refuse(*_given: object, **_more: object) -> None:
        raise OSError(number, "refused")

    update = bench.updates.check(path, _go)
    owner = os if step == "fsync" else Path
    monkeypatch.setattr(owner, step, refuse)
    wanted = "update.not_written" if number == errno.EIO else "update.no_room"
    assert refusal(lambda: bench.updates.install(update, _go)) == wanted
    monkeypatch.undo()
    assert bench.current == OLD
    assert bench.install(path) == OLD_NAME


def test_disk_that_keeps_other_bytes_than_it_was_given(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bench.update()
    real = update_files.unpack

    def spoil(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        (bench.root / "versions" / ".new" / "_internal" / "note.txt").write_text("spoilt\n")

    monkeypatch.setattr(updates, "unpack", spoil)
    assert bench.refusal(path) == "update.not_written"
    assert (bench.current, bench.versions) == (OLD, [OLD_NAME])


@pytest.mark.parametrize("after", range(0, 40, 3))
def test_cancelled_at_any_step_leaves_the_old_version(bench: Bench, after: int) -> None:
    path = bench.update()
    steps = iter(range(after))

    def step(_done: int, _of: int) -> None:
        if next(steps, None) is None:
            raise KfdeskError("work.cancelled")

    code = refusal(lambda: bench.updates.install(bench.updates.check(path, step), step))
    if code:
        assert code == "work.cancelled"
        assert (bench.current, bench.versions in ([], [OLD_NAME])) == (OLD, True)
    else:
        assert bench.current == NEW


def test_two_updates_at_once_are_one(bench: Bench) -> None:
    path = bench.update()
    lock = process.lock_store(bench.root)
    assert bench.refusal(path) == "update.in_progress"
    lock.release()
    assert bench.refusal(path) == ""


def test_what_a_broken_update_left_is_cleared(bench: Bench) -> None:
    bench.install(bench.update())
    left = bench.root / "versions" / ".new"
    light_version(left, "0.9.0")
    light_version(bench.root / "versions" / "0.4.0-cccc", "0.4.0")
    (bench.root / "current.new").symlink_to("nowhere")
    others = ["0.4.0", "0.4.0-cccc.old", "letters", "new", "v0.4.0-cccc"]  # nobody's versions
    for name in others:
        light_version(bench.root / "versions" / name, "0.4.0")
    after = replace(bench.updates, version=NEW)
    third = bench.update(version="0.4.0")
    after.install(after.check(third, _go), _go)
    assert bench.current == "0.4.0"
    assert set(bench.versions) == {NEW_NAME, "0.4.0-bbbb2222", *others}


# --- copies that are not updated in this way


def test_copy_of_the_system_says_how_the_system_updates_it(bench: Bench) -> None:
    package = bench.stick / "notebook_0.3.0.deb"
    package.write_bytes(b"package")
    KEY.sign(package, "package")
    with pytest.raises(KfdeskError) as caught:
        bench.updates.check(package, _go)
    assert (caught.value.code, caught.value.data) == ("update.by_system", {"file": package.name})
    of_system = replace(bench.updates, root=Path("/usr/lib/notebook"))
    assert refusal(lambda: of_system.check(bench.update(), _go)) == "update.by_system"
    assert refusal(of_system.go_back) == "update.by_system"


def test_package_with_a_wrong_signature_is_never_recommended(bench: Bench) -> None:
    package = bench.stick / "notebook_0.3.0.deb"
    package.write_bytes(b"package")
    KEY.sign(package, "package")
    package.write_bytes(b"packaged")
    assert refusal(lambda: bench.updates.check(package, _go)) == "update.torn"
    FOREIGN_KEY.sign(package, "package")
    assert refusal(lambda: bench.updates.check(package, _go)) == "update.other_key"


def test_copy_from_source_or_without_links_is_updated_by_hand(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bench.update()
    assert refusal(lambda: replace(bench.updates, root=None).check(path, _go)) == "update.by_hand"
    assert refusal(replace(bench.updates, root=None).go_back) == "update.by_hand"

    def refuse(*_given: object, **_more: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    before = tree(bench.root)
    assert bench.refusal(path) == "update.by_hand"
    assert tree(bench.root) == before


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "update.no_room"), (errno.EIO, "update.not_written")]
)
def test_disk_that_refuses_a_link_for_now_is_not_told_as_one_without_links(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    path = bench.update()

    def refuse(*_given: object, **_more: object) -> None:
        raise OSError(number, "not now")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    assert bench.checked(path) == code


def test_other_systems_are_updated_by_hand(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    path, program = bench.update(), bench.updates
    monkeypatch.setattr(sys, "platform", "win32")
    assert refusal(lambda: program.check(path, _go)) == "update.by_hand"


def test_program_that_runs_stays_of_its_version(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the switch its children are still of the version that it is itself."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(bench.root / "notebook"))
    path = bench.update()
    bench.install(path)
    assert sys.executable == str(bench.root / "versions" / OLD_NAME / "notebook")
    assert (Path(sys.executable).parent / "_internal" / "note.txt").read_text() == f"of {OLD}\n"


def test_plain_copy_unpacked_over_an_updated_one_counts(bench: Bench) -> None:
    bench.install(bench.update())
    (bench.root / "notebook").unlink()
    light_version(bench.root / "again", "0.5.0")
    shutil.rmtree(bench.root / "_internal")
    for name in ("notebook", "_internal"):
        (bench.root / "again" / name).rename(bench.root / name)
    (bench.root / "again").rmdir()
    assert bench.current == "0.5.0"
    plain = replace(bench.updates, version="0.5.0", build="dddd")
    plain.install(plain.check(bench.update(version="0.6.0"), _go), _go)
    assert bench.current == "0.6.0"
    assert bench.versions == ["0.5.0-dddd", "0.6.0-bbbb2222"]


def test_manifest_of_a_built_folder_is_one_that_programs_accept(bench: Bench) -> None:
    assert read_manifest(_manifest(bench)).version == NEW


def _go(_done: int, _of: int) -> None:
    """Go on."""
