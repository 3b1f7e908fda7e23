# SPDX-License-Identifier: GPL-3.0-or-later
"""What partners ask us to erase and do not answer for: people say yes or no, client by client.

It reads by itself, so that the page need only make room for it. Erasing is asked twice; either
answer goes with the next file. What must be kept by law is refused by the service, and the card
says so.
"""

from collections.abc import Iterable, Iterator, Sequence
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
    """Requests of one partner for one reason, with the code of the client whom they are about.

    `title` says what is to be erased.
    """

    lines: tuple[OrderLine, ...]
    code: str
    title: Message


class RequestList(ShortList):
    """The card; hidden while nobody asks."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, N_("Asked of us: to erase"), "trash-2", _SHOWN)
        self._desk = desk
        self.buttons: list[tuple[Button, Button, Button]] = []
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
        line = self.line(partial(_what, one), _why(one))
        if not self._desk.may(Right.ERASE):
            return line
        keep = self._make_button(one, N_("Keep it, and say so"), "lock")
        keep.clicked.connect(lambda: self._answer(one, erases=False))
        erase = self._make_button(one, N_("Erase for good…"), "trash-2")
        now = self._make_button(one, N_("Erase it now"), "octagon-alert", Look.DANGER)
        now.clicked.connect(lambda: self._answer(one, erases=True))
        leave = self._make_button(one, N_("Leave it as it is"))

        def ask(*, is_sure: bool) -> None:
            for button in (keep, erase):
                button.setVisible(not is_sure)
            for button in (now, leave):
                button.setVisible(is_sure)
            (leave if is_sure else erase).setFocus()

        erase.clicked.connect(lambda: ask(is_sure=True))
        leave.clicked.connect(lambda: ask(is_sure=False))
        for button in (keep, erase, now, leave):
            line.add(button)
        now.hide()
        leave.hide()
        self.buttons.append((keep, erase, now))
        return line

    def _make_button(
        self, one: Asked, words: str, icon: str = "", look: Look = Look.SECONDARY
    ) -> Button:
        button = Button(self._kit, words, icon, look)
        self._kit.words.bind(
            button.setAccessibleName,
            lambda language: f"{language.gettext(words)}: {_what(one, language)}",
        )
        return button

    def _answer(self, one: Asked, *, erases: bool) -> None:
        desk, partner = self._desk, one.lines[0].partner
        orders = [line.id for line in one.lines]
        self.outcome.hide()
        self._kit.work.run(
            lambda: asking.answer_requests(desk, partner, orders, erases=erases),
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


def _all(desk: Desk, lines: Iterable[OrderLine]) -> Iterator[Asked]:
    """What is asked, the records of one client together."""
    together: dict[tuple[bytes, str, str, bytes], list[OrderLine]] = {}
    for line in lines:
        code, _ = whose(desk, line.rid)
        alone = b"" if code else line.rid
        together.setdefault((line.partner, line.reason, code, alone), []).append(line)
    for (_, _, code, _), found in together.items():
        yield Asked(tuple(found), code, _title(desk, found))


def _title(desk: Desk, lines: Sequence[OrderLine]) -> Message:
    if len(lines) > 1:
        return partial(_records, len(lines))
    _, seen = whose(desk, lines[0].rid)
    return N_("a record that is not here") if seen is None else partial(record_title, seen)


def _records(count: int, language: Language) -> str:
    return language.ngettext("{count} record", "{count} records", count).format(count=count)


def _what(one: Asked, language: Language) -> str:
    """`Safe house asks: tulpan-47, leg (no. 2)`, or how many records of hers."""
    title = language.gettext(one.title) if isinstance(one.title, str) else one.title(language)
    named = f"{one.code}, {title}" if one.code else title
    sentence = N_("{name} asks to erase: {record}")
    return language.gettext(sentence).format(name=one.lines[0].name or "–", record=named)


def _why(one: Asked) -> str:
    known = {str(reason): words for reason, words in REASONS.items()}
    return known.get(one.lines[0].reason, N_("They give no reason that is known here."))
