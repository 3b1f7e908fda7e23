# SPDX-License-Identifier: GPL-3.0-or-later
"""User accounts: roles with their rights, and initials.

The services ask `Right`, never `Role`. The store keeps users; their passphrases open key
slots (`storage/key_slots.py`) and are kept nowhere.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MAX_INITIALS_LENGTH = 40


class Role(StrEnum):
    """The role of a user; a user may have several. Appended to, never renamed."""

    SHELTER_WORKER = "shelter_worker"
    CASE_MANAGER = "case_manager"
    RETURN_COORDINATOR = "return_coordinator"
    APPROVER = "approver"
    DATA_PROTECTION_LEAD = "data_protection_lead"
    DIRECTORY_EDITOR = "directory_editor"
    STATISTICS_READER = "statistics_reader"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """A permission."""

    READ_OWN = "read_own"
    READ_ALL = "read_all"
    EDIT_OWN = "edit_own"
    EDIT_ALL = "edit_all"
    APPROVE = "approve"
    EXPORT_BUNDLE = "export_bundle"
    IMPORT_BUNDLE = "import_bundle"
    PRINT_INTERNAL = "print_internal"
    PRINT_CARRIED = "print_carried"
    SEE_SENSITIVE_OWN = "see_sensitive_own"
    SEE_SENSITIVE_ALL = "see_sensitive_all"
    OPEN_WITH_REASON = "open_with_reason"
    ERASE = "erase"
    LEGAL_HOLD = "legal_hold"
    EDIT_DIRECTORY = "edit_directory"
    EDIT_BOOK = "edit_book"
    FIGURES = "figures"
    MANAGE_KEYS = "manage_keys"
    MANAGE_USERS = "manage_users"
    BACKUP = "backup"
    RESTORE = "restore"


_READER = frozenset(
    {
        Right.READ_OWN, Right.READ_ALL, Right.SEE_SENSITIVE_OWN, Right.SEE_SENSITIVE_ALL,
        Right.OPEN_WITH_REASON, Right.BACKUP,
    }
)  # fmt: skip
_WORKER = frozenset(
    {
        Right.READ_OWN, Right.EDIT_OWN, Right.SEE_SENSITIVE_OWN, Right.OPEN_WITH_REASON,
        Right.PRINT_INTERNAL, Right.PRINT_CARRIED, Right.EDIT_DIRECTORY, Right.BACKUP,
    }
)  # fmt: skip
_COORDINATOR = _READER | _WORKER | {
    Right.EDIT_ALL, Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.EDIT_BOOK,
}  # fmt: skip

ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.SHELTER_WORKER: _WORKER,
    Role.CASE_MANAGER: _COORDINATOR | {Right.FIGURES},
    Role.RETURN_COORDINATOR: _COORDINATOR,
    Role.APPROVER: _READER | {Right.APPROVE, Right.FIGURES},
    Role.DATA_PROTECTION_LEAD: _READER | {Right.ERASE, Right.LEGAL_HOLD, Right.FIGURES},
    Role.DIRECTORY_EDITOR: frozenset({Right.EDIT_DIRECTORY, Right.EDIT_BOOK}),
    Role.STATISTICS_READER: frozenset({Right.FIGURES}),
    Role.ADMINISTRATOR: frozenset(
        {Right.MANAGE_KEYS, Right.MANAGE_USERS, Right.BACKUP, Right.RESTORE}
    ),
}
"""The rights of each role, as the golden table shows. A change is a decision."""

ALL_ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials that open a store: initials and passphrase."""

    initials: str
    passphrase: str

    def __repr__(self) -> str:
        return "Credentials()"


@dataclass(frozen=True, slots=True)
class User:
    """A present or former user; `removed` is the time of removal (ms, UTC)."""

    initials: str
    slot: bytes = field(repr=False)
    roles: frozenset[Role]
    added: int
    removed: int | None = None

    @property
    def is_administrator(self) -> bool:
        """True if this user may manage users now."""
        return self.removed is None and Role.ADMINISTRATOR in self.roles


def fold_initials(initials: str) -> str:
    """Return initials for comparison: NFC, stripped and case-folded."""
    return unicodedata.normalize("NFC", initials).strip().casefold()


def format_initials(initials: str) -> str:
    """Return initials for display: in capital letters, however they were typed."""
    return fold_initials(initials).upper()


def is_initials(initials: str) -> bool:
    """Return whether these are short initials of letters, digits, spaces, points or hyphens.

    At least one letter is required.
    """
    letters = fold_initials(initials)
    is_short = 0 < len(letters) <= MAX_INITIALS_LENGTH
    is_plain = all(
        sign in " .-" or unicodedata.category(sign)[0] in {"L", "M", "N"} for sign in letters
    )
    return is_short and is_plain and any(map(str.isalpha, letters))


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return all rights that these roles have together."""
    return frozenset[Right]().union(*(ROLE_RIGHTS[role] for role in roles))
