# SPDX-License-Identifier: GPL-3.0-or-later
"""How she fares, area by area: a small step line for each, from nothing (0) to stable (4).

A line begins and ends where something was said; a gap stays a gap. Beside it stands in words what
was said last, and the whole course is its accessible text: the picture never says it alone.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kfdesk.domain.after.outcomes import HIGHEST, Course, courses, day_of, said
from kfdesk.domain.lists.after_codes import SCORE
from kfdesk.domain.records.after.follow_up import FollowUp
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import field_of
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear

_WIDE = 640  # pixels at 100 %; narrower, the areas stand below one another
_SIZE = QSize(120, 34)
_MARGIN = 6
_DOT = 3.0
_WORDS = tuple(SCORE.values())


class StepLine(QWidget):
    """The course of one area, painted."""

    def __init__(self, kit: Kit, course: Course) -> None:
        super().__init__()
        self._kit = kit
        self._scores = course.scores
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.words.bind(self.setAccessibleName, partial(_spoken, course))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A small picture."""
        return _SIZE

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Half as wide, at the least."""
        return QSize(_SIZE.width() // 2, _SIZE.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The scale's two ends, the steps, a dot for each answer."""
        colours = self._kit.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.setPen(QPen(QColor(colours.line), 1))
        for y in (area.top(), area.bottom()):
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        points = self._points(area)
        pen = QPen(QColor(colours.accent), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for here, after in pairwise(points):
            if here is not None and after is not None:
                corner = QPointF(after.x(), here.y())
                painter.drawPolyline([here, corner, after])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        for point in points:
            if point is not None:
                painter.drawEllipse(point, _DOT, _DOT)

    def _points(self, area: QRectF) -> list[QPointF | None]:
        step = area.width() / max(1, len(self._scores) - 1)
        return [
            None
            if score is None
            else QPointF(
                area.left() + place * step, area.bottom() - area.height() * score / HIGHEST
            )
            for place, score in enumerate(self._scores)
        ]


class CourseCard(Card):
    """The ten areas; hidden while nothing was said of any."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._courses: tuple[Course, ...] = ()
        self._is_wide = True
        self.lines: dict[str, StepLine] = {}
        self.head(kit, N_("How she fares"), "footprints")
        self.span = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.body.addWidget(self.span)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self.body.addLayout(self._grid)
        self.hide()

    def show_contacts(self, views: Sequence[View[FollowUp]]) -> None:
        """Show the course over these contacts."""
        told = said(views)
        self.setVisible(bool(told))
        self._courses = courses(views) if told else ()
        days = [day_of(one.record) for one in told]
        if days:
            self.span.tell(
                N_("From nothing (below) to stable (above), {days}. A gap was not asked."),
                days=lambda language: language.days(days[0], days[-1]),
            )
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Two columns of areas where there is room."""
        super().resizeEvent(event)
        is_wide = self.width() >= self._kit.theme.sized(_WIDE)
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._fill()

    def _fill(self) -> None:
        clear(self._grid)
        self.lines = {}
        half = (len(self._courses) + 1) // 2 if self._is_wide else len(self._courses)
        for place, course in enumerate(self._courses):
            column, row = divmod(place, half)
            self._add(course, row, column * 3)
        for column in (1, 4):
            self._grid.setColumnStretch(column, int(column == 1 or self._is_wide))

    def _add(self, course: Course, row: int, column: int) -> None:
        name = Label(self._kit, field_of("follow_up", course.area).label, Type.SMALL_STRONG)
        line = self.lines[course.area] = StepLine(self._kit, course)
        last = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED)
        last.tell(partial(_latest, course))
        for place, part in enumerate((name, line, last)):
            self._grid.addWidget(part, row, column + place)


def _latest(course: Course, language: Language) -> str:
    latest = course.latest
    return language.gettext(_WORDS[latest] if latest is not None else N_("not asked"))


def _spoken(course: Course, language: Language) -> str:
    """The area and all that was said of it, in order."""
    words = [
        language.gettext(N_("not asked") if score is None else _WORDS[score])
        for score in course.scores
    ]
    label = language.gettext(field_of("follow_up", course.area).label)
    return f"{label}: {', '.join(words)}"
