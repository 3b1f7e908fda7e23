# SPDX-License-Identifier: GPL-3.0-or-later
"""An organisation is named in a form by typing, also where the list is too short for all."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view
from tests.support import make
from tests.support.windows import show

from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.rows import view
from kfdesk.services.core.records import create_record
from kfdesk.services.plans.plans import MAX_CHOICES, open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editors import AutocompleteEditor
from kfdesk.ui.pages.aftercare.support import SupportSection

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
