# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of others that attack their decoder, and decoders that attack the program.

A bomb, a crash, an endless answer or a lie ends the child; the program refuses the file and the
store stays as it was. Bytes of good files are changed at random, too. The control believes what
the child says. Each limit of the child has a row of its own, and a control in which it is off; a
second, larger limit keeps that control from doing harm.
"""

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import msgspec
import pytest
from PIL import Image
from tests.integration.list_samples import CARDS, TABLE
from tests.support import bombs
from tests.torture.harness import Harness, Seen, Size, Trial, joined
from tests.torture.world import World, contents, refusal
from tests.unit.documents import attachment_samples

from kfdesk.decoder import client, contact_client, protocol
from kfdesk.decoder.protocol import FrameKind
from kfdesk.documents import attachments
from kfdesk.documents.attachments import reencode_picture
from kfdesk.domain.directory import ParseOptions
from kfdesk.formats import tables
from kfdesk.formats.files import read_contact_files
from kfdesk.services.core.session import Session
from kfdesk.services.directory.files import preview_contact_import
from kfdesk.services.plans.case import NewAttachment, add_attachment

_SECONDS = 5
_HOWS = (
    "abort",
    "segfault",
    "leave",
    "half",
    "vanish",
    "loop",
    "sleep",
    "inherit",
    "flood",
    "many",
)
_ODD: tuple[object, ...] = (
    *(None, True, -1, 2**40, 1.5, "", "x" * 5000, "\u202e", "e\u0301", "\u001aunknown", b"\0"),
    *([], ["shelter"], [[]], {}, {"name": 1}, "client", "verified"),
)


def _bomb(desk: Session, world: World, rng: random.Random) -> str:
    """Add a small file that would fill the memory, or is nested without end."""
    makes = (bombs.huge_picture_page, bombs.nested_page, bombs.nested_functions, bombs.picture)
    if rng.randrange(2):
        makes_lists = (bombs.far_cell, bombs.zip_bomb, bombs.lying_zip_bomb)
        return refusal(lambda: _look(desk, rng.choice(makes_lists)())) or "taken"
    return _add(desk, world, rng.choice(makes)())


def _broken(desk: Session, world: World, rng: random.Random) -> str:
    """Add a good file with bytes that were changed, cut or doubled."""
    samples = (
        *(attachment_samples.photo(), attachment_samples.drawing(), attachment_samples.scan()),
        *(attachment_samples.pdf(), attachment_samples.form()),
    )
    data = bytearray(rng.choice(samples))
    for _ in range(rng.randrange(1, 40)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return _add(desk, world, bytes(data[: rng.choice((len(data), rng.randrange(1, len(data))))]))


def _bad_child(desk: Session, world: World, rng: random.Random) -> str:
    """Let the decoder crash, hang or talk without end."""
    with pytest.MonkeyPatch.context() as patch:
        _use(patch, rng.choice(_HOWS))
        return _add(desk, world, CARDS) if rng.randrange(2) else _list(desk)


def _liar(desk: Session, world: World, rng: random.Random) -> str:
    """Let the decoder answer with one value that cannot be."""
    entry: dict[str, object] = {
        "line": 2, "type": "organisation", "values": {"name": "Huset"}, "numbers": ["112"]
    }  # fmt: skip
    key = rng.choice((*entry, "city", "verification", "services", "code"))
    odd = rng.choice(_ODD)
    changed = entry | ({key: odd} if key in entry else {"values": {"name": "Huset", key: odd}})
    frames = [(FrameKind.VALUE, [[], "utf-8", True, []]), (FrameKind.VALUE, [[changed], []])]
    script = world.scratch() / "frames"
    script.write_bytes(msgspec.msgpack.encode([*frames, (FrameKind.END, None)]))
    with pytest.MonkeyPatch.context() as patch:
        _use(patch, "lie", str(script))
        return _list(desk)


Attack = Callable[[Session, World, random.Random], str]
"""Attacks a desk and returns the refusal; empty if it was accepted."""
_ATTACKS: tuple[Attack, ...] = (_bomb, _broken, _broken, _bad_child, _liar, _liar)


def _use(patch: pytest.MonkeyPatch, *how: str) -> None:
    """Put a child that does harm in the place of the decoder, and give it little."""
    command = [sys.executable, "-m", "tests.support.bad_child", *how]
    kept = {
        task: replace(one, clock=_SECONDS, output=2**22) for task, one in protocol.LIMITS.items()
    }
    patch.setattr(client, "child_command", lambda _arguments: command)
    patch.setattr(client, "LIMITS", kept)


def _add(desk: Session, world: World, data: bytes) -> str:
    return refusal(lambda: add_attachment(desk, world.plan, NewAttachment("x", BytesIO(data))))


def _look(desk: Session, data: bytes) -> None:
    preview_contact_import(desk, {"list": data}, ParseOptions())


def _list(desk: Session) -> str:
    return refusal(lambda: _look(desk, TABLE))


def _attacked(world: World, rng: random.Random) -> Seen:
    """Attack once: the file is refused or taken whole, and the next one is taken."""
    attack = rng.choice(_ATTACKS)
    desk = world.opened(world.copy(world.ours))
    before = contents(desk.store)
    code = attack(desk, world, rng)
    if code and contents(desk.store) != before:
        return Seen(code, f"{code}, and the store is not as it was")
    if desk.store.verify():
        return Seen(code, "the store is not sound")
    after = _list(desk)
    return Seen(code or "taken", f"the next list was refused: {after}" if after else "")


def _believed(world: World, _rng: random.Random) -> Seen:
    """Believe a child that names a field which no contact file has: the control."""
    frames = [
        (FrameKind.VALUE, [[], "utf-8", True, []]),
        (FrameKind.VALUE, [[{"line": 1, "type": "organisation", "values": {"code": "x"}}], []]),
        (FrameKind.END, None),
    ]
    script = world.scratch() / "frames"
    script.write_bytes(msgspec.msgpack.encode(frames))
    desk = world.opened(world.copy(world.ours))
    with pytest.MonkeyPatch.context() as patch:
        _use(patch, "lie", str(script))
        patch.setattr(contact_client, "_check_contacts", lambda _contacts: None)
        code = _list(desk)
    return Seen(code or "taken", "" if code else "a lie of the child was believed")


# --- each limit by itself

_SHORT, _LITTLE = 2, 2**16  # seconds of the clock, bytes of an answer
_LONG, _MUCH = 60, 2**24


def _list_by(world: World, how: str, clock: int, output: int) -> str:
    """Return the refusal of a list that a child of this kind reads; the store is as it was."""
    desk = world.opened(world.copy(world.ours))
    before = contents(desk.store)
    with pytest.MonkeyPatch.context() as patch:
        _use(patch, how)
        kept = {
            task: replace(one, clock=clock, output=output) for task, one in protocol.LIMITS.items()
        }
        patch.setattr(client, "LIMITS", kept)
        code = _list(desk)
    return code if contents(desk.store) == before else "the store is changed"


def _limited(how: str, clock: int, output: int) -> Trial:
    def trial(world: World, _rng: random.Random) -> Seen:
        code = _list_by(world, how, clock, output)
        return Seen(how, "" if code == "contacts.unsafe" else f"it was not stopped: {code}")

    return trial


def _unpacked(data: Callable[[], bytes], code: str, limit: str) -> tuple[Trial, Trial]:
    """Return the trial of a small file that unpacks to far more, and the same without the limit."""

    def trial(_: World, rng: random.Random) -> Seen:
        del rng
        found = refusal(lambda: read_contact_files({"list": data()}, ParseOptions()))
        return Seen(found or "read", "" if found == code else f"it was unpacked: {found}")

    def control(world: World, rng: random.Random) -> Seen:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tables, limit, 2**31)
            return trial(world, rng)

    return trial, control


def _many_parts() -> bytes:
    """Return an archive of very many empty files."""
    data = BytesIO()
    with ZipFile(data, "w") as packed:
        for number in range(10_001):
            packed.writestr(f"{number}.csv", b"")
    return data.getvalue()


def _pixels(_: World, rng: random.Random) -> Seen:
    """Open a picture of some hundred bytes that says how many pixels it has."""
    width = rng.randrange(10_000, 60_000)
    found = refusal(lambda: reencode_picture(bombs.picture(width, 60_000)))
    return Seen(found, "" if found == "attachment.too_many_pixels" else f"decoded: {found}")


def _all_pixels(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: a picture may have any size; its data ends soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attachments, "MAX_PIXELS", 2**40)
        patch.setattr(Image, "MAX_IMAGE_PIXELS", None)
        patch.setattr(attachments, "_copy_pixels", lambda _: Image.new("L", (1, 1)))
        return _pixels(world, rng)


HARNESSES = (
    Harness("documents of others", _attacked, _believed, Size(4, 150, 5_000)),
    joined(
        "limits of the child: memory, clock, answer, unpacked bytes, parts, pixels",
        [
            (_limited("greedy", _LONG, _MUCH), _limited("unlimited", _LONG, _MUCH)),
            (_limited("late", _SHORT, _MUCH), _limited("late", _LONG, _MUCH)),
            (_limited("talkative", _LONG, _LITTLE), _limited("talkative", _LONG, _MUCH)),
            _unpacked(bombs.zip_bomb, "contacts.bomb", "MAX_UNPACKED_BYTES"),
            _unpacked(_many_parts, "contacts.bomb", "_MOST_PARTS"),
            (_pixels, _all_pixels),
        ],
        Size(6, 48, 2_000),
        lambda: "" if sys.platform == "linux" else "the limits are those of Linux",
    ),
)
