# SPDX-License-Identifier: GPL-3.0-or-later
"""The review of a file before its import: its sender, what is new, what changes, conflicts.

Nothing is written before Apply, which imports all or nothing. Conflicts are decided here or
left open. J and K move between the lines, 1 leaves a field for later, 2 and 3 choose a side, 4
is for a custom value, U undoes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QModelIndex, QRectF, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from kfdesk.domain.authority import is_common_type
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.exchange_messages import (
    answers_text,
    confirmed_text,
    erased_sentence,
    refused_sentence,
    untold_sentence,
)
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.import_review import ConflictChoice, Decision, FieldRef, TypedValue
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.conflicts import (
    ChangeCard,
    ChangeCounts,
    FieldConflictCard,
    SplitView,
    change_title,
)
from kfdesk.ui.pages.exchange.notices import withdrawal_banner
from kfdesk.ui.pages.exchange.previews import (
    FilePreview,
    RecordChange,
    ReferenceNames,
    apply_text,
    finding_banners,
    kept_sentence,
    made_text,
    numbers_text,
    will_erase_text,
)
from kfdesk.ui.record_views import type_word
from kfdesk.ui.tokens import RADIUS_ROW, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, muted, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, FlowBox, TaskPage, group_widgets
from kfdesk.ui.widgets.painting import draw_box
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Icon
from kfdesk.ui.worker import JobProgress

# --- lines

_COMMON = N_("Contacts and networks")
_CONFLICTS, _CHANGED, _NEW, _REFUSED = (
    N_("Conflicts"), N_("Changed records"), N_("New records"), N_("Refused records"),
)  # fmt: skip
_PART_LOOKS: Mapping[str, tuple[str, Tone]] = {
    _CONFLICTS: ("git-merge", Tone.WARNING),
    _CHANGED: ("pencil", Tone.INFO),
    _NEW: ("plus", Tone.INFO),
    _COMMON: ("book-user", Tone.INFO),
    _REFUSED: ("ban", Tone.DANGER),
}


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A line of the list: a heading, a record, or one field of a record in conflict."""

    part: str
    change: RecordChange | None = None
    key: str = ""
    count: int = 0

    @property
    def field_place(self) -> FieldRef | None:
        """The record and field to decide; None for other lines."""
        return (self.change.after.rid, self.key) if self.change is not None and self.key else None


def review_lines(incoming: FilePreview) -> tuple[ReviewLine, ...]:
    """Return all lines, part by part; an empty part is left out."""
    changes = incoming.changes
    torn = [ReviewLine(_CONFLICTS, one, key) for one in changes for key in one.choices]
    parts: dict[str, list[ReviewLine]] = {_CONFLICTS: torn, _CHANGED: [], _NEW: [], _COMMON: []}
    for one in changes:
        if not one.choices:
            is_common = is_common_type(one.after.row.type)
            part = _COMMON if is_common else _NEW if one.is_new else _CHANGED
            parts[part].append(ReviewLine(part, one))
    return tuple(_with_heads(parts, incoming.review.refused))


def review_cells(
    line: ReviewLine, decided: Mapping[FieldRef, str], names: ReferenceNames, language: Language
) -> tuple[TableCell, ...]:
    """Return the cells of a line; `decided` has the chosen side of each decided field."""
    if line.change is None:
        return _head_cells(line, len(decided), language)
    language = language.about(line.change.pronoun)
    what, name = (
        type_word(line.change.after.row.type, language, line.change.number),
        change_title(line.change, names, language),
    )
    title = name or what
    if line.field_place is None:
        return TableCell(title, what if name else ""), TableCell(
            language.gettext(N_("ready")), "", "check", Tone.ACCENT
        )
    label = language.gettext(field_of(line.change.after.row.type, line.key).label)
    under = f"{what}: {label}" if name else label
    side = decided.get(line.field_place)
    if side is None:
        return (
            TableCell(title, under, is_strong=True),
            TableCell(language.gettext(N_("not yet decided")), "", "circle-dashed", Tone.WARNING),
        )
    state = TableCell(language.gettext(side), "", "check", Tone.ACCENT)
    return TableCell(title, under, is_strong=True), state


def _with_heads(parts: Mapping[str, Sequence[ReviewLine]], refused: int) -> Iterator[ReviewLine]:
    for part, lines in parts.items():
        if lines:
            yield ReviewLine(part, count=len(lines))
            yield from lines
    if refused:
        yield ReviewLine(_REFUSED, count=refused)


def _head_cells(line: ReviewLine, decided: int, language: Language) -> tuple[TableCell, ...]:
    icon, tone = _PART_LOOKS[line.part]
    count = str(line.count)
    if line.part == _CONFLICTS:
        count = language.gettext(N_("{decided} of {count} decided")).format(
            decided=decided, count=line.count
        )
    return TableCell(language.gettext(line.part), "", icon, tone), TableCell(count, tone=Tone.MUTED)


# --- provenance


class ProvenanceBar(QFrame):
    """Origin of a file, as far as it is known; in more rows where the width is small."""

    def __init__(self, kit: UiContext, incoming: FilePreview) -> None:
        super().__init__()
        self._kit = kit
        self.facts: list[QWidget] = []
        for tone, icon, message in _provenance_facts(incoming):
            label = text(kit, message, TextStyle.SMALL_STRONG, tone)
            self.facts.append(group_widgets(Icon(kit, icon, tone), label, gap=8))
        column(FlowBox(*self.facts, gap=16), margins=(16, 10, 16, 10), on=self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint only the ground; the children paint themselves."""
        ground = Tone.SUCCESS.ground(self._kit.theme.colours)
        draw_box(QPainter(self), QRectF(self.rect()), RADIUS_ROW, ground)


def _provenance_facts(incoming: FilePreview) -> Iterator[tuple[Tone, str, Message]]:
    envelope, missing = incoming.review.taken.envelope, incoming.missing
    yield Tone.SUCCESS, "circle-check", N_("Verified sender")
    yield Tone.SUCCESS, "circle-check", N_("Intact, and addressed to us")

    def number(language: Language) -> str:
        if not missing:
            return language.gettext(N_("File no. {number}")).format(number=envelope.sequence)
        sentence = language.gettext(N_("File no. {number}; missing before it: {missing}"))
        return sentence.format(number=envelope.sequence, missing=numbers_text(missing))

    yield Tone.SUCCESS, "circle-check", partial(made_text, envelope.hlc)
    if incoming.review.confirmed:
        yield Tone.SUCCESS, "circle-check", partial(confirmed_text, incoming.review.confirmed)
    if incoming.review.answers:
        yield Tone.SUCCESS, "circle-check", partial(answers_text, incoming.review.answers)
    if missing:
        yield Tone.WARNING, "triangle-alert", number
    else:
        yield Tone.SUCCESS, "circle-check", number


# --- page

_REVIEW_COLUMNS = (ColumnSpec(N_("Record"), stretches=True), ColumnSpec(N_("What happens")))
_SPLIT_MIN_WIDTH = 980  # narrower, the detail is below the list
_ANSWER_KEYS = 9


class FileReviewPage(TaskPage):
    """The review of one file.

    `applied` carries the review, the changes, and the number of open fields.
    """

    applied = Signal(object, object, int)

    def __init__(self, kit: UiContext, desk: Session, incoming: FilePreview) -> None:
        super().__init__(kit, N_("Review before importing"))
        self._desk = desk
        self.incoming = incoming
        self.decisions: dict[FieldRef, Decision] = {}
        self._before: list[dict[FieldRef, Decision]] = []
        self._shown: ReviewLine | None = None
        self.lines = review_lines(incoming)
        self.under.set_message(N_("File from {name}"), name=lambda _: incoming.review.partner)
        self.table = TableView(kit, _REVIEW_COLUMNS)
        kit.translator.bind(self.table.setAccessibleName, N_("Contents of the file"))
        self.apply = Button(kit, self._apply_words, "check", ButtonLook.PRIMARY)
        self.apply.clicked.connect(self._on_apply_clicked)
        self._erasing = self._make_erasing()
        self.set_action(self.apply)
        self.hint.set_message(N_("Nothing has been changed yet."))
        self.card: ChangeCard | FieldConflictCard | None = None
        has_choices = any(one.field_place for one in self.lines)
        self._halves = SplitView(kit, self.table, has_choices=has_choices)
        self._counts = (ChangeCounts(kit, incoming.review), ChangeCounts(kit, incoming.review))
        extend(self.head, self._counts[0])
        self._lay_out()
        self._show_rows()
        kit.translator.changed.connect(self._show_rows)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self._select_next(1)
        self.first = self.table if self.lines else self.apply
        self._make_shortcuts()

    @property
    def open_fields(self) -> int:
        """The number of fields that are left for later."""
        return sum(one.field_place is not None for one in self.lines) - len(self.decisions)

    def decide(self, place: FieldRef, decision: Decision | None) -> None:
        """Choose a version or a custom value, or leave the field for later."""
        was = self.decisions.get(place)
        if not (isinstance(was, TypedValue) and isinstance(decision, TypedValue)):
            self._before.append(dict(self.decisions))  # typing one value is one step of the undo
        if decision is None:
            self.decisions.pop(place, None)
        else:
            self.decisions[place] = decision
        self._show_decisions()

    def undo(self) -> None:
        """Undo the last decision."""
        if self._before:
            self.decisions = self._before.pop()
            if isinstance(self.card, FieldConflictCard):
                self.card.stop_typing()
            self._show_decisions()

    def _lay_out(self) -> None:
        self._proof = ProvenanceBar(self.kit, self.incoming)
        extend(self.body, self._counts[1], self._proof)
        review = self.incoming.review
        extend(self.body, *finding_banners(self.kit, review))
        if review.erased_by_order:
            extend(self.body, self._erasing)
        for one in self.incoming.withdrawals:
            extend(self.body, withdrawal_banner(self.kit, review.partner, one))
        if review.untold:
            self._warn(
                partial(untold_sentence, review.untold),
                N_("Only a party to a consent can say that it was withdrawn. Ask the partner."),
            )
        if review.kept_out:
            self._warn(
                partial(erased_sentence, review.kept_out),
                N_(
                    "An erasure applies to every file, old or new. What was erased does not "
                    "come back."
                ),
            )
        if review.unwritable:
            self._warn(
                partial(refused_sentence, review.unwritable),
                N_("A consent can be changed only by the organisation that is responsible for it."),
            )
        if review.kept:
            self._warn(
                partial(kept_sentence, review.kept),
                N_("What the file says is put beside the existing values and replaces nothing."),
                "lock",
            )
        is_told = self.incoming.withdrawals or review.orders or review.answers
        if not self.incoming.changes and not is_told:
            under = N_("The file is recorded as received; nothing else changes.")
            title = N_("Everything in the file is already here")
            extend(self.body, EmptyState(self.kit, "inbox", title, under))
        if not self.incoming.changes:
            self._halves.hide()
            extend(self.body, STRETCH)
        extend(self.body, grown(self._halves))

    def _make_erasing(self) -> CardFrame:
        """Return the card with the erasures, which have a yes of their own."""
        card, count = CardFrame(padding=20), len(self.incoming.review.erased_by_order)
        card.add_heading(self.kit, partial(will_erase_text, count), "trash-2", Tone.DANGER)
        under = N_(
            "What is erased cannot be brought back. Unless you agree, the request waits here."
        )
        extend(card.body, muted(self.kit, under))
        self.erase = CheckBox(self.kit, N_("Yes, erase it permanently when the file is imported"))
        extend(card.body, self.erase)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the detail below the list where the width is small."""
        super().resizeEvent(event)
        is_narrow = self.width() < self.kit.theme.scaled(_SPLIT_MIN_WIDTH)
        for counts, is_shown in zip(self._counts, (not is_narrow, is_narrow), strict=True):
            counts.setVisible(is_shown)
        self._halves.set_narrow(is_narrow=is_narrow)

    def _warn(self, title: Callable[[Language], str], under: str, icon: str = "ban") -> None:
        banner = Banner(self.kit, Tone.WARNING, icon)
        banner.set_message(title, under)
        extend(self.body, banner)

    def _make_shortcuts(self) -> None:
        for key, step in (("J", 1), ("K", -1)):
            QShortcut(QKeySequence(key), self, partial(self._go_to_next, step))
        QShortcut(QKeySequence("U"), self, self.undo)
        for number in range(1, _ANSWER_KEYS + 1):
            QShortcut(QKeySequence(f"{number}"), self, partial(self._choose, number))

    def _apply_words(self, language: Language) -> str:
        count = len(self.incoming.changes)
        if not count and self.incoming.withdrawals:
            return language.gettext(N_("Acknowledge"))
        if not count:
            return language.gettext(N_("Record as received"))
        return apply_text(count, self.open_fields, language)

    def _show_rows(self) -> None:
        language = self.kit.translator.language
        sides = {place: self._side(place) for place in self.decisions}
        self.table.show_rows(
            [review_cells(one, sides, self.incoming.names, language) for one in self.lines]
        )

    def _side(self, place: FieldRef) -> str:
        decision = self.decisions[place]
        if isinstance(decision, TypedValue):
            return N_("another value")
        is_ours = any(one.wid == decision for one in self._choice_of(place).ours)
        return N_("ours") if is_ours else N_("theirs")

    def _choice_of(self, place: FieldRef) -> ConflictChoice:
        rid, key = place
        return next(one.choices[key] for one in self.incoming.changes if one.after.rid == rid)

    def _show_decisions(self) -> None:
        self._show_rows()
        self.apply.set_message(self._apply_words)
        current = self._current()
        if current is not None and current.field_place and isinstance(self.card, FieldConflictCard):
            self.card.show_decision(self.decisions.get(current.field_place))

    def _current(self) -> ReviewLine | None:
        row = self.table.currentIndex().row()
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def _select_next(self, step: int) -> None:
        """Select the next line that is not a head."""
        row = self.table.currentIndex().row() + step
        while 0 <= row < len(self.lines) and self.lines[row].change is None:
            row += step
        if 0 <= row < len(self.lines):
            self.table.selectRow(row)

    def _go_to_next(self, step: int) -> None:
        self._select_next(step)
        self._scroll_to_card()

    def _scroll_to_card(self) -> None:
        """Scroll the detail into view once it is laid out.

        It may stand below the list.
        """
        card = self.card
        if card is not None:
            QTimer.singleShot(0, card, lambda: self.scroll_to(card))

    def _choose(self, number: int) -> None:
        current = self._current()
        if current is None or current.field_place is None:
            return
        if isinstance(self.card, FieldConflictCard):
            self.card.choose_answer(number - 1)
            self._scroll_to_card()

    def _on_row_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        if not current.isValid():
            return
        shown = self.lines[current.row()]
        if shown.change is None:  # headings are skipped, in the direction of the move
            self._select_next(-1 if before.row() > current.row() > 0 else 1)
            return
        if shown is self._shown:  # the rows were rebuilt, as after a decision
            return
        self._shown = shown
        self.card = self._make_card(shown)
        self._halves.show_detail(self.card)
        self._show_decisions_of(shown)

    def _make_card(self, shown: ReviewLine) -> ChangeCard | FieldConflictCard:
        assert shown.change is not None
        place, kit = shown.field_place, self.kit.about_client(self, shown.change.pronoun)
        if place is None:
            whole = ChangeCard(kit, shown.change, self.incoming.names)
            kit.translator.setParent(whole)
            return whole
        card = FieldConflictCard(kit, shown.change, shown.key, self.incoming.names)
        kit.translator.setParent(card)
        card.chosen.connect(partial(self.decide, place))
        return card

    def _show_decisions_of(self, shown: ReviewLine) -> None:
        if isinstance(self.card, FieldConflictCard) and shown.field_place in self.decisions:
            self.card.show_decision(self.decisions[shown.field_place])

    def _on_apply_clicked(self) -> None:
        desk, incoming, progress = self._desk, self.incoming, JobProgress()
        decisions = dict(self.decisions)
        review = replace(incoming.review, erases=self.erase.isChecked())
        self.apply.setEnabled(False)
        self.kit.worker.run(
            lambda: transfer.import_bundle(desk, incoming.path, review, progress, decisions),
            self._on_applied,
            self._on_refused,
            title=N_("Importing the file…"),
            cancel=progress,
        )

    def _on_applied(self, changes: Changes) -> None:
        self.applied.emit(self.incoming.review, changes, self.open_fields)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.apply.setEnabled(True)
        self.show_fault(fault)
