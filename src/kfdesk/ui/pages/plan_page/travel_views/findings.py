# SPDX-License-Identifier: GPL-3.0-or-later
"""What is still open in a journey: beside the fields, and as points that lead to them.

Everything here is saved all the same; a point only says where somebody should look. The checks
stand in the domain, their sentences in `i18n`; here they meet the records they are about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from kfdesk.domain.checks import Finding
from kfdesk.domain.kinds import ToldText
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Wording
from kfdesk.i18n.gates import notice_sentence
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label, finding_sentence
from kfdesk.services.casework.journey import Journey
from kfdesk.services.plans import PlanPage
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.section import Missing
from kfdesk.ui.tokens import GRID, Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner, clear
from kfdesk.ui.words import Message

FEW = 4
_TWO_COLUMNS = 720  # pixels at 100 %
_ICONS = {"leg": "route", "help_number": "phone", "client": "user", "travel_document": "files"}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at: its words, and the record and field it leads to."""

    title: Message
    under: Message
    type: str
    rid: bytes | None
    key: str


def field_findings(
    page: PlanPage, journey: Journey, rid: bytes, languages: Sequence[str]
) -> Mapping[str, list[Message]]:
    """What to say beside each field of a record: the checks, and languages that are wanted."""
    found: dict[str, list[Message]] = {}
    for notice in journey.notices:
        if notice.where.rid == rid:
            found.setdefault(notice.where.key, []).append(partial(notice_sentence, notice.code))
    for finding in page.gaps:
        is_here = _rid_of(page, finding) == rid
        if is_here and finding.key not in found and not _is_of_language(page, rid, finding):
            path = f"{finding.type}.{finding.key}"
            found[finding.key] = [partial(_said, finding.code, path, None)]
    for key, code in _unwritten(page, rid, languages):
        found.setdefault(key, []).append(partial(_no_text, code))
    return found


def points(page: PlanPage, journey: Journey) -> list[Point]:
    """What is open, what does not fit together first; the gaps of one record are one point."""
    numbers = {leg.rid: place for place, leg in enumerate(page.legs, start=1)}
    found = [
        Point(
            partial(notice_sentence, notice.code),
            partial(_place, numbers.get(notice.where.rid or b"")),
            notice.where.type, notice.where.rid, notice.where.key,
        )
        for notice in journey.notices
        if notice.where.type in _ICONS
    ]  # fmt: skip
    told = {(point.rid, point.key) for point in found}
    gaps = [gap for gap in page.gaps if (_rid_of(page, gap), gap.key) not in told]
    for _, group in groupby(gaps, key=lambda gap: (gap.type, gap.sequence)):
        found.append(_gathered(page, tuple(group)))
    return found


def gaps_of(page: PlanPage) -> list[Missing]:
    """The gaps that stand in this section, as the page leads to them one by one."""
    here = [gap for gap in page.gaps if gap.type in ("leg", "help_number")]
    return [Missing(gap.type, _rid_of(page, gap), gap.key) for gap in here]


class OpenPoints(QWidget):
    """The points as banners, few at first. `asked` carries type, record or None, and field."""

    asked = Signal(str, object, str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._points: tuple[Point, ...] = ()
        self._is_open = False
        self.banners: list[Banner] = []
        self.buttons: list[Button] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(GRID)
        self.more = Button(kit, N_("Show all"), "chevron-down", Look.QUIET)
        self.more.clicked.connect(self._on_more_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(self._grid)
        column.addWidget(self.more)

    def show_points(self, shown: Sequence[Point]) -> None:
        """Show these points."""
        self._points = tuple(shown)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Stand in two columns where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _show(self) -> None:
        clear(self._grid)
        shown = self._points if self._is_open else self._points[:FEW]
        self.buttons = []
        self.banners = [self._make_banner(point) for point in shown]
        self._arrange()
        rest = len(self._points) - FEW
        self.more.setVisible(rest > 0)
        if self._is_open:
            self.more.tell(N_("Show fewer"))
        else:
            self.more.tell(lambda language: _more(rest, language))
        self.more.show_icon("chevron-up" if self._is_open else "chevron-down")
        self.setVisible(bool(self._points))

    def _make_banner(self, point: Point) -> Banner:
        banner = Banner(self._kit, Tone.WARNING, _ICONS.get(point.type, "triangle-alert"))
        banner.tell(point.title, point.under)
        button = Button(self._kit, N_("Fill in"), "pencil")
        words = self._kit.words
        words.bind(
            button.setAccessibleName, N_("Fill in: {what}"), what=lambda _: words.say(point.title)
        )
        button.clicked.connect(partial(self.asked.emit, point.type, point.rid, point.key))
        banner.act(button)
        self.buttons.append(button)
        return banner

    def _arrange(self) -> None:
        has_room = self.width() >= self._kit.theme.sized(_TWO_COLUMNS)
        columns = 2 if has_room and len(self.banners) > 1 else 1
        for banner in self.banners:
            self._grid.removeWidget(banner)
        for place, banner in enumerate(self.banners):
            self._grid.addWidget(banner, *divmod(place, columns))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(columns > 1))

    def _on_more_clicked(self) -> None:
        self._is_open = not self._is_open
        self._show()
        self.more.setFocus()


def _rid_of(page: PlanPage, finding: Finding) -> bytes | None:
    """The record that a finding is about; None where there is none yet."""
    if finding.type == "client":
        return page.client.rid
    views = page.legs if finding.type == "leg" else page.numbers
    place = (finding.sequence or 0) - 1
    return views[place].rid if 0 <= place < len(views) else None


def _is_of_language(page: PlanPage, rid: bytes, finding: Finding) -> bool:
    """Whether only a language is missing, which is said of all wanted languages together."""
    if finding.code != "not_in_language":
        return False
    view = page.case.seen(rid)
    return view is not None and bool(getattr(view.record, finding.key))


def _unwritten(page: PlanPage, rid: bytes, languages: Sequence[str]) -> list[tuple[str, str]]:
    """The texts of a record that lack a language: the field and the language."""
    view = page.case.seen(rid)
    if view is None:
        return []
    found = []
    for key, field in TYPES[view.row.type].fields.items():
        value = getattr(view.record, key)
        if isinstance(field.kind, ToldText) and isinstance(value, tuple) and value:
            spoken = {word.language for word in value if isinstance(word, Wording)}
            found += [(key, code) for code in languages if code not in spoken]
    return found


def _gathered(page: PlanPage, gaps: Sequence[Finding]) -> Point:
    """The gaps of one record as one point."""
    first = gaps[0]
    rid = _rid_of(page, first)
    path = f"{first.type}.{first.key}"
    if len(gaps) == 1:
        title = partial(_said, first.code, path, first.sequence)
        return Point(title, "", first.type, rid, first.key)
    keys = tuple(dict.fromkeys(gap.key for gap in gaps))
    return Point(
        partial(_gaps, first.type, first.sequence, len(keys)),
        partial(_labels, first.type, keys),
        first.type, rid, first.key,
    )  # fmt: skip


def _said(code: str, path: str, number: int | None, language: Language) -> str:
    return finding_sentence(code, field_label(path, language, number), language)


def _gaps(record_type: str, number: int | None, count: int, language: Language) -> str:
    if record_type == "leg":
        words = language.ngettext(
            "Leg {number}: {count} gap", "Leg {number}: {count} gaps", count
        )  # fmt: skip
    else:
        words = language.ngettext(
            "Help number {number}: {count} gap", "Help number {number}: {count} gaps", count
        )
    return words.format(number=number, count=count)


def _labels(record_type: str, keys: Sequence[str], language: Language) -> str:
    return " · ".join(field_label(f"{record_type}.{key}", language) for key in keys)


def _place(number: int | None, language: Language) -> str:
    return language.gettext(N_("Leg {number}")).format(number=number) if number else ""


def _no_text(code: str, language: Language) -> str:
    words = language.gettext(N_("No text in this language yet: {language}."))
    return words.format(language=language.language(code))


def _more(count: int, language: Language) -> str:
    return language.ngettext("Show {count} more", "Show {count} more", count).format(count=count)
