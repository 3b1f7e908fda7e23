# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: who opens this notebook, their roles and passphrases, and the recovery key."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO, texts
from tests.support.samples import first
from tests.support.stores import new_desk
from tests.support.windows import missed_by_tab, nameless, settle, show

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Credentials, Role, User
from kfdesk.domain.errors import KfdeskError
from kfdesk.services import accounts as users
from kfdesk.services.core import history
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.accounts import (
    AccountTaskPage,
    AddUserPage,
    ChangeRolesPage,
    NewPassphrasePage,
    NewRecoveryKeyPage,
    SecretTaskPage,
)
from kfdesk.ui.pages.recovery_key import RecoveryKeySetup
from kfdesk.ui.pages.secret_confirmation import SecretConfirmation
from kfdesk.ui.pages.settings import SettingsPage
from kfdesk.ui.record_views import ROLE_PRESETS, ROLE_WORDS, field_words

THEIRS = "sex andra ord för en annan"


class Shown:
    """The settings of a real desk with two people; the store works on the kit's worker."""

    def __init__(self, kit: UiContext, qtbot: QtBot, folder: Path) -> None:
        self.kit, self.qtbot, self.folder = kit, qtbot, folder
        made: list[Session] = []
        kit.worker.run(lambda: new_desk(folder, "Nordhuset", WHO, MACHINE), made.append)
        self.wait()
        self.desk = made[0]
        add = [Role.CASE_MANAGER, Role.APPROVER]
        kit.worker.run(lambda: users.add_user(self.desk, WHO.passphrase, "QQ", THEIRS, add))
        self.wait()
        self.told: list[str] = []
        kit.events.told.connect(
            lambda outcome: self.told.append(kit.translator.translate(outcome.message))
        )
        self.page = self.paged(self.desk)

    def paged(self, desk: Session) -> SettingsPage:
        page = SettingsPage(self.kit, desk)
        page.resize(1100, 800)
        show(self.qtbot, page)
        self.wait()
        return page

    def wait(self) -> None:
        """Wait for the worker."""
        settle(self.qtbot, self.kit)

    def users(self) -> dict[str, frozenset[Role]]:
        """Return who opens the store, and their roles."""
        found: list[tuple[User, ...]] = []
        self.kit.worker.run(lambda: users.list_users(self.desk), found.append)
        self.wait()
        return {user.initials: user.roles for user in found[0]}

    def close(self) -> None:
        """Close the store, so that it can be opened anew."""
        self.wait()
        self.kit.worker.run(self.desk.store.close)
        self.wait()

    def step(self) -> AccountTaskPage:
        """Return the page that was opened."""
        assert self.page.step is not None
        return self.page.step

    def prove(self, own: str = WHO.passphrase) -> str:
        """Type the secret back, tick it, type one's own passphrase, press the button."""
        step = self.step()
        assert isinstance(step, SecretTaskPage)
        made = step.proof
        proof: SecretConfirmation = made.whole if isinstance(made, RecoveryKeySetup) else made
        secret = proof.text
        QTest.keyClicks(proof.entry, secret)
        proof.tick.click()
        step.own.entry.line.setText(own)
        step.show_state()
        step.confirm.click()
        self.wait()
        return secret


@pytest.fixture
def shown(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Shown]:
    made = Shown(kit, qtbot, tmp_path / "store")
    yield made
    made.close()


@pytest.mark.parametrize("size", [(1100, 700), (900, 480)])
def test_users_are_on_view_with_the_focus_where_one_is_added(
    shown: Shown, size: tuple[int, int]
) -> None:
    page = shown.page
    page.resize(*size)
    for is_read_anew in (False, True):
        if is_read_anew:
            page.read()
        page.show_people()
        shown.wait()
        assert page.people.add.hasFocus()
        assert not page.people.add.visibleRegion().isEmpty()
        assert page.people.add.visibleRegion().boundingRect().size() == page.people.add.size()


def test_people_stand_with_their_roles_and_oneself_is_marked(shown: Shown) -> None:
    seen = texts(shown.page)
    assert {"EV", "QQ", "You", "All roles", "Case manager, Approver", "There is none."} <= seen
    assert set(shown.page.people.changes) == {"ev", "qq"}


def test_person_is_let_in_with_roles_and_words_of_their_own(shown: Shown) -> None:
    shown.page.people.add.click()
    step = shown.step()
    assert isinstance(step, AddUserPage)
    assert step.initials.hasFocus()
    QTest.keyClicks(step.initials, "zz")
    step.roles.ticks[Role.DIRECTORY_EDITOR].click()
    words = shown.prove()
    assert shown.page.step is None
    assert shown.told == ["ZZ can now open this database."]
    assert {"ZZ", "Contacts editor"} <= texts(shown.page)
    shown.close()
    theirs = store_lifecycle.unlock_store(shown.folder, Credentials("ZZ", words), MACHINE)
    assert theirs.roles == {Role.DIRECTORY_EDITOR}
    theirs.store.close()


def test_page_says_what_is_missing_from_the_top_to_the_end(shown: Shown) -> None:
    shown.page.people.add.click()
    step = shown.step()
    assert isinstance(step, AddUserPage)
    proof = step.proof
    assert isinstance(proof, SecretConfirmation)
    order: tuple[tuple[str, Callable[[], object]], ...] = (
        (
            "Enter the person's initials. Two or three letters are enough.",
            lambda: QTest.keyClicks(step.initials, "ZZ"),
        ),
        ("Tick at least one role", step.roles.ticks[Role.APPROVER].click),
        (
            "Type all six words to continue",
            lambda: QTest.keyClicks(proof.entry, proof.text),
        ),
        ("Tick that the words are on paper to continue", proof.tick.click),
        (
            "Enter the passphrase that you use now",
            lambda: QTest.keyClicks(step.own.entry.line, "x"),
        ),
    )
    for said, do in order:
        assert said in texts(shown.page)
        assert step.confirm.accessibleDescription() == said
        assert not step.confirm.isEnabled()
        do()
    assert step.confirm.isEnabled()


def test_wrong_own_passphrase_is_said_beside_it_and_the_third_waits(shown: Shown) -> None:
    shown.page.people.passphrase.click()
    step = shown.step()
    assert isinstance(step, NewPassphrasePage)
    shown.prove(own="fel ord")
    said = "This passphrase is not right. Check the keyboard language."
    assert said in texts(shown.page)
    assert step.own.entry.text() == ""
    for _ in range(2):
        step.own.entry.line.setText("fel ord igen")
        step.show_state()
        step.confirm.click()
        shown.wait()
    assert "Try again in 2 seconds" in texts(shown.page)
    assert not step.confirm.isEnabled()
    assert shown.told == []


def test_initials_that_are_taken_are_said_and_nothing_is_lost(shown: Shown) -> None:
    shown.page.people.add.click()
    step = shown.step()
    assert isinstance(step, AddUserPage)
    QTest.keyClicks(step.initials, "qq")
    step.roles.ticks[Role.APPROVER].click()
    shown.prove()
    assert "user.exists in en." in texts(shown.page)
    assert step.proof.is_complete


def test_own_passphrase_is_changed(shown: Shown) -> None:
    shown.page.people.passphrase.click()
    words = shown.prove()
    assert shown.told == ["Your new passphrase is valid from now on."]
    shown.close()
    store_lifecycle.unlock_store(shown.folder, Credentials("EV", words), MACHINE).store.close()
    with pytest.raises(KfdeskError):
        store_lifecycle.unlock_store(shown.folder, WHO, MACHINE)


def test_recovery_key_is_made_and_stands_with_its_day(shown: Shown) -> None:
    shown.page.recovery.make.click()
    assert isinstance(shown.step(), NewRecoveryKeyPage)
    key = shown.prove()
    assert shown.told == ["The recovery key on your paper is valid from now on."]
    assert any(text.startswith("There is one, made on ") for text in texts(shown.page))
    assert shown.page.recovery.make.text() == "Make a new recovery key…"
    shown.close()
    store_lifecycle.check_recovery(shown.folder, "QQ", key, MACHINE)


def test_roles_are_ticked_in_plain_words_and_saved(shown: Shown) -> None:
    shown.page.people.changes["qq"].click()
    step = shown.step()
    assert isinstance(step, ChangeRolesPage)
    step.first.setFocus()
    assert missed_by_tab(step) == []
    held = {role for role, tick in step.roles.ticks.items() if tick.isChecked()}
    assert held == {Role.CASE_MANAGER, Role.APPROVER}
    assert {ROLE_WORDS[Role.APPROVER][1], "QQ"} <= texts(shown.page)
    step.roles.ticks[Role.APPROVER].click()
    step.roles.ticks[Role.ADMINISTRATOR].click()
    step.confirm.click()
    shown.wait()
    assert shown.told == ["The roles of QQ are saved."]
    assert shown.users()["qq"] == {Role.CASE_MANAGER, Role.ADMINISTRATOR}


def test_reader_of_figures_is_offered_like_every_role(shown: Shown) -> None:
    shown.page.people.changes["ev"].click()
    step = shown.step()
    assert isinstance(step, ChangeRolesPage)
    assert [*step.roles.ticks] == [*ROLE_WORDS]
    assert {*step.roles.ticks} == {*Role}
    step.roles.choose(())
    assert step.roles.chosen == frozenset()
    step.roles.choose(frozenset(Role))
    assert step.roles.chosen == frozenset(Role)
    step.roles.ticks[Role.DIRECTORY_EDITOR].click()
    step.confirm.click()
    shown.wait()
    assert shown.users()["ev"] == frozenset(Role) - {Role.DIRECTORY_EDITOR}


@pytest.mark.parametrize(("label", "roles"), ROLE_PRESETS)
def test_usual_roles_are_ticked_by_one_press(
    shown: Shown, label: str, roles: frozenset[Role]
) -> None:
    shown.page.people.add.click()
    step = shown.step()
    assert isinstance(step, AddUserPage)
    step.roles.ticks[Role.DIRECTORY_EDITOR].click()
    step.roles.presets[label].click()
    assert step.roles.chosen == roles


def test_last_administrator_is_kept_and_it_is_said(shown: Shown) -> None:
    shown.page.people.changes["ev"].click()
    step = shown.step()
    assert isinstance(step, ChangeRolesPage)
    step.roles.ticks[Role.ADMINISTRATOR].click()
    step.confirm.click()
    shown.wait()
    assert "user.last_administrator in en." in texts(shown.page)
    assert shown.users()["ev"] == frozenset(Role)


def test_person_is_removed_after_a_clear_question(shown: Shown) -> None:
    shown.page.people.changes["qq"].click()
    step = shown.step()
    assert isinstance(step, ChangeRolesPage)
    step.remove_button.click()
    assert "Remove QQ?" in texts(shown.page)
    assert step.keep.hasFocus()
    step.keep.click()
    assert "Remove QQ?" not in texts(shown.page)
    assert "qq" in shown.users()
    step.remove_button.click()
    step.sure.click()
    shown.wait()
    assert shown.told == ["QQ can no longer open this database."]
    assert "QQ" not in texts(shown.page)
    shown.close()
    with pytest.raises(KfdeskError):
        store_lifecycle.unlock_store(shown.folder, Credentials("QQ", THEIRS), MACHINE)


def test_nobody_is_offered_to_remove_themselves(shown: Shown) -> None:
    shown.page.people.changes["ev"].click()
    step = shown.step()
    assert isinstance(step, ChangeRolesPage)
    assert not step.remove_button.isVisible()


def test_who_may_not_let_others_in_may_change_their_passphrase_alone(shown: Shown) -> None:
    page = shown.paged(replace(shown.desk, user="QQ", roles=frozenset({Role.APPROVER})))
    assert {"EV", "QQ"} <= texts(page)
    assert page.people.passphrase.isVisible()
    assert not page.people.add.isVisible()
    assert not page.recovery.make.isVisible()
    assert page.people.changes == {}


def test_esc_leads_back_and_keeps_nothing(shown: Shown) -> None:
    shown.page.people.add.click()
    step = shown.step()
    QTest.keyClick(step, Qt.Key.Key_Escape)
    assert shown.page.step is None
    assert shown.page.language.isVisible()
    assert shown.page.people.add.hasFocus()  # an arrow key in Language would change it
    assert set(shown.users()) == {"ev", "qq"}


def cut_in(page: QWidget) -> list[QWidget]:
    """List the widgets that have less space than they need."""
    shown = (part for part in page.findChildren(QWidget) if part.isVisible())
    return [part for part in shown if part.size().expandedTo(part.minimumSizeHint()) != part.size()]


@pytest.mark.parametrize("code", first(1, ["sv", "en", "ru"]))
def test_every_control_of_every_page_is_named_and_nothing_is_cut(shown: Shown, code: str) -> None:
    shown.kit.set_language(code)
    page = shown.page
    ways: tuple[Callable[[], object], ...] = (
        lambda: None,
        page.people.add.click,
        page.people.passphrase.click,
        page.recovery.make.click,
        page.people.changes["qq"].click,
    )
    for ask in ways:
        ask()
        shown.qtbot.waitUntil(lambda: cut_in(page) == [])  # texts find their height in some turns
        assert nameless(page) == []
        page.show_list()


def test_every_role_has_its_words() -> None:
    assert set(ROLE_WORDS) == set(Role)
    assert len({label for label, _ in ROLE_WORDS.values()}) == len(Role)


def test_days_that_replaced_values_are_kept_are_said_and_chosen(shown: Shown) -> None:
    assert "A value that was replaced is kept for 180 days." in texts(shown.page)
    assert shown.page.kept.days.key == "180"
    shown.page.kept.days.parts["90"].click()
    shown.wait()
    assert shown.told == ["A value that was replaced is kept for 90 days."]
    assert "A value that was replaced is kept for 90 days." in texts(shown.page)
    found: list[int] = []
    shown.kit.worker.run(lambda: history.history_days(shown.desk), found.append)
    shown.wait()
    assert found == [90]
    shown.page.kept.show_days(77)
    assert "A value that was replaced is kept for 77 days." in texts(shown.page)


def test_who_does_not_decide_how_long_values_are_kept_reads_who_does(shown: Shown) -> None:
    page = shown.paged(replace(shown.desk, roles=frozenset({Role.ADMINISTRATOR})))
    assert not page.kept.days.isEnabled()
    assert "The data protection lead decides this." in texts(page)
    assert "The data protection lead decides this." not in texts(shown.page)


def test_trail_says_for_how_many_days_values_are_kept(shown: Shown) -> None:
    shown.page.kept.days.parts["30"].click()
    shown.wait()
    read: list[history.HistoryPage] = []
    shown.kit.worker.run(lambda: history.read_history(shown.desk, limit=1), read.append)
    shown.wait()
    assert field_words(read[0].lines[0], shown.kit.translator.language) == "30 days"


def test_settings_of_a_newer_program_are_told(shown: Shown) -> None:
    said = "These settings were made by a newer version of the program."
    assert not any(one.startswith(said) for one in texts(shown.page))
    shown.kit.view.apply(replace(shown.kit.view.chosen, is_of_newer_program=True))
    assert any(one.startswith(said) for one in texts(shown.paged(shown.desk)))
