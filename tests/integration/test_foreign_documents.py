# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of others against a real store: bombs, crashes, endless and lying decoders.

Each is refused with a sentence and a remedy, the store is as it was, and the next file is taken.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from tests.integration.list_samples import CARDS
from tests.integration.pair_samples import MACHINE, WHO
from tests.support import bombs
from tests.support.bad_child import HOWS
from tests.support.samples import first
from tests.support.stores import new_desk
from tests.torture.world import contents, refusal
from tests.unit.documents import attachment_samples

from kfdesk.decoder import client, protocol
from kfdesk.decoder.child_argument import ARGUMENT
from kfdesk.decoder.protocol import DecoderTask, FrameKind
from kfdesk.domain.directory import ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.plan import Plan
from kfdesk.i18n.language import PROGRAM, Language
from kfdesk.i18n.messages import error_remedy, error_sentence
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory.files import preview_contact_import
from kfdesk.services.figures.case_import import preview_case_import
from kfdesk.services.plans.case import NewAttachment, add_attachment
from kfdesk.system import child_process, paths

SHORT = 3  # seconds that a child may take in these tests
REFUSALS = ("attachment.unsafe", "attachment.broken", "attachment.too_many_pixels")
V, R, E, L = FrameKind.VALUE, FrameKind.REFUSAL, FrameKind.END, FrameKind.LIMITS


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Session]:
    made = new_desk(tmp_path / "store", "Nordhuset", WHO, MACHINE)
    yield made
    made.store.close()


@pytest.fixture
def plan(desk: Session) -> bytes:
    client = create_record(desk, Client, {"code": "tulpan-47"})
    return create_record(desk, Plan, {}, parent=client)


def use_bad_child(monkeypatch: pytest.MonkeyPatch, how: str, *more: str, seconds: int = 60) -> None:
    """Put a child that does harm in the place of the decoder."""
    command = [sys.executable, "-m", "tests.support.bad_child", how, *more]
    monkeypatch.setattr(client, "child_command", lambda _arguments: command)
    kept = {task: replace(one, clock=seconds) for task, one in protocol.LIMITS.items()}
    monkeypatch.setattr(client, "LIMITS", kept)


def add(desk: Session, plan: bytes, data: bytes) -> bytes:
    return add_attachment(desk, plan, NewAttachment("Intyg", BytesIO(data))).rid


def look(desk: Session, data: bytes) -> object:
    return preview_contact_import(desk, {"list": data}, ParseOptions())


def show(desk: Session, data: bytes) -> object:
    return desk.adapters.attached.show(data, 0, 400, lambda: None)


def is_untouched(desk: Session, work: Callable[[], object]) -> str:
    """Return the refusal of `work`; the store is as it was, and sound."""
    before = contents(desk.store)
    code = refusal(work)
    assert contents(desk.store) == before
    return code


# --- files that would fill the memory, never end, or nest without end


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [bombs.nested_page, bombs.nested_functions, bombs.picture],
    ids=lambda make: make.__name__,
)
def test_nested_and_huge_files_are_kept_or_refused(
    desk: Session, plan: bytes, make: Callable[[], bytes]
) -> None:
    data = make()
    code = refusal(lambda: add(desk, plan, data))
    assert code in ("", *REFUSALS)
    assert add(desk, plan, attachment_samples.pdf())
    assert desk.store.verify() == ()


def test_picture_bomb_is_refused_before_it_is_decoded(desk: Session, plan: bytes) -> None:
    assert is_untouched(desk, lambda: add(desk, plan, bombs.picture())) == (
        "attachment.too_many_pixels"
    )


@pytest.mark.slow
def test_page_that_never_ends_costs_one_child(desk: Session, plan: bytes) -> None:
    data = bombs.endless_page()
    assert len(data) < 1024
    assert is_untouched(desk, lambda: add(desk, plan, data)) == "attachment.unsafe"
    assert is_untouched(desk, lambda: show(desk, data)) == "attachment.not_shown"
    assert add(desk, plan, attachment_samples.pdf())


@pytest.mark.slow
@pytest.mark.parametrize("make", [bombs.zip_bomb, bombs.lying_zip_bomb])
def test_workbook_that_is_a_bomb_is_refused(desk: Session, make: Callable[[], bytes]) -> None:
    data = make()
    assert len(data) < 2**20
    assert is_untouched(desk, lambda: look(desk, data)).startswith("contacts.")
    assert look(desk, CARDS)


def test_one_far_cell_is_read_and_no_bomb(desk: Session) -> None:
    assert look(desk, bombs.far_cell())


# --- decoders that break off, never end, or never stop talking


@pytest.mark.parametrize("how", first(2, ["abort", "segfault", "leave", "half"]))
def test_crash_of_the_decoder_is_a_refusal(
    desk: Session, plan: bytes, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    picture = attachment_samples.photo()
    with monkeypatch.context() as patch:
        use_bad_child(patch, how)
        assert is_untouched(desk, lambda: add(desk, plan, picture)) == "attachment.unsafe"
        assert is_untouched(desk, lambda: show(desk, picture)) == "attachment.not_shown"
        assert is_untouched(desk, lambda: look(desk, CARDS)) == "contacts.unsafe"
    assert add(desk, plan, picture)


@pytest.mark.parametrize("how", first(1, ["loop", "sleep", "ignore_signals", "inherit"]))
def test_decoder_that_never_ends_is_killed(
    desk: Session, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    use_bad_child(monkeypatch, how, seconds=SHORT)
    assert is_untouched(desk, lambda: look(desk, CARDS)) in ("contacts.unsafe", "work.not_started")


@pytest.mark.parametrize("how", ["flood", "many"])
def test_endless_answer_is_cut(desk: Session, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    use_bad_child(monkeypatch, how)
    kept = {task: replace(one, output=2**22) for task, one in protocol.LIMITS.items()}
    monkeypatch.setattr(client, "LIMITS", kept)
    assert is_untouched(desk, lambda: look(desk, CARDS)) == "contacts.unsafe"


def test_child_that_cannot_start_says_so(
    desk: Session, plan: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_bad_child(monkeypatch, "vanish")
    assert is_untouched(desk, lambda: look(desk, CARDS)) == "work.not_started"
    monkeypatch.setattr(client, "child_command", lambda _arguments: [str(tmp_path / "gone")])
    assert is_untouched(desk, lambda: add(desk, plan, b"%PDF-1.7")) == "work.not_started"


def test_cancelling_kills_the_child(desk: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    use_bad_child(monkeypatch, "sleep", seconds=3600)
    begun: list[float] = []

    def check() -> None:
        begun.append(time.monotonic())
        if len(begun) > 2:
            raise KfdeskError("work.cancelled")

    with pytest.raises(KfdeskError, match=r"work\.cancelled"):
        desk.adapters.attached.show(b"%PDF-1.7", 0, 400, check)


# --- decoders that lie

CONTACT = {"line": 2, "type": "organisation", "values": {"name": "Huset"}, "numbers": ["112"]}
HEAD = [[], "utf-8", True, []]
PAGE = {"count": 1, "width": 2, "height": 1, "pixels": b"\0" * 6}
PNG = b"\x89PNG\r\n\x1a\n" + b"x"


def entry(**changes: object) -> list[tuple[str, object]]:
    return [(V, HEAD), (V, [[CONTACT | changes], []]), (E, None)]


def valued(**values: object) -> list[tuple[str, object]]:
    return entry(values={"name": "Huset"} | values)


LISTS = {
    "no frames": [(E, None)],
    "no end": [(V, HEAD), (V, [[CONTACT], []])],
    "more after the end": [(V, HEAD), (E, None), (V, [[CONTACT], []])],
    "limits twice": [(L, {"limits_memory": True}), (V, HEAD), (E, None)],
    "another kind": [("x", HEAD), (E, None)],
    "head of another type": [(V, {"a": 1}), (E, None)],
    "column of no key": [(V, [[["t", "keys", ""]], "utf-8", True, []]), (E, None)],
    "columns without end": [(V, [[{"title": "t", "key": ""}] * 401, "utf-8", True, []]), (E, None)],
    "left out without end": [(V, [[], "utf-8", True, ["t"] * 21]), (E, None)],
    "encoding": [(V, [[], "a\nb", True, []]), (E, None)],
    "type": entry(type="client"),
    "line": entry(line=-1),
    "line that is no number": entry(line="2"),
    "no name": entry(values={"city": "Umeå"}),
    "field": valued(verification="verified"),
    "field of a client": valued(code="tulpan-47"),
    "code": valued(services=["everything"]),
    "codes as a text": valued(services="shelter"),
    "text as codes": valued(city=["a", "b"]),
    "country": valued(country="Sverige"),
    "number": valued(city=7),
    "control character": valued(city="a\u0000b"),
    "bidi": valued(city="a\u202eb"),
    "not normalised": valued(city="e\u0301"),
    "missing answer": valued(city="\u001aunknown"),
    "missing number": entry(numbers=["\u001aunknown"]),
    "answer as a text": valued(round_the_clock="yes"),
    "answer as a number": valued(round_the_clock=1),
    "text as an answer": valued(city=True),
    "field that stays here": valued(may_be_shared=True),
    "long": valued(city="a" * 4001),
    "numbers": entry(numbers=["1\u202e2"]),
    "long number": entry(numbers=["1" * 201]),
    "reason": [(V, HEAD), (V, [[], [{"line": 1, "reason": "because"}]]), (E, None)],
    "refusal of another": [(R, ["store.disk", {}]), (E, None)],
    "refusal without its number": [(R, ["contacts.too_many", {}]), (E, None)],
    "refusal with a text": [(R, ["contacts.too_many", {"most": "Kanariegatan"}]), (E, None)],
    "refusal with more": [(R, ["contacts.torn", {"most": 1}]), (E, None)],
}
PAGES: dict[str, list[tuple[str, object]]] = {
    "too few pixels": [(V, PAGE | {"height": 2}), (E, None)],
    "too many pixels": [(V, PAGE | {"width": 1}), (E, None)],
    "no size": [(V, PAGE | {"width": 0, "pixels": b""}), (E, None)],
    "negative": [(V, PAGE | {"width": -2, "height": -1}), (E, None)],
    "no page": [(V, PAGE | {"count": 0}), (E, None)],
    "pages without end": [(V, PAGE | {"count": 2**40}), (E, None)],
    "wider than asked": [(V, PAGE | {"width": 900, "pixels": b"\0" * 2700}), (E, None)],
    "text and pixels": [(V, PAGE | {"text": "a"}), (E, None)],
    "long text": [(V, {"text": "a" * 33_000}), (E, None)],
    "two pages": [(V, PAGE), (V, PAGE), (E, None)],
    "a list": [(V, [1, 2, 3]), (E, None)],
    "nothing": [(E, None)],
}
CONTENTS: dict[str, list[tuple[str, object]]] = {
    "no picture": [(V, {"media_type": "image/png", "data": b"MZ"}), (E, None)],
    "another picture": [(V, {"media_type": "image/jpeg", "data": PNG}), (E, None)],
    "another PDF": [(V, {"media_type": "application/pdf", "data": b"%PDF-1.7"}), (E, None)],
    "type": [(V, {"media_type": "text/html", "data": b""}), (E, None)],
    "large": [(V, {"media_type": "image/png", "data": PNG + bytes(25 * 2**20)}), (E, None)],
    "two": [(V, {"media_type": "image/png", "data": PNG})] * 2 + [(E, None)],
    "nothing": [(E, None)],
}


def lies(monkeypatch: pytest.MonkeyPatch, frames: list[tuple[str, object]], folder: Path) -> None:
    """Let the child give these frames; they are long, so they lie in a file."""
    script = folder / "frames"
    script.write_bytes(msgspec.msgpack.encode(frames))
    use_bad_child(monkeypatch, "lie", str(script))


_HEAD = (V, ("utf-8", True, ()))
_ROW = (1, ("prs_FirstName",))
SHEET_LIES: dict[str, list[tuple[str, object]]] = {
    "no head": [(E, None)],
    "a long encoding": [(V, ("x" * 201, True, ())), (E, None)],
    "an encoding of letters": [(V, ("дом", True, ())), (E, None)],
    "many sheets": [(V, ("xlsx", True, ("about",) * 21)), (E, None)],
    "many rows": [_HEAD, (V, [_ROW] * 5_001), (E, None)],
    "many cells": [_HEAD, (V, [(1, ("x",) * 401)]), (E, None)],
    "a long cell": [_HEAD, (V, [(1, ("x" * 4_002,))]), (E, None)],
    "a line before the first": [_HEAD, (V, [(-1, ("x",))]), (E, None)],
    "a number for a cell": [_HEAD, (V, [(1, (7,))]), (E, None)],
    "no end": [_HEAD, (V, [_ROW])],
}


@pytest.mark.parametrize("lie", SHEET_LIES)
def test_lie_about_a_sheet_is_refused(
    desk: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lie: str
) -> None:
    lies(monkeypatch, SHEET_LIES[lie], tmp_path)
    found = is_untouched(desk, lambda: preview_case_import(desk, b"prs_FirstName\nVera\n"))
    assert found == "contacts.unsafe"


def test_sheet_is_read_in_a_child(desk: Session) -> None:
    (line,) = preview_case_import(desk, "prs_FirstName;kf_Code\nВера;a\n".encode()).lines
    assert line.case.client == {"given_name": "Вера", "code": "a"}


@pytest.mark.parametrize("frames", first(8, LISTS.values()), ids=LISTS)
def test_lie_about_a_list_is_refused(
    desk: Session,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    frames: list[tuple[str, object]],
) -> None:
    lies(monkeypatch, frames, tmp_path)
    assert is_untouched(desk, lambda: look(desk, CARDS)) == "contacts.unsafe"


@pytest.mark.parametrize("frames", first(4, PAGES.values()), ids=PAGES)
def test_lie_about_a_page_is_refused(
    desk: Session,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    frames: list[tuple[str, object]],
) -> None:
    lies(monkeypatch, frames, tmp_path)
    assert is_untouched(desk, lambda: show(desk, b"%PDF-1.7")) == "attachment.not_shown"


@pytest.mark.parametrize("frames", first(2, CONTENTS.values()), ids=CONTENTS)
def test_lie_about_a_content_is_refused(
    desk: Session,
    plan: bytes,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    frames: list[tuple[str, object]],
) -> None:
    lies(monkeypatch, frames, tmp_path)
    assert is_untouched(desk, lambda: add(desk, plan, b"%PDF-1.7")) == "attachment.unsafe"


def test_true_answers_of_the_same_shapes_are_believed(
    desk: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lies(monkeypatch, entry(), tmp_path)
    assert look(desk, CARDS)
    lies(monkeypatch, [(V, PAGE), (E, None)], tmp_path)
    assert show(desk, b"%PDF-1.7")


# --- what a child is given, and what it can do


def test_child_is_given_no_key_no_file_and_no_secret(
    desk: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NOTEBOOK_RENEWED", "Kanariegatan 7")
    monkeypatch.setenv("KANARIE", "Kanariegatan 7")
    use_bad_child(monkeypatch, "tell")
    with (tmp_path / "open").open("wb"):
        page = desk.adapters.attached.show(b"Kanariegatan 7", 0, 400, lambda: None)
    said = json.loads(page.text or "")
    assert "Kanariegatan" not in json.dumps(said)
    assert str(tmp_path / "store") not in json.dumps(said)
    allowed = {"PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONNOUSERSITE", "LC_CTYPE", "SYSTEMROOT"}
    assert set(said["environment"]) <= allowed
    assert set(said["files"]) <= {0, 1, 2, 3}  # the fourth is the look at them itself


def test_confined_child_can_read_and_nothing_else(
    desk: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = client.check_confinement()
    if not (kept.filters_calls and kept.limits_memory):
        pytest.skip("this system has no filter of system calls")
    use_bad_child(monkeypatch, "try_out")
    page = desk.adapters.attached.show(b"", 0, 400, lambda: None)
    done = {name for name, how in json.loads(page.text or "").items() if how == "done"}
    assert done == {"read"}


def test_command_of_a_package_is_the_package_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/notebook/notebook")
    command = child_process.child_command((ARGUMENT, DecoderTask.SHOW))
    assert command == ["/opt/notebook/notebook", "decode", "show"]


def test_bad_child_cannot_be_asked_for() -> None:
    """Harmful children lie in the tests: no task of the program leads there."""
    assert not set(HOWS) & set(DecoderTask)


@pytest.mark.parametrize("code", ["attachment.unsafe", "contacts.unsafe", "work.not_started"])
def test_each_refusal_has_a_sentence_and_a_remedy_in_each_language(code: str) -> None:
    said = set()
    for name in ("en", "sv", "ru"):
        words = Language(name, paths.translations_folder(), PROGRAM)
        said |= {error_sentence(KfdeskError(code), words), error_remedy(KfdeskError(code), words)}
    assert len(said) == 6
