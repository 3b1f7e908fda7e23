# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings on a journey: beside the fields, and as open points that lead to them.

Findings do not prevent saving; they only say where to look. The checks are in the domain and
their sentences in `i18n`. This module assigns them to records, and `OpenPointsPanel` shows them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout

from kfdesk.domain.itinerary import OTHER_CLOCK, SheetFinding
from kfdesk.domain.kinds import LocalizedTextKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import Translation
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label, leak_finding_sentence
from kfdesk.i18n.phrases import warning_sentence
from kfdesk.services.plans.journey import JourneyStatus
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.plan_sections import MissingItem
from kfdesk.ui.tokens import GRID, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import extend
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.layout import Banner, clear_layout

_PADDING = 4
_MIN_TWO_COLUMNS_WIDTH = 720  # pixels at 100 %
_POINT_ICONS = {
    "leg": "route",
    "help_number": "phone",
    "client": "user",
    "travel_document": "files",
    "traveller": "user",
    "relationship": "user",
}


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """An open point: its texts, and the record and field that it leads to."""

    title: Message
    under: Message
    type: str
    rid: bytes | None
    key: str


def field_findings(
    page: PlanPage, journey: JourneyStatus, rid: bytes, languages: Sequence[str]
) -> Mapping[str, list[Message]]:
    """Return the messages beside each field of a record: findings and missing languages."""
    found: dict[str, list[Message]] = {}
    for notice in journey.notices:
        if notice.where.rid == rid:
            found.setdefault(notice.where.key, []).append(partial(warning_sentence, notice.code))
    for finding in page.gaps:
        is_here = _finding_rid(page, finding) == rid
        if is_here and finding.key not in found and not _lacks_only_language(page, rid, finding):
            path = f"{finding.type}.{finding.key}"
            found[finding.key] = [partial(_finding_text, finding.code, path, None)]
    for key, code in _missing_translations(page, rid, languages):
        found.setdefault(key, []).append(partial(_no_translation_text, code))
    return found


def find_open_points(page: PlanPage, journey: JourneyStatus) -> list[OpenPoint]:
    """Return the open points: false clocks first, then contradictions, then what is missing.

    The folded card shows the first alone, and an hour too late is the worst. The gaps of one
    record are one point. Nothing is open of a leg that is over.
    """
    numbers = {leg.rid: place for place, leg in enumerate(page.legs, start=1)}
    notices = [
        OpenPoint(
            partial(warning_sentence, notice.code),
            partial(_leg_number_text, numbers.get(notice.where.rid or b"")),
            notice.where.type, notice.where.rid, notice.where.key,
        )
        for notice in journey.notices
        if notice.where.type in _POINT_ICONS
        and not page.is_over(notice.where.type, numbers.get(notice.where.rid or b""))
    ]  # fmt: skip
    told = {(point.rid, point.key) for point in notices}
    clocks = [gap for gap in page.gaps_ahead if gap.code == OTHER_CLOCK]
    gaps = [
        gap
        for gap in page.gaps_ahead
        if gap not in clocks and (_finding_rid(page, gap), gap.key) not in told
    ]
    groups = groupby(gaps, key=lambda gap: (gap.type, gap.sequence))
    return [
        *(_gaps_point(page, (gap,)) for gap in clocks),
        *notices,
        *(_gaps_point(page, tuple(group)) for _, group in groups),
    ]


def journey_gaps(page: PlanPage) -> list[MissingItem]:
    """Return the gaps of this section as missing items."""
    here = [gap for gap in page.gaps_ahead if gap.type in ("leg", "help_number")]
    return [MissingItem(gap.type, _finding_rid(page, gap), gap.key) for gap in here]


class OpenPointsPanel(CollapsibleCard):
    """The open points as banners; `asked` carries type, record or None, field.

    Folded, the card shows how many there are, and the first one. It stays when there is none left,
    so that what is below it does not move.
    """

    asked = Signal(str, object, str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, N_("Still to fill in for the journey"), "triangle-alert", _PADDING)
        self._kit = kit
        self.banners: list[Banner] = []
        self.buttons: list[Button] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(GRID)
        extend(self.inside, self._grid)
        self.hide()

    def show_points(self, shown: Sequence[OpenPoint]) -> None:
        points = tuple(shown)
        clear_layout(self._grid)
        self.buttons = []
        self.banners = [self._make_banner(point) for point in points]
        self._arrange()
        self.show_message(lambda language: self._summary(points, language))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the banners in two columns if there is space."""
        super().resizeEvent(event)
        self._arrange()

    def _summary(self, points: Sequence[OpenPoint], language: Language) -> str:
        if not points:
            return language.gettext(N_("nothing missing"))
        first = self._kit.translator.translate(points[0].title)
        rest = len(points) - 1
        return f"{first} · {_more_points_text(rest, language)}" if rest else first

    def _make_banner(self, point: OpenPoint) -> Banner:
        banner = Banner(self._kit, Tone.WARNING, _POINT_ICONS.get(point.type, "triangle-alert"))
        banner.set_message(point.title, point.under)
        ask = partial(self.asked.emit, point.type, point.rid, point.key)
        button = Button(self._kit, N_("Fill in"), "pencil", on=ask)
        words = self._kit.translator
        words.bind(
            button.setAccessibleName,
            N_("Fill in: {what}"),
            what=lambda _: words.translate(point.title),
        )
        banner.set_action(button)
        self.buttons.append(button)
        return banner

    def _arrange(self) -> None:
        has_room = self.width() >= self._kit.theme.scaled(_MIN_TWO_COLUMNS_WIDTH)
        columns = 2 if has_room and len(self.banners) > 1 else 1
        for banner in self.banners:
            self._grid.removeWidget(banner)
        for place, banner in enumerate(self.banners):
            self._grid.addWidget(banner, *divmod(place, columns))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(columns > 1))


def _finding_rid(page: PlanPage, finding: SheetFinding) -> bytes | None:
    """Return the record of a finding, or None if it does not exist yet."""
    if finding.type == "client":
        return page.client.rid
    views = page.legs if finding.type == "leg" else page.numbers
    place = (finding.sequence or 0) - 1
    return views[place].rid if 0 <= place < len(views) else None


def _lacks_only_language(page: PlanPage, rid: bytes, finding: SheetFinding) -> bool:
    """Return whether only a language is missing; `_missing_translations` reports those."""
    if finding.code != "not_in_language":
        return False
    view = page.case.view_of(rid)
    return view is not None and bool(getattr(view.record, finding.key))


def _missing_translations(
    page: PlanPage, rid: bytes, languages: Sequence[str]
) -> list[tuple[str, str]]:
    """Return the texts of a record that lack a language, as pairs of field and language."""
    view = page.case.view_of(rid)
    if view is None:
        return []
    found = []
    for key, field in RECORD_TYPES[view.row.type].fields.items():
        value = getattr(view.record, key)
        if isinstance(field.kind, LocalizedTextKind) and isinstance(value, tuple) and value:
            spoken = {word.language for word in value if isinstance(word, Translation)}
            found += [(key, code) for code in languages if code not in spoken]
    return found


def _gaps_point(page: PlanPage, gaps: Sequence[SheetFinding]) -> OpenPoint:
    """Return the gaps of one record as one point."""
    first = gaps[0]
    rid = _finding_rid(page, first)
    path = f"{first.type}.{first.key}"
    if len(gaps) == 1:
        title = partial(_finding_text, first.code, path, first.sequence)
        return OpenPoint(title, "", first.type, rid, first.key)
    keys = tuple(dict.fromkeys(gap.key for gap in gaps))
    return OpenPoint(
        partial(_record_gaps_text, first.type, first.sequence, len(keys)),
        partial(_field_labels, first.type, keys),
        first.type, rid, first.key,
    )  # fmt: skip


def _finding_text(code: str, path: str, number: int | None, language: Language) -> str:
    return leak_finding_sentence(code, field_label(path, language, number), language)


def _record_gaps_text(record_type: str, number: int | None, count: int, language: Language) -> str:
    if record_type == "leg":
        words = language.ngettext(
            "Leg {number}: {count} missing item", "Leg {number}: {count} missing items", count
        )  # fmt: skip
    else:
        words = language.ngettext(
            "Help number {number}: {count} missing item",
            "Help number {number}: {count} missing items",
            count,
        )
    return words.format(number=number, count=count)


def _field_labels(record_type: str, keys: Sequence[str], language: Language) -> str:
    return " · ".join(field_label(f"{record_type}.{key}", language) for key in keys)


def _leg_number_text(number: int | None, language: Language) -> str:
    return language.gettext(N_("Leg {number}")).format(number=number) if number else ""


def _no_translation_text(code: str, language: Language) -> str:
    words = language.gettext(N_("No text in this language yet: {language}."))
    return words.format(language=language.language(code))


def _more_points_text(count: int, language: Language) -> str:
    return language.plural("{count} more", "{count} more", count)
