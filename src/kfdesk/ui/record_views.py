# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as pages show them: tables of values, words and icons of codes, changes with undo.

A change is made first and reported with an undo, instead of a question beforehand; pages
that show records read again. The undo touches no page, because the page may be gone by
then. This module shows values and edits none: see `forms`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from kfdesk.domain.accounts import Role, format_initials
from kfdesk.domain.audit import FIRST_ON_THIS_COMPUTER, TORN_PAGES, Action, ActionKind
from kfdesk.domain.codes.core import PLAN_STATE
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.exchange import ERASURE_REASONS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import Field
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.progress import TravelStatus
from kfdesk.i18n.exchange_messages import file_effects_text
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text, zoned_time_lines, zoned_time_text
from kfdesk.i18n.places import offset_name
from kfdesk.services.core.history import HistoryLine
from kfdesk.services.core.records import Saved, undo, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import zoned_time_at
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction, PlaceholderFunction
from kfdesk.ui.widgets.build import LEFT, aligned, column, muted, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.text import Label

# --- Tables of values

_FOLDED_LENGTH = 180  # letters; about four lines of a narrow column
_HEADING_LENGTH = 60  # longer values are not shown large


class FoldedText(QWidget):
    """A text that shows only its beginning if it is long; `is_large` shows a short one large."""

    def __init__(
        self, kit: UiContext, message: Message, tone: Tone = Tone.PLAIN, *, is_large: bool = False
    ) -> None:
        super().__init__()
        self._kit = kit
        self._text = ""
        self._is_large = is_large
        self._is_open = False
        self.words = text(kit, "", tone=tone)
        self.more = Button(kit, N_("Show all"), "chevron-down", ButtonLook.QUIET)
        self.more.clicked.connect(self._on_more_clicked)
        column(self.words, aligned(self.more, LEFT), on=self)
        kit.translator.bind(self.set_text, message)

    def set_text(self, text: str) -> None:
        self._text = text
        is_short = self._is_large and len(text) <= _HEADING_LENGTH
        self.words.setFont(self._kit.theme.font(TextStyle.HEADING if is_short else TextStyle.BODY))
        self._show()

    def _show(self) -> None:
        is_long = len(self._text) > _FOLDED_LENGTH
        self.more.setVisible(is_long)
        is_cut = is_long and not self._is_open
        cut = self._text[:_FOLDED_LENGTH].rsplit(" ", 1)[0] if is_cut else self._text
        self.words.show_text(f"{cut} …" if is_cut else self._text)
        self.more.set_message(N_("Show less") if self._is_open else N_("Show all"))

    def _on_more_clicked(self) -> None:
        self._is_open = not self._is_open
        self._show()


_PAIR_GAP = 10
_TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class LabelledValues:
    """A label with one value, or with several side by side."""

    label: Message
    values: tuple[Message, ...]
    tone: Tone = Tone.PLAIN


class ValueTable(QWidget):
    """Labelled values below each other; `heads` are headings over the columns of values.

    With `folds` a long value shows its beginning until the user asks for the rest.
    """

    def __init__(
        self,
        kit: UiContext,
        pairs: Sequence[LabelledValues],
        heads: Sequence[Message] = (),
        width: int = 200,
        *,
        folds: bool = False,
    ) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(_PAIR_GAP)
        grid.setColumnMinimumWidth(0, width)
        columns = max((len(pair.values) for pair in pairs), default=1)
        for at in range(1, columns + 1):
            grid.setColumnStretch(at, 1)
        for at, head in enumerate(heads, start=1):
            grid.addWidget(Label(kit, head, TextStyle.SMALL_STRONG, Tone.MUTED), 0, at)
        for row, pair in enumerate(pairs, start=1):
            label = muted(kit, pair.label, TextStyle.LABEL)
            label.setMaximumWidth(kit.theme.scaled(width))
            label.setAlignment(_TOP)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            for at, value in enumerate(pair.values, start=1):
                is_last = at == len(pair.values)
                tone = pair.tone if is_last else Tone.MUTED
                cell = FoldedText(kit, value, tone) if folds else _whole_label(kit, value, tone)
                grid.addWidget(cell, row, at, Qt.AlignmentFlag.AlignTop)


def _whole_label(kit: UiContext, value: Message, tone: Tone) -> Label:
    cell = text(kit, value, tone=tone)
    cell.setAlignment(_TOP)
    return cell


_LABEL_WIDTH = 210
_FACT_GAP = 12


class RecordFacts(QWidget):
    """Labels and values of some fields of one record."""

    def __init__(self, kit: UiContext, keys: Sequence[str]) -> None:
        super().__init__()
        self._kit = kit
        self._keys = tuple(keys)
        self._values = [text(kit) for _ in keys]
        self._labels = [text(kit, style=TextStyle.LABEL, tone=Tone.MUTED) for _ in keys]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(_FACT_GAP)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for row, (label, value) in enumerate(zip(self._labels, self._values, strict=True)):
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            value.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)

    def show_record(self, shown: RecordView[Any]) -> None:
        """Show the values of this record; a field in conflict says so."""
        for key, label, value in zip(self._keys, self._labels, self._values, strict=True):
            field = field_of(shown.row.type, key)
            label.set_message(field.label)
            is_torn = key in shown.conflicts
            content = getattr(shown.record, key)
            value.set_tone(_tone(content, is_torn=is_torn))
            value.set_message(_conflict_text if is_torn else _value_function(field, content))


def _value_function(field: Field, content: Value) -> MessageFunction:
    return lambda language: value_text(field, content, language)


def _conflict_text(language: Language) -> str:
    return language.gettext(N_("two values, not yet decided"))


def _tone(content: Value, *, is_torn: bool) -> Tone:
    if is_torn:
        return Tone.WARNING
    return Tone.MUTED if content is None else Tone.PLAIN


# --- Changes with undo


def run_with_undo(
    kit: UiContext, desk: Session, work: Callable[[], Saved], message: Message
) -> None:
    """Run `work` on the worker's thread, then report `message` with an undo.

    Unexpected faults, such as a full disk, go to the window.
    """

    def report(done: Saved) -> None:
        kit.events.changed.emit(done.types)
        kit.notify(message, lambda: undo_change(kit, desk, done))

    kit.worker.run(work, report)


def undo_change(kit: UiContext, desk: Session, done: Saved) -> None:
    """Undo the change, and let the pages read again."""
    kit.worker.run(lambda: undo(desk, done), lambda back: kit.events.changed.emit(back.types))


def notify_done(
    kit: UiContext,
    desk: Session,
    done: Sequence[Saved],
    message: Message,
    **places: PlaceholderFunction,
) -> None:
    """Report what was done, have pages load again, and offer one undo for all of it."""
    if done:
        notify_types(
            kit, desk, frozenset().union(*(one.types for one in done)), done, message, **places
        )


def notify_journey(
    kit: UiContext,
    desk: Session,
    done: Sequence[Saved],
    message: str,
    **places: PlaceholderFunction,
) -> None:
    """Do the same as `notify_done`, and say so if the plan's state followed."""
    moved = any(one.type == "plan" for one in done)

    def words(language: Language) -> str:
        said = language.gettext(message).format(
            **{key: one(language) for key, one in places.items()}
        )
        follows = language.gettext(N_("The status of the plan follows.")) if moved else ""
        return " ".join(filter(None, (said, follows)))

    notify_done(kit, desk, done, words)


def notify_types(
    kit: UiContext,
    desk: Session,
    types: frozenset[str],
    done: Sequence[Saved],
    message: Message,
    **places: PlaceholderFunction,
) -> None:
    """Do the same as `notify_done` for the given record types.

    A caller with many changes thus need not read the types from each of them.
    """

    def take_back() -> None:
        kit.worker.run(lambda: undo_all(desk, done), lambda _: kit.events.changed.emit(types))

    kit.events.changed.emit(types)
    kit.notify(message, take_back, **places)


# --- Words, tones and icons of codes

ROLE_WORDS: Mapping[Role, tuple[str, str]] = {
    Role.SHELTER_WORKER: (
        N_("Shelter worker"),
        N_("Sees and edits the plans they are responsible for, and prints their papers."),
    ),
    Role.CASE_MANAGER: (
        N_("Case manager"),
        N_("Sees and edits all plans, and exchanges files with partners."),
    ),
    Role.RETURN_COORDINATOR: (
        N_("Return coordinator"),
        N_("Sees and edits all plans, and exchanges files with partners."),
    ),
    Role.APPROVER: (
        N_("Approver"),
        N_("Reads all plans, and approves what others have planned."),
    ),
    Role.DATA_PROTECTION_LEAD: (
        N_("Data protection lead"),
        N_("Reads all plans, and erases what must be erased."),
    ),
    Role.DIRECTORY_EDITOR: (
        N_("Contacts editor"),
        N_("Keeps contacts and organisations in order, without access to plans."),
    ),
    Role.STATISTICS_READER: (
        N_("Statistics reader"),
        N_("Sees safe figures about clients, and no plan."),
    ),
    Role.ADMINISTRATOR: (
        N_("Administrator"),
        N_("Adds people, looks after keys and restores backups, without access to plans."),
    ),
}


ROLE_PRESETS: tuple[tuple[str, frozenset[Role]], ...] = (
    (N_("Worker"), frozenset({Role.SHELTER_WORKER})),
    (N_("Coordinator"), frozenset({Role.RETURN_COORDINATOR})),
    (
        N_("Lead"),
        frozenset(
            {Role.CASE_MANAGER, Role.APPROVER, Role.DATA_PROTECTION_LEAD, Role.ADMINISTRATOR}
        ),
    ),
)
"""The roles that people in a house usually have, by what they are called there."""


def roles_text(roles: Collection[Role], language: Language) -> str:
    """Return `Case manager, administrator`, or that all roles are held."""
    if set(ROLE_WORDS) <= set(roles):
        return language.gettext(N_("All roles"))
    return ", ".join(language.gettext(ROLE_WORDS[role][0]) for role in Role if role in roles)


def day_text(milliseconds: int, language: Language) -> str:
    """Return the day of a moment, by the organisation's clocks."""
    return language.day(language.local_time(milliseconds).date(), year=True)


STATE_LOOKS: Mapping[str, tuple[Tone, str]] = {
    "draft": (Tone.MUTED, "circle-dashed"),
    "assessing": (Tone.INFO, "circle-dot"),
    "decision_ready": (Tone.INFO, "circle-dot"),
    "approved": (Tone.ACCENT, "circle-dot"),
    "travel_ready": (Tone.ACCENT, "circle-dot"),
    "travelling": (Tone.INFO, "route"),
    "arrived": (Tone.SUCCESS, "circle-check"),
    "reintegrating": (Tone.INFO, "circle-dot"),
    "follow_up": (Tone.INFO, "circle-dot"),
    "closed": (Tone.MUTED, "archive"),
    "not_safe": (Tone.DANGER, "octagon-alert"),
    "withdrawn": (Tone.MUTED, "ban"),
    "cancelled": (Tone.MUTED, "ban"),
}


@dataclass(frozen=True, slots=True)
class TravelLook:
    """Look of a status on the way: tone, icon and word, which differ without colour, too."""

    tone: Tone
    icon: str
    word: str


TRAVEL_LOOKS: Mapping[TravelStatus, TravelLook] = {
    TravelStatus.PLANNED: TravelLook(Tone.PLAIN, "circle", N_("planned")),
    TravelStatus.EXPECTED: TravelLook(Tone.INFO, "clock", N_("expected")),
    TravelStatus.HAPPENED: TravelLook(Tone.SUCCESS, "circle-check", N_("recorded")),
    TravelStatus.LATE: TravelLook(Tone.DANGER, "octagon-alert", N_("late")),
    TravelStatus.UNRECORDED: TravelLook(Tone.MUTED, "circle-question-mark", N_("not recorded")),
    TravelStatus.OVER: TravelLook(Tone.MUTED, "circle-dot", N_("over, time not recorded")),
}
"""The looks of every departure, arrival and check-in. The check mark is for what has happened."""

_OVER_WORDS: Mapping[str, str] = {
    "departs": N_("left, time not recorded"),
    "arrives": N_("arrived, time not recorded"),
    "check_in": N_("not recorded"),
}
_HAPPENED_WORDS: Mapping[str, tuple[str, str]] = {
    "departs": (N_("has left"), N_("left {time}")),
    "arrives": (N_("has arrived"), N_("arrived {time}")),
    "check_in": (N_("made"), N_("made {time}")),
}


def travel_status_text(status: TravelStatus, key: str, at: Value, language: Language) -> str:
    """Return `planned`, `late`, or what has happened and when: `left 12 Dec 17:02 CET`.

    `key` is the leg's field with the agreed time, `at` when it happened, if that is known.
    """
    if status is TravelStatus.OVER:
        return language.gettext(_OVER_WORDS[key])
    if status is not TravelStatus.HAPPENED:
        return language.gettext(TRAVEL_LOOKS[status].word)
    word, words = _HAPPENED_WORDS[key]
    if not isinstance(at, ZonedTime):
        return language.gettext(word)
    return language.gettext(words).format(time=zoned_time_text(at, language))


MODE_ICONS: Mapping[str, str] = {
    "air": "plane",
    "rail": "train-front",
    "ferry": "ship",
    "coach": "bus",
    "car": "car",
    "taxi": "car",
    "on_foot": "footprints",
}

WITHHELD_REASONS: Mapping[WithheldReason, str] = {
    WithheldReason.DESK: N_("stays in our organisation"),
    WithheldReason.LEVEL: N_("too sensitive to be shared this way"),
    WithheldReason.NO_CONSENT: N_("no consent names this recipient"),
    WithheldReason.EXPIRED: N_("the consent has ended"),
    WithheldReason.WITHDRAWN: N_("the consent was withdrawn"),
    WithheldReason.SCOPE: N_("the consent does not cover it"),
    WithheldReason.PURPOSE: N_("the purpose does not need it"),
    WithheldReason.TRANSFER: N_("a legal basis for transfer to a third country is missing"),
    WithheldReason.UNVERIFIED: N_("the partner is not verified yet"),
    WithheldReason.SECRET: N_("a secret contact"),
    WithheldReason.CONFLICT: N_("two values, not yet decided"),
    WithheldReason.INCOMPLETE: N_("the consent is incomplete"),
    WithheldReason.NETWORK: N_("only for members of a network in which we share it"),
    WithheldReason.NOT_ASKED: N_("this person has not agreed to be named"),
}


def state_word(state: str, language: Language) -> str:
    """Return the word for a plan's state; a code from a newer program stays as it is."""
    return language.gettext(PLAN_STATE[state]) if state in PLAN_STATE else state


def called_text(checked: date | None, language: Language) -> str:
    """Return when a number was last tried: `tried 3 Nov 2026`, or that nobody has tried it."""
    if checked is None:
        return language.gettext(N_("not tried yet"))
    return language.gettext(N_("tried {day}")).format(day=language.day(checked, year=True))


def since_text(since: datetime, zone: str, language: Language) -> str:
    """Return since when, on the clocks of a zone: `12 dec. 17:00 (CET, Stockholm)`."""
    day, clock = zoned_time_lines(zoned_time_at(since, zone), language)
    return f"{day} ({clock})"


_ZONE_LETTERS = 5  # Windows tells a whole phrase instead of `CET`


def written_at(milliseconds: int, language: Language) -> str:
    """Return when something was written or falls due, by our own clocks: `24 nov. 2026 14:05`.

    The zone is said where this computer's clocks show another time: `24 nov. 2026 14:05 CET`.
    """
    at = language.local_time(milliseconds)
    if language.zone and at.utcoffset() == at.astimezone().utcoffset():
        return language.stamp(at)
    name, offset = at.tzname() or "", at.utcoffset() or timedelta()
    is_short = name.isascii() and name.isalpha() and len(name) <= _ZONE_LETTERS
    zone = name if is_short else offset_name(int(offset.total_seconds()) // 60)
    return f"{language.stamp(at)} {zone}"


def replaced_heading(language: Language) -> str:
    """Return the heading above what both sides of a conflict have replaced."""
    return language.pgettext("a value that was replaced", "Before")


# --- Lines of the history

ACTION_LOOKS: Mapping[Action, tuple[str, str]] = {
    Action.CREATE: ("plus", N_("Entered")),
    Action.CHANGE: ("pencil", N_("Changed")),
    Action.DELETE: ("trash-2", N_("Deleted")),
    Action.RESTORE: ("undo-2", N_("Restored")),
    Action.EXPORT: ("send", N_("Sent")),
    Action.IMPORT: ("download", N_("File received")),
    Action.ORDER_SENT: ("trash-2", N_("Asked a partner to erase it")),
    Action.ORDER_TOLD: ("phone", N_("Asked by phone to erase it")),
    Action.ORDER_ASKED: ("trash-2", N_("A partner asks to erase it")),
    Action.ORDER_DECLINED: ("ban", N_("Kept, although a partner asked to erase it")),
    Action.NOTICE_CALLED: ("phone", N_("Told by phone that it was withdrawn")),
    Action.IMPORT_UNDONE: ("undo-2", N_("Import undone")),
    Action.PRINT: ("printer", N_("Printed")),
    Action.KEYS: ("key-round", N_("Keys made or checked")),
    Action.OPEN: ("notebook-text", N_("Database opened")),
    Action.CLOCK: ("clock", N_("Clock confirmed")),
    Action.RESTAMP: ("clock", N_("Written while the clock was ahead")),
    Action.USER_ADD: ("user", N_("User added")),
    Action.USER_ROLES: ("user", N_("Roles changed")),
    Action.USER_REMOVE: ("user-x", N_("User removed")),
    Action.PASSPHRASE: ("key-round", N_("Passphrase changed")),
    Action.RECOVERY_KEY: ("life-buoy", N_("Recovery key made")),
    Action.RECOVERED: ("life-buoy", N_("Opened with a recovery key")),
    Action.BACKUP: ("archive", N_("Backup made")),
    Action.FROM_BACKUP: ("archive", N_("Database restored from a backup")),
    Action.SALVAGED: ("life-buoy", N_("Recovered from a damaged database")),
    Action.ERASE: ("trash-2", N_("Erased permanently")),
    Action.ERASE_WISH: ("file-check", N_("The wish to be erased was recorded")),
    Action.ERASE_WISH_BACK: ("undo-2", N_("The wish to be erased was taken back")),
    Action.ERASE_APPROVED: ("user-round-check", N_("Erasure was agreed")),
    Action.ERASURE_TAKEN_BACK: ("undo-2", N_("Taken off the list of erased records")),
    Action.OPEN_WITH_REASON: ("eye", N_("Opened with a reason")),
    Action.VIEW: ("eye", N_("Viewed")),
    Action.WRONG_TRIES: ("key-round", N_("Failed attempts")),
    Action.OLDER_STORE: ("octagon-alert", N_("Continued with an older database")),
    Action.NOTICE_SENT: ("ban", N_("Told them that it was withdrawn")),
    Action.NOTICE_TAKEN: ("ban", N_("Told by a partner that it was withdrawn")),
    Action.HISTORY_DAYS: ("history", N_("Retention of replaced values was changed")),
    Action.SAVE_PAPER: ("file-down", N_("Saved as a PDF")),
    Action.NOT_PRINTED: ("printer", N_("Did not print")),
    Action.NOT_SAVED: ("file-down", N_("The file was not saved")),
    Action.DUTY_REPORT: ("send", N_("Reported as a legal duty, without consent")),
    Action.EXCUSE_NAME: ("user-round-check", N_("Name reported as someone else's")),
    Action.PAPER_HIT: (
        "shield-alert",
        N_("Would have appeared on a paper in another case; it was not printed"),
    ),
    Action.TAKE_LIST: ("download", N_("List of contacts imported")),
    Action.SAVE_LIST: ("file-down", N_("List of contacts saved as a file")),
    Action.SAVE_PROCEDURE: ("file-down", N_("Procedure saved as a file")),
    Action.TAKE_CASES: ("download", N_("Case data imported from a sheet")),
    Action.SAVE_CALENDAR: ("file-down", N_("Saved as a calendar file")),
    Action.SAVE_BOOK: ("file-down", N_("Book saved as a file")),
    Action.TRY_BACKUP: ("archive", N_("Backup tested")),
    Action.DATA_KEY: ("key-round", N_("Everything was rewritten with a new data key")),
    Action.UPGRADE: ("archive", N_("Database upgraded; the previous version is kept")),
}

KIND_WORDS: Mapping[ActionKind, str] = {
    ActionKind.WRITTEN: N_("What was written"),
    ActionKind.SHARED: N_("What was sent, received or printed"),
    ActionKind.SEEN: N_("What was viewed"),
    ActionKind.KEPT: N_("Openings, people, keys and backups"),
}

USER_ACTIONS = frozenset({Action.USER_ADD, Action.USER_ROLES, Action.USER_REMOVE})


def action_look(action: Action, language: Language) -> tuple[str, str]:
    """Return icon and text for what was done."""
    icon, word = ACTION_LOOKS[action]
    return icon, language.gettext(word)


def record_words(one: HistoryLine, language: Language) -> str:
    """Return the record: `Leg, tulpan-47`; empty where an entry is about none."""
    if not one.has_record:
        return ""
    if not one.type:
        return language.gettext(N_("a record that is not here"))
    return named_record(one.type, one.code, language)


def named_record(record_type: str, code: str, language: Language, number: int | None = None) -> str:
    """Return a record by its type, its number, and the code or name people know it by."""
    word = type_word(record_type, language, number)
    return f"{word}, {code}" if code else word


def type_word(record_type: str, language: Language, number: int | None = None) -> str:
    """Return what a record is: `Leg`, or `Leg (no. 2)`."""
    word = language.gettext(RECORD_TYPE_NAMES[record_type])
    if number is None:
        return word
    return language.gettext("{field} (no. {number})").format(field=word, number=number)


def field_words(one: HistoryLine, language: Language) -> str:
    """Return the labels of the fields; fields unknown to this program are counted.

    For an entry about a user: the initials, and the new roles. For a file: what it did.
    """
    told = file_effects_text(one.keys, language) or _entry_details(one, language)
    if told:
        return told
    if one.action in USER_ACTIONS:
        roles = [
            language.gettext(ROLE_WORDS[Role(key)][0]) for key in one.keys[1:] if key in set(Role)
        ]
        return ", ".join((*map(format_initials, one.keys[:1]), *roles))
    fields = RECORD_TYPES[one.type].fields if one.type in RECORD_TYPES else {}
    if one.action is Action.EXCUSE_NAME:  # of several records: each with its type
        fields = {
            f"{name}.{key}": f for name, t in RECORD_TYPES.items() for key, f in t.fields.items()
        }
    known = [language.gettext(fields[key].label) for key in one.keys if key in fields]
    unknown = len(one.keys) - len(known)
    if unknown:
        known.append(language.plural("{count} unknown field", "{count} unknown fields", unknown))
    return ", ".join(known)


_APPROVAL_WORDS: Mapping[str, str] = {
    "two_people": N_("by two people"),
    "waited": N_("after 24 hours of waiting"),
    **{str(reason): words for reason, words in ERASURE_REASONS.items()},
}


def erasure_approval_text(keys: Sequence[str], language: Language) -> str:
    """Return the second person, if there was one, how it was agreed, and why."""
    known = _APPROVAL_WORDS
    return ", ".join(
        language.gettext(known[key]) if key in known else format_initials(key) for key in keys
    )


_LIST_ACTIONS = frozenset({Action.TAKE_LIST, Action.SAVE_LIST})


def _list_counts(one: HistoryLine, language: Language) -> str:
    """Return how many contacts a list brought, or held; empty where the entry does not say."""
    match one.action, one.keys:
        case Action.TAKE_LIST, (new, changed) if new.isdecimal() and changed.isdecimal():
            words = language.gettext(N_("New: {new}, changed: {changed}"))
            return words.format(new=new, changed=changed)
        case Action.SAVE_LIST, (kind, count) if count.isdecimal():
            words = language.ngettext("{count} contact", "{count} contacts", int(count))
            return f"{words.format(count=count)}, {kind.upper()}"
    return ""


_OPENINGS: Mapping[str, str] = {
    FIRST_ON_THIS_COMPUTER: N_("this computer knew of no earlier opening"),
    TORN_PAGES: N_("empty pages were written again after a power cut; nothing was lost"),
}


def _entry_details(one: HistoryLine, language: Language) -> str:
    """Return the details of an entry about the store itself: a number or a time."""
    first = next(iter(one.keys), "")
    if one.action is Action.OPEN and first in _OPENINGS:
        return language.gettext(_OPENINGS[first])
    if one.action in _LIST_ACTIONS:
        return _list_counts(one, language)
    if one.action is Action.ERASE_APPROVED:
        return erasure_approval_text(one.keys, language)
    if not first.isdigit():
        return ""
    number = int(first)
    if one.action is Action.TAKE_CASES:
        return language.plural("{count} client", "{count} clients", number)
    if one.action is Action.EXPORT:
        return language.plural("{count} record", "{count} records", number)
    if one.action is Action.WRONG_TRIES:
        return language.plural("{count} failed attempt", "{count} failed attempts", number)
    if one.action is Action.HISTORY_DAYS:
        return language.plural("{count} day", "{count} days", number)
    if one.action is Action.CLOCK:
        until = language.gettext(N_("it had been ahead until {time}; times before may be wrong"))
        return until.format(time=written_at(number, language))
    if one.action is Action.OLDER_STORE:
        missing = language.gettext(N_("the newest entry seen before was from {time}"))
        return missing.format(time=written_at(number, language))
    return ""
