# SPDX-License-Identifier: GPL-3.0-or-later
"""Conflicts: both sides have changed a field, and the user chooses a version or types a value.

A custom text begins with ours, so that both can be combined; any other value begins empty. It
counts as decided once it is valid. A reference to a record has no custom value. `ConflictCard`
is for conflicts in a stored record, `FieldConflictCard` for those in a file before its import.
`ProposalCard` and `DeletionCard` are for what a partner asks of a plan of ours: it counts only
once a person here has taken it over.
The module writes nothing: its cards emit the decision.
"""

from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.kinds import LocalizedTextKind, ReferenceKind, TextKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import FieldVersion
from kfdesk.domain.schema import Field
from kfdesk.domain.values import Translation, Value, ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.i18n.phrases import field_of, value_text, zoned_time_lines
from kfdesk.services.exchange.import_review import (
    ConflictChoice,
    Decision,
    ImportReview,
    TypedValue,
)
from kfdesk.services.plans.plans import Conflict, DeletionRequest
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.registry import make_editor
from kfdesk.ui.pages.exchange.previews import (
    RecordChange,
    ReferenceNames,
    ValueDifference,
    changed_text,
    common_title,
    conflicts_text,
    new_text,
    record_icon,
    refused_text,
    values_text,
)
from kfdesk.ui.record_views import (
    FoldedText,
    LabelledValues,
    ValueTable,
    replaced_heading,
    type_word,
    written_at,
)
from kfdesk.ui.tokens import CARD_GAP, MAX_WIDGET_SIZE, RADIUS_ROW, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, TOP, aligned, column, extend, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook, PushButton, SegmentedControl
from kfdesk.ui.widgets.layout import (
    CardFrame,
    FlowBox,
    SideBySide,
    clear_layout,
    group_widgets,
    make_hairline,
)
from kfdesk.ui.widgets.painting import draw_focus_ring
from kfdesk.ui.widgets.table import TableView
from kfdesk.ui.widgets.text import Chip, Icon, Label

# --- conflict in a stored record

_LABEL_WIDTH = 150
_MIN_COLUMNS_WIDTH = 560  # pixels at 100 %; narrower, the values are below one another


class ConflictCard(CardFrame):
    """A conflict in a stored record; `decided` carries the conflict and the chosen version."""

    decided = Signal(object, object)

    def __init__(self, kit: UiContext, conflict: Conflict, our_name: str) -> None:
        super().__init__()
        self._kit = kit
        self.conflict = conflict
        self.buttons: list[Button] = []
        path = f"{conflict.type}.{conflict.key}"
        number = conflict.sequence
        row = self.add_heading(kit, lambda words: field_label(path, words, number), "git-merge")
        chip = Chip(kit, Tone.WARNING, "circle-dashed")
        chip.set_message(N_("not yet decided"))
        extend(row, chip)
        under = N_(
            "Both sides changed this. Until one value is chosen, it is not used on any paper."
        )
        extend(self.body, muted(kit, under))
        sides = [(self._is_theirs(version, our_name), version) for version in conflict.versions]
        boxes = [self._make_before(conflict.before)]
        for is_theirs, version in sorted(sides, key=itemgetter(0)):  # as in the review of a file
            boxes.append(self._make_version(version, is_ours=not is_theirs))
        self.boxes = tuple(boxes)
        extend(
            self.body,
            4,
            SideBySide(kit.theme, *((box, 1) for box in boxes), least=_MIN_COLUMNS_WIDTH, gap=12),
        )

    def _is_theirs(self, version: FieldVersion, our_name: str) -> bool:
        is_by_us = version.author.endswith(f", {our_name}")
        return not is_by_us or version.wid in self.conflict.senders

    def _make_before(self, before: FieldVersion | None) -> QFrame:
        frame, column = _value_box("sunken")
        extend(column, Label(self._kit, replaced_heading, TextStyle.LABEL, Tone.MUTED))
        if before is None:
            dash = Label(self._kit, style=TextStyle.HEADING, tone=Tone.MUTED)
            dash.show_text("–")
            extend(column, dash)
        else:
            self._add_value(column, before, Tone.MUTED)
        extend(column, STRETCH)
        return frame

    def _make_version(self, version: FieldVersion, *, is_ours: bool) -> QFrame:
        frame, column = _value_box("choice")
        title: Message = N_("Ours") if is_ours else N_("Theirs")
        extend(column, Label(self._kit, title, TextStyle.LABEL, Tone.ACCENT))
        self._add_value(column, version, Tone.PLAIN)
        extend(column, 6)
        button = Button(self._kit, N_("Use this value"), "check")
        button.clicked.connect(lambda: self.decided.emit(self.conflict, version))
        extend(column, STRETCH, row(-RESERVE, button, STRETCH, gap=3))
        self.buttons.append(button)
        return frame

    def _add_value(self, column: QVBoxLayout, version: FieldVersion, tone: Tone) -> None:
        words = partial(_first_line, field_of(self.conflict.type, self.conflict.key), version)
        value = FoldedText(self._kit, words, tone, is_large=True)
        under = muted(self._kit, "", TextStyle.SMALL)
        under.set_message(lambda language: _second_line(version, language))
        author = text(self._kit, "", TextStyle.SMALL, tone)
        sender = self.conflict.senders.get(version.wid, "")
        author.set_message(partial(authorship_text, version, sender))
        extend(column, value, under, author)


def _value_box(ground: str) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("ground", ground)
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return frame, column(gap=3, margins=(16, 12, 12, 12), on=frame)


def _first_line(field: Field, version: FieldVersion, language: Language) -> str:
    if isinstance(version.value, ZonedTime):
        return zoned_time_lines(version.value, language)[0]
    return value_text(field, version.value, language)


def _second_line(version: FieldVersion, language: Language) -> str:
    if isinstance(version.value, ZonedTime):
        return zoned_time_lines(version.value, language)[1]
    return ""


def authorship_text(version: FieldVersion, sender: str, language: Language) -> str:
    """Return who wrote a value and when, and whose file brought it: the two may differ."""
    written = f"{version.author}, {written_at(version.milliseconds, language)}"
    if not sender:
        return written
    words = language.gettext(N_("Written as “{author}”; it came from {sender}."))
    return words.format(author=written, sender=sender)


def undecided_text(count: int, language: Language) -> str:
    """Return the words for the number of undecided values."""
    return language.plural("{count} to decide", "{count} to decide", count)


# --- changes of a file


class ChangeCard(CardFrame):
    """The selected record of a file: its new and changed values."""

    def __init__(self, kit: UiContext, change: RecordChange, names: ReferenceNames) -> None:
        super().__init__(padding=20)
        row = self.add_heading(
            kit, partial(change_heading, change, names), record_icon(change.after.row.type)
        )
        if change.after.is_deleted:
            chip = Chip(kit, Tone.WARNING, "trash-2")
            chip.set_message(N_("marked as deleted"))
            extend(row, chip)
        if not change.differences:
            extend(self.body, Label(kit, N_("No value changes."), TextStyle.BODY, Tone.MUTED))
            return
        heads = () if change.is_new else (N_("Now"), N_("After the import"))
        pairs = [difference_values(change, one, names) for one in change.differences]
        extend(self.body, ValueTable(kit, pairs, heads, _LABEL_WIDTH, folds=True))


def change_title(change: RecordChange, names: ReferenceNames, language: Language) -> str:
    """Return the client's code; for a record about no client, by what people know it."""
    return change.code or common_title(change.after, names, language)


def change_heading(change: RecordChange, names: ReferenceNames, language: Language) -> str:
    """Return the client's code or the record's name, and what it is."""
    title, name = (
        type_word(change.after.row.type, language, change.number),
        change_title(change, names, language),
    )
    return f"{name}, {title}" if name else title


def difference_values(
    change: RecordChange, one: ValueDifference, names: ReferenceNames
) -> LabelledValues:
    """Return the label of a field with its value, or with before and after."""
    record_type = change.after.row.type
    before = partial(values_text, record_type, one.key, one.before, names)
    after = partial(values_text, record_type, one.key, one.after, names)
    values = (after,) if change.is_new else (before, after)
    return LabelledValues(field_of(record_type, one.key).label, values)


_REVIEW_LIST_WIDTH = 400
_NARROW_ROWS = 3  # lines of the list above the detail
_SIDE_BY_SIDE = QBoxLayout.Direction.LeftToRight
_BELOW = QBoxLayout.Direction.TopToBottom
_KEY_HINTS = (("J", N_("next")), ("K", N_("back")), ("1 2 3 4", N_("choose")), ("U", N_("undo")))


class ChangeCounts(QWidget):
    """The numbers of records that are new, changed, in conflict, or refused."""

    def __init__(self, kit: UiContext, review: ImportReview) -> None:
        super().__init__()
        self._flow = FlowBox(gap=16)
        column(self._flow, on=self)
        looks: tuple[tuple[str, Tone, int, Callable[[int, Language], str]], ...] = (
            ("plus", Tone.INFO, len(review.new), new_text),
            ("pencil", Tone.INFO, len(review.changed), changed_text),
            ("git-merge", Tone.WARNING, review.conflicts, conflicts_text),
            ("ban", Tone.DANGER, review.refused, refused_text),
        )
        for icon, tone, count, words in looks:
            shown = tone if count else Tone.MUTED
            label = Label(kit, style=TextStyle.BUTTON, tone=shown)
            label.set_message(partial(words, count))
            self._flow.add(group_widgets(Icon(kit, icon, shown), label, gap=8))


class SplitView(QWidget):
    """The list of changes and the detail beside it, with the keys if something is to be decided."""

    def __init__(self, kit: UiContext, table: TableView, *, has_choices: bool) -> None:
        super().__init__()
        self._theme = kit.theme
        self._table = table
        hints = (make_hairline(), _make_key_hints(kit)) if has_choices else ()
        self._list = CardFrame(padding=1, parts=(grown(table), *hints), gap=0)
        self._beside = column()
        self._row = QBoxLayout(_SIDE_BY_SIDE, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(CARD_GAP)
        extend(self._row, self._list, grown(self._beside))

    def show_detail(self, part: QWidget) -> None:
        """Show the detail of the selected entry."""
        clear_layout(self._beside)
        extend(self._beside, part, STRETCH)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Stack list and detail, or put them side by side."""
        rows = min(self._table.rows.rowCount(), _NARROW_ROWS)
        low = self._table.horizontalHeader().height() + rows * self._table.row_height
        self._row.setDirection(_BELOW if is_narrow else _SIDE_BY_SIDE)
        width = self._theme.scaled(_REVIEW_LIST_WIDTH)
        self._list.setMinimumWidth(0 if is_narrow else width)
        self._list.setMaximumWidth(MAX_WIDGET_SIZE if is_narrow else width)
        self._table.setMinimumHeight(low if is_narrow else 0)
        self._table.setMaximumHeight(low if is_narrow else MAX_WIDGET_SIZE)
        self._list.setSizePolicy(
            QSizePolicy.Policy.Preferred,
            QSizePolicy.Policy.Fixed if is_narrow else QSizePolicy.Policy.Preferred,
        )


def _make_key_hints(kit: UiContext) -> QWidget:
    flow = FlowBox(gap=12)
    for keys, words in _KEY_HINTS:
        shown = Label(kit, style=TextStyle.HINT, tone=Tone.PLAIN)
        shown.show_text(keys)
        flow.add(group_widgets(shown, Label(kit, words, TextStyle.SMALL, Tone.MUTED), gap=6))
    part = QWidget()
    column(flow, margins=(16, 8, 16, 8), on=part)
    return part


# --- custom value


class CustomValue(QWidget):
    """The editor of a custom value; hidden until it is wanted.

    `edited` carries the value, or None if it is invalid.
    """

    edited = Signal(object)

    def __init__(
        self, kit: UiContext, record_type: str, field: Field, choice: ConflictChoice
    ) -> None:
        super().__init__()
        self._begins = choice.versions[0].value if _begins_with_ours(field) else None
        self.editor = make_editor(kit, record_type, field.key, _custom_options(choice))
        self.editor.show_value(self._begins)
        self.editor.edited.connect(self._on_edited)
        self._fault = text(kit, "", TextStyle.SMALL, Tone.DANGER)
        self._fault.hide()
        column(self.editor, self._fault, on=self)
        self.hide()

    @property
    def decision(self) -> TypedValue | None:
        """The typed value, if it is valid."""
        value = self.editor.value() if self.editor.is_valid else None
        return TypedValue(value) if value is not None else None

    def begin(self) -> None:
        """Focus the editor, with the cursor at the end of the text."""
        self.editor.focus()
        first = self.editor.focus_targets[0]
        if isinstance(first, QPlainTextEdit):
            first.moveCursor(QTextCursor.MoveOperation.End)

    def show_value(self, value: Value) -> None:
        """Show a value typed before; while the user types, the text stays."""
        if self.decision != TypedValue(value):
            self.editor.show_value(value)

    def _on_edited(self) -> None:
        fault = self.editor.fault
        self._fault.setVisible(fault is not None)
        if fault is not None:
            self._fault.set_message(fault)
        self.edited.emit(self.decision)


def custom_value_editor(
    kit: UiContext, record_type: str, field: Field, choice: ConflictChoice
) -> CustomValue | None:
    """Return the editor of a custom value; None where only one of two sides is possible."""
    if isinstance(field.kind, ReferenceKind):
        return None
    return CustomValue(kit, record_type, field, choice)


def _begins_with_ours(field: Field) -> bool:
    return isinstance(field.kind, TextKind | LocalizedTextKind)


def _custom_options(choice: ConflictChoice) -> FormOptions:
    values = [one.value for one in choice.versions]
    zones = [one.zone for one in values if isinstance(one, ZonedTime)]
    words = [word for one in values if isinstance(one, tuple) for word in one]
    languages = dict.fromkeys(word.language for word in words if isinstance(word, Translation))
    offers = FormOptions(languages=tuple(languages))
    return FormOptions(languages=tuple(languages), zone=zones[0]) if zones else offers


# --- conflict in a file

DECIDE_LATER, CUSTOM_ANSWER = "", "other"
_VERSIONS_MIN_WIDTH = 420  # narrower, the versions are below one another


class FieldConflictCard(CardFrame):
    """A field in conflict before an import; `chosen` carries a Decision, or None for later."""

    chosen = Signal(object)

    def __init__(
        self, kit: UiContext, change: RecordChange, key: str, names: ReferenceNames
    ) -> None:
        super().__init__(padding=20)
        self._kit = kit
        self._names = names
        self._is_typing = False
        self._field = field_of(change.after.row.type, key)
        self._type = change.after.row.type
        self.choice = change.choices[key]
        self.add_heading(kit, partial(change_heading, change, names), "git-merge", Tone.WARNING)
        extend(self.body, muted(kit, self._subtitle), 8, self._make_boxes(), 8)
        extend(self.body, Label(kit, N_("What should the plan say?"), TextStyle.LABEL, Tone.MUTED))
        self.third = custom_value_editor(kit, self._type, self._field, self.choice)
        self.answers = self._make_answers()
        extend(self.body, self.answers)
        if self.third is not None:
            self.third.edited.connect(self.chosen)
            extend(self.body, self.third)
        extend(self.body, self._make_hint())
        rest = [one for one in change.differences if one.key not in change.choices]
        if rest:
            extend(self.body, self._make_other_changes(change, rest))

    def show_decision(self, decision: Decision | None) -> None:
        """Show which value is to hold; None for undecided."""
        is_typed = isinstance(decision, TypedValue) or (decision is None and self._is_typing)
        wid = decision.hex() if isinstance(decision, bytes) else DECIDE_LATER
        self.answers.select(CUSTOM_ANSWER if is_typed else wid)
        if self.third is not None:
            self.third.setVisible(is_typed)
            if isinstance(decision, TypedValue):
                self.third.show_value(decision.value)
        for version, box in self._boxes:
            box.setProperty("ground", "chosen" if version.wid == decision else "choice")
            box.style().unpolish(box)
            box.style().polish(box)

    def choose_answer(self, place: int) -> None:
        """Choose an answer by its place: later, each version, a custom value."""
        keys = list(self.answers.parts)
        if 0 <= place < len(keys):
            self._on_answered(keys[place])

    def stop_typing(self) -> None:
        """Ignore what was typed."""
        self._is_typing = False

    def _on_answered(self, key: str) -> None:
        self._is_typing = key == CUSTOM_ANSWER
        if key != CUSTOM_ANSWER:
            self.chosen.emit(bytes.fromhex(key) or None)
        elif self.third is not None:
            self.chosen.emit(self.third.decision)
            self.third.begin()

    def _subtitle(self, language: Language) -> str:
        label = language.gettext(self._field.label)
        return language.gettext(N_("{field}: both sides changed this.")).format(field=label)

    def _make_boxes(self) -> SideBySide:
        before = _VersionBox("sunken")
        extend(before.column, Label(self._kit, replaced_heading, TextStyle.LABEL, Tone.MUTED))
        if self.choice.before is None:
            dash = Label(self._kit, style=TextStyle.HEADING, tone=Tone.MUTED)
            dash.show_text("–")
            extend(before.column, dash)
        else:
            self._fill(before, self.choice.before, Tone.MUTED)
        extend(before.column, STRETCH)
        self._boxes: list[tuple[FieldVersion, _VersionButton]] = []
        for number, version in enumerate(self.choice.versions, start=2):
            box = self._make_version(number, version)
            self._boxes.append((version, box))
        boxes = [(before, 1), *((box, 1) for _, box in self._boxes)]
        return SideBySide(self._kit.theme, *boxes, least=_VERSIONS_MIN_WIDTH, gap=12)

    def _make_version(self, number: int, version: FieldVersion) -> "_VersionButton":
        box = _VersionButton(self._kit)
        self._kit.translator.bind(box.setAccessibleName, partial(self._spoken, version))
        side = Label(self._kit, self._side(version), TextStyle.LABEL, Tone.ACCENT)
        key = Label(self._kit, style=TextStyle.HINT, tone=Tone.MUTED)
        key.show_text(f"{number}")
        box.clicked.connect(lambda: self._on_answered(version.wid.hex()))
        extend(box.column, row(side, key, STRETCH, gap=3))
        self._fill(box, version, Tone.PLAIN)
        extend(box.column, STRETCH)
        return box

    def _side(self, version: FieldVersion) -> str:
        return N_("Ours") if version in self.choice.ours else N_("Theirs")

    def _spoken(self, version: FieldVersion, language: Language) -> str:
        """Return whose value it is, and the value, for screen readers."""
        return f"{language.gettext(self._side(version))}: {self._value(version, language)}"

    def _fill(self, box: "_VersionBox | _VersionButton", version: FieldVersion, tone: Tone) -> None:
        value = partial(self._value, version)
        extend(box.column, FoldedText(self._kit, value, tone, is_large=True))
        if isinstance(version.value, ZonedTime):
            zone = muted(self._kit, "", TextStyle.SMALL)
            zone.set_message(partial(_zone_text, version.value))
            extend(box.column, zone)
        extend(box.column, 6)
        for words in (lambda _: version.author, partial(_written_text, version)):
            extend(box.column, text(self._kit, words, TextStyle.SMALL, tone))

    def _value(self, version: FieldVersion, language: Language) -> str:
        if isinstance(version.value, ZonedTime):
            return zoned_time_lines(version.value, language)[0]
        return values_text(self._type, self._field.key, (version.value,), self._names, language)

    def _make_answers(self) -> SegmentedControl:
        options: list[tuple[str, Message]] = [(DECIDE_LATER, N_("Decide later"))]
        for version in self.choice.versions:
            options.append((version.wid.hex(), self._side(version)))
        if self.third is not None:
            options.append((CUSTOM_ANSWER, _custom_value_word))
        answers = SegmentedControl(self._kit, options)
        self._kit.translator.bind(answers.setAccessibleName, N_("What should the plan say?"))
        answers.chosen.connect(self._on_answered)
        answers.select(DECIDE_LATER)
        return answers

    def _make_hint(self) -> QHBoxLayout:
        later = N_(
            "If you decide later, the field stays open: it is not used on any paper, and "
            "it waits on Today."
        )
        return row(
            aligned(Icon(self._kit, "info"), TOP),
            grown(muted(self._kit, later, TextStyle.SMALL)),
            gap=6,
        )

    def _make_other_changes(self, change: RecordChange, rest: Sequence[ValueDifference]) -> QFrame:
        box = _VersionBox("sunken")
        title = N_("Also in this record, without a conflict")
        extend(box.column, text(self._kit, title, TextStyle.STRONG))
        pairs = [difference_values(change, one, self._names) for one in rest]
        extend(box.column, ValueTable(self._kit, pairs, (), _LABEL_WIDTH, folds=True))
        return box


class _VersionBox(QFrame):
    """A box with a column."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.setProperty("ground", ground)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = _version_column(self)


class _VersionButton(PushButton):
    """A box with a column that is a button as a whole."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "choice")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.column = _version_column(self)

    def sizeHint(self) -> QSize:
        return self.column.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.column.totalMinimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:
        option, painter = QStyleOption(), QPainter(self)
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        if self.hasFocus():
            ink = self._kit.theme.colours.focus
            draw_focus_ring(painter, QRectF(self.rect()), RADIUS_ROW, ink)


def _version_column(box: QWidget) -> QVBoxLayout:
    return column(gap=3, margins=(16, 12, 12, 12), on=box)


def _custom_value_word(language: Language) -> str:
    return language.pgettext("a value", "Other")


def _written_text(version: FieldVersion, language: Language) -> str:
    return written_at(version.milliseconds, language)


def _zone_text(moment: ZonedTime, language: Language) -> str:
    return zoned_time_lines(moment, language)[1]


# --- proposals

LEAST_FIELDS = 3  # fields; fewer are decided one by one


def proposed_records(conflicts: Sequence[Conflict]) -> tuple[tuple[Conflict, ...], ...]:
    """Return the conflicts of each record of which nothing of ours stands in any field."""
    together: dict[bytes, list[Conflict]] = {}
    for one in conflicts:
        together.setdefault(one.rid, []).append(one)
    return tuple(
        tuple(some)
        for some in together.values()
        if len(some) >= LEAST_FIELDS and all(one.is_proposal for one in some)
    )


class ProposalCard(CardFrame):
    """A record that a partner proposes; `taken` carries its values by key, `declined` nothing."""

    taken = Signal(object)
    declined = Signal()

    def __init__(
        self, kit: UiContext, conflicts: Sequence[Conflict], names: ReferenceNames
    ) -> None:
        super().__init__()
        self.first, self._names = conflicts[0], names
        values = {one.key: _proposed_version(one) for one in conflicts}
        head = self.add_heading(kit, self._title, record_icon(self.first.type))
        chip = Chip(kit, Tone.WARNING, "circle-dashed")
        chip.set_message(N_("not yet decided"))
        extend(head, chip)
        self._sender = self.first.senders.get(values[self.first.key].wid, "")
        extend(self.body, muted(kit, self._under))
        lines = [self._line(key, version.value) for key, version in values.items()]
        extend(self.body, ValueTable(kit, lines, (), _LABEL_WIDTH, folds=True))
        self.take = Button(kit, N_("Accept it"), "check")
        self.take.clicked.connect(
            lambda: self.taken.emit({key: version.value for key, version in values.items()})
        )
        self.decline = Button(kit, N_("Leave it out"), "ban", ButtonLook.QUIET, self.declined.emit)
        extend(self.body, FlowBox(self.take, self.decline, gap=8))

    def _title(self, language: Language) -> str:
        return type_word(self.first.type, language, self.first.sequence)

    def _under(self, language: Language) -> str:
        words = language.gettext(
            N_("{sender} proposes this. Until you accept it, no paper and no step uses it.")
        )
        return words.format(sender=self._sender or "–")

    def _line(self, key: str, value: Value) -> LabelledValues:
        shown = partial(values_text, self.first.type, key, (value,), self._names)
        return LabelledValues(field_of(self.first.type, key).label, (shown,))


class DeletionCard(CardFrame):
    """A deletion that a partner asks for; `agreed` and `kept` are the two answers."""

    agreed = Signal()
    kept = Signal()

    def __init__(self, kit: UiContext, request: DeletionRequest) -> None:
        super().__init__()
        self.request = request
        self.add_heading(kit, self._title, "trash-2")
        extend(self.body, muted(kit, self._under, TextStyle.BODY))
        self.agree = Button(kit, N_("Put it in the bin"), "trash-2", ButtonLook.QUIET)
        self.agree.clicked.connect(self.agreed)
        self.keep = Button(kit, N_("Keep it"), "check", on=self.kept.emit)
        extend(self.body, FlowBox(self.keep, self.agree, gap=8))

    def _title(self, language: Language) -> str:
        return type_word(self.request.type, language, self.request.sequence)

    def _under(self, language: Language) -> str:
        words = language.gettext(
            N_("{sender} asks for this to be put in the bin. It stays until you decide.")
        )
        return words.format(sender=self.request.sender or "–")


def _proposed_version(conflict: Conflict) -> FieldVersion:
    return next(one for one in reversed(conflict.versions) if one.value is not None)
