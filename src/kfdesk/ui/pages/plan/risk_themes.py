# SPDX-License-Identifier: GPL-3.0-or-later
"""The themes of our own risk assessment, a row each, answered with one key and then the next.

1 means nothing, 2 something, 3 not known. Each answer is saved at once and can be undone. Enter or
a click opens a theme. What the answers come to is decided by the domain.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from kfdesk.domain.codes.risk import CATEGORY_ITEMS, RISK_CATEGORY, RISK_LEVEL, RISK_THEME
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    ItemAnswer,
    RiskLevel,
    RiskStatus,
    ThemeAnswer,
    contradicting_items,
    has_answer,
    is_line_open,
    is_theme_reopened,
    items_on_line,
    line_answer,
    line_of_category,
    rate_line,
    required_categories,
    theme_on_line,
)
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.services.plans.risk import PlanRisks
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.risk_table import LevelCell, NumberCell, RiskRowDelegate
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.build import extend, heading, muted
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, FlowBox
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

THEME_KEYS = {
    Qt.Key.Key_1: ThemeAnswer.NOTHING,
    Qt.Key.Key_2: ThemeAnswer.SOMETHING,
    Qt.Key.Key_3: ThemeAnswer.NOT_KNOWN,
}
_THEME_LOOKS: dict[ThemeAnswer, tuple[str, Tone]] = {
    ThemeAnswer.NOTHING: ("check", Tone.ACCENT),
    ThemeAnswer.SOMETHING: ("circle-dot", Tone.ACCENT),
    ThemeAnswer.NOT_KNOWN: ("circle-question-mark", Tone.WARNING),
}
"""An answer is no success: only the level says how grave it is."""
_SEPARATOR = " · "
_THEME_ROW = 34  # ten and their heading fit on a small screen


class RiskThemeTable(TableView):
    """The themes; `answered` carries what a key answers to the current one."""

    answered = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with 1, 2 and 3; leave keys with Alt to the page."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif event.key() in THEME_KEYS:
            self.answered.emit(THEME_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _set_row_height(self, *, has_two_lines: bool) -> None:
        """Set rows of one line that are lower than those of other tables."""
        super()._set_row_height(has_two_lines=has_two_lines)
        self.row_height = min(self.row_height, max(_THEME_ROW, self.fontMetrics().height() + 12))
        self.verticalHeader().setDefaultSectionSize(self.row_height)


class RiskThemesCard(CardFrame):
    """The list of themes; `chosen` carries the theme to open, `answered` one and its answer.

    `conclusion_asked` leads to the form of the whole assessment.
    """

    chosen = Signal(str)
    answered = Signal(str, object)
    conclusion_asked = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._risks: PlanRisks | None = None
        self._themes: tuple[str, ...] = ()
        self._is_shut = True
        self._count = Label(kit, style=TextStyle.SMALL, tone=Tone.MUTED)
        self._hint = muted(
            kit,
            N_("1 nothing, 2 something, 3 not known. Enter opens a theme."),
            TextStyle.SMALL,
        )
        columns = (
            ColumnSpec(""),
            ColumnSpec(N_("Theme"), stretches=True),
            ColumnSpec(N_("Answer")),
            ColumnSpec(N_("Level")),
        )
        self.table = RiskThemeTable(kit, columns)
        self.table.setItemDelegate(RiskRowDelegate(kit, self.table))
        self.table.open_by_click()
        kit.translator.bind(self.table.setAccessibleName, N_("Themes of risk"))
        self.conclusion = Button(
            kit, N_("Her view and the conclusion"), "arrow-right", ButtonLook.QUIET
        )
        self.conclusion.clicked.connect(self.conclusion_asked)
        extend(
            self.body,
            heading(kit, N_("Our answers"), "list-checks", self._count),
            self.table,
            FlowBox(self._hint, self.conclusion, fills=self._hint),
        )
        self.table.chosen.connect(lambda row: self.chosen.emit(self._themes[row]))
        self.table.answered.connect(self.answer)
        kit.translator.changed.connect(self._show)

    def show_risks(self, risks: PlanRisks, *, is_read_only: bool) -> None:
        """Show the themes of our current assessment."""
        self._risks, self._is_shut = risks, is_read_only
        self._themes = required_categories(has_children=risks.has_children)
        self.setVisible(risks.ours is not None)
        self.conclusion.setVisible(not is_read_only)
        self._show()

    def go_to(self, theme: str) -> None:
        """Select the row of a theme."""
        if theme in self._themes:
            self.table.selectRow(self._themes.index(theme))

    def start(self) -> None:
        """Move the focus to the first theme without an answer, else to the first."""
        left = self._risks.open if self._risks is not None else ()
        self.go_to(left[0] if left else self._themes[0])
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def answer(self, theme: ThemeAnswer) -> None:
        """Answer the current theme and go to the next; after the last, to one with questions."""
        row = max(0, self.table.currentIndex().row())
        if self._risks is None or self._risks.ours is None or self._is_shut:
            return
        self.answered.emit(self._themes[row], theme)
        if row + 1 < len(self._themes):
            self.table.selectRow(row + 1)
        else:
            self.go_to_questions()

    def go_to_questions(self) -> None:
        """Select the first theme with something that still asks, if there is one."""
        for theme, line in self._lines().items():
            if theme_on_line(line.record) is ThemeAnswer.SOMETHING and is_line_open(line):
                self.go_to(theme)
                return

    def _lines(self) -> dict[str, RecordView[RiskLine]]:
        ours = self._risks.ours if self._risks is not None else None
        found = {one: line_of_category(ours.lines if ours else (), one) for one in self._themes}
        return {theme: line for theme, line in found.items() if line is not None}

    def _show(self) -> None:
        if self._risks is None or self._risks.ours is None:
            return
        language, lines = self._kit.translator.language, self._lines()
        self.table.show_rows(
            [
                _theme_row(number, theme, lines.get(theme), language)
                for number, theme in enumerate(RISK_CATEGORY, start=1)
                if theme in self._themes
            ]
        )
        self.table.fit_height()
        status = self._risks.ours.status
        self._count.set_message(lambda spoken: themes_answered_text(status, spoken))


def themes_answered_text(status: RiskStatus, language: Language) -> str:
    """Return how many themes are answered, and which of them are not known."""
    words = language.gettext(N_("{answered} of {asked} themes answered"))
    parts = [words.format(answered=status.answered, asked=status.asked)]
    if status.unknown:
        names = [language.gettext(RISK_CATEGORY[one]) for one in status.unknown]
        words = language.gettext(N_("not known: {names}"))
        parts.append(words.format(names=", ".join(names)))
    return _SEPARATOR.join(parts)


def shown_theme(line: RiskLine | None) -> ThemeAnswer | None:
    """Return the answer to a theme; for one that was answered item by item, what they come to."""
    theme = theme_on_line(line)
    if theme is not None or line is None:
        return theme
    by_answer = {
        "nothing_found": ThemeAnswer.NOTHING,
        "found": ThemeAnswer.SOMETHING,
        "not_known": ThemeAnswer.NOT_KNOWN,
    }
    return by_answer.get(line_answer(line) or "")


def _theme_row(
    number: int, category: str, line: RecordView[RiskLine] | None, language: Language
) -> tuple[TableCell, ...]:
    level = rate_line(line).before.level if line is not None and has_answer(line) else None
    name = TableCell(language.gettext(RISK_CATEGORY[category]))
    return (
        NumberCell(str(number)), name, _answer_cell(category, line, language),
        _level_cell(level, language),
    )  # fmt: skip


def _answer_cell(category: str, line: RecordView[RiskLine] | None, language: Language) -> TableCell:
    record = line.record if line is not None else None
    theme = shown_theme(record)
    parts = [language.gettext(RISK_THEME[theme])] if theme is not None else []
    icon, tone = _THEME_LOOKS[theme] if theme is not None else ("circle-dashed", Tone.MUTED)
    if line is not None and (left := _left_text(category, line, language)):
        parts.append(left)
        is_against = line.conflicts or contradicting_items(line.record)
        if is_against or is_theme_reopened(line.record):  # a tick would say that it is done
            icon, tone = "circle-alert", Tone.WARNING
    words = _SEPARATOR.join(parts) or language.gettext(N_("Not answered"))
    return TableCell(words, icon=icon, tone=tone)


def _left_text(category: str, line: RecordView[RiskLine], language: Language) -> str:
    """Return what is still to be done about a theme that was begun."""
    if line.conflicts:
        return language.gettext(N_("two answers, to be decided"))
    if contradicting_items(line.record):
        return language.gettext(N_("a question says more"))
    if line_answer(line.record) is not None:
        return language.gettext(N_("still to be rated")) if is_line_open(line) else ""
    if is_theme_reopened(line.record):
        return language.gettext(N_("to be answered again"))
    items = items_on_line(category, line.record).values()
    given = sum(one.answer is not ItemAnswer.OPEN for one in items)
    words = language.gettext(N_("{given} of {total} questions answered"))
    return words.format(given=given, total=len(CATEGORY_ITEMS[category]))


def _level_cell(level: RiskLevel | None, language: Language) -> TableCell:
    if level is None:
        return TableCell()
    return LevelCell(language.gettext(RISK_LEVEL[level.code]), level=level)
