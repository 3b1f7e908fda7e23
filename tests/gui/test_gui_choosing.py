# SPDX-License-Identifier: GPL-3.0-or-later
"""An organisation is named in a form by typing, also where the list is too short for all."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view
from tests.support import make
from tests.support.windows import Stage, show

from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import view
from kfdesk.domain.schema import Field
from kfdesk.services.core.records import create_record
from kfdesk.services.plans.plans import MAX_CHOICES, open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.editors import MAX_VISIBLE_OPTIONS, AutocompleteEditor, ChipsEditor
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.parts import AutocompleteInput
from kfdesk.ui.pages.aftercare.support import SupportSection
from kfdesk.ui.translator import fixed_text

LAST = "Östersjöns sista hus"


@pytest.fixture
def last(kit: UiContext, qtbot: QtBot, opened: OpenDesk, tmp_path: Path) -> bytes:
    """Return the last of more organisations than a list offers."""

    def enter() -> bytes:
        with opened.desk.store.transaction():
            for number in range(MAX_CHOICES + 50):
                values = {"name": f"Hus {number:05}", "country": "EE"}
                row = make.row("organisation", values, rid=make.named_id(f"many {number}"))
                opened.desk.store.put(row)
        return create_record(opened.desk, Organisation, {"name": LAST, "confidentiality": "public"})

    return opened.run(enter)


def choose(editor: object, opened: OpenDesk, typed: str) -> AutocompleteEditor:
    assert isinstance(editor, AutocompleteEditor)
    editor.pick.setFocus()
    editor.pick.selectAll()
    QTest.keyClicks(editor.pick, typed)
    opened.rest()
    QTest.keyClick(editor.pick, Qt.Key.Key_Return)
    return editor


def test_who_is_not_among_the_first_is_found_by_typing(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, last: bytes
) -> None:
    part = SupportSection(kit, opened.desk)
    part.resize(900, 700)
    show(qtbot, part)
    part.show_plan(opened.run(lambda: open_plan(opened.desk, opened.plan)))
    part.goals.begin()
    assert part.goals.form is not None
    found = choose(part.goals.form.form.editors["organisation"], opened, "ostersjons sista")
    assert found.value() == last.hex()
    assert found.pick.text() == LAST
    part.goals.form.save()
    opened.rest()
    page = opened.run(lambda: open_plan(opened.desk, opened.plan))
    assert dict(page.choices.organisations)[last.hex()] == LAST


def test_person_works_for_one_that_is_found_by_typing_and_goes_on_being_named(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, last: bytes
) -> None:
    page = contacts_on_view(kit, qtbot, opened)
    page.begin("contact")
    opened.rest()
    assert page.side.editor is not None
    form = page.side.editor.form
    assert form is not None
    form.form.editors["given_name"].enter("Vera")
    found = choose(form.form.editors["organisation"], opened, "ostersjons")
    assert found.pick.text() == LAST
    form.save()
    opened.rest()
    whole = opened.run(lambda: list(opened.desk.store.rows("contact")))
    vera = next(row.rid for row in whole if view(row, Contact).record.given_name == "Vera")
    page.show_entry(vera)
    opened.rest()
    page.side.edit()
    opened.rest()
    assert page.side.editor is not None
    again = page.side.editor.form
    assert again is not None
    editor = again.form.editors["organisation"]
    assert isinstance(editor, AutocompleteEditor)
    assert editor.pick.text() == LAST


HOUSES = [("aa", "Eken"), ("bb", "Narva linna hus"), ("cc", "Anna Lind")]


def _is_chosen(field: Field) -> bool:
    codes = getattr(field.kind, "codes", ())
    return isinstance(field.kind, ReferenceKind) or len(codes) > MAX_VISIBLE_OPTIONS


TYPES = [
    one
    for one, described in sorted(RECORD_TYPES.items())
    if any(map(_is_chosen, described.fields.values()))
]


def one_form(kit: UiContext, stage: Stage, record_type: str) -> Form:
    """Return a form of all fields of a type, with some entries to choose from."""
    keys = [*RECORD_TYPES[record_type].fields]
    named = [(key, fixed_text(name)) for key, name in HOUSES]
    offers = FormOptions(references=dict.fromkeys(keys, named))
    form = Form(kit, record_type, keys, offers)
    stage(form)
    return form


def _only_match(pick: AutocompleteInput) -> tuple[str, str]:
    """Return a key, and the beginning of its name that no other name has."""
    return next(
        (key, name[:-1])
        for key, name in pick._source("")
        if name.isascii() and [one for one, _ in pick._source(name[:-1])] == [key]
    )


@pytest.mark.parametrize("key", ["Tab", "Return", "Ctrl+S"])
@pytest.mark.parametrize("record_type", TYPES)
def test_only_match_is_taken_in_every_field_that_is_chosen_by_typing(
    kit: UiContext, stage: Stage, record_type: str, key: str
) -> None:
    form = one_form(kit, stage, record_type)
    chosen = 0
    for name, editor in form.editors.items():
        pick = getattr(editor, "pick", None)
        if not isinstance(editor, AutocompleteEditor | ChipsEditor) or pick is None:
            continue
        pick.setFocus()
        only, typed = _only_match(pick)
        QTest.keyClicks(pick, typed)
        assert pick.has_invalid_text, name
        target = QApplication.activePopupWidget() or pick
        if key == "Ctrl+S":
            assert form.validate() is None, name
        else:
            QTest.keyClick(target, getattr(Qt.Key, f"Key_{key}"))
            QApplication.processEvents()
        value = editor.value()
        assert value in (only, (only,)), name
        pick.window().activateWindow()  # without a screen, a list that closes keeps the keyboard
        chosen += 1
    assert chosen
