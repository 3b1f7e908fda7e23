# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures come as files, are looked at, added as drafts and taken back; and go as files."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.integration.test_command_line import (  # noqa: F401 - two fixtures
    Run,
    passphrase_file,
    run,
)

from kfdesk.demo import people
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.procedures.steps import StepFault
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import change_record, create_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.procedures.files import (
    ProcedureImport,
    export_procedure,
    file_values,
    import_procedure,
    preview_procedure,
    read_procedure_file,
    shipped_procedure,
    shipped_procedures,
    stored_procedure,
)
from kfdesk.services.procedures.procedures import list_procedures, read_procedure

STOCKHOLM = "stockholm-region"


def stored_steps(desk: Session, rid: bytes) -> list[Mapping[str, Value]]:
    return [file_values(one) for one in read_procedure(desk, rid).steps]


def taken(desk: Session, name: str = STOCKHOLM) -> ProcedureImport:
    return import_procedure(desk, preview_procedure(desk, shipped_procedure(desk, name)))


def packed(**parts: Any) -> bytes:
    return json.dumps({"resourceType": "PlanDefinition", "kfdesk": 1, **parts}).encode()


def refusal(done: Any, *given: Any) -> KfdeskError:
    with pytest.raises(KfdeskError) as refused:
        done(*given)
    return refused.value


# --- looking and taking


def test_looking_at_a_file_writes_nothing(desk: Session) -> None:
    before = desk.store.digest()
    preview = preview_procedure(desk, shipped_procedure(desk, STOCKHOLM))
    assert (len(preview.file.steps), preview.here) == (22, ())
    assert {one.fault for one in preview.faults} == {StepFault.LAW_NOT_READ}
    assert not preview.is_taken
    assert desk.store.digest() == before


@pytest.mark.parametrize("name", ["empty", "return-and-reception", STOCKHOLM])
def test_shipped_procedure_is_taken_whole_and_knows_all_its_codes(desk: Session, name: str) -> None:
    shipped = shipped_procedures(desk)[name]
    preview = preview_procedure(desk, shipped_procedure(desk, name))
    assert {one.fault for one in preview.faults} <= {StepFault.LAW_NOT_READ}
    done = import_procedure(desk, preview)
    assert stored_procedure(desk, done.procedure) == shipped
    record = view(desk.store.row(done.procedure), Procedure).record  # type: ignore[arg-type]
    assert (record.status, record.confidentiality, record.adopted) == ("draft", "circle", None)


def test_procedure_in_force_elsewhere_is_a_draft_here(desk: Session) -> None:
    preview = preview_procedure(desk, packed(status="active", version="7", title={"en": "Ours"}))
    done = import_procedure(desk, preview)
    record = view(desk.store.row(done.procedure), Procedure).record  # type: ignore[arg-type]
    assert (record.status, record.version) == ("draft", "7")


def test_import_is_taken_back_and_made_again(desk: Session) -> None:
    done = taken(desk)
    assert len(stored_steps(desk, done.procedure)) == 22
    undo_all(desk, done.done)
    assert list_procedures(desk) == ()
    assert len(stored_steps(desk, taken(desk).procedure)) == 22


def test_second_import_says_that_the_version_is_taken_and_replaces_nothing(desk: Session) -> None:
    first = taken(desk)
    preview = preview_procedure(desk, shipped_procedure(desk, STOCKHOLM))
    assert ([one.rid for one in preview.here], preview.is_taken) == ([first.procedure], True)
    before = stored_procedure(desk, first.procedure)
    second = import_procedure(desk, preview)
    assert stored_procedure(desk, first.procedure) == before
    assert {one.view.rid for one in list_procedures(desk)} == {first.procedure, second.procedure}


def test_unknown_codes_are_kept_told_and_given_again(desk: Session, tmp_path: Path) -> None:
    action = {
        "prefix": "1",
        "participant": [
            {"type": "lead", "role": "space_agency"},
            {"type": "takes-part", "role": "police"},
            {"type": "takes-part", "role": "moon_office"},
        ],
        "timing": {"event": "full_moon"},
    }
    preview = preview_procedure(desk, packed(country="XX", action=[action]))
    told = {(one.prefix, one.about) for one in preview.faults}
    assert {one.fault for one in preview.faults} == {StepFault.UNKNOWN_CODE}
    assert told == {
        ("", "XX"), ("1", "space_agency"), ("1", "moon_office"), ("1", "full_moon"),
    }  # fmt: skip
    done = import_procedure(desk, preview)
    export_procedure(desk, done.procedure, tmp_path / "again.json")
    again = json.loads((tmp_path / "again.json").read_bytes())
    assert again["action"] == [action]


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"\0" * 50, packed(title="x"), packed(action=[{"prefix": 5}]), b" " * 10_485_760],
    ids=["empty", "object", "zeros", "plain title", "odd number", "ten megabytes"],
)  # fmt: skip
def test_odd_file_is_refused_and_nothing_is_written(desk: Session, data: bytes) -> None:
    before = desk.store.digest()
    assert refusal(preview_procedure, desk, data).code.startswith("procedure.")
    assert desk.store.digest() == before


def test_order_that_makes_a_ring_is_told_and_every_step_is_kept(desk: Session) -> None:
    def step(prefix: str, after: str) -> dict[str, Any]:
        related = {"targetId": after, "relationship": "after-end"}
        return {"prefix": prefix, "relatedAction": [related]}

    preview = preview_procedure(
        desk, packed(action=[step("1", "2"), step("2", "1"), step("3", "9")])
    )
    assert [(one.fault, one.prefix) for one in preview.faults] == [
        (StepFault.AFTER_RING, "1"), (StepFault.AFTER_RING, "2"), (StepFault.AFTER_MISSING, "3"),
    ]  # fmt: skip
    done = import_procedure(desk, preview)
    assert [one["prefix"] for one in stored_steps(desk, done.procedure)] == ["1", "2", "3"]


def test_whoever_takes_it_says_who_may_see_it(desk: Session) -> None:
    preview = preview_procedure(desk, packed(title={"en": "Ours"}))
    assert refusal(import_procedure, desk, preview, "everybody").code == "field.kind_mismatch"
    done = import_procedure(desk, preview, "secret")
    record = view(desk.store.row(done.procedure), Procedure).record  # type: ignore[arg-type]
    assert record.confidentiality == "secret"


# --- files


def test_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    assert refusal(read_procedure_file, tmp_path / "none.json").code == "procedure.not_readable"
    assert refusal(read_procedure_file, tmp_path).code == "procedure.not_readable"
    os.mkfifo(tmp_path / "pipe.json")  # reading it would never end
    assert refusal(read_procedure_file, tmp_path / "pipe.json").code == "procedure.not_readable"
    big = tmp_path / "big.json"
    big.write_bytes(b" " * (10 * 2**20))
    assert refusal(read_procedure_file, big).code == "procedure.too_large"


def test_name_that_is_not_shipped_is_refused(desk: Session) -> None:
    refused = refusal(shipped_procedure, desk, "../secret")
    assert refused.code == "procedure.not_shipped"
    assert refused.data == {"known": "empty, return-and-reception, stockholm-region"}


def test_file_that_was_saved_is_the_one_that_was_taken(desk: Session, tmp_path: Path) -> None:
    done, path = taken(desk), tmp_path / "plan.json"
    assert export_procedure(desk, done.procedure, path) == 22
    assert path.read_bytes() == shipped_procedure(desk, STOCKHOLM)
    assert [one.name for one in tmp_path.iterdir() if "plan" in one.name] == ["plan.json"]
    line = read_history(desk, None, 1).lines[0]
    assert line.action == Action.SAVE_PROCEDURE


def test_secret_procedure_stays_here(desk: Session, tmp_path: Path) -> None:
    rid = create_record(desk, Procedure, {"status": "draft", "confidentiality": "secret"})
    unsaid = create_record(desk, Procedure, {"status": "draft"})
    for one in (rid, unsaid):
        assert refusal(export_procedure, desk, one, tmp_path / "x.json").code == "procedure.stays"
    assert not (tmp_path / "x.json").exists()


def test_only_a_procedure_is_saved_as_one(desk: Session, tmp_path: Path) -> None:
    step = next(iter(desk.store.children(taken(desk).procedure)))
    for rid in (step.rid, desk.identity.organisation, b"\0" * 16):
        assert refusal(export_procedure, desk, rid, tmp_path / "x.json").code == "record.missing"


def test_folder_that_takes_no_file_leaves_none(desk: Session, tmp_path: Path) -> None:
    done = taken(desk)
    assert (
        refusal(export_procedure, desk, done.procedure, tmp_path / "no" / "x").code == "store.disk"
    )


def test_what_means_nothing_elsewhere_is_not_in_the_file(desk: Session, tmp_path: Path) -> None:
    done = taken(desk, "empty")
    change_record(desk, done.procedure, {"network": "ab" * 16, "supersedes": "cd" * 16})
    step = next(iter(desk.store.children(done.procedure)))
    change_record(desk, step.rid, {"article": "ef" * 16})
    export_procedure(desk, done.procedure, tmp_path / "x.json")
    text = (tmp_path / "x.json").read_text(encoding="utf-8")
    assert not any(one * 16 in text for one in ("ab", "cd", "ef"))


def test_step_in_the_bin_is_not_in_the_file(desk: Session) -> None:
    done = taken(desk, "empty")
    rid = create_record(desk, ProcedureStep, {"prefix": "1a"}, parent=done.procedure)
    assert [one["prefix"] for one in stored_steps(desk, done.procedure)] == ["1", "1a", "2", "3"]
    from_bin = next(one for one in done.done if one.type == "procedure_step")
    undo_all(desk, [from_bin])
    assert [one["prefix"] for one in stored_steps(desk, done.procedure)] == ["1a", "2", "3"]
    assert desk.store.row(rid) is not None


# --- the command line


def test_commands_list_take_show_and_save(run: Run, tmp_path: Path) -> None:  # noqa: F811
    run("init", "--name", people.HOUSE)
    listed = run("procedure", "list").answer
    assert listed["procedures"] == []
    assert [(one["name"], one["steps"]) for one in listed["shipped"]] == [
        ("empty", 3), ("return-and-reception", 6), (STOCKHOLM, 22),
    ]  # fmt: skip
    looked = run("procedure", "import", "--shipped", STOCKHOLM).answer
    assert (looked["steps"], looked["left_out"], looked["taken"]) == (22, [], "")
    assert {(one["kind"], one["step"]) for one in looked["odd"]} == {
        ("law_not_read", "4d"), ("law_not_read", "8"), ("law_not_read", "16"),
    }  # fmt: skip
    assert run("procedure", "list").answer["procedures"] == []
    rid = run("procedure", "import", "--shipped", STOCKHOLM, "--apply").answer["taken"]
    (line,) = run("procedure", "list").answer["procedures"]
    assert (line["procedure"], line["status"], line["steps"]) == (rid, "draft", 22)
    shown = run("procedure", "show", rid).answer
    assert shown["title"]["sv"] == "Samverkan i Stockholmsregionen"
    steps = {one["prefix"]: one for one in shown["steps_in_order"]}
    assert (steps["4b"]["amount"], steps["4b"]["law"]) == (14, "SoL 20:2, 19:6")
    path = tmp_path / "plan.json"
    saved = run("procedure", "export", rid, str(path))
    assert (saved.code, saved.answer["steps"]) == (0, 22)
    again = run("procedure", "import", str(path)).answer
    assert (again["here"], again["version_is_taken"]) == ([rid], True)


def test_commands_make_the_papers(run: Run, tmp_path: Path) -> None:  # noqa: F811
    run("init", "--name", people.HOUSE)
    rid = run("procedure", "import", "--shipped", STOCKHOLM, "--apply").answer["taken"]
    for paper in ("procedure_sheet", "who_does_what"):
        for code in ("sv", "en", "ru"):
            file = tmp_path / f"{paper}-{code}.pdf"
            made = run("paper", "make", rid, "--paper", paper, "--in", code, "--out", str(file))
            assert made.code == 0, made.err
            assert file.read_bytes().startswith(b"%PDF")
    copies = run("paper", "copies").answer["copies"]
    numbers = sorted((one["paper"], one["number"]) for one in copies)
    assert numbers == [
        (paper, n) for paper in ("procedure_sheet", "who_does_what") for n in (1, 2, 3)
    ]
    assert {one["code"] for one in copies} == {""}


@pytest.mark.parametrize("words", [(), ("file.json", "--shipped", "empty")])
def test_import_takes_one_source(run: Run, words: tuple[str, ...]) -> None:  # noqa: F811
    run("init", "--name", people.HOUSE)
    done = run("procedure", "import", *words)
    assert done.code != 0
    assert run("procedure", "show", "00" * 16).code != 0
