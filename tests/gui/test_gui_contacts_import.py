# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of contacts taken over in the window: shown first, taken at a press, taken back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO, OpenDesk, contacts_on_view, texts
from tests.gui.test_gui_contacts import go_to
from tests.integration.list_samples import CARDS, TABLE
from tests.support.patience import HANG
from tests.support.windows import nameless, show

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.services.core.session import Session
from kfdesk.services.directory import files
from kfdesk.services.directory.entries import list_directory
from kfdesk.services.directory.starter_lists import StarterKind
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.directory import page as directory_page
from kfdesk.ui.pages.directory.card import MOST_PHONES
from kfdesk.ui.pages.directory.list_import import ListImportPage
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.table import CELL_ROLE

Begin = Callable[[bytes], ListImportPage]
Dropping = Callable[[Path], QDropEvent]


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    return contacts_on_view(kit, qtbot, opened)


@pytest.fixture
def begin(page: DirectoryPage, opened: OpenDesk, tmp_path: Path) -> Begin:
    def _begin(data: bytes) -> ListImportPage:
        path = tmp_path / "list"
        path.write_bytes(data)
        page.preview_list(path)
        opened.rest()
        assert isinstance(page.task, ListImportPage)
        return page.task

    return _begin


def rows(taking: ListImportPage) -> list[tuple[str, str]]:
    model = taking.table.model()
    return [
        (model.index(row, 0).data(CELL_ROLE).text, model.index(row, 1).data(CELL_ROLE).text)
        for row in range(model.rowCount())
    ]


def choose(choice: ChoiceBox, key: str) -> None:
    choice.setCurrentIndex([one for one, _ in choice._options].index(key))
    choice.activated.emit(choice.currentIndex())


def choose_letters(taking: ListImportPage, opened: OpenDesk, encoding: str) -> None:
    choose(taking.letters, encoding)
    opened.rest()


def test_what_is_new_and_what_is_broken_is_shown_before_anything_is_written(
    begin: Begin, opened: OpenDesk
) -> None:
    before = opened.run(opened.desk.store.digest)
    taking = begin(CARDS)
    assert rows(taking) == [("Дом у озера", "new"), ("Karin Påhittad", "similar to one here")]
    said = texts(taking)
    assert "1 new, 1 similar to one here, 0 already here" in said
    assert "Line 20: It has no name.\nLine 24: It is cut off in the middle." in said
    under = taking.table.model().index(1, 0).data(CELL_ROLE).under
    assert "•••••••• / 08-465 004 01" in under  # her own number is secret
    assert "Nothing has been changed yet." in said
    assert nameless(taking) == []
    assert opened.run(opened.desk.store.digest) == before


def test_it_is_taken_at_a_press_and_stands_in_the_list(
    page: DirectoryPage, begin: Begin, opened: OpenDesk
) -> None:
    taking = begin(TABLE)
    choose(taking.sights, "public")
    taking.take.click()
    opened.rest()
    assert page.task is None
    names = {one.name: one.view.record for one in opened.run(lambda: list_directory(opened.desk))}
    assert names["Kvinnohuset Åsen"].confidentiality == "public"
    again = begin(TABLE)
    assert {word for _, word in rows(again)} == {"already here"}
    assert not again.take.isEnabled()


def test_of_a_long_list_it_is_said_how_many_are_shown(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_PREVIEW_LINES", 1)
    taking = begin(CARDS)
    assert len(rows(taking)) == 1
    assert any("already here. The first 1 are shown" in said for said in texts(taking))


def test_who_goes_while_it_is_taken_takes_nothing(
    kit: UiContext, page: DirectoryPage, begin: Begin, opened: OpenDesk
) -> None:
    before = opened.run(opened.desk.store.digest)
    taking, is_gone = begin(TABLE), Event()
    kit.worker.run(lambda: is_gone.wait(HANG))  # it waits for the worker until somebody went
    taking.take.click()
    assert "Nothing has been changed yet." not in texts(taking)
    QTest.keyClick(taking, Qt.Key.Key_Escape)
    is_gone.set()
    opened.rest()
    assert page.task is None
    assert opened.run(opened.desk.store.digest) == before


def test_letters_that_nothing_tells_are_asked_for(begin: Begin, opened: OpenDesk) -> None:
    taking = begin("name,city\nIksiński,Łódź\n".encode("cp1250"))
    assert taking.letters.isVisible()
    choose_letters(taking, opened, "cp1250")
    assert rows(taking) == [("Iksiński", "new")]


def test_both_values_of_a_twin_are_shown_and_it_is_left_alone(
    begin: Begin, opened: OpenDesk
) -> None:
    head = b"name,country,email\n"
    first = begin(head + b"Huset,SE,old@example.org\n")
    choose(first.sights, "public")
    first.take.click()
    opened.rest()
    taking = begin(head + b"Huset,SE,new@example.org\n")
    assert rows(taking) == [("Huset", "similar to one here")]
    under = taking.table.model().index(0, 0).data(CELL_ROLE).under
    assert "old@example.org / new@example.org" in under
    assert not taking.take.isEnabled()


def test_of_very_many_telephones_a_few_are_shown_and_the_rest_is_counted(
    page: DirectoryPage, begin: Begin, opened: OpenDesk
) -> None:
    def card(first: int) -> bytes:
        lines = "".join(f"TEL:+46 8 465 {first + place:05}\n" for place in range(130))
        return f"BEGIN:VCARD\nFN:Huset\nORG:Huset\n{lines}END:VCARD\n".encode()

    first = begin(card(0))
    choose(first.sights, "public")
    first.take.click()
    opened.rest()
    taking = begin(card(129))
    under = taking.table.model().index(0, 0).data(CELL_ROLE).under
    assert under.endswith("+46 8 465 00149, 109 more")
    QTest.keyClick(taking, Qt.Key.Key_Escape)
    go_to(page, "Huset")
    assert len(page.entry.facts.copies) == MOST_PHONES
    assert "30 more" in texts(page.entry)


def test_a_file_that_is_no_list_is_said_and_left(page: DirectoryPage, begin: Begin) -> None:
    taking = begin(b"{}")
    assert "contacts.nothing_inside in en." in texts(taking)
    QTest.keyClick(taking, Qt.Key.Key_Escape)
    assert page.task is None
    assert page.table.isVisible()


@pytest.mark.parametrize("name", ["list.vcf", "list.csv", "list"])
def test_bytes_that_are_no_text_are_refused_with_a_sentence(
    page: DirectoryPage, opened: OpenDesk, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(Random(42).randbytes(3000))
    page.preview_list(path)
    opened.rest()
    taking = page.task
    assert isinstance(taking, ListImportPage)
    assert "contacts.not_text in en." in texts(taking)
    assert (rows(taking), taking.take.isEnabled(), taking.letters.isVisible()) == ([], False, False)


def look_at(taking: ListImportPage, name: str) -> None:
    taking.table.selectRow([one for one, _ in rows(taking)].index(name))


def house_of(opened: OpenDesk, name: str) -> list[tuple[object, object]]:
    entries = opened.run(lambda: list_directory(opened.desk))
    return [(e.view.record.email, e.view.record.city) for e in entries if e.name == name]


@pytest.fixture
def twin(begin: Begin, opened: OpenDesk) -> ListImportPage:
    """Return the preview of a list with an entry that is alike and differs in two fields."""
    head = b"name,country,email,city\n"
    first = begin(head + b"Huset,SE,old@example.org,Lund\n")
    choose(first.sights, "public")
    first.take.click()
    opened.rest()
    return begin(head + b"Huset,SE,new@example.org,Lund\nHuset,SE,new@example.org,LUND\n")


def test_value_of_a_twin_is_taken_where_somebody_chooses_it(
    twin: ListImportPage, opened: OpenDesk
) -> None:
    assert not twin.take.isEnabled()
    look_at(twin, "Huset")
    assert "Huset is similar to Huset" in texts(twin)
    twin.twin.which["email"].parts["theirs"].click()
    assert twin.take.isEnabled()
    twin.take.click()
    opened.rest()
    assert house_of(opened, "Huset") == [("new@example.org", "Lund")]


def test_twin_that_is_another_one_is_entered_as_new(twin: ListImportPage, opened: OpenDesk) -> None:
    look_at(twin, "Huset")
    twin.twin.which["email"].parts["theirs"].click()
    twin.twin.whether.parts["apart"].click()
    assert not twin.twin.which["email"].isEnabled()
    twin.take.click()
    opened.rest()
    assert [mail for mail, _ in house_of(opened, "Huset")].count("old@example.org") == 1
    assert len(house_of(opened, "Huset")) == 2


def test_choice_is_remembered_while_one_looks_at_another_line(twin: ListImportPage) -> None:
    twin.table.selectRow(0)
    twin.twin.which["email"].parts["theirs"].click()
    twin.table.selectRow(1)
    assert twin.twin.which["email"].key == "ours"
    twin.table.selectRow(0)
    assert twin.twin.which["email"].key == "theirs"


def test_what_is_listed_is_saved_as_the_kind_that_the_name_says(
    page: DirectoryPage, opened: OpenDesk, tmp_path: Path
) -> None:
    page.transfer._export_to(tmp_path / "out.csv")
    opened.rest()
    saved = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert people.HOUSE in saved
    assert people.SAFE_HOUSE not in saved  # it is secret
    page.search.setText(people.HOUSE)
    opened.rest()
    page.transfer._export_to(tmp_path / "one")
    opened.rest()
    assert (tmp_path / "one.vcf").read_bytes().count(b"BEGIN:VCARD") == 1


STRANGE = b"Wer,Ort,Ruf,Leer\nSeehaus,Kiel,+49 431 555 017,\n,Ulm,,\n"


def columns(taking: ListImportPage) -> list[tuple[str, str, str]]:
    model = taking.columns.table.model()
    cells = [
        (model.index(row, 0).data(CELL_ROLE), model.index(row, 1).data(CELL_ROLE))
        for row in range(model.rowCount())
    ]
    return [(first.text, first.under, second.text) for first, second in cells]


def correct(taking: ListImportPage, opened: OpenDesk, row: int, key: str) -> None:
    taking.columns.table.selectRow(row)
    choose(taking.columns.choice, key)
    opened.rest()


def test_columns_are_shown_with_what_they_were_taken_for_and_can_be_put_right(
    begin: Begin, opened: OpenDesk
) -> None:
    taking = begin(STRANGE)
    assert columns(taking) == [
        ("Wer", "Seehaus", "left out"),
        ("Ort", "Kiel", "Town"),
        ("Ruf", "+49 431 555 017", "left out"),
    ]
    assert rows(taking) == []
    assert not taking.take.isEnabled()
    correct(taking, opened, 0, "name")
    assert rows(taking) == [("Seehaus", "new")]
    correct(taking, opened, 2, "phone")
    assert [word for _, _, word in columns(taking)] == ["Name", "Town", "Phone"]
    assert taking.columns.table.currentIndex().row() == 2
    assert "Line 3: It has no name." in texts(taking)
    assert nameless(taking) == []
    taking.take.click()
    opened.rest()
    entry = {one.name: one for one in opened.run(lambda: list_directory(opened.desk))}["Seehaus"]
    assert entry.view.record.city == "Kiel"
    assert [seen.record.number for seen in entry.phones] == ["+49 431 555 017"]


def test_a_column_can_be_left_out(begin: Begin, opened: OpenDesk) -> None:
    taking = begin(TABLE)
    place = [word for _, _, word in columns(taking)].index("Town")
    correct(taking, opened, place, "")
    assert columns(taking)[place][2] == "left out"
    assert taking.preview is not None
    assert all("city" not in line.listed.values for line in taking.preview.lines)


def test_columns_keep_what_was_said_of_them_when_other_letters_are_chosen(
    begin: Begin, opened: OpenDesk
) -> None:
    taking = begin("Wer,Ort\nIksiński,Łódź\n".encode("cp1250"))
    correct(taking, opened, 0, "name")
    choose_letters(taking, opened, "cp1250")
    assert rows(taking) == [("Iksiński", "new")]


def test_cards_have_no_columns(begin: Begin) -> None:
    assert not begin(CARDS).columns.isVisible()


@pytest.fixture
def dropping() -> Iterator[Dropping]:
    """Yield a maker of drop events; Qt itself does not keep what is dragged."""
    held: list[QMimeData] = []

    def _dropping(path: Path) -> QDropEvent:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        held.append(data)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        return QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, none)

    yield _dropping
    held.clear()


def test_a_folder_of_tables_is_dropped_and_shown(
    page: DirectoryPage, opened: OpenDesk, tmp_path: Path, dropping: Dropping
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "organizations.csv").write_text("id,name\n1,Ett hus\n")
    (folder / "phones.csv").write_text("id,organization_id,number\n1,1,+46 8 465 004 01\n")
    event = dropping(folder)
    assert page.transfer.is_list(event)
    page.dropEvent(event)
    opened.rest()
    assert isinstance(page.task, ListImportPage)
    assert rows(page.task) == [("Ett hus", "new")]


def test_what_is_no_list_is_left_to_the_window(
    page: DirectoryPage, tmp_path: Path, dropping: Dropping
) -> None:
    (tmp_path / "other").mkdir()
    for name in ("other", "word.age", "picture.png"):
        assert not page.transfer.is_list(dropping(tmp_path / name))
    assert page.transfer.is_list(dropping(tmp_path / "LIST.VCF"))


def test_menus_offer_a_list_and_a_folder(page: DirectoryPage) -> None:
    offered = {command.words for command in page.commands()}
    assert {"Import a list of contacts…", "Import a folder of HSDS tables…"} <= offered


def test_tables_of_hsds_that_are_saved_come_back_here_already(
    page: DirectoryPage, begin: Begin, opened: OpenDesk, tmp_path: Path
) -> None:
    first = begin(TABLE)
    choose(first.sights, "public")
    first.take.click()
    opened.rest()
    page.transfer._export_to(tmp_path / "out.zip")
    opened.rest()
    taking = begin((tmp_path / "out.zip").read_bytes())
    assert ("Nordhuset", "already here") in rows(taking), taking.preview


# --- public lists to begin with


@pytest.fixture
def bare(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[DirectoryPage]:
    """Yield the page of a desk that has nothing but its own entry."""
    made: list[Session] = []

    def make_store() -> None:
        made.append(store_lifecycle.create_store(tmp_path / "bare", people.HOUSE, WHO, MACHINE))

    kit.worker.run(make_store)
    qtbot.waitUntil(lambda: bool(made))
    page = DirectoryPage(kit, made[0])
    show(qtbot, page)
    qtbot.waitUntil(lambda: bool(page.offer.buttons))
    yield page
    kit.worker.run(made[0].store.close)
    qtbot.waitUntil(lambda: not kit.worker.is_busy)


def test_empty_directory_offers_a_public_list_shown_first_and_taken_back(
    kit: UiContext, qtbot: QtBot, bare: DirectoryPage
) -> None:
    asked = bare.offer.buttons[StarterKind.ORGANISATIONS]
    assert asked.text() == "Begin with a public list of 46?"
    asked.click()
    taking = bare.task
    assert isinstance(taking, ListImportPage)
    qtbot.waitUntil(lambda: taking.preview is not None)
    assert len(rows(taking)) == 46
    assert taking.sights.key == "public"
    said = texts(taking)
    assert any("No one has checked these entries." in one for one in said)
    assert any("Licence: " in one for one in said)
    assert taking.columns.isHidden()
    received: list[Notification] = []
    kit.events.told.connect(received.append)
    taking.take.click()
    qtbot.waitUntil(lambda: bare.task is None and bare.listing.found.count == 47)
    assert not bare.offer.isVisible()
    assert received[0].undo is not None
    received[0].undo()
    qtbot.waitUntil(lambda: bare.listing.found.count == 1)
    qtbot.waitUntil(bare.offer.isVisible)


def test_public_list_is_in_the_menu_too_and_in_the_windows_language(
    kit: UiContext, qtbot: QtBot, bare: DirectoryPage
) -> None:
    labels = [command.words for command in bare.transfer.commands()]
    assert "Public list of embassies…" in labels
    kit.translator.set_language("sv")
    ours = bare.transfer.commands()[labels.index("Public list of embassies…")]
    ours.run()
    qtbot.waitUntil(lambda: isinstance(bare.task, ListImportPage))
    taking = bare.task
    assert isinstance(taking, ListImportPage)
    qtbot.waitUntil(lambda: taking.preview is not None)
    assert any("Afghanistans" in name for name, _ in rows(taking))


def test_without_lists_nothing_is_offered(
    kit: UiContext, qtbot: QtBot, bare: DirectoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory_page, "LISTS_FOLDER", "nowhere")
    bare.offer.read()
    qtbot.waitUntil(lambda: not bare.offer.buttons)
    assert bare.invitation.isVisible()


def test_question_for_a_list_names_the_kinds_that_can_be_read(page: DirectoryPage) -> None:
    page.transfer.ask_file()
    (dialog,) = page.findChildren(QFileDialog)
    known, every = dialog.nameFilters()
    assert known == "(*.csv *.json *.vcf *.xlsx *.zip)"
    assert every == "(*)"
    assert Path(dialog.directory().absolutePath()) == Path.home()
    dialog.close()
