# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of others that break or hold up their decoder: the page says so, and stands."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view, texts
from tests.gui.test_gui_documents import Page, file
from tests.integration.list_samples import CARDS
from tests.support import bombs
from tests.support.samples import first
from tests.support.windows import Stage
from tests.unit.documents import attachment_samples

from kfdesk.decoder import client
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.version import Installation
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.directory.list_import import ListImportPage
from kfdesk.ui.shell.overlays import AboutSheet

UNSAFE, UNSAFE_LIST = "attachment.unsafe in en.", "contacts.unsafe in en."
"""What the fixtures say of a fault; the sentences are tested beside the services."""


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> Page:
    return Page(kit, qtbot, opened)


def use_bad_child(patch: pytest.MonkeyPatch, how: str) -> None:
    """Put a child that does harm in the place of the decoder."""
    command = [sys.executable, "-m", "tests.support.bad_child", how]
    patch.setattr(client, "child_command", lambda _arguments: command)


def test_picture_bomb_is_told_in_a_banner_and_the_next_file_is_added(
    page: Page, tmp_path: Path
) -> None:
    page.section.add_files([file(tmp_path, "Bild.png", bombs.picture())])
    page.rest()
    said = texts(page.section.outcome)
    assert "attachment.too_many_pixels in en." in said
    assert page.documents() == ()
    page.section.add_files([file(tmp_path, "Intyg.pdf", attachment_samples.pdf())])
    page.rest()
    assert len(page.documents()) == 1


@pytest.mark.parametrize("how", ["abort", "segfault", "half"])
def test_crash_of_the_decoder_is_told_and_nothing_is_added(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    with monkeypatch.context() as patch:
        use_bad_child(patch, how)
        page.section.add_files([file(tmp_path, "Intyg.pdf", attachment_samples.pdf())])
        page.rest()
    assert UNSAFE in texts(page.section.outcome)
    assert page.documents() == ()
    assert page.section.shelf.add_button.isEnabled()


def test_crash_while_a_page_is_shown_is_told_in_the_viewer(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    rid = page.add("Intyg", attachment_samples.pdf())
    with monkeypatch.context() as patch:
        use_bad_child(patch, "abort")
        page.press("view", rid)
    assert "attachment.not_shown in en." in texts(page.section.viewer.fault)
    page.section.viewer.turn_pages(0)
    page.section.viewer.close_document()
    page.press("view", rid)
    assert page.section.viewer.fault.isHidden()


def test_adding_is_stopped_while_the_decoder_hangs(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_bad_child(monkeypatch, "sleep")
    page.section.add_files([file(tmp_path, "Intyg.pdf", attachment_samples.pdf())])
    job = page.kit.worker.job
    assert job is not None
    assert job.course is not None
    job.course.cancel()
    page.rest()
    assert "work.cancelled in en." in texts(page.section.outcome)
    assert page.documents() == ()


@pytest.mark.parametrize("leave", first(1, ["close", "hide", "lock"]))
def test_leaving_a_document_ends_the_decoder_that_hangs(
    page: Page, monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    rid = page.add("Intyg", attachment_samples.pdf())
    use_bad_child(monkeypatch, "sleep")
    page.section.shelf.buttons["view", rid].click()
    acts: dict[str, Callable[[], object]] = {
        "close": page.section.viewer.close_document,
        "hide": page.kit.events.leave_began.emit,
        "lock": page.kit.events.lock_began.emit,
    }
    acts[leave]()
    page.rest()  # it would take a minute otherwise, and then say that the page cannot be shown
    assert page.section.viewer.isHidden()
    assert page.section.viewer.fault.isHidden()


@pytest.mark.slow
def test_page_that_nobody_waits_for_is_given_up(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    rid = page.add("Intyg", attachment_samples.pdf(pages=3))
    page.press("view", rid)
    with monkeypatch.context() as patch:
        use_bad_child(patch, "sleep")
        page.section.viewer.turn_pages(1)
        assert page.kit.worker.job is not None
    page.section.viewer.turn_pages(1)
    page.rest()
    assert "Page 3 of 3" in texts(page.section.viewer)


@pytest.mark.slow
def test_list_whose_reader_breaks_off_is_told_and_can_be_read_again(
    kit: UiContext,
    qtbot: QtBot,
    opened: OpenDesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    directory = contacts_on_view(kit, qtbot, opened)
    before = opened.run(opened.desk.store.digest)
    path = tmp_path / "list"
    path.write_bytes(CARDS)
    with monkeypatch.context() as patch:
        use_bad_child(patch, "segfault")
        directory.preview_list(path)
        opened.rest()
    assert isinstance(directory.task, ListImportPage)
    assert UNSAFE_LIST in texts(directory.task)
    assert not directory.task.take.isEnabled()
    assert opened.run(opened.desk.store.digest) == before
    directory.task._preview()
    opened.rest()
    assert directory.task.take.isEnabled()


def _not_started() -> bool:
    raise KfdeskError("work.not_started")


@pytest.mark.parametrize(
    ("is_confined", "sentence"),
    [
        (lambda: True, "does not let it write, send or start anything."),
        (lambda: False, "This system cannot prevent it from writing or sending."),
        (_not_started, "The part of the program that opens other people's files did not start."),
    ],
)
def test_about_says_which_limits_hold(
    kit: UiContext,
    stage: Stage,
    opened: OpenDesk,
    is_confined: Callable[[], bool],
    sentence: str,
) -> None:
    sheet = AboutSheet(replace(kit, program=Installation(is_confined=is_confined)))
    stage(sheet)
    opened.rest()
    assert sentence in sheet.limits.text()
