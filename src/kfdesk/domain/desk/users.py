# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may open a store, in which roles, and what each role is allowed to do.

Values and one table; it knows no slots. Whether somebody may do something is
asked here and nowhere else. `…_OWN` rights hold for the records that one is responsible for.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_INITIALS = 40


class Role(StrEnum):
    """What somebody does at a desk; one person may have several. Appended to, never renamed."""

    SHELTER_WORKER = "shelter_worker"
    CASE_MANAGER = "case_manager"
    RETURN_COORDINATOR = "return_coordinator"
    APPROVER = "approver"
    DATA_PROTECTION_LEAD = "data_protection_lead"
    DIRECTORY_EDITOR = "directory_editor"
    STATISTICS_READER = "statistics_reader"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What one may do."""

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
_COORDINATOR = _READER | _WORKER | {Right.EDIT_ALL, Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.SHELTER_WORKER: _WORKER,
    Role.CASE_MANAGER: _COORDINATOR | {Right.FIGURES},
    Role.RETURN_COORDINATOR: _COORDINATOR,
    Role.APPROVER: _READER | {Right.APPROVE, Right.FIGURES},
    Role.DATA_PROTECTION_LEAD: _READER | {Right.ERASE, Right.LEGAL_HOLD, Right.FIGURES},
    Role.DIRECTORY_EDITOR: frozenset({Right.EDIT_DIRECTORY}),
    Role.STATISTICS_READER: frozenset({Right.FIGURES}),
    Role.ADMINISTRATOR: frozenset(
        {Right.MANAGE_KEYS, Right.MANAGE_USERS, Right.BACKUP, Right.RESTORE}
    ),
}
"""What each role may do; the golden table shows it for the eye. A change of it is a decision."""

ALL_ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who opens: initials and passphrase."""

    initials: str
    passphrase: str

    def __repr__(self) -> str:
        return "Credentials()"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who opens the store, or did: `removed` says since when no more (ms, UTC)."""

    initials: str
    slot: bytes = field(repr=False)
    roles: frozenset[Role]
    added: int
    removed: int | None = None

    @property
    def is_administrator(self) -> bool:
        """Whether this user can let others in now."""
        return self.removed is None and Role.ADMINISTRATOR in self.roles


def fold(initials: str) -> str:
    """Initials as they count: composed (NFC), without spaces round them, in folded case."""
    return unicodedata.normalize("NFC", initials).strip().casefold()


def shown(initials: str) -> str:
    """Initials as everybody reads them, however they were typed: in capital letters."""
    return fold(initials).upper()


def is_initials(initials: str) -> bool:
    """Whether these are letters, digits, spaces, points or hyphens, with a letter, and short."""
    letters = fold(initials)
    is_short = 0 < len(letters) <= LONGEST_INITIALS
    is_plain = all(
        sign in " .-" or unicodedata.category(sign)[0] in {"L", "M", "N"} for sign in letters
    )
    return is_short and is_plain and any(map(str.isalpha, letters))


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """All that these roles together may do."""
    return frozenset[Right]().union(*(RIGHTS[role] for role in roles))
