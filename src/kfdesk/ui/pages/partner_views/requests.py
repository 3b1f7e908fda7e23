# SPDX-License-Identifier: GPL-3.0-or-later
"""What partners ask us to erase and do not answer for: people say yes or no, record by record.

It reads by itself, so that the page need only make room for it. Either answer goes with the next
file. What must be kept by law is refused by the service, and the card says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from kfdesk.domain.desk.erasure import REASONS
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.sharing import asking
from kfdesk.services.sharing.asking import SEEING, OrderLine
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.reading import whose
from kfdesk.ui.pages.exchange_views.step import say_fault
from kfdesk.ui.pages.exchange_views.wording import record_title
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner, ShortList
from kfdesk.ui.words import Message

_SHOWN = 3  # the next one comes up when one is answered


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the code of the client whom it is about, and what record it is."""

    line: OrderLine
    code: str
    title: Message


class RequestList(ShortList):
    """The card; hidden while nobody asks."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, N_("Asked of us: to erase"), "trash-2", _SHOWN)
        self._desk = desk
        self.buttons: list[tuple[Button, Button]] = []
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.outcome.hide()
        self.body.insertWidget(1, self.outcome)

    def read(self) -> None:
        """Read again what is asked of us."""
        desk = self._desk
        if any(map(desk.may, SEEING)):
            self._kit.work.run(lambda: _read(desk), self._on_read)

    def _on_read(self, found: tuple[Asked, ...]) -> None:
        self.buttons = []
        self.fill(found, self._make_line)

    def _make_line(self, one: Asked) -> QWidget:
        part, row = self.line(partial(_what, one), _why(one))
        keep = self._make_button(one, N_("Keep it, and say so"), "lock", erases=False)
        erase = self._make_button(one, N_("Erase for good"), "trash-2", erases=True)
        if self._desk.may(Right.ERASE):
            self.buttons.append((keep, erase))
            row.addWidget(keep)
            row.addWidget(erase)
        return part

    def _make_button(self, one: Asked, words: str, icon: str, *, erases: bool) -> Button:
        button = Button(self._kit, words, icon, Look.DANGER if erases else Look.SECONDARY)
        self._kit.words.bind(
            button.setAccessibleName,
            lambda language: f"{language.gettext(words)}: {_what(one, language)}",
        )
        button.clicked.connect(lambda: self._answer(one, erases=erases))
        return button

    def _answer(self, one: Asked, *, erases: bool) -> None:
        desk, line = self._desk, one.line
        self.outcome.hide()
        self._kit.work.run(
            lambda: asking.answer_request(desk, line.partner, line.id, erases=erases),
            self._on_answered,
            self._on_refused,
        )

    def _on_answered(self, changes: Changes) -> None:
        self._kit.tell(N_("The answer goes with the next file."))
        self._kit.hub.changed.emit(changes.types | {"partner"})

    def _on_refused(self, fault: KfdeskError) -> None:
        say_fault(self._kit, self.outcome, fault)


def _read(desk: Desk) -> tuple[Asked, ...]:
    return tuple(_all(desk, asking.list_requests(desk)))


def _all(desk: Desk, lines: Iterable[OrderLine]) -> Iterable[Asked]:
    for line in lines:
        code, seen = whose(desk, line.rid)
        title: Message = N_("a record that is not here")
        if seen is not None:
            title = partial(record_title, seen)
        yield Asked(line, code, title)


def _what(one: Asked, language: Language) -> str:
    """`Safe house asks: tulpan-47, leg (no. 2)`."""
    title = language.gettext(one.title) if isinstance(one.title, str) else one.title(language)
    named = f"{one.code}, {title}" if one.code else title
    sentence = N_("{name} asks to erase: {record}")
    return language.gettext(sentence).format(name=one.line.name or "–", record=named)


def _why(one: Asked) -> str:
    known = {str(reason): words for reason, words in REASONS.items()}
    return known.get(one.line.reason, N_("They give no reason that is known here."))
