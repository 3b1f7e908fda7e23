# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of others in random shapes, and command lines that nobody means.

A list is read whole, or what is left out of it is said; a damaged one gets a sentence. A command
that cannot be done ends with a sentence and the code 1 or 2. The controls drop what has no field,
believe that a file is whole or a text, and take every value as it is typed.
"""

import csv
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import xlsxwriter
from benchmarks.desks import MACHINE, WHO
from tests.torture.harness import Seen, Size, joined
from tests.torture.world import World, refusal

from kfdesk import app
from kfdesk.cli import commands, directory
from kfdesk.domain.directory import ParseOptions
from kfdesk.formats import tables
from kfdesk.formats.files import read_contact_files
from kfdesk.formats.rows import EntryBuilder

# --- lists

_LETTERS = {
    "utf-8": "Åsa Öberg дом", "utf-8-sig": "Дом у озера", "utf-16": "Öga дом",
    "cp1252": "Åsa Öberg",
    "cp1251": "Дом у реки", "cp1257": "Māja pie ezera šķūnis", "koi8-r": "Дом у озера, Псков",
    "cp775": "Nams pie jūras", "iso8859-13": "Namas prie ežero šalia",
}  # fmt: skip
_OTHER = "colour of the door"  # a column without a field: its title is told
_TITLES = ("name", "phone", "email", "note", _OTHER, "city")

Marks = tuple[str, ...]


def _mark(rng: random.Random) -> str:
    """Return letters that occur nowhere else, to be looked for afterwards."""
    return "zq" + "".join(rng.choices("bcdfghjkmnpr", k=7))


def a_table(rng: random.Random) -> tuple[bytes, Marks]:
    """Return a table as a spreadsheet of somewhere saves it."""
    encoding, text = rng.choice([*_LETTERS.items()])
    separator = rng.choice(",;\t|")
    titles = list(_TITLES)
    rng.shuffle(titles)
    marks = tuple(_mark(rng) for _ in range(12))
    rows = [
        {
            "name": f"{text} {first}", "phone": f"+46 8 465 0{rng.randrange(10**4):04}",
            "email": f"{second}@example.org",
            "note": f"{third}{rng.choice((separator, ' '))}{text}",
            _OTHER: fourth, "city": text,
        }
        for first, second, third, fourth in (marks[:4], marks[4:8], marks[8:])
    ]  # fmt: skip
    if rng.random() < 0.2:
        rows[1]["name"] = rows[1]["note"] = ""  # an e-mail address alone
    made = io.StringIO()
    made.write(rng.choice(("", "", f"sep={separator}\r\n", "\r\n\r\n", f"{separator * 5}\r\n")))
    table = csv.DictWriter(made, titles, delimiter=separator, lineterminator=rng.choice("\n\r"))
    table.writeheader()
    table.writerows(rows)
    sent = made.getvalue()
    kept = [mark for mark in marks if mark not in {row[_OTHER] for row in rows}]
    return sent.encode(encoding), (_OTHER, *(mark for mark in kept if mark in sent))


def a_card(rng: random.Random) -> tuple[bytes, Marks]:
    """Return a card with properties in any order, among them some that nobody knows."""
    encoding, text = rng.choice([("utf-8", "Дом"), ("cp1252", "Åsen"), ("utf-16", "Öga")])
    marks = [_mark(rng) for _ in range(9)]
    lines = [
        f"FN:{text} {marks[0]}", f"ORG:{marks[1]};{marks[2]}", f"NOTE:{marks[3]}\\, {text}",
        f"item1.EMAIL;TYPE=work:{marks[4]}@example.org", f"URL:https://{marks[5]}.example",
        f"IMPP:xmpp:{marks[6]}", f"X-WHATSAPP:{marks[7]}", f"NICKNAME:{marks[8]}",
        "BDAY:1970-01-01",
        *(f"TEL;TYPE=home:+46 8 465 {rng.randrange(10**5):05}" for _ in range(rng.randrange(30))),
    ]  # fmt: skip
    rng.shuffle(lines)
    end = rng.choice(("\r\n", "\n", "\r"))
    whole = [f"VERSION:{rng.choice(('2.1', '3.0', '4.0'))}", *lines]
    if rng.random() < 0.3:
        whole = [f"{line[:8]}{end} {line[8:]}" for line in whole]
    sent = end.join(("BEGIN:VCARD", *whole, "END:VCARD", ""))
    return sent.encode(encoding), tuple(marks)


def a_workbook(rng: random.Random) -> tuple[bytes, Marks]:
    """Return a workbook with empty rows before its titles, and sometimes one far cell."""
    marks = tuple(_mark(rng) for _ in range(4))
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    page = book.add_worksheet()
    begin = rng.randrange(3)
    page.write_row(begin, 0, ("name", "phone", "note", _OTHER))
    page.write_row(begin + 1, 0, (marks[0], "+46 8 465 00 01", marks[1], marks[2]))
    if rng.random() < 0.5:
        page.write(rng.choice((5, 9_000, 1_048_575)), rng.choice((0, 40, 16_383)), marks[3])
    book.close()
    return data.getvalue(), (*marks[:2], _OTHER)


_MAKES = (a_table, a_table, a_card, a_workbook)


def _nothing_lost(_: World, rng: random.Random) -> Seen:
    make = rng.choice(_MAKES)
    data, marks = make(rng)
    found = read_contact_files({"list": data}, ParseOptions())
    said = repr([(one.values, one.numbers) for one in found.entries])
    told = repr((found.left_out, found.broken, found.columns))
    lost = [mark for mark in marks if mark not in said and mark not in told]
    return Seen(make.__name__.replace("_", " "), f"lost without a word: {lost[0]}" if lost else "")


def _dropping(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: what has no field is dropped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EntryBuilder, "note", lambda *_: None)
        return _nothing_lost(world, rng)


def _hurt(rng: random.Random) -> bytes:
    data = bytearray(rng.choice(_MAKES)(rng)[0])
    way = rng.randrange(5)
    if way == 0:
        for _ in range(rng.randrange(1, 60)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif way == 1:
        del data[rng.randrange(len(data)) :]
    elif way == 2:
        at = rng.randrange(len(data))
        data[at:at] = data[: rng.randrange(len(data))]
    elif way == 3:  # locked, or packed in a way that is not ours
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.find(mark)
            while at >= 0:
                data[at + place] |= rng.choice((0, 1, 0x41))
                data[at + place + 2] = rng.choice((8, 6, 9, 12, 14, 93, 98))
                at = data.find(mark, at + 4)
    else:
        head = rng.choice(
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7", b"{", b"[[[", b"PK\5\6")
        )
        data[:0] = head
    return bytes(data)


def _hurt_list(_: World, rng: random.Random) -> Seen:
    data = _hurt(rng)
    code = refusal(lambda: read_contact_files({"list": data}, ParseOptions()))
    return Seen(code or "read", "" if not code or code.startswith("contacts.") else code)


def _whole_list(_: World, rng: random.Random) -> Seen:
    """Wrong on purpose: every archive is believed to be whole, and every text to be ours."""
    data = _hurt(rng)
    try:
        if data.startswith(b"PK"):
            archive = zipfile.ZipFile(io.BytesIO(data))
            all(map(archive.read, archive.namelist()))
        data.decode()
    except Exception as fault:  # any of a dozen
        return Seen("no sentence", type(fault).__name__)
    return Seen("read")


def _bytes_for_a_list(_: World, rng: random.Random) -> Seen:
    """Give bytes for a list that are no text, with a head that promises one or without."""
    head = rng.choice(
        (b"", b"name,phone\n", b"\xef\xbb\xbfname\n", b"MZ", b"RIFF", b"\0\0\0\x18ftyp")
    )
    data = head + rng.randbytes(rng.randrange(400, 20_000))
    code = refusal(lambda: read_contact_files({"list.vcf": data}, ParseOptions()))
    return Seen(code or "read", "" if code.startswith("contacts.") else "bytes as contacts")


def _any_bytes(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: whatever a code page can say is a text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_refuse_bytes", lambda _text: None)
        return _bytes_for_a_list(world, rng)


# --- command lines

_TIMES = (
    "2026-05-01T10:00+03:00[Mars/Base]", "2026-05-01T10:00+03:00[../Riga]", "now", "2026-05-01",
    "2026-05-01T10:00+23:59[Europe/Riga]", "2026-05-01T10:00+99:00[Europe/Riga]",
    "2026-03-29T03:30+02:00[Europe/Riga]", "0001-01-01T00:00+14:00[Europe/Riga]",
)  # fmt: skip
_VALUES = (
    "[1,2]", "[null]", "[[1]]", '[["a","b"]]', '{"en":"x"}', "1.5", "1e999", "NaN", "[", "true",
    "[" * 9000, "9" * 5000, '["en"]', '[["en","a"],["en","b"]]', '"\\ud800"', "-0", '"x"', "{}",
)  # fmt: skip
_NOWHERE = ("XX", "Nowhere", "?", "😀", "S", "SWEEDEN", "0", "\u202e")
_NO_NAMES = ("", " ", "\t", "\u200b", "\u202e", "\u00a0", "\u00ad\u2060", "\u2800\u3164", "\u0301")


def _endless(folder: Path) -> str:
    """Return a pipe among the files, from which nobody can read to the end."""
    pipe = folder / "pipe.age"
    if hasattr(os, "mkfifo"):
        os.mkfifo(pipe)
    return str(pipe)


def _impossible(world: World, rng: random.Random) -> tuple[str, ...]:
    """Return the words of a command that cannot be done."""
    leg, odd = world.leg.hex(), rng.randbytes(rng.choice((0, 1, 16, 17, 300))).hex()
    out = str(world.scratch() / f"list.{rng.choice(('csv', 'vcf', 'exe', ''))}")
    pipe = _endless(world.scratch())
    commands_ = (
        ("plan", "set", leg, "sign", rng.choice(_VALUES)),
        ("plan", "set", leg, "check_in", json.dumps(rng.choice(_TIMES))),
        ("plan", "set", odd, "sign", "null"),
        ("plan", "set", leg, rng.choice(("", "rid", "signs", "😀", "a" * 5000)), "null"),
        ("plan", "show", odd),
        ("plan", "new", "--languages", rng.choice(("qq", "ru,qq", "1", "[]"))),
        ("contacts", "add", rng.choice(_NO_NAMES)),
        ("contacts", "add", "Huset", "--country", rng.choice(_NOWHERE)),
        ("contacts", "add", "Huset", "--seen-by", rng.choice(("", "all", "SECRET"))),
        ("contacts", "list", "--country", rng.choice(_NOWHERE)),
        ("contacts", "export", out, "--country", rng.choice(_NOWHERE)),
        ("contacts", "import", rng.choice((out, pipe, "/", "/dev/null", "/proc/self/mem"))),
        ("procedure", "import", rng.choice((out, pipe, "/"))),
        ("bundle", "take", rng.choice((out, pipe, "/dev/null"))),
        ("bundle", "trust", rng.choice((out, pipe, "/dev/null", "/"))),
        ("bundle", "make", odd, "--to", odd, "--into", out),
        ("bundle", "suspend", odd),
        ("backup", "check", out),
        ("paper", "settle", odd, "eaten"),
        ("user", "add"), ("plan",), ("nothing",), ("plan", "show", "no hexadecimal"),
    )  # fmt: skip
    return rng.choice(commands_)


def _command(world: World, rng: random.Random) -> Seen:
    place = world.copy(world.ours)
    words = _impossible(world, rng)
    return _ended(" ".join(words[:2]), place.folder, words)


def _ended(how: str, folder: Path, words: Sequence[str]) -> Seen:
    """Run a command in this process; it must be refused with a sentence and a remedy."""
    secret = folder.with_name(f"{folder.name}.txt")
    secret.write_text(WHO.passphrase + "\n", encoding="utf-8")
    head = ("--store", str(folder), "--initials", WHO.initials, "--json")
    out, said = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(said):
        try:
            code = app.main([*head, "--passphrase-file", str(secret), *words], MACHINE)
        except SystemExit as end:  # argparse has said what it wants
            code = end.code if isinstance(end.code, int) else 1
            return Seen(how, "" if code == 2 and "usage" in said.getvalue() else f"code {code}")
    if code != 1:
        return Seen(how, f"it ended with {code}: {' '.join(words)[:200]}")
    answer = json.loads(said.getvalue())
    return Seen(how, "" if answer["reason"] and answer["remedy"] else "no sentence")


def _lenient(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: names and countries are taken as they are typed."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("known_country", "_known_language", "_possible_time"):
            patch.setattr(commands, name, lambda typed: typed)
        for name in ("required_name", "known_country"):
            patch.setattr(directory, name, lambda typed: typed)
        return _command(world, rng)


def _tiny_store(world: World, rng: random.Random) -> Seen:
    """Salvage and verify what is left of a store file: 0 to 15 bytes."""
    place = world.copy(world.ours)
    place.file.write_bytes(place.file.read_bytes()[: rng.randrange(16)])
    words = rng.choice((("salvage",), ("salvage", "--apply"), ("verify",), ("plan", "list")))
    return _ended(words[0], place.folder, words)


def _whole_store(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: as if any file were a store."""
    del rng
    return _ended("verify", world.copy(world.ours).folder, ("verify",))


_STREAMS = {
    "nobody at the terminal": "</dev/null",
    "nobody reads": "</dev/null",
    "closed input": "<&-",
    "empty input": "</dev/null",
    "no stream at all": "<&- >&-",
}


def _by_pipe(world: World, rng: random.Random, *, is_awake: bool = False) -> Seen:
    """Run it without a terminal, without a stream, or into a pipe that nobody reads."""
    place, how = world.copy(world.ours), rng.choice(list(_STREAMS))
    secret = place.folder.with_name("words")
    secret.write_text(WHO.passphrase + "\n", encoding="utf-8")
    words = ["--store", str(place.folder), "--initials", WHO.initials]
    there, here = os.pipe()
    os.close(there)
    is_unread = how == "nobody reads"
    if how != "nobody at the terminal":
        words += ["--passphrase-file", str(secret) if is_unread else "-"]
    command = [sys.executable, "-P", "-m", "kfdesk", *words, "plan", "list"]
    if is_awake:
        command = [sys.executable, "-c", "import sys; print(input()); sys.stdout.flush()"]
    ended = subprocess.run(
        ["sh", "-c", f'exec "$@" {_STREAMS[how]}', "sh", *command], check=False,
        start_new_session=True, stdout=here if is_unread else subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(here)
    is_told = is_unread or b"refused: " in ended.stderr
    is_silent = not any(word in ended.stderr for word in (b"Traceback", b"stopped: "))
    is_fine = ended.returncode in (0, 1) and is_told and is_silent
    return Seen(how, "" if is_fine else f"code {ended.returncode}, {ended.stderr[-80:]!r}")


def _bare(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: a program that does not think of it."""
    return _by_pipe(world, rng, is_awake=True)


HARNESSES = (
    joined(
        "lists of others in odd shapes, or damaged",
        [
            (_nothing_lost, _dropping),
            (_hurt_list, _whole_list),
            (_bytes_for_a_list, _any_bytes),
        ],
        Size(30, 2_000, 200_000),
    ),
    joined(
        "command lines that nobody means",
        [(_command, _lenient), (_tiny_store, _whole_store), (_by_pipe, _bare)],
        Size(4, 120, 10_000),
        lambda: "" if sys.platform == "linux" else "sessions and pipes are those of Linux",
    ),
)
