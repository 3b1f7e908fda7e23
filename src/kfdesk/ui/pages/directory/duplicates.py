# SPDX-License-Identifier: GPL-3.0-or-later
"""Duplicates in the directory: find pairs, compare their fields, merge them.

At first the entry that stays takes from the other what it lacks. Pairs that a user has
declared distinct are hidden until somebody asks for them. The service knows what makes two
entries alike, and what a merge does to plans that name them. A merge can be undone.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal

from kfdesk.domain.accounts import Right
from kfdesk.domain.kinds import CodeKind, CodeSetKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.i18n.phrases import value_text
from kfdesk.services.core.session import Session
from kfdesk.services.directory.duplicates import (
    DuplicatePair,
    EntryMergeResult,
    find_duplicates,
    find_matching_organisation,
    mark_distinct,
    merge_duplicates,
    merge_organisations,
)
from kfdesk.services.directory.entries import DirectoryEntry
from kfdesk.services.directory.files import (
    PHONES_KEY,
    DirectoryMatch,
    FieldDifference,
    ImportLine,
    ImportStatus,
    MatchReason,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.directory.card import COVERED_TEXT, ENTRY_KINDS
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import LEFT, aligned, column, extend, grown, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.layout import Banner, CardFrame, TaskPage, clear_layout, more_words
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.worker import JobProgress

# --- two entries

_SAME, _APART = "same", "apart"
_OURS, _THEIRS = "ours", "theirs"
_WHETHER = ((_SAME, N_("The same entry")), (_APART, N_("A different entry")))
FILE_CHOICES = ((_OURS, N_("Keep what is here")), (_THEIRS, N_("Use what the file says")))
_MOST_WORDS = 20  # values of one field that are shown
MERGE_CHOICES = ((_OURS, N_("Keep the first")), (_THEIRS, N_("Use the second")))


class DuplicateCard(CardFrame):
    """The choices for two entries that are alike: the same or not, and which values stay.

    `chosen` carries the keys to take from the second, or None if the two are distinct.
    """

    chosen = Signal(object)

    def __init__(self, kit: UiContext, which: Sequence[tuple[str, Message]] = FILE_CHOICES) -> None:
        """Make the card; `which` are the labels for ours and theirs."""
        super().__init__()
        self._which = which
        self._kit = kit
        self._title = text(kit, "", TextStyle.HEADING)
        self.whether = SegmentedControl(kit, _WHETHER)
        self.whether.chosen.connect(lambda _key: self._emit_chosen())
        self.which: dict[str, SegmentedControl] = {}
        self._fields = column(gap=8)
        extend(self.body, self._title, self.whether, self._fields)
        self.hide()

    def show_line(self, line: ImportLine, keys: frozenset[str] | None) -> None:
        """Show a line with its earlier choices; hide where nothing here is like it."""
        twin = line.twin
        is_alike = twin is not None and bool(twin.differences)
        self.setVisible(is_alike)
        if twin is None or not is_alike:
            return
        self._title.set_message(
            N_("{name} is similar to {twin}"),
            name=lambda _: line.listed.name, twin=lambda _: twin.entry.name,
        )  # fmt: skip
        self.whether.select(_APART if keys is None else _SAME)
        clear_layout(self._fields)
        self.which = {}
        for one in twin.differences:
            label = text(self._kit, partial(difference_text, one, twin), TextStyle.LABEL)
            which = SegmentedControl(self._kit, self._which)
            which.select(_THEIRS if one.key in (keys or ()) else _OURS)
            which.chosen.connect(lambda _key: self._emit_chosen())
            which.setEnabled(keys is not None)
            self.which[one.key] = which
            extend(self._fields, label, which)

    def _emit_chosen(self) -> None:
        is_apart = self.whether.key == _APART
        for which in self.which.values():
            which.setEnabled(not is_apart)
        taken = frozenset(key for key, which in self.which.items() if which.key == _THEIRS)
        self.chosen.emit(None if is_apart else taken)


def difference_text(one: FieldDifference, twin: DirectoryMatch, language: Language) -> str:
    """Return both values of a field: ours, covered where it is secret, and the other."""
    path = "phone.number" if one.key == PHONES_KEY else f"{twin.entry.type}.{one.key}"
    is_covered = twin.entry.is_secret and bool(one.ours)
    ours, theirs = (
        _value_words(one.key, value, twin, language) for value in (one.ours, one.theirs)
    )
    return f"{field_label(path, language)}: {COVERED_TEXT if is_covered else ours} / {theirs}"


def _value_words(key: str, value: Value, twin: DirectoryMatch, language: Language) -> str:
    """Return a value as text; codes by their names."""
    field = RECORD_TYPES[twin.entry.type].fields.get(key)
    if field is not None and isinstance(value, bool):
        return value_text(field, value, language)
    if field is not None and isinstance(field.kind, CodeKind | CodeSetKind) and value:
        return value_text(field, value, language)
    if not isinstance(value, tuple):
        return str(value or "–")
    left = len(value[_MOST_WORDS:])
    more = [more_words(left, language)] if left else []
    return ", ".join([*map(str, value[:_MOST_WORDS]), *more])


# --- offer above an entry


class MergeOffer(Banner):
    """The offer above an entry to merge it with its duplicate; hidden without one.

    `joined` carries the partner's entry.
    """

    joined = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, Tone.INFO, "building-2")
        self._desk = desk
        self._pair: tuple[bytes, bytes] | None = None
        self.join = Button(kit, N_("Merge the two"), "git-merge", ButtonLook.TONAL)
        self.join.clicked.connect(self._on_join_clicked)
        self.set_action(self.join)
        self.join.setVisible(desk.may(Right.EDIT_ALL) and desk.may(Right.EDIT_DIRECTORY))
        self.hide()

    def preview(self, entry: DirectoryEntry) -> None:
        """Offer to merge this entry with its duplicate, if it has one."""
        desk, self._pair = self._desk, None
        self.hide()
        self._kit.worker.run(
            lambda: find_matching_organisation(desk, entry.rid), partial(self._on_looked, entry)
        )

    def _on_looked(self, entry: DirectoryEntry, twin: DirectoryEntry | None) -> None:
        if twin is None:
            return
        self.show()
        typed, theirs = (twin, entry) if entry.is_theirs else (entry, twin)
        self._pair = (typed.view.rid, theirs.view.rid)
        count = len(typed.namings)
        self.set_message(
            N_("This organisation is listed twice: typed here, and as a partner."),
            lambda language: _merge_effect(count, language),
        )

    def _on_join_clicked(self) -> None:
        if self._pair is None:
            return
        desk, (typed, theirs) = self._desk, self._pair
        self._kit.worker.run(lambda: merge_organisations(desk, typed, theirs), self._on_joined)

    def _on_joined(self, done: EntryMergeResult) -> None:
        pair, self._pair = self._pair, None
        self.hide()
        said = N_("Merged: everything that referred to the typed entry now refers to the partner.")
        notify_done(self._kit, self._desk, done.done, said)
        if pair is not None:
            self.joined.emit(pair[1])


def _merge_effect(count: int, language: Language) -> str:
    """Return what merging does, with the number of plans that it affects."""
    if not count:
        return language.gettext(
            N_("No plan refers to the typed entry. It goes into the bin. This can be undone.")
        )
    return language.plural(
        "After merging, consents, legs and receptions of {count} plan refer to the "
        "partner. The typed entry goes into the bin. This can be undone.",
        "After merging, consents, legs and receptions of {count} plans refer to the "
        "partner. The typed entry goes into the bin. This can be undone.",
        count,
    )


# --- page of all pairs

_MAX_PAIRS = 200
_PAIRS_HEIGHT = 220
_MERGED_TYPES = frozenset({"organisation", "contact"})
_MERGE, _KEEP = (N_("Merge the two"), "git-merge"), (N_("Keep both"), "check")
_HINTS = {
    _MERGE: N_("The second goes into the bin; plans that refer to it then refer to the first."),
    _KEEP: N_("Both stay as they are."),
}
_LIKENESS_WORDS: Mapping[MatchReason, tuple[str, str]] = {
    MatchReason.NAME: (N_("same name and place"), "building-2"),
    MatchReason.PHONE: (N_("same phone number"), "phone"),
    MatchReason.EMAIL: (N_("same e-mail"), "mail"),
}


class DuplicatesPage(TaskPage):
    """The page with all pairs of duplicates. `closed` follows Cancel and Esc."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Possible duplicates"))
        self._desk = desk
        self._progress = JobProgress()
        self._found: tuple[DuplicatePair, ...] = ()
        self._shows_apart = False
        self._chosen: dict[bytes, frozenset[str] | None] = {}
        self.hint.set_message(_HINTS[_MERGE])
        self.table = TableView(
            kit, (ColumnSpec(N_("Name"), stretches=True), ColumnSpec(N_("Match")))
        )
        self.table.setMinimumHeight(_PAIRS_HEIGHT)
        kit.translator.bind(self.table.setAccessibleName, N_("Possible duplicates"))
        self.twin = DuplicateCard(kit, MERGE_CHOICES)
        self.twin.chosen.connect(self._on_chosen)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        self.join = Button(kit, *_MERGE, ButtonLook.PRIMARY)
        self.join.clicked.connect(self._on_join_clicked)
        self.set_action(self.join)
        self.apart = Button(kit, N_("Show those that are not duplicates"), "eye", ButtonLook.QUIET)
        self.apart.clicked.connect(self._on_apart_clicked)
        self.apart.hide()
        listed = CardFrame(padding=0, parts=(self.table,))
        extend(self.body, grown(listed), aligned(self.apart, LEFT), self.twin)
        self.first = self.table
        kit.translator.changed.connect(self._show)
        kit.events.changed.connect(self._on_changed)
        self.closed.connect(self._progress.cancel)
        self.join.setEnabled(False)
        self.find_duplicates()

    def find_duplicates(self) -> None:
        """Search for duplicates."""
        desk, progress = self._desk, self._progress
        self.kit.worker.run(
            lambda: find_duplicates(desk, _MAX_PAIRS, progress), self._on_found, self.show_fault,
            title=N_("Looking for duplicates"), cancel=progress,
        )  # fmt: skip

    @property
    def pairs(self) -> tuple[DuplicatePair, ...]:
        """The listed pairs."""
        return tuple(one for one in self._found if self._shows_apart or not one.is_apart)

    @property
    def current_pair(self) -> DuplicatePair | None:
        """The pair that is selected in the table."""
        row, doubles = self.table.currentIndex().row(), self.pairs
        return doubles[row] if 0 <= row < len(doubles) else None

    def _on_found(self, found: tuple[DuplicatePair, ...]) -> None:
        self._found = found
        self.apart.setVisible(not self._shows_apart and any(one.is_apart for one in found))
        self._show_from(max(0, self.table.currentIndex().row()))

    def _show_from(self, row: int) -> None:
        self._show()
        if self.pairs:
            self.table.selectRow(min(row, len(self.pairs) - 1))
        self._show_current()

    def _show(self) -> None:
        language, doubles = self.kit.translator.language, self.pairs
        self.under.set_message(lambda spoken: _pairs_text(len(doubles), spoken))
        self.table.show_rows([_pair_cells(one, language) for one in doubles])

    def _keys(self, double: DuplicatePair) -> frozenset[str] | None:
        """Return the keys to take from the other entry, or None for two distinct entries."""
        return self._chosen.get(double.rid, None if double.is_apart else double.wanted)

    def _show_current(self) -> None:
        double = self.current_pair
        self.twin.hide()
        self.join.setEnabled(double is not None)
        if double is not None:
            keys = self._keys(double)
            self.twin.show_line(ImportLine(double.listed, ImportStatus.TWIN, double.twin), keys)
            self._offer(double, keys)

    def _offer(self, double: DuplicatePair, keys: frozenset[str] | None) -> None:
        offered = _MERGE if keys is not None else _KEEP
        self.join.set_message(offered[0])
        self.join.show_icon(offered[1])
        self.hint.set_message(_HINTS[offered])
        self.join.setEnabled(keys is not None or not double.is_apart)

    def _on_chosen(self, keys: frozenset[str] | None) -> None:
        double = self.current_pair
        if double is not None:
            self._chosen[double.rid] = keys
            self._offer(double, keys)

    def _on_apart_clicked(self) -> None:
        self._shows_apart = True
        self.apart.hide()
        self.table.setFocus()
        self._show_from(0)

    def _on_join_clicked(self) -> None:
        double, desk = self.current_pair, self._desk
        if double is None:
            return
        keys, stays = self._keys(double), double.twin.entry.rid
        self.join.setEnabled(False)
        if keys is None:
            self._keep((stays, double.rid))
            return
        self.kit.worker.run(
            lambda: merge_duplicates(desk, stays, double.rid, keys),
            self._on_joined,
            self.show_fault,
        )

    def _keep(self, pair: tuple[bytes, bytes]) -> None:
        desk = self._desk

        def keep() -> tuple[bytes, bytes]:
            mark_distinct(desk, *pair, are_two=True)
            return pair

        self.kit.worker.run(keep, self._on_kept, self.show_fault)

    def _on_kept(self, pair: tuple[bytes, bytes]) -> None:
        kit, desk = self.kit, self._desk

        def take_back() -> None:
            kit.worker.run(
                lambda: mark_distinct(desk, *pair, are_two=False),
                lambda _: kit.events.changed.emit(_MERGED_TYPES),
            )

        kit.notify(N_("Both stay, and you are not asked about them again."), take_back)
        self._chosen.pop(pair[1], None)
        self.table.setFocus()
        self.find_duplicates()

    def _on_joined(self, joined: EntryMergeResult) -> None:
        self.table.setFocus()
        notify_done(self.kit, self._desk, joined.done, N_("Merged: there is one entry now."))

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _MERGED_TYPES:
            self.find_duplicates()


def _pair_cells(double: DuplicatePair, language: Language) -> tuple[TableCell, ...]:
    word, icon = _LIKENESS_WORDS[double.twin.likeness]
    tone = Tone.WARNING
    if double.is_apart:
        word, icon, tone = N_("not duplicates"), "check", Tone.MUTED
    kept = double.twin.entry
    under = f"{language.gettext(ENTRY_KINDS[kept.type])} · {double.listed.name}"
    lock = "lock" if kept.is_secret else ""
    return (
        TableCell(kept.name, under, lock, is_strong=True),
        TableCell(language.gettext(word), icon=icon, tone=tone),
    )


def _pairs_text(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("No duplicates."))
    return language.plural("{count} pair", "{count} pairs", count)
