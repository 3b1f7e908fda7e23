# SPDX-License-Identifier: GPL-3.0-or-later
"""A record's form on a page: input is saved as a draft by itself, and as a record on "Save".

It connects a form to the services, so that every page keeps the same promise. The draft is
in the store after two seconds without a key, at the lock and when the user leaves the page.
Missing values never block saving. The page decides what to show and where; the form decides
the fields. Buttons beside times that have just passed enter the present time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import DateKind, ZonedTimeKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, seen_writes
from kfdesk.domain.values import Value
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.phrases import field_of
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.records import CLOSED_PLAN_KEYS, Saved, change_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import now_in_zone
from kfdesk.services.plans.plans import PlanPage, zoned_now
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.forms.editor import Editor
from kfdesk.ui.forms.editors import DayEditor
from kfdesk.ui.forms.form import Form, IncrementalForm, plan_form_options
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.record_views import run_with_undo, undo_change, written_at
from kfdesk.ui.tokens import CONTROL_COMPACT, TextStyle, Tone
from kfdesk.ui.translator import PlaceholderFunction
from kfdesk.ui.widgets.build import column, extend, grown, muted, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame

# --- Buttons that enter the present time

PAST_TIME_FIELDS: Mapping[str, frozenset[str]] = {
    "plan": frozenset(
        {
            "wish_stated", "wish_reconfirmed", "incoming_referral_date", "needs_assessed",
            "legal_checked", "decision_signed", "third_country_explained", "risk_read",
            "reintegration_agreed", "last_risk_read", "told_what_is_kept",
        }
    ),
    "child_papers": frozenset(
        {"childs_view_heard", "family_assessed", "bid_decided", "takeover_by_authority"}
    ),
    "risk_event": frozenset({"happened"}),
    "leg": frozenset({"departed", "arrived", "missed", "checked_in"}),
    "handover": frozenset({"happened"}),
    "reception": frozenset({"asked", "answered"}),
    "referral": frozenset({"sent"}),
    "risk_assessment": frozenset({"done", "told"}),
    "note": frozenset({"happened"}),
    "follow_up": frozenset({"happened"}),
    "help_number": frozenset({"called"}),
}  # fmt: skip


def today_at_desk(desk: Session) -> date:
    """Return today by the organisation's clocks, as its desk tells it."""
    return zoned_now(desk).wall.date()


def add_now_buttons(
    kit: UiContext, desk: Session, record_type: str, form: Form, pressed: Callable[[str], None]
) -> dict[str, Button]:
    """Add the buttons to a form; `pressed` is called with the key after the value is entered."""
    keys = [key for key in form.editors if key in PAST_TIME_FIELDS.get(record_type, frozenset())]
    buttons = {key: _make_now_button(kit, form.editors[key]) for key in keys}
    for key, button in buttons.items():
        form.form_rows[key].add_beside(button)
        form.form_rows[key].reserve_message()  # else what is below moves under the pointer
        button.clicked.connect(partial(_enter_now, desk, form.editors[key]))
        button.clicked.connect(partial(pressed, key))
    return buttons


def _make_now_button(kit: UiContext, editor: Editor) -> Button:
    words = N_("Today") if isinstance(editor.field.kind, DateKind) else N_("Now")
    button = Button(kit, words, "check", ButtonLook.QUIET).with_height(CONTROL_COMPACT)
    label = editor.field.label
    kit.translator.bind(
        button.setAccessibleName,
        lambda language: f"{language.gettext(label)}: {language.gettext(words)}",
    )
    return button


def _enter_now(desk: Session, editor: Editor) -> None:
    editor.enter(_present_value(desk, editor))


def _present_value(desk: Session, editor: Editor) -> Value:
    if not isinstance(editor, ZonedTimeEditor):
        return zoned_now(desk).wall.date()
    return now_in_zone(desk, editor.zone.key) if editor.zone.key else zoned_now(desk)


# --- The form of a record

SaveFunction = Callable[[Session, bytes, drafts.FormState, drafts.FieldKeys], Saved]
"""Save a form; `drafts.save_partial`, unless a page needs more."""

_GONE = frozenset({"record.missing", "record.deleted"})


class RecordForm(QWidget):
    """One form, a line about its state, and its two buttons.

    `saved` carries the Saved result. `closed` says that nothing is left to do here.
    `draft_found` says that a draft exists, for a page that shows only a part of itself.
    """

    saved = Signal(object)
    closed = Signal()
    draft_found = Signal()

    def __init__(self, kit: UiContext, desk: Session, record_type: str, form: Form) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.record_type = record_type
        self.form = form
        self._view: RecordView[Any] | None = None
        self.rid: bytes | None = None
        """The id of the edited record, or the id that the new record will have."""
        self._parent: bytes | None = None
        self._saving: Mapping[str, Value] | None = None
        self._draft: OpenDraft | None = None
        self._is_kept = True
        self._is_saving = False
        self._starts: Mapping[str, Value] = {}
        self.saving: SaveFunction = drafts.save_partial
        self.state = muted(kit, "", TextStyle.SMALL)
        self.save_button = Button(kit, N_("Save"), "check", ButtonLook.TONAL).show_key("Ctrl+S")
        self.drop_button = Button(kit, N_("Discard changes"), "undo-2", ButtonLook.QUIET)
        self.now: Mapping[str, Button] = {}
        self._lay_out()
        self._listen()
        self._show_buttons()
        if form.is_complete:
            self._on_completed()

    @cached_property
    def waiting(self) -> Banner:
        """The banner that tells of a draft; it is built when there is one, or on access."""
        banner = Banner(self._kit, Tone.INFO, "pencil")
        for button in (self.drop_draft, self.go_on):
            banner.set_action(button)
        banner.hide()
        self._column.insertWidget(0, banner)
        QWidget.setTabOrder(self, self.drop_draft)
        QWidget.setTabOrder(self.drop_draft, self.go_on)
        return banner

    @cached_property
    def go_on(self) -> Button:
        """The button that resumes the draft."""
        on = self._on_go_on_clicked
        return Button(self._kit, N_("Continue"), "pencil", ButtonLook.TONAL, on)

    @cached_property
    def drop_draft(self) -> Button:
        """The button that discards the draft."""
        return Button(self._kit, N_("Discard"), look=ButtonLook.QUIET, on=self.discard)

    @property
    def keys(self) -> frozenset[str]:
        """The fields of this form; other fields of the record belong to other forms."""
        return self.form.keys

    def show_view(self, view: RecordView[Any]) -> None:
        """Show a record as it was just read; keep what the user is typing."""
        is_same = self._view is not None and self._view.rid == view.rid
        self._view, self._parent = view, view.row.parent
        if is_same or self.rid == view.rid:
            self.form.refresh(view, self._saving)
        else:
            self.form.show_view(view)
            self.rid = view.rid
            self._look_for_draft(view.rid)
        self._saving = None
        self._show_buttons()

    def begin(
        self,
        blank: RecordView[Any],
        draft: OpenDraft | None = None,
        starts: Mapping[str, Value] | None = None,
    ) -> None:
        """Begin a new record; `blank` has its id, its type and its parent.

        It begins with the values `starts`, unless a draft is resumed. These values alone do not
        make a draft, because nobody typed them.
        """
        self._view, self.rid, self._parent = None, blank.rid, blank.row.parent
        self._starts = starts or {}
        self._draft = self._saving = None
        self.form.show_view(blank)
        self._hide_waiting()
        self.state.set_message("")
        if draft is not None:
            self._restore_draft(draft)
        elif self._starts:
            self.form.restore(self._starts)
        self._show_buttons()

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Make the fields read-only, or editable again."""
        self.form.set_read_only(is_read_only=is_read_only)

    def resume_draft(self, draft: OpenDraft) -> bool:
        """Resume a draft of the shown record. Return whether it has any of these fields."""
        if draft.line.rid != self.rid or not self._is_ours(draft):
            return False
        self._restore_draft(draft)
        held = {*draft.form.values, *draft.form.typed}
        self.form.focus_on(next(key for key in self.form.editors if key in held))
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the first field."""
        self.form.setFocus(event.reason())

    def save_draft(self) -> None:
        """Save the input as a draft now. Without input nothing is saved."""
        self._save_draft(lambda _: self._on_draft_saved())

    def save(self) -> None:
        """Save what can be parsed; keep other input as a draft and focus the first such field."""
        wrong = self.form.validate()
        if wrong is not None and not self.form.has_focus_in(wrong):
            self.form.focus_on(wrong)
        held = self._form_values()
        if self._is_saving:
            return
        if self.rid is None or not held.values:
            if wrong is None:
                self.closed.emit()
            return
        desk, rid, keys, saving = self._desk, self.rid, self.keys, self.saving
        self._saving, self._is_kept, self._is_saving = held.values, True, True
        self._kit.worker.run(
            lambda: saving(desk, rid, held, keys),
            partial(self._on_saved, left=tuple(held.typed)),  # called even if the form was deleted
            self._on_refused,
        )

    def discard(self) -> None:
        """Show the record as stored and delete the draft; undo brings the draft back."""
        rid, view = self.rid, self._view
        if rid is None:
            return
        self._is_kept = True
        desk, held, keys = self._desk, self._form_values(), self.keys
        self._kit.worker.run(
            lambda: drafts.discard_partial_draft(desk, rid, held, keys),
            lambda gone: self._on_discarded(rid, gone),
        )
        if view is not None:
            self.form.show_view(view)
        self._hide_waiting()
        self._draft = None
        self.state.set_message("")
        self._show_buttons()

    def hideEvent(self, event: QHideEvent) -> None:
        """Save a draft when the user leaves the page."""
        self.save_draft()
        super().hideEvent(event)

    def _save_draft(self, done: Callable[[None], None] | None = None) -> None:
        if self.rid is None or self._is_kept or self._is_untouched:
            return
        self._is_kept = True
        desk, rid, held, keys = self._desk, self.rid, self._form_values(), self.keys
        self._kit.worker.run(lambda: drafts.save_partial_draft(desk, rid, held, keys), done)

    def _on_lock_began(self) -> None:
        """Save the draft before the store closes. Report nothing: nobody will read it."""
        self._save_draft()

    @property
    def _is_untouched(self) -> bool:
        """True if a new record holds only its start values, and never held more."""
        is_bare = self.form.changes() == self._starts and not self.form.unparsed()
        return self._view is None and not self.state.text() and bool(self._starts) and is_bare

    def _form_values(self) -> drafts.FormState:
        return drafts.FormState(
            self.record_type,
            self.form.changes(),
            self.form.unparsed(),
            self._parent,
            self.form.seen_writes,
        )

    def _listen(self) -> None:
        self.form.completed.connect(self._on_completed)
        self.form.edited.connect(self._on_edited)
        self.form.draft_asked.connect(self.save_draft)
        self._kit.events.lock_began.connect(self._on_lock_began)
        self.save_button.clicked.connect(self.save)
        self.drop_button.clicked.connect(self.discard)
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.save)

    def _lay_out(self) -> None:
        self._foot = QWidget()
        row(
            grown(self.state),
            self.drop_button,
            self.save_button,
            gap=8,
            margins=(0, 4, 0, 0),
            on=self._foot,
        )
        self._column = column(self.form, self._foot, gap=12, on=self)

    def _hide_waiting(self) -> None:
        if "waiting" in self.__dict__:
            self.waiting.hide()

    def _show_buttons(self) -> None:
        has_changes = self.form.has_changes
        self.save_button.setVisible(has_changes)
        self.drop_button.setVisible(has_changes)
        self._foot.setVisible(has_changes or bool(self.state.text()))

    def _look_for_draft(self, rid: bytes) -> None:
        self._draft = None
        self._is_kept = True
        self._hide_waiting()
        self._kit.worker.run(lambda: drafts.read_draft(self._desk, rid), self._on_draft_found)

    def _restore_draft(self, draft: OpenDraft) -> None:
        """Restore the draft; keep fields that the user is already editing."""
        self._draft = None
        self._hide_waiting()
        typed = {key for key, editor in self.form.editors.items() if editor.has_changed}
        part = drafts.restrict_form(draft.form, self.keys - typed)
        self.form.restore(part.values, part.typed, part.seen)
        self._is_kept = not typed
        self._show_buttons()
        self._say_kept(draft.line.milliseconds)

    def _say_kept(self, milliseconds: int) -> None:
        self._foot.show()
        self.state.set_message(
            N_("Draft saved {time}"), time=lambda language: written_at(milliseconds, language)
        )

    def _on_completed(self) -> None:
        self.now = add_now_buttons(self._kit, self._desk, self.record_type, self.form, self._on_now)
        for editor in self.form.editors.values():
            if isinstance(editor, DayEditor | ZonedTimeEditor):
                editor.follow_today(partial(today_at_desk, self._desk))

    def _on_now(self, key: str) -> None:
        """Save at once that something happened now, unless another field is being edited."""
        if (
            self._view is not None
            and self.form.changes().keys() == {key}
            and not self.form.unparsed()
        ):
            self.save()

    def _on_edited(self) -> None:
        """Resume a waiting draft when the user types, so that neither input is lost."""
        self._is_kept = False
        if self._draft is not None:
            self._restore_draft(self._draft)
        self._show_buttons()

    def _on_draft_found(self, draft: OpenDraft | None) -> None:
        if draft is None or draft.line.rid != self.rid or not self._is_ours(draft):
            return
        if self.form.has_changes:
            self._restore_draft(draft)
            return
        self._draft = draft
        self.draft_found.emit()
        when = draft.line.milliseconds
        under = N_(
            "The record has changed in the meantime. If you continue, both values stay until you "
            "choose one."
        )
        self.waiting.set_message(
            N_("Draft from {time}"),
            under if draft.line.is_outdated else "",
            time=lambda language: written_at(when, language),
        )
        self.waiting.show()

    def _is_ours(self, draft: OpenDraft) -> bool:
        """Return whether the draft has any field of this form."""
        return bool({*draft.form.values, *draft.form.typed} & self.keys)

    def _on_go_on_clicked(self) -> None:
        if self._draft is not None:
            self.resume_draft(self._draft)

    def _on_draft_saved(self) -> None:
        """Report that a draft exists, even if this form was deleted meanwhile."""
        self._kit.events.drafts_changed.emit()
        if isValid(self):
            self._say_kept(self._desk.milliseconds)

    def _on_saved(self, done: Saved, left: Sequence[str] = ()) -> None:
        """Report what was saved, and by name what was not: its keys are in `left`."""
        kit, desk = self._kit, self._desk
        if isValid(self):
            self._is_saving = False
            self.state.set_message("")
            self._show_buttons()
            self.saved.emit(done)
        kit.events.drafts_changed.emit()
        kit.events.changed.emit(done.types)
        name = RECORD_TYPE_NAMES[self.record_type]
        fields = RECORD_TYPES[self.record_type].fields
        places: dict[str, PlaceholderFunction] = {
            "subject": lambda language: language.gettext(name),
            "fields": lambda language: language.listing(
                [language.gettext(fields[key].label) for key in left]
            ),
        }
        words = N_("Not saved: {fields}. The rest is saved.") if left else N_("Saved.")
        said, undo = kit.translator.spoken(words, places), partial(undo_change, kit, desk, done)
        kit.events.told.emit(Notification(said, undo, places, is_whole=not left))

    def _on_refused(self, fault: KfdeskError) -> None:
        """Report the fault, and keep the input as a draft.

        If the record was deleted meanwhile, make the pages that show it read again.
        """
        self._saving, self._is_saving = None, False
        self._kit.events.failed.emit(fault)
        if fault.code in _GONE:
            self._kit.events.changed.emit(frozenset({self.record_type}))
        else:
            self._is_kept = False
            self.save_draft()

    def _on_discarded(self, rid: bytes, gone: drafts.FormState) -> None:
        kit, desk, keys = self._kit, self._desk, self.keys
        kit.events.drafts_changed.emit()

        def restore() -> None:
            kit.worker.run(
                lambda: drafts.save_partial_draft(desk, rid, gone, keys),
                lambda _: self._on_draft_restored(rid),
            )

        if gone.values or gone.typed:
            kit.notify(N_("Draft discarded."), restore)
        if self._view is None:
            self.closed.emit()

    def _on_draft_restored(self, rid: bytes) -> None:
        """Report that the draft exists again; further typing resumes it."""
        self._kit.events.drafts_changed.emit()
        if isValid(self) and self.rid == rid and self._view is not None:
            self._look_for_draft(rid)


# --- Cards with fields of a plan

DONE_NOW = N_("Recorded with the current time.")


@dataclass(frozen=True, slots=True)
class PlanFieldGroup:
    """The description of a card: heading, fields, and the states in which it is shown.

    The keys in `kept` can also be edited in a plan that has ended. A card without states is always
    shown.
    """

    title: str
    icon: str
    keys: Sequence[str]
    rows: Sequence[Sequence[str]] = ()
    states: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    under: str = ""


class PlanFieldsCard(CardFrame):
    """A card with some of the plan's fields; `made` carries its form once it is created."""

    made = Signal(object)

    def __init__(self, kit: UiContext, desk: Session, facts: PlanFieldGroup) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._facts = facts
        self.record: RecordForm | None = None
        self.add_heading(kit, facts.title, facts.icon)
        if facts.under:
            extend(self.body, muted(kit, facts.under, TextStyle.SMALL))

    def show_plan(self, page: PlanPage) -> None:
        """Show the plan's fields once they are created.

        In a plan that has ended only the `kept` fields can be edited.
        """
        if self.record is None:
            return
        form, has_ended = self.record.form, is_read_only(page.plan.record.state)
        self.record.show_view(page.plan)
        self.record.show()
        kept = self._facts.kept if page.may_edit else frozenset[str]()
        form.set_read_only(is_read_only=has_ended or not page.may_edit, but=kept)
        if self.is_due(page.plan.record.state):
            form.complete()

    def is_due(self, state: object) -> bool:
        """Return whether the card is shown in this state of a plan."""
        return not self._facts.states or state in self._facts.states

    def create_fields(self, page: PlanPage) -> Iterator[None]:
        """Create the fields one after the other; those of a hidden card wait until it is due."""
        facts = self._facts
        form = IncrementalForm(
            self._kit,
            "plan",
            facts.keys,
            plan_form_options(self._kit, page, self._desk),
            facts.rows,
        )
        record = RecordForm(self._kit, self._desk, "plan", form)
        record.hide()
        extend(self.body, record)
        if self.is_due(page.plan.record.state):
            yield from form.build_incrementally()
        self.record = record
        self.made.emit(record)


def set_to_now(
    kit: UiContext, desk: Session, shown: RecordView[Any], keys: Sequence[str], **more: Value
) -> None:
    """Set these days or times to now and write `more` with them; offer to undo it."""
    now = zoned_now(desk)
    kinds = {key: field_of(shown.row.type, key).kind for key in keys}
    values: dict[str, Value] = {
        key: now if isinstance(kind, ZonedTimeKind) else now.wall.date()
        for key, kind in kinds.items()
    }
    values |= more
    rid, seen = shown.rid, seen_writes(shown.row)
    run_with_undo(kit, desk, lambda: change_record(desk, rid, values, seen), DONE_NOW)


DECISION_FIELDS = PlanFieldGroup(
    N_("Before the decision"),
    "list-checks",
    ("needs_assessed", "legal_checked", "decision_signed", "decision_language",
     "third_country_explained", "risk_read"),
    rows=(("needs_assessed", "legal_checked"), ("decision_signed", "decision_language")),
)  # fmt: skip
AFTER_ARRIVAL_FIELDS = PlanFieldGroup(
    N_("After arrival"),
    "sprout",
    ("reintegration_agreed", "services_running", "follow_up_set"),
    states=frozenset({"travelling", "arrived", "reintegrating", "follow_up", "closed"}),
)
CLOSING_FIELDS = PlanFieldGroup(
    N_("Closing"),
    "archive",
    ("closure_reason", "last_risk_read", "told_what_is_kept", "retention_until", "receipts_in"),
    rows=(("last_risk_read", "told_what_is_kept"),),
    states=frozenset({"reintegrating", "follow_up", "closed", "withdrawn", "not_safe",
                      "cancelled"}),
    kept=CLOSED_PLAN_KEYS,
)  # fmt: skip
