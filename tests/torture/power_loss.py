# SPDX-License-Identifier: GPL-3.0-or-later
"""A lost power supply: every state that the disk could have been in after any system call.

kill -9 leaves what the program wrote in the system's memory, so it says nothing of flushing. Here
each call of a real run is taken down (strace) and played back on a model of a disk: contents of
files and names in a folder, of which only what was flushed is sure. At a moment that is drawn the
power goes; of what was not flushed nothing is on the disk, all, a beginning, or single sectors of
512 bytes. What was acknowledged must be there, what was not may be, by whole; both checks are
clean. The control leaves the folder unflushed when the journal is removed (`synchronous = FULL`).
"""

import ast
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import kill_children
from tests.torture.harness import Harness, Seen, Size
from tests.torture.power_child import SAVES
from tests.torture.world import Place, World, open_at

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.storage import key_slots

_ROOT = Path(__file__).resolve().parents[2]
_SECTOR = 512
_CALLS = (
    "openat,close,lseek,write,pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,"
    "renameat,renameat2"
)
_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_TOLD = "told"


@dataclass(frozen=True, slots=True)
class Call:
    """One call that concerns the folder: what it does to which file."""

    what: str
    name: str
    at: int = 0
    data: bytes = b""
    to: str = ""


@dataclass
class Disk:
    """Files and their names as they are, and as they are for sure."""

    files: dict[int, bytearray] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    sure: dict[int, bytearray] = field(default_factory=dict)
    sure_names: dict[str, int] = field(default_factory=dict)
    writes: list[tuple[int, int, bytes]] = field(default_factory=list)  # file, at (-1: cut), data
    moves: list[tuple[str, int | None]] = field(default_factory=list)  # name, file or none

    def do(self, call: Call) -> None:
        """Let a call happen."""
        if call.what == "fsync":
            self._flush(call.name)
            return
        if call.what == "open" and call.name not in self.names:
            number = len(self.files)
            self.files[number], self.sure[number] = bytearray(), bytearray()
            self._name(call.name, number)
        elif call.what == "unlink":
            self._name(call.name, None)
        elif call.what == "rename":
            number = self.names[call.name]
            self._name(call.to, number)
            self._name(call.name, None)
        elif call.what in {"write", "cut"}:
            one = (
                self.names[call.name],
                call.at if call.what == "write" else -1 - call.at,
                call.data,
            )
            self.writes.append(one)
            _put(self.files, one)

    def _name(self, name: str, number: int | None) -> None:
        self.moves.append((name, number))
        _move(self.names, (name, number))

    def _flush(self, name: str) -> None:
        if not name:  # the folder itself
            for move in self.moves:
                _move(self.sure_names, move)
            self.moves.clear()
            return
        number = self.names[name]
        self.sure[number] = bytearray(self.files[number])
        self.writes = [one for one in self.writes if one[0] != number]

    def lost(self, rng: random.Random) -> tuple[str, dict[str, bytes]]:
        """Return how the power loss was drawn, and the files after it."""
        how = rng.choice(("nothing", "all", "a beginning", "single sectors"))
        files = {number: bytearray(data) for number, data in self.sure.items()}
        names = dict(self.sure_names)
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
        for move in self.moves[:moves]:
            _move(names, move)
        return how, {name: bytes(files[number]) for name, number in names.items()}


@dataclass(frozen=True, slots=True)
class Log:
    """A run: what lay there before, its calls, and what was acknowledged after how many."""

    before: dict[str, bytes]
    calls: tuple[Call, ...]
    said: tuple[tuple[int, int, int], ...]

    def acknowledged(self, number: int) -> tuple[int, int]:
        """Return the saves and slots that were acknowledged before call `number`."""
        return max((one[1:] for one in self.said if one[0] <= number), default=(0, 0))


_LOGS: dict[tuple[Path, bool], Log] = {}


def log_of(world: World, *, is_wrong: bool) -> Log:
    """Return the calls of one run, recorded once in a process."""
    known = (world.folder, is_wrong)
    if known not in _LOGS:
        _LOGS[known] = _taken_down(world, is_wrong=is_wrong)
    return _LOGS[known]


def _taken_down(world: World, *, is_wrong: bool) -> Log:
    place = world.copy(world.ours)
    out = world.scratch()
    before = {path.name: path.read_bytes() for path in place.folder.iterdir()}
    command = [
        "strace", "-f", "-xx", "-s", "200000", "-e", f"trace={_CALLS}", "-o", str(out / "calls"),
        sys.executable, "-m", "tests.torture.power_child", str(place.folder), place.key.hex(),
        world.leg.hex(), str(out / _TOLD), *(["wrong"] if is_wrong else []),
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=_ROOT)
    lines = (out / "calls").read_text(encoding="ascii").splitlines()
    calls: list[Call] = []
    said: list[tuple[int, int, int]] = []
    for call in _read(lines, place.folder, out / _TOLD):
        if call.name == _TOLD:
            saves, generation = map(int, call.data.split())
            said.append((len(calls), saves, generation))
        else:
            calls.append(call)
    assert said[-1][1] == SAVES
    begin = said[0][0]
    return Log(before, tuple(calls[begin:]), tuple((at - begin, *what) for at, *what in said))  # type: ignore[misc]


def _read(lines: list[str], folder: Path, told: Path) -> Iterator[Call]:
    """Yield the calls on a folder and on its files, in their order."""
    opened: dict[int, str] = {}
    places: dict[int, int] = {}

    def name_of(path: str) -> str | None:
        if path == str(told):
            return _TOLD
        if path == str(folder):
            return ""
        within = Path(path)
        return within.name if within.parent == folder else None

    for line in lines:
        found = _LINE.match(line)
        if found is None or int(found[3]) < 0:
            continue
        what, words, result = found[1], found[2], int(found[3])
        texts = [ast.literal_eval(f'b"{text}"') for text in _TEXT.findall(words)]
        if what == "openat":
            name = name_of(texts[0].decode())
            opened.pop(result, None)
            if name is not None:
                opened[result], places[result] = name, 0
                if name and "O_CREAT" in words and name != _TOLD:
                    yield Call("open", name)
                if "O_TRUNC" in words:
                    yield Call("cut", name)
        elif what.startswith("unlink"):
            name = name_of(texts[0].decode())
            if name:
                yield Call("unlink", name)
        elif what.startswith("rename"):
            name, to = name_of(texts[0].decode()), name_of(texts[-1].decode())
            if name and to:
                yield Call("rename", name, to=to)
        else:
            yield from _on_descriptor(what, words, result, texts, (opened, places))


def _on_descriptor(
    what: str,
    words: str,
    result: int,
    texts: list[bytes],
    known: tuple[dict[int, str], dict[int, int]],
) -> Iterator[Call]:
    opened, places = known
    descriptor = int(words.split(",")[0])
    if descriptor not in opened:
        return
    name = opened[descriptor]
    if what == "close":
        del opened[descriptor]
    elif what == "lseek":
        places[descriptor] = result
    elif what == "write":
        yield Call("write", name, places[descriptor], texts[0][:result])
        places[descriptor] += result
    elif what == "pwrite64":
        yield Call("write", name, int(words.rsplit(",", 1)[1]), texts[0][:result])
    elif what == "ftruncate":
        yield Call("cut", name, int(words.rsplit(",", 1)[1]))
    elif what in {"fsync", "fdatasync"}:
        yield Call("fsync", name)


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


def _move(names: dict[str, int], move: tuple[str, int | None]) -> None:
    if move[1] is None:
        names.pop(move[0], None)
    else:
        names[move[0]] = move[1]


def _sectors(one: tuple[int, int, bytes]) -> Iterator[tuple[int, int, bytes]]:
    number, at, data = one
    if at < 0:
        yield one
        return
    for begin in range(0, len(data), _SECTOR):
        yield number, at + begin, data[begin : begin + _SECTOR]


def _disk_before(log: Log) -> Disk:
    disk = Disk()
    for number, (name, data) in enumerate(log.before.items()):
        disk.files[number], disk.sure[number] = bytearray(data), bytearray(data)
        disk.names[name] = disk.sure_names[name] = number
    return disk


def _played(world: World, rng: random.Random, log: Log) -> Seen:
    """One moment at which the power goes, and what is found afterwards."""
    last = rng.randrange(len(log.calls) + 1)
    disk = _disk_before(log)
    for call in log.calls[:last]:
        disk.do(call)
    how, files = disk.lost(rng)
    folder = world.scratch()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    wrong = _wrong(world, Place(folder, world.ours.key), log.acknowledged(last))
    shutil.rmtree(folder, ignore_errors=True)
    return Seen(how, f"after call {last}, {how} of the rest: {wrong}" if wrong else "")


def _wrong(world: World, place: Place, said: tuple[int, int]) -> str:
    try:
        first = key_slots.read_slots(world.ours.folder).generation
        generation = key_slots.read_slots(place.folder).generation
        desk = open_at(place)
    except KfdeskError as fault:
        return fault.code
    try:
        row = desk.store.row(world.leg)
        assert row is not None
        record = view(row, Leg).record
        found = {str(getattr(record, key)) for key in kill_children.TWIN_FIELDS}
        numbers = {int(text) if text.isdigit() else 0 for text in found}
        if len(found) > 1 and said[0]:
            return "half a save"
        if not said[0] <= max(numbers) <= said[0] + 1:
            return f"acknowledged {said[0]}, found {max(numbers)}"
        if generation - first < said[1]:
            return f"slots {said[1]} were acknowledged, found {generation}"
        return next(iter(desk.store.verify()), "")
    finally:
        desk.store.close()


def _trial(world: World, rng: random.Random) -> Seen:
    return _played(world, rng, log_of(world, is_wrong=False))


def _unflushed(world: World, rng: random.Random) -> Seen:
    return _played(world, rng, log_of(world, is_wrong=True))


def _absent() -> str:
    return "" if shutil.which("strace") else "strace is not installed here"


HARNESSES = (
    Harness("power lost after any call", _trial, _unflushed, Size(15, 2_000, 1_000_000), _absent),
)
