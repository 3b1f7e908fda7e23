# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom to call because a withdrawal was not confirmed by them: a list, crossed off by a button.

It reads by itself, so that the page need only make room for it. A call that is crossed off is in
the ledger, with who made it.
"""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import READING
from kfdesk.services.sharing import notices
from kfdesk.services.sharing.notices import Call
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.notice_views.telling import withdrawn_since
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear

_SHOWN = 4  # the next one comes up when one is crossed off


class CallList(Card):
    """The card; hidden while nobody is to be called."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.buttons: list[Button] = []
        self.head(kit, N_("To be told by telephone"), "phone", Tone.WARNING)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(tokens.GRID)
        self.body.addLayout(self._lines)
        self.hide()

    def read(self) -> None:
        """Read again whom to call."""
        desk = self._desk
        if any(map(desk.may, READING)):
            self._kit.work.run(lambda: notices.read_calls(desk), self._on_read)

    def _on_read(self, calls: tuple[Call, ...]) -> None:
        clear(self._lines)
        self.buttons = []
        for call in calls[:_SHOWN]:
            self._lines.addWidget(self._make_line(call))
        if len(calls) > _SHOWN:
            more = Label(self._kit, partial(_more, len(calls) - _SHOWN), tone=Tone.MUTED)
            self._lines.addWidget(more)
        self.setVisible(bool(calls))

    def _make_line(self, call: Call) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self._kit, partial(_what, call), Type.STRONG).wrapped())
        words.addWidget(Label(self._kit, _state(call), Type.SMALL, Tone.MUTED).wrapped())
        row.addLayout(words, 1)
        done = Button(self._kit, N_("Told by telephone"), "check")
        name = call.name
        self._kit.words.bind(
            done.setAccessibleName,
            lambda language: f"{language.gettext(N_('Told by telephone'))}: {name}",
        )
        done.clicked.connect(partial(self._on_told, call))
        self.buttons.append(done)
        row.addWidget(done)
        return part

    def _on_told(self, call: Call) -> None:
        desk = self._desk
        self._kit.work.run(
            lambda: notices.note_called(desk, call.consent, call.recipient), self._on_noted
        )

    def _on_noted(self, _nothing: None) -> None:
        self.read()
        self._kit.hub.changed.emit(frozenset({"partner", "disclosure"}))


def _what(call: Call, language: Language) -> str:
    """`Safe house: tulpan-47, consent withdrawn, 3 December 2026, 14:05`."""
    since = withdrawn_since(call.withdrawn, language)
    sentence = (
        N_("{name}: {code}, consent withdrawn, {time}")
        if since
        else N_("{name}: {code}, consent withdrawn")
    )
    return language.gettext(sentence).format(
        name=call.name or "–", code=call.code or "–", time=since
    )


def _more(count: int, language: Language) -> str:
    return language.ngettext("{count} more", "{count} more", count).format(count=count)


def _state(call: Call) -> str:
    if not call.has_desk:
        return N_("No file goes to them: tell them by telephone.")
    if call.is_sent:
        return N_("A file with it has left, and they have not confirmed it.")
    return N_("No file with it has left yet.")
