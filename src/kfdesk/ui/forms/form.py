# SPDX-License-Identifier: GPL-3.0-or-later
"""A form: some fields of one record, each under its label, for reading and editing.

It shows a record that it is given and reports what the user changed. The page decides when
to save, keep a draft or read again, because a form knows no service. Writes of other users
in the meantime never replace the user's input, and do not count as seen.
`plan_form_options` collects what the forms of a plan offer to choose from.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, seen_writes
from kfdesk.domain.values import Value
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.i18n.places import Places
from kfdesk.services.core.session import Session, desk_zone
from kfdesk.services.directory.search import DirectoryQuery, read_result_page, search_directory
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import Editor, FormOptions, FormRow
from kfdesk.ui.forms.editors import AutocompleteEditor
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.parts import OptionRows, Options, RowSearch
from kfdesk.ui.forms.registry import ZONE_FIELD_OF_PLACE, make_editor
from kfdesk.ui.tokens import FIELD_GAP
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import filled

DRAFT_DELAY = 2000  # milliseconds without a key
ONE_COLUMN_WIDTH = 700  # pixels at 100 %; a narrower form has one column


class Form(QWidget):
    """Editors of the fields `keys` of a record type.

    `rows` names groups of keys that stand side by side if there is room for two columns.
    """

    edited = Signal()
    """The user changed something."""

    draft_asked = Signal()
    """Nothing was typed for two seconds, and there is input to save as a draft."""

    view_changed = Signal()
    """The form shows another version or a draft, or became read-only or editable."""

    decision_asked = Signal(str)
    """The user wants to decide the conflict of this key."""

    completed = Signal()
    """The last field was built."""

    _grows = False

    def __init__(
        self,
        kit: UiContext,
        record_type: str,
        keys: Sequence[str],
        offers: FormOptions | None = None,
        rows: Sequence[Sequence[str]] = (),
    ) -> None:
        super().__init__()
        self._kit = kit
        self._type = record_type
        self._rows = {key: tuple(row) for row in rows for key in row}
        self.seen_writes: frozenset[tuple[int, bytes]] = frozenset()
        """The writes that the user has seen; `change_record` supersedes no others."""
        self._is_wide: bool | None = None
        self._offers = offers or FormOptions()
        self._view: RecordView[Any] | None = None
        self._shut: frozenset[str] = frozenset()
        self._findings: Mapping[str, Sequence[Message]] = {}
        self._keys = tuple(keys)
        self._editors: dict[str, Editor] = {}
        self._slots: dict[str, FormRow] = {}
        self._draft = QTimer(self, singleShot=True, interval=DRAFT_DELAY)
        self._draft.timeout.connect(self._on_typing_paused)
        self._order = QTimer(self, singleShot=True, interval=0)
        self._order.timeout.connect(self._set_tab_order)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(FIELD_GAP)
        self._grid.setVerticalSpacing(FIELD_GAP)
        if not self._grows:
            self.complete()

    # The fields

    @property
    def keys(self) -> frozenset[str]:
        """The fields of the form, built or not."""
        return frozenset(self._keys)

    @property
    def is_complete(self) -> bool:
        """True if all fields are built."""
        return len(self._slots) == len(self._keys)

    @property
    def editors(self) -> Mapping[str, Editor]:
        """The editors by key; all of them are built on access."""
        self.complete()
        return self._editors

    @property
    def form_rows(self) -> Mapping[str, FormRow]:
        """The form rows by key; all of them are built on access."""
        self.complete()
        return self._slots

    def build_incrementally(self) -> Iterator[None]:
        """Build one field per step; access to `editors` or `form_rows` builds all that remain."""
        while not self.is_complete:
            key = self._keys[len(self._slots)]
            self._editors[key] = make_editor(self._kit, self._type, key, self._offers)
            readers = self._offers.readers.get(key, "")
            self._slots[key] = FormRow(self._kit, self._editors[key], readers)
            self._slots[key].setParent(self)
            if self.is_complete:
                for each in self._keys:
                    self._listen(each)
                self._arrange(is_wide=self._has_room)
                self.completed.emit()
                self._show_kept()
            yield

    def complete(self) -> None:
        """Build all fields that remain."""
        if not self.is_complete:
            for _ in self.build_incrementally():
                pass

    # The record

    def show_view(self, view: RecordView[Any]) -> None:
        """Show a record as it was just read; nothing counts as edited afterwards.

        Fields that are not built yet show it when they are.
        """
        self.seen_writes = seen_writes(view.row)
        self._draft.stop()
        if self.is_complete:
            self._show_fields(view)
        else:
            self._view = view
        self.view_changed.emit()

    def refresh(self, view: RecordView[Any], saved: Mapping[str, Value] | None = None) -> None:
        """Show a newer version of the record without touching edited fields.

        `saved` is what was given to the service, if our own saving made this version.
        """
        if not self.is_complete:
            self.show_view(view)
            return
        kept: set[str] = set()
        for key, editor in self.editors.items():
            now = getattr(view.record, key)
            if saved is not None and key in saved:
                editor.rebase(saved[key])
            if not editor.has_changed:
                if editor.is_touched or editor.shown_value != now:
                    editor.show_value(now)
                self.form_rows[key].reset_validation()
            elif saved is None or key not in saved:
                kept.add(key)
                if editor.shown_value != now:
                    self.form_rows[key].show_outdated()
            self._show_conflict(key, view)
        held = {RECORD_TYPES[self._type].ids[key] for key in kept}
        old = {pair for pair in self.seen_writes if pair[0] in held}
        self.seen_writes = frozenset(
            old | {pair for pair in seen_writes(view.row) if pair[0] not in held}
        )
        self.view_changed.emit()

    def set_form_options(self, offers: FormOptions) -> None:
        """Offer other records to choose from; what is chosen or typed stays."""
        self._offers = offers
        for key, editor in self._editors.items():
            if isinstance(editor, AutocompleteEditor) and key in offers.references:
                editor.set_options(offers.references[key])

    # What the user did

    def changes(self) -> Mapping[str, Value]:
        """Return the values that differ from the record and can be saved."""
        return {
            key: editor.value()
            for key, editor in self._editors.items()
            if editor.has_changed and editor.is_valid
        }

    def unparsed(self) -> Mapping[str, str]:
        """Return the input that is no value yet, as typed, to keep it in a draft."""
        return {key: editor.raw() for key, editor in self._editors.items() if not editor.is_valid}

    @property
    def has_changes(self) -> bool:
        """True if anything differs from the record, parseable or not."""
        return any(editor.has_changed for editor in self._editors.values())

    def restore(
        self,
        changes: Mapping[str, Value],
        unread: Mapping[str, str] | None = None,
        seen: Iterable[tuple[int, bytes]] | None = None,
    ) -> None:
        """Restore a draft over the shown record; ignore keys of other forms.

        `seen` is what the draft's author saw of these fields, perhaps less than is shown now.
        """
        held = {RECORD_TYPES[self._type].ids[key] for key in {*changes, *(unread or {})}}
        if seen is not None:
            rest = {pair for pair in self.seen_writes if pair[0] not in held}
            self.seen_writes = frozenset(rest | {pair for pair in seen if pair[0] in held})
        for key, value in changes.items():
            if key in self.editors:
                self.editors[key].enter(value)
        for key, raw in (unread or {}).items():
            if key in self.editors:
                self.editors[key].enter_raw(raw)
                self.form_rows[key].validate()
        self.view_changed.emit()

    # Faults and findings

    def validate(self) -> str | None:
        """Show every fault now. Return the key of the first one, so that the page can focus it.

        A field that one still types in is read first, as if the focus had left it.
        """
        for editor in self._editors.values():
            if editor.is_touched:
                editor.settled.emit()
        wrong = [key for key, editor in self._editors.items() if not editor.is_valid]
        for key in wrong:
            self.form_rows[key].validate()
        return wrong[0] if wrong else None

    def show_findings(self, findings: Mapping[str, Sequence[Message]]) -> None:
        """Show beside each field the findings of a check; clear the other fields."""
        self._findings = findings
        for key, slot in self._slots.items():
            slot.show_findings(findings.get(key, ()))

    def focus_on(self, key: str) -> None:
        """Focus a field."""
        self.editors[key].focus()

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Pass the focus on to the first field."""
        next(iter(self.editors.values())).focus()

    def has_focus_in(self, key: str) -> bool:
        """Return whether a field has the focus, in any of its parts."""
        return any(target.hasFocus() for target in self.editors[key].focus_targets)

    def set_read_only(self, *, is_read_only: bool, but: Collection[str] = ()) -> None:
        """Make all fields read-only, or editable again; those of `but` stay editable."""
        self._shut = self.keys.difference(but) if is_read_only else frozenset()
        for key, slot in self._slots.items():
            slot.set_read_only(is_read_only=key in self._shut)
        self.view_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_complete:
            self._arrange(is_wide=self._has_room)

    @property
    def _has_room(self) -> bool:
        return self.width() >= self._kit.theme.scaled(ONE_COLUMN_WIDTH)

    def _show_kept(self) -> None:
        """Show in the fields, which were just built, what was said to the form before."""
        view, self._view = self._view, None
        if view is not None:
            self._show_fields(view)
        self.show_findings(self._findings)
        for key in self._shut:
            self._slots[key].set_read_only(is_read_only=True)
        self.view_changed.emit()

    def _show_fields(self, view: RecordView[Any]) -> None:
        for key, editor in self._editors.items():
            editor.show_value(getattr(view.record, key))
            self._show_conflict(key, view)
            self._slots[key].release_room()
            self._slots[key].reset_validation()

    def _listen(self, key: str) -> None:
        editor, slot = self.editors[key], self.form_rows[key]
        editor.edited.connect(self._on_edited)
        editor.stops_changed.connect(self._order.start)
        slot.decision_asked.connect(lambda: self.decision_asked.emit(key))
        timed = ZONE_FIELD_OF_PLACE.get(f"{self._type}.{key}")
        if timed is not None and timed in self.editors:
            editor.zone_chosen.connect(cast("ZonedTimeEditor", self.editors[timed]).follow_zone)

    def _show_conflict(self, key: str, view: RecordView[Any]) -> None:
        self.form_rows[key].show_conflict(view.versions.get(key, ()))

    def _on_edited(self) -> None:
        self._draft.start()
        self.edited.emit()

    def _on_typing_paused(self) -> None:
        if self.has_changes:
            self.draft_asked.emit()

    def _arrange(self, *, is_wide: bool) -> None:
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        while self._grid.takeAt(0) is not None:
            pass
        lines = self._lines()
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(len(lines), 1)  # spare room lies below and moves no field
        for row, keys in enumerate(lines):
            span = 2 if len(keys) == 1 and is_wide else 1
            for column, key in enumerate(keys):
                self._grid.addWidget(self.form_rows[key], row, column, 1, span)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(is_wide))
        self._set_tab_order()

    def _lines(self) -> list[tuple[str, ...]]:
        """Return the keys of each line in the present layout."""
        if not self._is_wide:
            return [(key,) for key in self.editors]
        return list(dict.fromkeys(self._rows.get(key, (key,)) for key in self.editors))

    def _set_tab_order(self) -> None:
        keys = [key for line in self._lines() for key in line]
        stops = [stop for key in keys for stop in self.form_rows[key].focus_targets]
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)


class IncrementalForm(Form):
    """A form that is built by `build_incrementally`, on a page that builds itself incrementally.

    One in a card that is folded or hidden is built by `complete`, when the card is opened. What it
    is told before, it shows then. It is faster if the form is placed in its parent first: a change
    of parent makes Qt restyle everything inside.
    """

    _grows = True


# --- The options of the forms on a page of a plan

ORGANISATION_FIELDS = (
    "organisation",
    "receiver",
    "referring_organisation",
    "applied_by",
    "decided_by",
    "led_by",
    "coordinator",
    "owner",
)
CONTACT_FIELDS = ("escort", "meeter", "person", "stand_in", "contact")
ORGANISATION_OR_CONTACT_FIELDS = ("recipient",)
_MOST_ENTRIES = 20


def plan_form_options(kit: UiContext, page: PlanPage, desk: Session) -> FormOptions:
    """Return the options for the forms on the page of a plan."""
    elsewhere = [
        (rid, filled(N_("known to {name} only"), name=name)) for rid, name in page.choices.elsewhere
    ]
    houses: Options = (*page.choices.organisations, *elsewhere)
    people: Options = (*page.choices.contacts, *elsewhere)
    references: Mapping[str, Options] = {
        **dict.fromkeys(ORGANISATION_FIELDS, houses),
        **dict.fromkeys(CONTACT_FIELDS, people),
        **dict.fromkeys(ORGANISATION_OR_CONTACT_FIELDS, (*houses, *people)),
        "consent": page.choices.consents,
        "child": [(one.rid.hex(), short_person_name(one)) for one in _travellers(page)],
    }
    return FormOptions(
        references={key: list(options) for key, options in references.items()},
        languages=_wanted_languages(page, kit.translator.language.code),
        zone=desk_zone(desk),
        places=Places(kit.theme.resources / "places" / "places.tsv"),
        seekers={} if page.choices.is_whole else _make_entry_searches(kit, desk),
        contact_keys=frozenset(
            {*ORGANISATION_FIELDS, *CONTACT_FIELDS, *ORGANISATION_OR_CONTACT_FIELDS}
        ),
    )


def shared_languages(kit: UiContext) -> tuple[str, ...]:
    """Return the languages of texts that other organisations read, that of the window first."""
    return tuple(dict.fromkeys((kit.translator.language.code, *PROGRAM_LANGUAGES)))


def make_entry_search(kit: UiContext, desk: Session, *types: str) -> RowSearch:
    """Return a search on the worker thread for directory entries of these types."""

    def seeker(typed: str, done: Callable[[OptionRows], None]) -> None:
        language = kit.translator.language
        kit.worker.run(lambda: list(_find_entries(desk, typed, language, types)), done)

    return seeker


def _make_entry_searches(kit: UiContext, desk: Session) -> Mapping[str, RowSearch]:
    return {
        **dict.fromkeys(ORGANISATION_FIELDS, make_entry_search(kit, desk, "organisation")),
        **dict.fromkeys(CONTACT_FIELDS, make_entry_search(kit, desk, "contact")),
        **dict.fromkeys(
            ORGANISATION_OR_CONTACT_FIELDS, make_entry_search(kit, desk, "organisation", "contact")
        ),
    }


def _find_entries(
    desk: Session, typed: str, language: Language, types: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for kind in types:
        found = search_directory(
            desk, DirectoryQuery(typed, (("type", kind),)), language, _MOST_ENTRIES
        )
        yield from (
            (one.rid.hex(), one.name) for one in read_result_page(desk, found.ids) if one.name
        )


def short_person_name(person: RecordView[Any]) -> str:
    """Return the first name of a person close to the client, or the client's code."""
    record = person.record
    called = getattr(record, "code", None) or record.given_name
    return called if isinstance(called, str) else "–"


def _travellers(page: PlanPage) -> Sequence[RecordView[Any]]:
    return (page.client, *page.case.all_views("relationship"))


def _wanted_languages(page: PlanPage, ours: str) -> tuple[str, ...]:
    """Return our language and the client's: text that may be disclosed is written in both."""
    spoken = page.client.record.languages
    hers = spoken[:1] if isinstance(spoken, tuple) else ()
    return tuple(dict.fromkeys((ours, *hers)))
