# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures as JSON: what was written is read again, odd things are told, torn ones refused."""

import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.procedures.files import MAX_FILE_BYTES, ProcedureFile
from kfdesk.domain.procedures.steps import MAX_STEPS
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation
from kfdesk.formats.procedures import (
    MAX_CODES,
    MAX_TEXT_LENGTH,
    read_procedure,
    write_procedure,
)

WHOLE: dict[str, Any] = {
    "resourceType": "PlanDefinition",
    "kfdesk": 1,
    "title": {"en": "At the harbour", "sv": "I hamnen"},
    "version": "4",
    "status": "active",
    "date": "2026-11-29",
    "country": "SE",
    "region": "Vinterby",
    "effectivePeriod": {"start": "2027-01-01", "end": "2027-12-31"},
    "purpose": {"en": "Who does what"},
    "source": {"en": "Ours"},
    "reviewBy": "2027-11-29",
    "action": [
        {
            "prefix": "1",
            "title": {"en": "First talk"},
            "description": {"en": "Talk\nalone"},
            "participant": [
                {"type": "lead", "role": "shelter"},
                {"type": "takes-part", "role": "police"},
                {"type": "takes-part", "role": "interpreter"},
                {"type": "informed", "role": "client"},
                {"type": "deputy", "role": "social_services"},
                {"type": "pays", "role": "social_board"},
            ],
            "condition": ["adult", "no_permit"],
            "requiredBehavior": "must",
            "form": {"number": "195011", "from": "Migrationsverket"},
            "documentation": {
                "citation": "SoL 20:2",
                "checked": "2026-11-29",
                "checkedBy": "kfdesk project",
            },
            "needsConsent": "police_report",
            "proof": "consent",
        },
        {
            "prefix": "2",
            "title": {"en": "Answer"},
            "relatedAction": [{"targetId": "1", "relationship": "after-end"}],
            "timing": {
                "event": "step_done",
                "step": "1",
                "offsetDuration": {"value": 14, "unit": "d"},
                "kind": "statutory",
                "rolls": False,
                "warn": [7, 3],
                "prolong": {"en": "Nobody"},
            },
        },
    ],
}


def packed(whole: object) -> bytes:
    return json.dumps(whole, ensure_ascii=False).encode()


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    whole = json.loads(packed(WHOLE))
    change(whole)
    return packed(whole)


def step(**parts: object) -> bytes:
    return changed(lambda whole: whole.update(action=[{"prefix": "1", **parts}]))


def refusal(data: bytes) -> KfdeskError:
    with pytest.raises(KfdeskError) as refused:
        read_procedure(data)
    return refused.value


# --- reading and writing


def test_every_part_is_read_under_the_key_of_its_field() -> None:
    found = read_procedure(packed(WHOLE))
    assert found.left_out == ()
    assert found.values == {
        "title": (Translation("en", "At the harbour"), Translation("sv", "I hamnen")),
        "version": "4",
        "status": "active",
        "dated": date(2026, 11, 29),
        "country": "SE",
        "region": "Vinterby",
        "effective_from": date(2027, 1, 1),
        "effective_to": date(2027, 12, 31),
        "purpose": (Translation("en", "Who does what"),),
        "source": (Translation("en", "Ours"),),
        "review_by": date(2027, 11, 29),
    }
    first, second = found.steps
    assert first == {
        "prefix": "1",
        "title": (Translation("en", "First talk"),),
        "what": (Translation("en", "Talk\nalone"),),
        "lead": "shelter",
        "takes_part": ("police", "interpreter"),
        "informs": ("client",),
        "deputy": "social_services",
        "pays": "social_board",
        "applies": ("adult", "no_permit"),
        "requirement": "must",
        "form_number": "195011",
        "form_from": "Migrationsverket",
        "law": "SoL 20:2",
        "law_read": date(2026, 11, 29),
        "law_read_by": "kfdesk project",
        "needs_consent": "police_report",
        "proof": "consent",
    }
    assert second == {
        "prefix": "2",
        "title": (Translation("en", "Answer"),),
        "after": "1",
        "event": "step_done",
        "event_step": "1",
        "amount": 14,
        "unit": "d",
        "clock": "statutory",
        "rolls": False,
        "warn": "7 3",
        "prolong": (Translation("en", "Nobody"),),
    }


def test_file_that_was_written_is_read_the_same() -> None:
    found = read_procedure(packed(WHOLE))
    written = write_procedure(found)
    assert read_procedure(written) == found
    assert write_procedure(read_procedure(written)) == written
    assert json.loads(written) == WHOLE


def test_what_no_part_can_hold_is_left_out_of_the_file() -> None:
    odd = ProcedureFile(
        {"dated": PartialDate("2026-11"), "title": MissingAnswer.UNKNOWN, "region": ""},
        ({"warn": "soon", "takes_part": MissingAnswer.UNKNOWN, "lead": "", "purpose": "x"},),
    )
    assert json.loads(write_procedure(odd)) == {
        "resourceType": "PlanDefinition",
        "kfdesk": 1,
        "action": [{}],
    }


def test_byte_order_mark_of_another_editor_is_no_fault() -> None:
    assert read_procedure(b"\xef\xbb\xbf" + packed(WHOLE)) == read_procedure(packed(WHOLE))


# --- kept and told


def test_unknown_codes_are_kept() -> None:
    (one,) = read_procedure(
        step(
            participant=[{"type": "lead", "role": "space_agency"}],
            condition=["left_handed"],
            timing={"event": "full_moon", "offsetDuration": {"value": 1, "unit": "fortnight"}},
        )
    ).steps
    assert (one["lead"], one["applies"]) == ("space_agency", ("left_handed",))
    assert (one["event"], one["unit"]) == ("full_moon", "fortnight")


def test_marks_of_html_are_letters_like_others() -> None:
    text = "<b>Call</b> <script>alert(1)</script> &amp; wait"
    (one,) = read_procedure(step(title={"en": text})).steps
    assert one["title"] == (Translation("en", text),)


def test_letters_that_turn_the_direction_are_taken_out() -> None:
    (one,) = read_procedure(step(title={"en": "call \u202e211\u0007"})).steps
    assert one["title"] == (Translation("en", "call 211"),)


def test_parts_that_are_not_read_are_told() -> None:
    found = read_procedure(
        changed(
            lambda whole: (
                whole.update(url="https://example.org", empty=None),
                whole["action"][1]["timing"].update(repeat={"count": 3}),
                whole["action"][1].update(id="x"),
            )
        )
    )
    assert found.left_out == ("url", "action 2, timing.repeat.count", "action 2, id")


def test_many_parts_that_are_not_read_are_told_in_few_words() -> None:
    found = read_procedure(changed(lambda whole: whole.update({f"x{n}": n for n in range(900)})))
    assert len(found.left_out) == 20


@pytest.mark.parametrize("actions", [None, []])
def test_procedure_without_steps_is_read(actions: object) -> None:
    found = read_procedure(
        changed(
            lambda whole: whole.pop("action") if actions is None else whole.update(action=actions)
        )
    )
    assert found.steps == ()


def test_odd_order_of_the_steps_is_kept() -> None:
    def after(prefix: str, *others: str) -> dict[str, Any]:
        related = [{"targetId": one, "relationship": "after-end"} for one in others]
        return {"prefix": prefix, "relatedAction": related}

    odd = [after("1", "2"), after("2", "1"), after("2", "9", "2", "9")]
    found = read_procedure(changed(lambda whole: whole.update(action=odd)))
    assert [(one["prefix"], one["after"]) for one in found.steps] == [
        ("1", "2"), ("2", "1"), ("2", "9 2"),
    ]  # fmt: skip


@pytest.mark.parametrize("amount", [0, -3, 4_000])
def test_odd_amount_is_kept(amount: int) -> None:
    (one,) = read_procedure(step(timing={"offsetDuration": {"value": amount}})).steps
    assert one["amount"] == amount
    assert "unit" not in one


# --- refused


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0\0", b"{", b"null", b"[]", b"{}", b'"PlanDefinition"', b"\xff\xfe{}",
        b'{"resourceType": "Patient", "kfdesk": 1}',
        b'{"resourceType": "PlanDefinition", "resourceType": "PlanDefinition", "kfdesk": 1}',
        b'{"resourceType": "PlanDefinition", "kfdesk": NaN}',
        b'{"resourceType": "PlanDefinition", "kfdesk": Infinity}',
        b'{"resourceType": "PlanDefinition", "kfdesk": ' + b"9" * 5_000 + b"}",
        b"[" * 100_000, b'{"a":' * 100_000, b"%PDF-1.7", b"<html></html>",
    ],
)  # fmt: skip
def test_other_files_are_refused(data: bytes) -> None:
    assert refusal(data).code == "procedure.not_json"


def test_file_of_ten_megabytes_is_refused_unread() -> None:
    big = b" " * (10 * 2**20)
    tracemalloc.start()
    try:
        refused = refusal(big)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (refused.code, refused.data) == ("procedure.too_large", {"most": 1})
    assert most < 2**20


def test_largest_file_costs_a_bounded_memory() -> None:
    head = b'{"resourceType": "PlanDefinition", "kfdesk": 1, "x": ['
    hostile = head + b"[]," * ((MAX_FILE_BYTES - len(head)) // 3 - 2) + b"[]]}"
    assert len(hostile) <= MAX_FILE_BYTES
    tracemalloc.start()
    try:
        read_procedure(hostile)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 60 * 2**20


def test_newer_file_is_refused() -> None:
    assert refusal(changed(lambda whole: whole.update(kfdesk=2))).code == "procedure.newer"


def test_too_many_steps_are_refused() -> None:
    many = [{"prefix": str(number)} for number in range(MAX_STEPS + 1)]
    refused = refusal(changed(lambda whole: whole.update(action=many)))
    assert (refused.code, refused.data) == ("procedure.too_many", {"most": MAX_STEPS})


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"kfdesk": None}, "kfdesk"), ({"kfdesk": True}, "kfdesk"), ({"kfdesk": "1"}, "kfdesk"),
        ({"kfdesk": 0}, "kfdesk"),
        ({"title": "plain"}, "title"), ({"title": {"english": "x"}}, "title"),
        ({"title": {"en": 3}}, "title"), ({"title": {"en": "x" * (MAX_TEXT_LENGTH + 1)}}, "title"),
        ({"title": {f"a{chr(97 + n // 26)}{chr(97 + n % 26)}": "x" for n in range(41)}}, "title"),
        ({"date": "2026-13-01"}, "date"), ({"date": "20261129"}, "date"), ({"date": 5}, "date"),
        ({"effectivePeriod": "always"}, "effectivePeriod.start"),
        ({"version": ["4"]}, "version"), ({"action": {}}, "action"),
        ({"action": ["x"]}, "action 1"),
    ],
)  # fmt: skip
def test_other_shapes_are_refused_with_their_place(parts: dict[str, Any], place: str) -> None:
    refused = refusal(changed(lambda whole: whole.update(parts)))
    assert (refused.code, refused.data) == ("procedure.torn", {"place": place})


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"prefix": 4}, "prefix"),
        ({"participant": "police"}, "participant"),
        ({"participant": ["police"]}, "participant"),
        ({"participant": [{"type": "boss", "role": "police"}]}, "participant"),
        ({"participant": [{"type": ["lead"], "role": "police"}]}, "participant"),
        ({"participant": [{"type": "lead", "role": "police", "x": 1}]}, "participant"),
        ({"participant": [{"type": "lead", "role": one} for one in "ab"]}, "participant"),
        ({"participant": [{"type": "lead", "role": "a"}] * (MAX_CODES + 1)}, "participant"),
        ({"condition": ["a"] * (MAX_CODES + 1)}, "condition"), ({"condition": [1]}, "condition"),
        ({"relatedAction": [{"targetId": "1"}]}, "relatedAction"),
        ({"relatedAction": ["1"]}, "relatedAction"),
        ({"relatedAction": [{"targetId": "1", "relationship": "before"}]}, "relatedAction"),
        ({"relatedAction": [{"targetId": "1 2", "relationship": "after-end"}]}, "relatedAction"),
        ({"relatedAction": [{"targetId": "", "relationship": "after-end"}]}, "relatedAction"),
        ({"timing": 14}, "timing.event"),
        ({"timing": {"offsetDuration": "P14D"}}, "timing.offsetDuration.value"),
        ({"timing": {"offsetDuration": {"value": 1.5}}}, "timing.offsetDuration.value"),
        ({"timing": {"offsetDuration": {"value": 10**7}}}, "timing.offsetDuration.value"),
        ({"timing": {"rolls": "yes"}}, "timing.rolls"), ({"timing": {"warn": 3}}, "timing.warn"),
        ({"timing": {"warn": ["3"]}}, "timing.warn"),
        ({"documentation": {"checked": "soon"}}, "documentation.checked"),
    ],
)  # fmt: skip
def test_other_shapes_of_a_step_are_refused_with_their_place(
    parts: dict[str, Any], place: str
) -> None:
    refused = refusal(step(**parts))
    assert (refused.code, refused.data) == ("procedure.torn", {"place": f"action 1, {place}"})


def test_no_value_of_the_file_stands_in_a_refusal() -> None:
    refused = refusal(step(title={"en": 5, "sv": "Vinterby"}, prefix="Vinterby"))
    assert "Vinterby" not in repr(refused.data)
