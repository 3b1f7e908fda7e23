# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the audit trail: what was done, to which record, to which of its fields.

A new action has its words here; tests see to that. Never a value of a record, a
client's code apart, which is made to be spoken.
"""

from collections.abc import Mapping

from kfdesk.domain.desk.log import FIRST_HERE, Action, Kind
from kfdesk.domain.desk.users import Role, shown
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_
from kfdesk.i18n.findings import RECORDS as RECORDS
from kfdesk.i18n.language import Language
from kfdesk.services.history import HistoryLine
from kfdesk.ui.pages.settings_views.words import ROLES
from kfdesk.ui.pages.shown import written_at

ACTIONS: Mapping[Action, tuple[str, str]] = {
    Action.CREATE: ("plus", N_("Entered")),
    Action.CHANGE: ("pencil", N_("Changed")),
    Action.DELETE: ("trash-2", N_("Deleted")),
    Action.RESTORE: ("undo-2", N_("Restored")),
    Action.EXPORT: ("send", N_("Sent")),
    Action.IMPORT: ("download", N_("Taken in")),
    Action.ORDER_SENT: ("trash-2", N_("Asked a partner to erase it")),
    Action.ORDER_TOLD: ("phone", N_("Asked by telephone to erase it")),
    Action.ORDER_DECLINED: ("ban", N_("Kept, although a partner asked to erase it")),
    Action.NOTICE_CALLED: ("phone", N_("Told by telephone that it was withdrawn")),
    Action.IMPORT_UNDONE: ("undo-2", N_("File taken back")),
    Action.PRINT: ("printer", N_("Printed")),
    Action.KEYS: ("key-round", N_("Keys made or checked")),
    Action.OPEN: ("notebook-text", N_("Store opened")),
    Action.CLOCK: ("clock", N_("Clock confirmed")),
    Action.USER_ADD: ("user", N_("User added")),
    Action.USER_ROLES: ("user", N_("Roles changed")),
    Action.USER_REMOVE: ("user-x", N_("User removed")),
    Action.PASSPHRASE: ("key-round", N_("Passphrase changed")),
    Action.RECOVERY_KEY: ("life-buoy", N_("Recovery key made")),
    Action.RECOVERED: ("life-buoy", N_("Opened by a recovery key")),
    Action.BACKUP: ("archive", N_("Backup made")),
    Action.FROM_BACKUP: ("archive", N_("Store restored from a backup")),
    Action.SALVAGED: ("life-buoy", N_("Salvaged from a damaged store")),
    Action.ERASE: ("trash-2", N_("Erased for good")),
    Action.OPEN_WITH_REASON: ("eye", N_("Opened with a reason")),
    Action.VIEW: ("eye", N_("Looked at")),
    Action.WRONG_TRIES: ("key-round", N_("Tried in vain")),
    Action.OLDER_STORE: ("octagon-alert", N_("Gone on with an older store")),
    Action.NOTICE_SENT: ("ban", N_("Told that it was withdrawn")),
    Action.NOTICE_TAKEN: ("ban", N_("Told by a partner that it was withdrawn")),
    Action.HISTORY_DAYS: ("history", N_("Time that replaced values are kept was changed")),
    Action.SAVE_PAPER: ("file-down", N_("Saved as a PDF")),
    Action.EXCUSE_NAME: ("user-round-check", N_("Name said to be somebody else's")),
    Action.TAKE_LIST: ("download", N_("List of contacts taken over")),
    Action.SAVE_LIST: ("file-down", N_("List of contacts saved as a file")),
    Action.TRY_BACKUP: ("archive", N_("Backup tried out")),
    Action.DATA_KEY: ("key-round", N_("Everything was written anew under a new data key")),
    Action.UPGRADE: ("archive", N_("Store brought to a newer program; the one before is kept")),
}

KIND_WORDS: Mapping[Kind, str] = {
    Kind.WRITTEN: N_("What was written"),
    Kind.SHARED: N_("What was sent, taken in or printed"),
    Kind.SEEN: N_("What was looked at"),
    Kind.KEPT: N_("Openings, people, keys and backups"),
}

ABOUT_PEOPLE = frozenset({Action.USER_ADD, Action.USER_ROLES, Action.USER_REMOVE})


def action_look(action: Action, language: Language) -> tuple[str, str]:
    """Icon and word for what was done."""
    icon, word = ACTIONS[action]
    return icon, language.gettext(word)


def record_words(one: HistoryLine, language: Language) -> str:
    """`Leg, tulpan-47`; empty where an entry is about no record."""
    if not one.has_record:
        return ""
    if not one.type:
        return language.gettext(N_("a record that is not here"))
    return named_record(one.type, one.code, language)


def named_record(record_type: str, code: str, language: Language, number: int | None = None) -> str:
    """A record by its type, its place among its like, and the code or name people know it by."""
    word = type_word(record_type, language, number)
    return f"{word}, {code}" if code else word


def type_word(record_type: str, language: Language, number: int | None = None) -> str:
    """What a record is: `Leg`, or `Leg (no. 2)`."""
    word = language.gettext(RECORDS[record_type])
    if number is None:
        return word
    return language.gettext("{field} (no. {number})").format(field=word, number=number)


def field_words(one: HistoryLine, language: Language) -> str:
    """The labels of the fields; those that this program does not know are counted.

    Where an entry is about a person who opens the store: their initials, and the roles they got.
    """
    told = _told(one, language)
    if told:
        return told
    if one.action in ABOUT_PEOPLE:
        roles = [language.gettext(ROLES[Role(key)][0]) for key in one.keys[1:] if key in set(Role)]
        return ", ".join((*map(shown, one.keys[:1]), *roles))
    fields = TYPES[one.type].fields if one.type in TYPES else {}
    if one.action is Action.EXCUSE_NAME:  # of several records: each with its type
        fields = {f"{name}.{key}": f for name, t in TYPES.items() for key, f in t.fields.items()}
    known = [language.gettext(fields[key].label) for key in one.keys if key in fields]
    unknown = len(one.keys) - len(known)
    if unknown:
        words = language.ngettext("{count} unknown field", "{count} unknown fields", unknown)
        known.append(words.format(count=unknown))
    return ", ".join(known)


def _told(one: HistoryLine, language: Language) -> str:
    """What an entry about the desk itself says more: a number, a time, a circumstance."""
    first = next(iter(one.keys), "")
    if one.action is Action.OPEN and first == FIRST_HERE:
        return language.gettext(N_("this computer knew of no earlier opening"))
    if not first.isdigit():
        return ""
    number = int(first)
    if one.action is Action.WRONG_TRIES:
        return language.ngettext("{count} wrong try", "{count} wrong tries", number).format(
            count=number
        )
    if one.action is Action.HISTORY_DAYS:
        return language.ngettext("{count} day", "{count} days", number).format(count=number)
    if one.action is Action.OLDER_STORE:
        missing = language.gettext(N_("the newest entry seen before was of {time}"))
        return missing.format(time=written_at(number, language))
    return ""
