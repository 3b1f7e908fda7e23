# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of a disk: a tree of folders, of whose bytes and names only what was flushed is sure.

The calls of a real run are taken down (strace) and played back. At any moment the power may go: of
what was not flushed nothing is on the disk, all, a beginning, or single sectors of 512 bytes. A new
name is sure once its folder was flushed, as POSIX has it; a renaming is whole or not at all.
"""

import os
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

_ROOT = Path(__file__).resolve().parents[2]
_SECTOR = 512
_ON_NAMES = {
    "unlink": "unlink", "unlinkat": "unlink", "rmdir": "unlink", "rename": "rename",
    "renameat": "rename", "renameat2": "rename", "mkdir": "mkdir", "mkdirat": "mkdir",
    "chmod": "chmod", "fchmodat": "chmod", "symlink": "symlink", "symlinkat": "symlink",
    "link": "link", "linkat": "link",
}  # fmt: skip
_CALLS = (
    "openat", "close", "lseek", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "fchmod",
    "sendfile", "copy_file_range", "writev", "pwritev", "fallocate", *_ON_NAMES,
)  # fmt: skip
_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?")
_HEX = r"(?:\\x[0-9a-f]{2})*"
_NAME = re.compile(rf'(?:(?:\d+|AT_FDCWD)<({_HEX})>, )?"({_HEX})"')
_DESCRIPTOR = re.compile(rf"(\d+)<({_HEX})>(\(deleted\))?")
_UNFINISHED = " <unfinished ...>"
_FOLDER = 0  # the number of the root

Folder = dict[str, int]
Change = tuple[int, str, int | None]  # folder, name in it, what is there now


@dataclass(frozen=True, slots=True)
class Call:
    """One call on the tree: what it does to which path; `to` is a rename's or a link's target."""

    what: str
    path: str
    at: int = 0
    data: bytes = b""
    to: str = ""


@dataclass
class Disk:
    """Files, folders and links by number, as they are and as they are for sure."""

    files: dict[int, bytearray] = field(default_factory=dict)
    folders: dict[int, Folder] = field(default_factory=lambda: {_FOLDER: {}})
    links: dict[int, str] = field(default_factory=dict)
    modes: dict[int, int] = field(default_factory=dict)
    sure: dict[int, bytearray] = field(default_factory=dict)
    sure_folders: dict[int, Folder] = field(default_factory=lambda: {_FOLDER: {}})
    writes: list[tuple[int, int, bytes]] = field(default_factory=list)  # file, at (-1: cut), data
    moves: list[tuple[Change, ...]] = field(default_factory=list)

    def do(self, call: Call) -> None:
        """Let a call happen."""
        if call.what == "fsync":
            self._flush(self._at(call.path))
        elif call.what in {"write", "cut"}:
            at = call.at if call.what == "write" else -1 - call.at
            self.writes.append((self._at(call.path), at, call.data))
            _put(self.files, self.writes[-1])
        else:
            self._name(call)

    def _name(self, call: Call) -> None:
        """Let a call happen that changes names."""
        folder, name = self._place(call.path)
        if call.what == "unlink":
            self._move((folder, name, None))
        elif call.what == "chmod":
            self.modes[self._at(call.path)] = call.at & 0o777
        elif call.what == "rename":
            number = self.folders[folder][name]
            self._move((*self._place(call.to), number), (folder, name, None))
        elif call.what == "link":
            self._move((*self._place(call.to), self.folders[folder][name]))
        elif name not in self.folders[folder]:
            assert call.what in {"open", "mkdir", "symlink"}, call.what
            self._move((folder, name, self._new(call)))

    def _new(self, call: Call) -> int:
        number = 1 + len(self.files) + len(self.folders) + len(self.links)
        if call.what == "mkdir":
            self.folders[number], self.sure_folders[number] = {}, {}
        elif call.what == "symlink":
            self.links[number] = call.to
        else:
            self.files[number], self.sure[number] = bytearray(), bytearray()
        self.modes[number] = call.at
        return number

    def _move(self, *changes: Change) -> None:
        self.moves.append(changes)
        _move(self.folders, changes)

    def _place(self, path: str) -> tuple[int, str]:
        """Return the folder of a path, and the name in it."""
        whole = PurePosixPath(path)
        return self._at(str(whole.parent)), whole.name

    def _at(self, path: str) -> int:
        """Return the number of what stands at a path."""
        number = _FOLDER
        for part in PurePosixPath(path).parts:
            number = self.folders[number][part]
        return number

    def _flush(self, number: int) -> None:
        if number in self.folders:
            for changes in self.moves:
                if any(folder == number for folder, _, _ in changes):
                    _move(self.sure_folders, changes)
            self.moves = [
                changes
                for changes in self.moves
                if all(folder != number for folder, _, _ in changes)
            ]
            return
        self.sure[number] = bytearray(self.files[number])
        self.writes = [one for one in self.writes if one[0] != number]

    def lost(self, rng: random.Random) -> tuple[str, "Disk"]:
        """Return how the power loss was drawn, and the disk after it."""
        how = rng.choice(("nothing", "all", "a beginning", "single sectors"))
        files = {number: bytearray(data) for number, data in self.sure.items()}
        folders = {number: dict(folder) for number, folder in self.sure_folders.items()}
        most = {"nothing": 0, "all": len(self.writes)}.get(how)
        count = rng.randrange(len(self.writes) + 1) if most is None else most
        for one in self.writes[:count] if how != "single sectors" else self.writes:
            if how == "single sectors":
                for part in _sectors(one):
                    if rng.random() < 0.5:
                        _put(files, part)
            else:
                _put(files, one)
        moves = {"nothing": 0, "all": len(self.moves)}.get(how, rng.randrange(len(self.moves) + 1))
        for changes in self.moves[:moves]:
            _move(folders, changes)
        return how, Disk(files, folders, self.links, self.modes)

    def tree(self, number: int = _FOLDER, path: str = "") -> dict[str, object]:
        """Return what stands at each path: bytes and mode, where a link leads, None for folders."""
        found: dict[str, object] = {}
        for name, child in self.folders[number].items():
            at = f"{path}/{name}"
            if child in self.folders:
                found |= {at: None, **self.tree(child, at)}
            else:
                is_link = child in self.links
                found[at] = self.links[child] if is_link else bytes(self.files[child])
        return found

    def write_to(self, folder: Path, number: int = _FOLDER) -> None:
        """Lay out the tree in a folder of the real disk."""
        for name, child in self.folders[number].items():
            path = folder / name
            if child in self.folders:
                path.mkdir()
                self.write_to(path, child)
            elif child in self.links:
                path.symlink_to(self.links[child])
            else:
                path.write_bytes(self.files[child])
                path.chmod(self.modes[child])


def read_disk(root: Path) -> Disk:
    """Return the model of a real folder, all of it flushed."""
    disk = Disk()
    for at, names, files in os.walk(root):
        for name in (*names, *files):
            path = Path(at) / name
            within = str(path.relative_to(root))
            if path.is_symlink():
                disk.do(Call("symlink", within, to=str(path.readlink())))
            elif path.is_dir():
                disk.do(Call("mkdir", within))
            else:
                disk.do(Call("open", within, path.stat().st_mode & 0o777))
                disk.do(Call("write", within, 0, path.read_bytes()))
    disk.sure = {number: bytearray(data) for number, data in disk.files.items()}
    disk.sure_folders = {number: dict(folder) for number, folder in disk.folders.items()}
    disk.writes.clear()
    disk.moves.clear()
    return disk


@dataclass(frozen=True, slots=True)
class Log:
    """A run: the disk before it, its calls, and what was acknowledged after how many of them."""

    before: Disk
    calls: tuple[Call, ...]
    said: tuple[tuple[int, tuple[int, ...]], ...]

    def acknowledged(self, number: int) -> tuple[int, ...]:
        """Return the numbers that were acknowledged last before call `number`."""
        return max(one for one in self.said if one[0] <= number)[1]

    def lose_power(self, rng: random.Random, folder: Path) -> tuple[str, int]:
        """Lay out in a folder what is left when the power goes after a call.

        The call is any one after the first word, and often the last one. Return how it went, and
        the number of the call.
        """
        last = rng.choice((rng.randrange(self.said[0][0], len(self.calls) + 1), len(self.calls)))
        disk = deepcopy(self.before)
        for call in self.calls[:last]:
            disk.do(call)
        how, left = disk.lost(rng)
        left.write_to(folder)
        return how, last


def take_down(command: Sequence[str], root: Path, told: Path) -> Log:
    """Run a command on a tree; return its calls, and what it said in the file `told`."""
    before = read_disk(root)
    out = told.with_suffix(".calls")
    trace = [
        "strace", "-f", "-y", "-xx", "-s", "4000000", "-o", str(out),
        "-e", f"trace={','.join(_CALLS)}",
    ]  # fmt: skip
    subprocess.run([*trace, *command], check=True, cwd=_ROOT)
    calls: list[Call] = []
    said: list[tuple[int, tuple[int, ...]]] = []
    for call in _read(out.read_text(encoding="ascii").splitlines(), root, told):
        if call.path == str(told):
            said.append((len(calls), tuple(map(int, call.data.split()))))
        else:
            calls.append(call)
    after = deepcopy(before)
    for call in calls:
        after.do(call)
    assert after.tree() == read_disk(root).tree(), "the model is not what the disk holds"
    return Log(before, tuple(calls), tuple(said))


def _read(lines: list[str], root: Path, told: Path) -> Iterator[Call]:
    """Yield the calls on a tree in their order, and those on the file `told`."""
    places: dict[str, int] = {}

    def within(path: str) -> str | None:
        if path == str(told):
            return path
        return os.path.relpath(path, root) if Path(path).is_relative_to(root) else None

    for line in _whole(lines):
        found = _LINE.match(line)
        if found is None or int(found[3]) < 0:
            continue
        what, words = found[1], found[2]
        names = [(_text(folder), _text(name)) for folder, name in _NAME.findall(words)]
        paths = [within(str(Path(folder) / name)) for folder, name in names]
        if what == "openat":
            places[found[3]] = 0
            path = within(_text(found[4]))
            if path is None or path == str(told):
                continue
            if "O_CREAT" in words:
                yield Call("open", path, int(words.rsplit(", ", 1)[1], 8))
            if "O_TRUNC" in words:
                yield Call("cut", path)
        elif what in _ON_NAMES:
            if any(path is not None for path in paths):
                yield _on_name(_ON_NAMES[what], words, names[0][1], paths)
        else:
            yield from _on_descriptor(found, places, within)


def _whole(lines: list[str]) -> Iterator[str]:
    """Yield the lines; those of a call that others interrupted are joined."""
    begun: dict[str, str] = {}
    for line in lines:
        thread, _, rest = line.partition(" ")
        if line.endswith(_UNFINISHED):
            begun[thread] = line.removesuffix(_UNFINISHED)
        elif rest.lstrip().startswith("<..."):
            yield begun.pop(thread) + rest.partition("resumed>")[2]
        else:
            yield line


def _on_name(what: str, words: str, target: str, paths: list[str | None]) -> Call:
    """Return a call on names. All of them lie in the tree, or it is not known what it does."""
    if what == "symlink":
        assert paths[-1] is not None
        assert not Path(target).is_absolute()
        return Call(what, paths[-1], to=target)
    first, last = paths[0], paths[-1]
    assert first is not None
    assert last is not None
    at = int(words.rsplit(", ", 1)[1], 8) if what in {"mkdir", "chmod"} else 0
    return Call(what, first, at, to=last if what in {"rename", "link"} else "")


def _on_descriptor(
    found: "re.Match[str]", places: dict[str, int], within: Callable[[str], str | None]
) -> Iterator[Call]:
    what, words, result = found[1], found[2], int(found[3])
    on = _DESCRIPTOR.match(words)
    path = within(_text(on[2])) if on is not None and not on[3] else None
    if on is None or path is None:
        return
    number, last = on[1], words.rsplit(", ", 1)[-1]
    data = _bytes(words.partition('"')[2].partition('"')[0])[:result]
    if what == "lseek":
        places[number] = result
    elif what == "write":
        yield Call("write", path, places[number], data)
        places[number] += result
    elif what == "pwrite64":
        yield Call("write", path, int(last), data)
    elif what == "ftruncate":
        yield Call("cut", path, int(last))
    elif what == "fchmod":
        yield Call("chmod", path, int(last, 8))
    elif what in {"fsync", "fdatasync"}:
        yield Call("fsync", path)
    else:
        assert what == "close", f"a call that the model does not know: {found[0]}"


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _text(text: str | None) -> str:
    return os.fsdecode(_bytes(text or ""))


def _put(files: dict[int, bytearray], one: tuple[int, int, bytes]) -> None:
    number, at, data = one
    file = files[number]
    if at < 0:
        length = -1 - at
        file[length:] = b""
        file.extend(bytes(length - len(file)))
        return
    file.extend(bytes(max(0, at - len(file))))
    file[at : at + len(data)] = data


def _move(folders: dict[int, Folder], changes: tuple[Change, ...]) -> None:
    for folder, name, number in changes:
        if number is None:
            folders[folder].pop(name, None)
        else:
            folders[folder][name] = number


def _sectors(one: tuple[int, int, bytes]) -> Iterator[tuple[int, int, bytes]]:
    number, at, data = one
    if at < 0:
        yield one
        return
    for begin in range(0, len(data), _SECTOR):
        yield number, at + begin, data[begin : begin + _SECTOR]
