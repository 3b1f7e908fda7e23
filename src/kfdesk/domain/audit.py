# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of the audit trail and of the disclosure ledger: field names and ids, never values.

Values only; `storage/ledger.py` chains and keeps them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """An action of a user."""

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
    ORDER_ASKED = "order_asked"
    NOTICE_CALLED = "notice_called"
    TAKE_LIST = "take_list"
    SAVE_LIST = "save_list"
    SALVAGED = "salvaged"
    DATA_KEY = "data_key"
    PAPER_HIT = "paper_hit"
    NOT_PRINTED = "not_printed"
    NOT_SAVED = "not_saved"
    SAVE_PROCEDURE = "save_procedure"
    SAVE_BOOK = "save_book"
    DUTY_REPORT = "duty_report"
    SAVE_CALENDAR = "save_calendar"
    TAKE_CASES = "take_cases"
    ERASE_WISH = "erase_wish"
    ERASE_WISH_BACK = "erase_wish_back"
    ERASE_APPROVED = "erase_approved"
    ERASURE_TAKEN_BACK = "erasure_taken_back"
    RESTAMP = "restamp"


class ActionKind(StrEnum):
    """The kind of an action, to filter the history."""

    WRITTEN = "written"
    SHARED = "shared"
    SEEN = "seen"
    KEPT = "kept"


ACTION_KINDS: Mapping[Action, ActionKind] = {
    **dict.fromkeys(
        (
            Action.CREATE, Action.CHANGE, Action.DELETE, Action.RESTORE, Action.ERASE,
            Action.ERASE_WISH, Action.ERASE_WISH_BACK, Action.ERASE_APPROVED,
            Action.ERASURE_TAKEN_BACK, Action.RESTAMP,
        ),
        ActionKind.WRITTEN,
    ),
    **dict.fromkeys(
        (
            Action.EXPORT, Action.IMPORT, Action.PRINT, Action.SAVE_PAPER, Action.NOTICE_SENT,
            Action.NOTICE_TAKEN, Action.EXCUSE_NAME, Action.IMPORT_UNDONE, Action.ORDER_SENT,
            Action.ORDER_TOLD, Action.ORDER_DECLINED, Action.ORDER_ASKED, Action.NOTICE_CALLED,
            Action.TAKE_LIST, Action.SAVE_LIST, Action.PAPER_HIT,
            Action.NOT_PRINTED, Action.NOT_SAVED, Action.SAVE_PROCEDURE, Action.SAVE_BOOK,
            Action.DUTY_REPORT, Action.SAVE_CALENDAR, Action.TAKE_CASES,
        ),
        ActionKind.SHARED,
    ),
    **dict.fromkeys((Action.VIEW, Action.OPEN_WITH_REASON), ActionKind.SEEN),
    **dict.fromkeys(
        (
            Action.OPEN, Action.WRONG_TRIES, Action.OLDER_STORE, Action.CLOCK, Action.KEYS,
            Action.USER_ADD, Action.USER_ROLES, Action.USER_REMOVE, Action.PASSPHRASE,
            Action.RECOVERY_KEY, Action.RECOVERED, Action.BACKUP, Action.TRY_BACKUP,
            Action.FROM_BACKUP, Action.HISTORY_DAYS, Action.UPGRADE, Action.SALVAGED,
            Action.DATA_KEY,
        ),
        ActionKind.KEPT,
    ),
}  # fmt: skip
"""The kind of each action: records, papers and files, viewing, or the store itself."""

FIRST_ON_THIS_COMPUTER = "first_here"
"""A key of an opening event: this computer knew of no earlier one."""
TORN_PAGES = "torn_pages"
"""A key of an opening event: a power cut had torn free pages, which were written again."""

# Channels of ledger entries without data.
CHANNEL_NOTICE_SENT, CHANNEL_NOTICE_RECEIVED = "notice", "their_notice"
CHANNEL_ANSWERED, CHANNEL_CALLED = "answer", "call"
CHANNEL_CARD_SENT, CHANNEL_CARD_TRUSTED = "card", "trusted"
RESTORED = "restored"
CHANNEL_CALENDAR = "calendar"
"""The channel of what staff took along in a calendar file: times, under neutral titles."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """An entry of the audit trail: who did what to which record's fields, and when."""

    user: str
    milliseconds: int
    action: Action
    rid: bytes | None = None
    keys: tuple[str, ...] = ()


_FILE_KEYS = re.compile("([0-9]{1,18}),([0-9a-f]{64}),((?:[0-9a-f]{2})*)")


@dataclass(frozen=True, slots=True)
class FileDisclosures:
    """Content of the one audit entry of a file: the number of disclosed records, and their hash.

    `target` is the digest of the file, under which the ledger has each disclosure.
    """

    count: int
    digest: bytes
    target: bytes

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the audit entry."""
        return (str(self.count), self.digest.hex(), self.target.hex())

    @classmethod
    def read(cls, keys: tuple[str, ...]) -> "FileDisclosures | None":
        """Return what keys say; None for an entry about one record, as older programs wrote."""
        told = _FILE_KEYS.fullmatch(",".join(keys))
        return cls(int(told[1]), *map(bytes.fromhex, told.groups()[1:])) if told else None


@dataclass(frozen=True, slots=True)
class AuditHead:
    """An entry of an audit chain that somebody has seen: its number and its hash.

    Number 0, with a hash of zeros, is before the first entry.
    """

    number: int
    digest: bytes


NO_AUDIT_HEAD = AuditHead(0, bytes(32))


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Audit chains as a file tells them: the number of its sender's newest entry, whose hash is in
    the envelope, and the newest entry of the recipient that the sender has seen.
    """

    number: int
    seen: AuditHead


@dataclass(frozen=True, slots=True)
class CountedEntries:
    """Entries of the ledger that show what a recipient has: those above the number `after`.

    What was given under a withdrawn consent does not count. The recipient may have erased it or
    kept it out, or a file of that time never came; once she agrees again, it goes again.
    """

    after: int = 0
    is_withdrawn: Callable[[bytes], bool] = lambda _consent: False


ALL_ENTRIES = CountedEntries()


@dataclass(frozen=True, slots=True)
class DisclosureEntry:
    """An entry of the disclosure ledger: one record in one file or paper, to one recipient.

    `writes` has for each disclosed key the ids of its writes, and under the empty key those
    of a deletion or its undo. `target` is the digest of the bundle or paper.
    """

    rid: bytes
    type: str
    recipient: bytes
    channel: str
    consents: tuple[bytes, ...]
    writes: Mapping[str, tuple[bytes, ...]]
    target: bytes
    milliseconds: int
