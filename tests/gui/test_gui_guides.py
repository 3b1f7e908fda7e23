# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guides do by themselves: a lost laptop is trusted no more, and only when asked twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.exchange_samples import Scene, opened_scene, press, said
from tests.gui.printer_samples import answer_printer
from tests.support.windows import nameless, show

from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.runbooks import Runbook, RunbookStep
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.revocations import is_revoked_key
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.runbook_steps import ActionList, BreachNote
from kfdesk.ui.pages.runbooks import RunbookPage
from kfdesk.ui.tokens import Tone


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        made.meet()
        yield made


def test_lost_laptop_is_trusted_no_more_once_that_was_asked_twice(scene: Scene) -> None:
    ours, theirs = scene.ours, scene.theirs.identity
    lost = scene.on(lambda: partners.find_partner(ours, theirs.organisation))
    scene.on(lambda: ours.store.ledger.set_partner(replace(lost, is_own=True)))
    guide = RunbookPage(scene.kit, ours, Runbook.LOST)
    guide.resize(900, 700)
    show(scene.qtbot, guide)
    scene.rest()

    def state() -> PartnerState:
        return scene.on(lambda: partners.find_partner(ours, theirs.organisation)).state

    part = guide.part
    assert isinstance(part, ActionList)
    press(part.buttons[0])
    scene.rest()
    assert "This cannot be undone" in said(guide)
    press(part.buttons[0])
    scene.rest()
    assert (state(), part.buttons[0].isVisible()) == (PartnerState.VERIFIED, True)
    press(part.buttons[0])
    press(part.buttons[1])
    scene.rest()
    assert state() is PartnerState.REVOKED
    assert guide.progress is not None
    assert guide.progress.next is RunbookStep.SIGNING
    assert nameless(guide) == []
    assert scene.on(lambda: is_revoked_key(ours, lost.sign_key))


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_note_for_the_authority_is_printed_and_saved_and_what_refuses_is_told(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = BreachNote(scene.kit, scene.ours)
    note.resize(900, 700)
    show(scene.qtbot, note)
    scene.rest()
    with monkeypatch.context() as nothing:
        nothing.setattr(print_dialog, "has_printer", lambda: False)
        press(note.printing)
    assert note.findChildren(QPrintDialog) == []
    assert "paper.no_printer in en." in said(note)
    tones = []
    for path in (tmp_path, tmp_path / "out.pdf"):  # a folder cannot be written as a file
        press(note.printing)
        answer_printer(note, path)
        scene.rest()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        tones.append((note.outcome._tone, "The page did not print." in said(note)))
    assert tones == [(Tone.DANGER, True), (Tone.SUCCESS, False)]
    assert "It has been sent to the printer." in said(note)
    assert len(PdfReader(tmp_path / "out.pdf").pages) == len(note.preview._pages)
    press(note.saving)
    (dialog,) = note.findChildren(QFileDialog)
    dialog.selectFile(str(tmp_path / "kept.pdf"))
    dialog.accept()
    scene.rest()
    assert "It is saved." in said(note)
    assert "72" in PdfReader(tmp_path / "kept.pdf").pages[0].extract_text()
    note.save_as(tmp_path / "none" / "kept.pdf")
    scene.rest()
    assert note.outcome._tone is Tone.DANGER
