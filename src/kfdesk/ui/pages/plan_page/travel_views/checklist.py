# SPDX-License-Identifier: GPL-3.0-or-later
"""The list before leaving: each point is open, done, or does not apply; it saves itself.

One list that the arrow keys walk: Space is done, minus does not apply, and the same key opens a
point again. What the points are stands in the domain; a mistake is taken back by undo.
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from kfdesk.domain.listing.needs import has_help
from kfdesk.domain.lists.case_codes import DEPARTURE_CHECK
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.casework.journey import Answered, answer_check, answers
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.records import Done
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.tokens import ROW, Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.rows import Cell, Column, Table

_ROW = ROW - 10
_LOOKS = {
    Answered.OPEN: (N_("Still open"), "circle", Tone.MUTED),
    Answered.DONE: (N_("Done"), "circle-check", Tone.SUCCESS),
    Answered.NOT_APPLICABLE: (N_("Does not apply"), "ban", Tone.MUTED),
}
_TOLD = {
    Answered.OPEN: N_("Open again."),
    Answered.DONE: N_("Ticked as done."),
    Answered.NOT_APPLICABLE: N_("Marked: does not apply."),
}


class CheckTable(Table):
    """The points; `answered` carries what the key means for the current one."""

    answered = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Space and minus answer; Alt is the page's."""
        keys = {
            Qt.Key.Key_Space: Answered.DONE,
            Qt.Key.Key_Minus: Answered.NOT_APPLICABLE,
        }
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif event.key() in keys:
            self.answered.emit(keys[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _set_row_height(self, *, has_two_lines: bool) -> None:
        super()._set_row_height(has_two_lines=has_two_lines)
        self.row_height = max(_ROW, self.fontMetrics().height() + 8)
        self.verticalHeader().setDefaultSectionSize(self.row_height)


class Checklist(Card):
    """The card with the list. `help_asked` carries what kind of help the current point needs."""

    help_asked = Signal(str)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan: bytes | None = None
        self._answers = dict.fromkeys(DEPARTURE_CHECK, Answered.OPEN)
        self._count = Label(kit, style=Type.SMALL, tone=Tone.MUTED)
        self.table = CheckTable(kit, (Column(N_("To check"), stretches=True), Column(N_("State"))))
        kit.words.bind(self.table.setAccessibleName, N_("Before leaving"))
        self.done = Button(kit, N_("Done"), "circle-check", Look.TONAL).show_key("Space")
        self.off = Button(kit, N_("Does not apply"), "ban", Look.QUIET).show_key("-")
        self.head(kit, N_("Before leaving"), "list-checks").addWidget(self._count)
        self.help = Button(kit, N_("Find help"), "book-user", Look.QUIET)
        self.buttons = Flow(self.done, self.off, self.help)
        self.body.addWidget(self.table)
        self.body.addWidget(self.buttons)
        self.table.answered.connect(self.answer)
        self.table.chosen.connect(lambda _row: self.answer(Answered.DONE))
        self.done.clicked.connect(lambda: self.answer(Answered.DONE))
        self.off.clicked.connect(lambda: self.answer(Answered.NOT_APPLICABLE))
        self.table.selectionModel().currentRowChanged.connect(self._show_buttons)
        self.help.clicked.connect(lambda: self.help_asked.emit(f"check.{self.current}"))
        kit.words.changed.connect(self._show)

    @property
    def current(self) -> str:
        """The code of the current point."""
        return list(self._answers)[max(0, self.table.currentIndex().row())]

    def show_plan(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show this plan's."""
        self._plan = None if is_read_only else page.plan.rid
        self._answers = answers(page.plan.record)
        self.buttons.setVisible(not is_read_only)
        self._show()

    def answer(self, answer: Answered) -> None:
        """Answer the current point; the answer that it has already opens it again."""
        desk, plan, check = self._desk, self._plan, self.current
        if plan is None:
            return
        if self._answers[check] is answer:
            answer = Answered.OPEN
        self._answers[check] = answer
        self._show()
        self._kit.work.run(
            lambda: answer_check(desk, plan, check, answer), partial(self._on_saved, answer)
        )

    def _show(self) -> None:
        language = self._kit.words.language
        self.table.show_rows([_row(*item, language) for item in self._answers.items()])
        self.table.fit_height()
        if not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        held = list(self._answers.values())
        self._count.tell(lambda spoken: _count(held, spoken))
        self._show_buttons()

    def _show_buttons(self) -> None:
        now = self._answers[self.current]
        is_done, is_off = now is Answered.DONE, now is Answered.NOT_APPLICABLE
        self.done.tell(N_("Open again") if is_done else N_("Done"))
        self.help.setVisible(has_help(f"check.{self.current}"))
        self.off.tell(N_("Applies after all") if is_off else N_("Does not apply"))

    def _on_saved(self, answer: Answered, done: Done) -> None:
        tell_done(self._kit, self._desk, (done,), _TOLD[answer])


def _row(check: str, answer: Answered, language: Language) -> tuple[Cell, ...]:
    word, icon, tone = _LOOKS[answer]
    says = Cell(language.gettext(DEPARTURE_CHECK[check]))
    return (says, Cell(language.gettext(word), icon=icon, tone=tone))


def _count(held: list[Answered], language: Language) -> str:
    left = held.count(Answered.OPEN)
    if not left:
        return language.gettext(N_("nothing open"))
    return language.ngettext("{count} open", "{count} open", left).format(count=left)
