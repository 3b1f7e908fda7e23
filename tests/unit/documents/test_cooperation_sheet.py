# SPDX-License-Identifier: GPL-3.0-or-later
"""The sheet of a cooperation: her code and no name, whom to call, and the last days."""

from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from tests.support import make
from tests.unit.documents.cabinet_samples import MADE
from tests.unit.documents.procedure_samples import shipped

from kfdesk.documents.procedures.run_sheet import make_cooperation_sheet
from kfdesk.documents.typesetting import Typesetter, page_texts, strip_layout
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.papers import CONTENTS, PrintContext, StepStanding
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Value, text_in_language
from kfdesk.i18n.language import PROGRAM_LANGUAGES

PAPER = PaperName.COOPERATION_SHEET
RUN = make.named_id("cooperation")
BOARD, CLERK, SHELTER = (make.named_id(one) for one in ("board", "clerk", "shelter"))
NAMES = {BOARD.hex(): "Socialnämnden Vinterby", CLERK.hex(): "Karin", SHELTER.hex(): "Nordhuset"}
CLOSED = ("Vymyslova", "VYMYSLOVA", "Nina", "Нина")


def step_id(prefix: object) -> bytes:
    return make.named_id(f"run {prefix}")


def step(prefix: str, **values: Value) -> Row:
    return make.row(
        "cooperation_step", {"prefix": prefix, **values}, rid=step_id(prefix), parent=RUN
    )


def people() -> tuple[Row, ...]:
    phone: dict[str, Value] = {
        "number": "+46 8 000 00 01",
        "hours": make.told("dygnet runt", "всегда"),
    }
    return (
        make.row("organisation", {"name": NAMES[BOARD.hex()]}, rid=BOARD),
        make.row("phone", phone, rid=make.named_id("board phone"), parent=BOARD),
        make.row("contact", {"given_name": "Karin", "phone": "+46 70 000 00 02"}, rid=CLERK),
        make.row("phone", {"number": "+46 8 000 00 03"}, rid=make.named_id("s"), parent=SHELTER),
    )


def rows(*steps: Row) -> tuple[Row, ...]:
    run: dict[str, Value] = {"title": make.told("Samverkan", "Взаимодействие"), "version": "3"}
    client = make.row("client", {**make.FILLED["client"], "code": "tulpan-47"})
    head = make.row("cooperation", {**run, "note": "Nina Vymyslova"}, rid=RUN)
    return (client, make.row("plan"), head, *steps, *people())


def drawn(
    press: Typesetter,
    steps: tuple[Row, ...],
    code: str = "en",
    standings: dict[bytes, StepStanding] | None = None,
) -> bytes:
    what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=rows(*steps))
    about = PrintContext(MADE, "EB", 2, NAMES, standings=standings or {})
    order = PaperRequest(PAPER, make.PLAN, code)
    return make_cooperation_sheet(order, what.only_keys(CONTENTS[PAPER]), about, press)


def text_of(pdf: bytes) -> str:
    return strip_layout(" ".join(page_texts(pdf)))


def says(pdf: bytes, *texts: str) -> list[str]:
    """Return those of the texts that the paper does not say."""
    found = text_of(pdf)
    return [one for one in texts if strip_layout(one) not in found]


def whole_run() -> tuple[Row, ...]:
    copied = ({key: one[key] for key in one if key != "form_from"} for one in shipped().steps)
    return tuple(step(**one) for one in copied)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_whole_run_says_every_step_and_her_code_alone(press: Typesetter, code: str) -> None:
    pdf = drawn(press, whole_run(), code)
    titles = [text_in_language(one["title"], code) or "" for one in shipped().steps]  # type: ignore[arg-type]
    assert says(pdf, "tulpan-47", *titles) == []
    assert [name for name in CLOSED if strip_layout(name) in text_of(pdf)] == []
    words = press.program(code)
    never = words.gettext("must not travel").upper()
    assert all(strip_layout(never) in strip_layout(text) for text in page_texts(pdf))
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_nothing_that_was_said_or_noted_stands_on_it(press: Typesetter) -> None:
    row = make.row("cooperation_step", rid=step_id("6a"), parent=RUN)
    pdf = drawn(press, (row,), "sv")
    values = make.FILLED["cooperation_step"]
    closed = [str(values[key]) for key in ("note", "reference_number", "done_by")]
    closed += [
        text_in_language(values[key], "sv") or ""  # type: ignore[arg-type]
        for key in ("said", "skipped_because", "early_because", "began_because", "what")
    ]
    assert says(pdf, *closed) == closed


def test_step_says_whom_to_call_and_who_stands_in(press: Typesetter) -> None:
    one = step(
        "4b", lead="social_board", led_by=BOARD.hex(), person=CLERK.hex(), stand_in=SHELTER.hex()
    )
    assert says(drawn(press, (one,)), "Socialnämnden Vinterby", "Karin", "+46 70 000 00 02",
                "if no one answers: Nordhuset", "+46 8 000 00 03") == []  # fmt: skip
    without = step("4b", led_by=BOARD.hex())
    assert says(drawn(press, (without,)), "+46 8 000 00 01") == []


def test_last_day_and_last_hour_stand_there(press: Typesetter) -> None:
    steps = tuple(
        step(prefix, clock="statutory", amount=14, unit="d", event="step_done", event_step="4")
        for prefix in ("1", "2", "3", "4")
    )
    hour = datetime(2026, 12, 1, 14, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
    pdf = drawn(press, steps, "en", {
        step_id("1"): StepStanding(date(2026, 12, 11)),
        step_id("2"): StepStanding(hour),
        step_id("3"): StepStanding(is_done=True),
    })  # fmt: skip
    assert says(pdf, "11 Dec 2026", "14:30", "the time limit has not started", "Done") == []


@pytest.mark.parametrize(
    ("values", "is_done", "says_it"),
    [
        ({"clock": "statutory"}, False, False),  # at once: nothing that it waits for
        ({"clock": "agreed", "amount": 5, "unit": "d", "event": "opened"}, False, True),
        ({"clock": "agreed", "amount": 5, "unit": "d", "event": "opened"}, True, False),
        ({"clock": "agreed", "amount": 5, "unit": "d", "event": "opened",
          "state": "completed"}, False, False),
        ({}, False, False),
    ],
)  # fmt: skip
def test_only_an_open_step_that_waits_says_that_its_clock_has_not_begun(
    press: Typesetter, values: dict[str, Value], is_done: bool, says_it: bool
) -> None:
    standings = {step_id("1"): StepStanding(is_done=is_done)}
    missing = says(
        drawn(press, (step("1", **values),), "en", standings), "the time limit has not started"
    )
    assert (missing == []) is says_it


@pytest.mark.parametrize(
    ("state", "text"),
    [("completed", "Done"), ("not_applicable", "Does not apply"), ("in_space", "in_space"),
     (None, "open")],
)  # fmt: skip
def test_state_of_a_step_is_said(press: Typesetter, state: str | None, text: str) -> None:
    assert says(drawn(press, (step("1", state=state),)), text) == []


def test_two_values_are_both_said(press: Typesetter) -> None:
    ours = step("1", led_by=BOARD.hex(), state="requested")
    theirs = make.changed(
        ours, {"led_by": SHELTER.hex(), "state": "completed"}, make.signature("Tartu", 1),
        step("1"),
    )  # fmt: skip
    assert says(drawn(press, (theirs,)), "Socialnämnden Vinterby", "Nordhuset", "Asked", "Done",
                "not yet decided") == []  # fmt: skip


def test_run_that_says_nothing_is_a_page(press: Typesetter) -> None:
    assert len(page_texts(drawn(press, ()))) == 1
