# SPDX-License-Identifier: GPL-3.0-or-later
"""Her name in Latin letters: offered, taken by one press or key, never filled in by itself."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.support.make import row
from tests.support.windows import nameless, show

from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import view
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.pages.plan.person import TICKET_NAME_KEY, TicketNameSuggestions

KEYS = ("given_name", "family_name", TICKET_NAME_KEY)


class Opened:
    """A form of names with what is offered below the ticket's."""

    def __init__(self, kit: UiContext, qtbot: QtBot) -> None:
        self.form = Form(kit, "client", KEYS)
        self.offer = TicketNameSuggestions(kit, self.form)
        show(qtbot, self.form)

    def read(self, given: str, family: str, ticket: str | MissingAnswer | None = None) -> None:
        values: dict[str, Value] = {
            "given_name": given,
            "family_name": family,
            TICKET_NAME_KEY: ticket,
        }
        self.form.show_view(view(row("client", values), Client))

    @property
    def said(self) -> list[str]:
        return [one.text() for one in self.offer.buttons if one.isVisible()]


@pytest.fixture
def opened(kit: UiContext, qtbot: QtBot) -> Opened:
    return Opened(kit, qtbot)


def test_cyrillic_name_beside_an_empty_field_is_offered_in_each_spelling(opened: Opened) -> None:
    opened.read("Юлия", "Щербакова")
    assert opened.said[0] == "Iuliia Shcherbakova (Russian passport)"
    assert "Julija Sjtjerbakova (Swedish)" in opened.said
    assert len(opened.said) == 6
    assert opened.form.editors[TICKET_NAME_KEY].value() is None
    assert not opened.form.has_changes


def test_one_key_takes_a_spelling_and_nothing_is_offered_any_more(opened: Opened) -> None:
    opened.read("Юлия", "Щербакова")
    opened.offer.buttons[2].setFocus()
    QTest.keyClick(opened.offer.buttons[2], Qt.Key.Key_Space)
    assert opened.form.changes() == {TICKET_NAME_KEY: "Yuliya Shcherbakova"}
    assert opened.said == []
    assert not opened.offer.isVisible()
    assert opened.form.editors[TICKET_NAME_KEY].focus_targets[0].hasFocus()


def test_cyrillic_name_in_the_field_itself_goes_before_the_one_beside(opened: Opened) -> None:
    opened.read("Юлия", "Щербакова", "ОЛЬГА ЛИ")
    assert opened.said[0] == "OLGA LI (Russian passport)"
    assert opened.said[1] == "OLHA LY (Ukrainian passport)"
    opened.form.editors[TICKET_NAME_KEY].enter("Olga")
    assert opened.said == []


def test_name_in_latin_letters_is_offered_as_it_is(opened: Opened) -> None:
    opened.read("Nina", "Vymyslova")
    assert opened.said == ["Nina Vymyslova"]
    opened.form.editors["given_name"].enter("Нина")
    assert opened.said[0] == "Nina Vymyslova (Russian passport)"


def test_nothing_is_offered_for_an_answer_without_a_name_or_where_it_is_only_read(
    opened: Opened,
) -> None:
    opened.read("Юлия", "Щербакова", MissingAnswer.DECLINED)
    assert opened.said == []
    opened.read("Юлия", "Щербакова")
    opened.form.set_read_only(is_read_only=True)
    assert opened.said == []
    opened.form.set_read_only(is_read_only=False)
    assert len(opened.said) == 6


def test_buttons_stand_after_the_field_for_tab_and_speak_the_windows_language(
    kit: UiContext, opened: Opened
) -> None:
    opened.read("Юлия", "Щербакова")
    stops = opened.form.form_rows[TICKET_NAME_KEY].focus_targets
    assert stops.index(opened.offer.buttons[0]) > stops.index(
        opened.form.editors[TICKET_NAME_KEY].focus_targets[0]
    )
    kit.translator.set_language("sv")
    assert "⟦Russian passport⟧" in opened.said[0]
    assert nameless(opened.form) == []
    kit.translator.set_language("en")
