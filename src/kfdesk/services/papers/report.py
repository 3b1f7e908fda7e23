# SPDX-License-Identifier: GPL-3.0-or-later
"""The note for the data protection authority after a laptop was lost: looked at, printed, saved.

A form of fixed sentences without a name in it, so that no consent and no carry check is asked.
"""

from pathlib import Path

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk


def report_pictures(desk: Desk, words: Language, scale: float) -> list[bytes]:
    """Its pages as PNGs, at `scale` pixels to a point.

    Raises KfdeskError `user.not_allowed` or `documents.…`.
    """
    desk.require(Right.BACKUP, Right.MANAGE_USERS, Right.RESTORE)
    return desk.rooms.papers.pictures(desk.rooms.papers.report_note(words), scale)


def save_report(desk: Desk, words: Language, path: Path) -> None:
    """Save it as a PDF. Raises KfdeskError `user.not_allowed`, `documents.…` or `store.disk`."""
    desk.require(Right.BACKUP, Right.MANAGE_USERS, Right.RESTORE)
    try:
        path.write_bytes(desk.rooms.papers.report_note(words))
    except OSError:
        raise KfdeskError("store.disk") from None
