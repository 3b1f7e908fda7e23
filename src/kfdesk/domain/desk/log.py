# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written down about actions: field names and ids, never values.

Values only; how they are chained and kept is the store's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What somebody did."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    RESTORE = "restore"
    EXPORT = "export"
    IMPORT = "import"
    PRINT = "print"
    KEYS = "keys"
    OPEN = "open"
    CLOCK = "clock"
    USER_ADD = "user_add"
    USER_ROLES = "user_roles"
    USER_REMOVE = "user_remove"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of an action
    RECOVERY_KEY = "recovery_key"
    RECOVERED = "recovered"
    BACKUP = "backup"
    FROM_BACKUP = "from_backup"
    ERASE = "erase"
    OPEN_WITH_REASON = "open_with_reason"
    VIEW = "view"
    SAVE_PAPER = "save_paper"
    TRY_BACKUP = "try_backup"
    WRONG_TRIES = "wrong_tries"
    OLDER_STORE = "older_store"
    NOTICE_SENT = "notice_sent"
    NOTICE_TAKEN = "notice_taken"
    HISTORY_DAYS = "history_days"
    EXCUSE_NAME = "excuse_name"
    UPGRADE = "upgrade"
    IMPORT_UNDONE = "import_undone"
    ORDER_SENT = "order_sent"
    ORDER_TOLD = "order_told"
    ORDER_DECLINED = "order_declined"
    NOTICE_CALLED = "notice_called"
    TAKE_LIST = "take_list"
    SAVE_LIST = "save_list"
    SALVAGED = "salvaged"
    DATA_KEY = "data_key"


class Kind(StrEnum):
    """What sort of thing was done, to look for one sort alone."""

    WRITTEN = "written"
    SHARED = "shared"
    SEEN = "seen"
    KEPT = "kept"


KINDS: Mapping[Action, Kind] = {
    **dict.fromkeys(
        (Action.CREATE, Action.CHANGE, Action.DELETE, Action.RESTORE, Action.ERASE), Kind.WRITTEN
    ),
    **dict.fromkeys((
            Action.EXPORT, Action.IMPORT, Action.PRINT, Action.SAVE_PAPER, Action.NOTICE_SENT,
            Action.NOTICE_TAKEN, Action.EXCUSE_NAME, Action.IMPORT_UNDONE, Action.ORDER_SENT,
            Action.ORDER_TOLD, Action.ORDER_DECLINED, Action.NOTICE_CALLED,
            Action.TAKE_LIST, Action.SAVE_LIST,
        ),
        Kind.SHARED,
    ),
    **dict.fromkeys((Action.VIEW, Action.OPEN_WITH_REASON), Kind.SEEN),
    **dict.fromkeys(
        (
            Action.OPEN, Action.WRONG_TRIES, Action.OLDER_STORE, Action.CLOCK, Action.KEYS,
            Action.USER_ADD, Action.USER_ROLES, Action.USER_REMOVE, Action.PASSPHRASE,
            Action.RECOVERY_KEY, Action.RECOVERED, Action.BACKUP, Action.TRY_BACKUP,
            Action.FROM_BACKUP, Action.HISTORY_DAYS, Action.UPGRADE, Action.SALVAGED,
            Action.DATA_KEY,
        ),
        Kind.KEPT,
    ),
}  # fmt: skip
"""Every action is of one kind: of records, of papers and files, of looking, of the desk itself."""

FIRST_HERE = "first_here"
"""Among the keys of an opening: the computer knew of no earlier one."""

TOLD, TOLD_US, ANSWERED, CALLED = "notice", "their_notice", "answer", "call"
CARD, TRUSTED, RESTORED = "card", "trusted", "restored"
"""Channels of the ledger that carry no data: a notice went, one came, a file answered it, somebody
was told by telephone; a card of ours went; a new one of theirs was trusted; their files have a new
epoch, whose id stands in the record's place.
"""


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the audit trail: who did what to which record's fields, and when."""

    user: str
    milliseconds: int
    action: Action
    rid: bytes | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the disclosure ledger: one record in one file or paper, to one recipient.

    `writes` has, for each key that went, the ids of the writes that went, and under the empty key
    those that deleted the record or brought it back; `target` is the bundle's digest or the
    paper's.
    """

    rid: bytes
    type: str
    recipient: bytes
    channel: str
    consents: tuple[bytes, ...]
    writes: Mapping[str, tuple[bytes, ...]]
    target: bytes
    milliseconds: int
