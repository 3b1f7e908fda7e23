# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory is entered by the keyboard alone, on a store that nobody has written in yet."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO, texts
from tests.support.stores import new_desk
from tests.support.windows import missed_by_tab, nameless, settle, show

from kfdesk.demo import people
from kfdesk.domain.accounts import Right, Role
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.registers import EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row, encode_changes
from kfdesk.services.core import drafts
from kfdesk.services.core.records import change_record, create_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.directory import entries as directory
from kfdesk.services.directory.entries import DirectoryEntry
from kfdesk.services.directory.search import find_same_name
from kfdesk.services.plans.case import create_plan
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.directory.entry_editor import HOUSE_NARROWER, phone_findings
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.widgets.table import CELL_ROLE

Key = Qt.Key
PARTNER = b"p" * 16


class Bare:
    """A bare store's desk and its page of contacts, with what was told."""

    def __init__(self, kit: UiContext, qtbot: QtBot, folder: Path) -> None:
        self.kit = kit
        self._qtbot = qtbot
        self.told: list[Notification] = []
        kit.events.told.connect(self.told.append)
        self.desk: Session = self.run(lambda: new_desk(folder, people.HOUSE, WHO, MACHINE))
        self.page = self.open_page()

    def open_page(self) -> DirectoryPage:
        page = DirectoryPage(self.kit, self.desk)
        page.resize(1080, 900)
        show(self._qtbot, page)
        self.rest()
        page.setFocus()
        return page

    def run(self, function: Any) -> Any:
        results: list[Any] = []
        self.kit.worker.run(function, results.append)
        self._qtbot.waitUntil(lambda: bool(results))
        return results[0]

    def rest(self) -> None:
        settle(self._qtbot, self.kit)

    def make(self, cls: type[Any], **values: Any) -> bytes:
        made: bytes = self.run(lambda: create_record(self.desk, cls, values))
        self.kit.events.changed.emit(frozenset({"organisation", "contact"}))
        self.rest()
        return made

    def entry(self, name: str) -> DirectoryEntry:
        return next(one for one in self.entries() if one.name == name)

    def entries(self) -> tuple[DirectoryEntry, ...]:
        found: tuple[DirectoryEntry, ...] = self.run(lambda: directory.list_directory(self.desk))
        return found

    @property
    def listed(self) -> list[str]:
        self.rest()
        model = self.page.table.model()
        return [model.index(row, 0).data(CELL_ROLE).text for row in range(model.rowCount())]

    def go_to(self, name: str) -> None:
        self.page.table.setFocus()
        self.page.table.selectRow(self.listed.index(name))
        self.rest()

    def undo(self) -> None:
        take_back = self.told[-1].undo
        assert take_back is not None
        take_back()
        self.rest()

    def tab_to(self, name: str) -> QWidget:
        """Walk by Tab to the control of this name."""
        for _ in range(60):
            focus = focused()
            if focus.accessibleName() == name or getattr(focus, "text", str)() == name:
                return focus
            press(Key.Key_Tab)
        raise AssertionError(name)


def focused() -> QWidget:
    focus = QApplication.focusWidget()
    assert focus is not None
    return focus


def press(key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(QApplication.activePopupWidget() or focused(), key, held)
    QApplication.processEvents()


def write(text: str) -> None:
    QTest.keyClicks(focused(), text)


ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def bare(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Bare]:
    made = Bare(kit, qtbot, tmp_path / "store")
    yield made
    made.rest()
    made.run(made.desk.store.close)


def test_bare_store_invites_to_enter_the_first_organisation(bare: Bare) -> None:
    assert bare.page.invitation.isVisible()
    bare.make(Organisation, name="Uppdiktat hus")
    assert not bare.page.invitation.isVisible()


def test_organisation_its_telephone_and_a_person_are_entered_by_keys_alone(bare: Bare) -> None:
    press(Key.Key_N, ALT)
    write("Påhittad jour")
    bare.tab_to("Country")
    write("Est")
    press(Key.Key_Return)
    bare.page.activateWindow()  # without a screen, a list that closes does not hand it back
    press(Key.Key_S, CTRL)
    bare.rest()
    entry = bare.entry("Påhittad jour")
    assert entry.view.record.country == "EE"
    assert entry.view.record.confidentiality == "secret"
    # its telephone is asked at once
    write("+372 000 0142")
    bare.tab_to("May be called about clients: Yes")
    press(Key.Key_Space)
    press(Key.Key_S, CTRL)
    bare.rest()
    (phone,) = bare.entry("Påhittad jour").phones
    assert phone.record.number == "+372 000 0142"
    assert phone.record.is_safe is True
    assert phone.record.confidentiality == "secret"
    press(Key.Key_Escape)
    assert not bare.page.side.is_editing
    assert bare.page.table.hasFocus()
    # a person who works for it
    press(Key.Key_N, ALT, SHIFT)
    write("Mari")
    bare.tab_to("Surname")
    write("Olematu")
    press(Key.Key_S, CTRL)
    bare.rest()
    person = bare.entry("Mari Olematu")
    assert person.works_for == "Påhittad jour"
    assert person.view.record.confidentiality == "secret"
    assert [one.name for one in bare.entry("Påhittad jour").people] == ["Mari Olematu"]
    assert bare.listed == ["Mari Olematu", people.HOUSE, "Påhittad jour"]


def test_new_organisation_stays_open_for_its_telephones_and_is_chosen_in_the_list(
    bare: Bare,
) -> None:
    press(Key.Key_N, ALT)
    assert "Phone numbers can be added as soon as this is saved." in texts(bare.page)
    write("Aaa hus")
    press(Key.Key_S, CTRL)
    bare.rest()
    editor = bare.page.side.editor
    assert editor is not None
    assert editor.phones.isVisible()
    press(Key.Key_Escape)
    assert bare.page.entry.entry == bare.entry("Aaa hus")


def test_new_organisation_asks_first_what_is_in_hand_and_folds_the_rest(bare: Bare) -> None:
    press(Key.Key_N, ALT)
    editor = bare.page.side.editor
    assert editor is not None
    assert editor.form is not None
    form = editor.form.form

    def shown() -> list[str]:
        return [key for key, row in form.form_rows.items() if row.isVisible()]

    assert shown() == ["name", "country", "services", "languages"]
    bare.tab_to("More fields")
    press(Key.Key_Space)
    assert shown() == list(form.form_rows)
    assert not editor.more.isVisible()
    assert form.has_focus_in("confidentiality")
    form.editors["city"].enter("Narva")
    press(Key.Key_Escape)
    bare.rest()
    bare.tab_to("Continue")
    press(Key.Key_Space)
    bare.rest()
    again = bare.page.side.editor
    assert again is not None
    assert again.form is not None
    assert again.form.form.form_rows["city"].isVisible()


@pytest.mark.parametrize("key", [Key.Key_E, Key.Key_Return])
def test_entry_is_changed_in_place_and_the_change_is_taken_back(bare: Bare, key: Qt.Key) -> None:
    bare.make(Organisation, name="Uppdiktat hus", country="LT", confidentiality="public")
    bare.go_to("Uppdiktat hus")
    press(key)
    press(Key.Key_End, CTRL)
    write(" i Kaunas")
    press(Key.Key_S, CTRL)
    bare.rest()
    assert not bare.page.side.is_editing
    assert "Uppdiktat hus i Kaunas" in texts(bare.page.entry)
    bare.undo()
    assert "Uppdiktat hus" in texts(bare.page.entry)


def test_what_was_typed_and_not_saved_waits_as_a_draft_and_is_gone_on_with(bare: Bare) -> None:
    press(Key.Key_N, ALT)
    write("Halvskrivet")
    press(Key.Key_Escape)
    bare.rest()
    assert bare.page.waiting.isVisible()
    bare.tab_to("Continue")
    press(Key.Key_Space)
    bare.rest()
    press(Key.Key_S, CTRL)
    bare.rest()
    assert bare.entry("Halvskrivet").view.record.confidentiality == "secret"
    assert bare.run(lambda: drafts.count_drafts(bare.desk)) == 0


def test_draft_of_a_telephone_is_gone_on_with_in_its_organisation(bare: Bare) -> None:
    bare.make(Organisation, name="Uppdiktat hus")
    bare.go_to("Uppdiktat hus")
    press(Key.Key_E)
    bare.tab_to("Add a phone number")
    press(Key.Key_Space)
    write("+370 1")
    press(Key.Key_Escape)
    press(Key.Key_Escape)
    bare.rest()
    bare.tab_to("Continue")
    press(Key.Key_Space)
    bare.rest()
    editor = bare.page.side.editor
    assert editor is not None
    assert editor.phones.form is not None
    assert editor.phones.form.form.editors["number"].value() == "+370 1"


def test_new_form_that_nobody_typed_in_leaves_no_draft(bare: Bare, qtbot: QtBot) -> None:
    press(Key.Key_N, ALT)
    editor = bare.page.side.editor
    assert editor is not None
    assert editor.form is not None
    with qtbot.waitSignal(editor.form.form.draft_asked):
        pass
    press(Key.Key_Escape)
    bare.rest()
    assert bare.run(lambda: drafts.count_drafts(bare.desk)) == 0
    assert not bare.page.waiting.isVisible()


def test_entry_goes_into_the_bin_and_comes_back_by_undo(bare: Bare) -> None:
    bare.make(Organisation, name="Uppdiktat hus")
    bare.go_to("Uppdiktat hus")
    press(Key.Key_E)
    bare.tab_to("Put in the bin")
    press(Key.Key_Space)
    bare.rest()
    assert bare.listed == [people.HOUSE]
    assert bare.page.table.hasFocus()
    bare.undo()
    assert "Uppdiktat hus" in bare.listed
    bare.go_to("Uppdiktat hus")
    press(Key.Key_Delete)
    bare.rest()
    assert bare.listed == [people.HOUSE]


def test_making_that_is_taken_back_closes_the_form(bare: Bare) -> None:
    press(Key.Key_N, ALT)
    write("Uppdiktat hus")
    press(Key.Key_S, CTRL)
    bare.rest()
    bare.undo()
    assert not bare.page.side.is_editing
    assert bare.listed == [people.HOUSE]


def test_entry_that_somebody_counts_on_stays_and_it_is_said_who(bare: Bare) -> None:
    house = bare.make(Organisation, name="Uppdiktat hus")
    bare.make(Contact, given_name="Mari", organisation=house.hex())
    plan, _ = bare.run(lambda: create_plan(bare.desk, {"alias": "Nina"}))
    bare.run(lambda: change_record(bare.desk, plan, {"receiver": house.hex()}))
    bare.kit.events.changed.emit(frozenset({"plan"}))
    bare.rest()
    bare.go_to("Uppdiktat hus")
    press(Key.Key_Delete)
    bare.rest()
    code = bare.entry("Uppdiktat hus").open_references[0].code
    said = f"These plans name it: {code}. These people work for it: Mari."
    assert said in texts(bare.page)
    assert "Uppdiktat hus" in bare.listed
    bare.go_to(people.HOUSE)
    assert said not in texts(bare.page)
    press(Key.Key_Delete)
    assert "The entry of your own organisation cannot be put in the bin." in texts(bare.page)


def test_name_that_is_here_already_is_asked_about_and_led_to(bare: Bare) -> None:
    bare.make(Organisation, name="Щербакова дом", country="RU")
    press(Key.Key_N, ALT)
    write("Sjtjerbakova dom")
    bare.rest()
    asked = "Is it this one? Щербакова дом is already listed here (Organisation, Russia)."
    assert asked in texts(bare.page)
    bare.tab_to("Show it")
    press(Key.Key_Space)
    bare.rest()
    assert not bare.page.side.is_editing
    assert bare.page.entry.entry == bare.entry("Щербакова дом")


def test_persons_of_one_name_who_work_elsewhere_are_not_taken_for_the_same(bare: Bare) -> None:
    one, other = (bare.make(Organisation, name=name) for name in ("Hus A", "Hus B"))
    bare.make(Contact, given_name="Mari", organisation=one.hex())

    def alike(name: str, works_for: str = "") -> list[str]:
        found = bare.run(lambda: find_same_name(bare.desk, "contact", b"", name, works_for))
        return [line.name for line in found]

    assert alike("mari") == alike("Mari", one.hex()) == ["Mari"]
    assert alike("Mari", other.hex()) == []


def test_number_that_fails_abroad_is_told_beside_the_field_and_saved_all_the_same(
    bare: Bare,
) -> None:
    press(Key.Key_N, ALT, SHIFT)
    write("Mari")
    bare.tab_to("Own phone")
    write("08 123 456")
    assert any(one.startswith("This number may not work from abroad.") for one in texts(bare.page))
    press(Key.Key_S, CTRL)
    bare.rest()
    assert bare.entry("Mari").view.record.phone == "08 123 456"


def test_telephone_that_would_be_seen_wider_than_its_house_is_told(bare: Bare) -> None:
    bare.make(Organisation, name="Uppdiktat hus", confidentiality="secret")
    bare.go_to("Uppdiktat hus")
    press(Key.Key_E)
    bare.tab_to("Add a phone number")
    press(Key.Key_Space)
    warned = "Its organisation is secret, so this number is not given to anyone."
    assert warned not in texts(bare.page)
    bare.tab_to("Who may see this")
    bare.tab_to("Close")  # leave the entry's own field of that name
    editor = bare.page.side.editor
    assert editor is not None
    assert editor.phones.form is not None
    editor.phones.form.form.focus_on("confidentiality")
    write("Public")
    assert warned in texts(bare.page)


@pytest.mark.parametrize(("seen_by", "is_told"), [("public", True), ("circle", False)])
def test_house_that_members_see_is_not_called_secret(
    bare: Bare, seen_by: str, *, is_told: bool
) -> None:
    house = bare.make(Organisation, name="Uppdiktat hus", confidentiality="circle")
    entry = bare.entry("Uppdiktat hus")
    found = phone_findings(entry, "+46 8 123 456", seen_by)
    assert house == entry.rid
    assert found["confidentiality"] == ((HOUSE_NARROWER,) if is_told else ())
    assert phone_findings(entry, "+46 8 123 456", "partners_only")["confidentiality"] == (
        HOUSE_NARROWER,
    )


def test_address_is_covered_in_the_form_until_it_is_asked_for(bare: Bare) -> None:
    bare.make(Organisation, name="Uppdiktat hus", address="Påhittade gatan 1")
    bare.go_to("Uppdiktat hus")
    press(Key.Key_E)
    editor = bare.page.side.editor
    assert editor is not None
    assert editor.form is not None
    address = editor.form.form.editors["address"]
    assert not address.isVisible()
    bare.tab_to("Show: Address")
    press(Key.Key_Space)
    assert address.isVisible()
    assert address.isAncestorOf(focused())
    press(Key.Key_Escape)
    press(Key.Key_E)
    assert bare.page.side.editor is not editor
    assert not bare.page.side.editor.form.form.editors["address"].isVisible()  # type: ignore[union-attr]


def test_entry_of_a_partner_is_only_read_and_says_why_but_takes_our_telephones(
    bare: Bare,
) -> None:
    def take() -> bool:
        for rid, name, values in (
            (PARTNER, "organisation", {"name": "Tartu jour"}),
            (b"q" * 16, "contact", {"given_name": "Liis", "organisation": PARTNER.hex()}),
        ):
            state = apply_changes(
                EMPTY_STATE, encode_changes(name, values), (), bare.desk.signature
            )
            with bare.desk.store.transaction():
                bare.desk.store.put(Row(rid, name, None, PARTNER, state))
        return True

    bare.run(take)
    bare.page.read()
    bare.rest()
    bare.go_to("Liis")
    reason = "Tartu jour is responsible for this entry, and only they can change it."
    assert reason in texts(bare.page.entry)
    assert not bare.page.entry.edit.isVisible()
    press(Key.Key_E)
    assert not bare.page.side.is_editing
    bare.go_to("Tartu jour")
    press(Key.Key_E)
    assert reason in texts(bare.page)
    bare.tab_to("Add a phone number")
    press(Key.Key_Space)
    write("+372 000 0142")
    press(Key.Key_S, CTRL)
    bare.rest()
    (phone,) = bare.entry("Tartu jour").phones
    assert phone.row.custodian == bare.desk.identity.organisation


def test_own_desks_name_is_not_changed_here_and_the_reason_is_said(bare: Bare) -> None:
    bare.go_to(people.HOUSE)
    press(Key.Key_E)
    editor = bare.page.side.editor
    assert editor is not None
    assert editor.form is not None
    assert "name" not in editor.form.form.editors
    assert "The name of your own organisation cannot be changed here." in texts(bare.page)
    assert not editor.bin_button.isVisible()


def test_two_values_of_an_entry_are_decided_in_its_form(bare: Bare) -> None:
    house = bare.make(Organisation, name="Uppdiktat hus")
    bare.run(lambda: change_record(bare.desk, house, {"name": "Uppdiktat hem"}, ()))
    bare.page.read()
    bare.rest()
    bare.go_to("Uppdiktat hus / Uppdiktat hem")
    press(Key.Key_E)
    bare.tab_to("Use this value: Uppdiktat hus")
    press(Key.Key_Space)
    bare.rest()
    assert bare.entry("Uppdiktat hus").view.conflicts == frozenset()


def test_arrows_in_the_list_leave_the_form_and_keep_a_draft(bare: Bare) -> None:
    bare.make(Organisation, name="Aaa hus")
    bare.go_to("Aaa hus")
    press(Key.Key_E)
    write("Bbb")
    bare.page.table.setFocus()
    press(Key.Key_Down)
    bare.rest()
    assert not bare.page.side.is_editing
    assert bare.run(lambda: drafts.count_drafts(bare.desk)) == 1


def test_narrow_page_gives_the_form_all_its_room(bare: Bare) -> None:
    for width in (940, 820):  # the head's buttons give way first
        bare.page.resize(width, 700)
        QApplication.processEvents()
    press(Key.Key_N, ALT)
    assert not bare.page.table.isVisible()
    press(Key.Key_Escape)
    assert bare.page.table.isVisible()


def test_page_offers_its_ways_to_the_menus(bare: Bare) -> None:
    offered = {str(command.words): command for command in bare.page.commands()}
    assert offered["New organisation"].keys == "Alt+N"
    offered["New contact person"].run()
    assert "New contact person" in texts(bare.page.side)


def test_tab_comes_by_every_control_of_list_preview_and_form(bare: Bare) -> None:
    house = bare.make(Organisation, name="Aaa hus", address="Påhittade gatan 1")
    bare.make(Contact, given_name="Mari", organisation=house.hex())
    bare.go_to("Aaa hus")
    assert missed_by_tab(bare.page) == []
    assert nameless(bare.page) == []
    press(Key.Key_E)
    bare.go_to("Aaa hus")
    bare.page.side.edit()
    editor = bare.page.side.editor
    assert editor is not None
    editor.phones.begin()
    bare.rest()
    assert missed_by_tab(bare.page) == []
    assert nameless(bare.page) == []


def test_everything_follows_the_language(kit: UiContext, bare: Bare) -> None:
    press(Key.Key_N, ALT)
    kit.translator.set_language("sv")
    said = texts(bare.page)
    assert {"⟦New organisation⟧", "⟦Phone numbers can be added as soon as this is saved.⟧"} <= said


def test_who_may_not_write_in_the_directory_only_reads_and_is_told_so(bare: Bare) -> None:
    bare.make(Organisation, name="Uppdiktat hus")
    bare.desk = replace(bare.desk, roles=frozenset({Role.APPROVER}))
    assert not bare.desk.may(Right.EDIT_DIRECTORY)
    bare.page = bare.open_page()
    said = "Your roles do not allow you to enter or change contacts. Settings shows who may."
    assert said in texts(bare.page)
    assert not any(button.isEnabled() for button in bare.page.new.values())
    bare.go_to("Uppdiktat hus")
    assert not bare.page.entry.edit.isVisible()
    for key in (Key.Key_E, Key.Key_Return, Key.Key_Delete):
        press(key)
    press(Key.Key_N, ALT)
    bare.rest()
    assert not bare.page.side.is_editing
    assert "Uppdiktat hus" in bare.listed
    offered = [command for command in bare.page.commands() if command.is_chosen is None]
    assert [str(command.words) for command in offered] == ["Find in contacts"]  # beside sorting


def test_undo_is_told_with_a_way_back(bare: Bare) -> None:
    house = bare.make(Organisation, name="Uppdiktat hus")
    done = bare.run(lambda: directory.delete_entry(bare.desk, house))
    bare.run(lambda: undo(bare.desk, done))
    assert bare.entry("Uppdiktat hus").view.rid == house
