# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways on from a damaged store: its newest good backup, or what can still be read.

Each says what it brings and what would be missing, so that the choice is one between numbers and
not between hopes. Where no good backup was found, another can be chosen by hand.
"""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.keeping.salvage import Examined, GoodBackup, Salvage
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label


class Ways(QWidget):
    """Both ways, each with its words and its button."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.path: Path | None = None
        self._is_backup_better = False
        self.backup = Button(kit, N_("Restore this backup"), "archive")
        self.salvage = Button(kit, N_("Make a new store of it"), "life-buoy", Look.PRIMARY)
        self._backup_words = Label(kit, tone=Tone.MUTED).wrapped()
        self._backup_title = Label(kit, style=Type.BUTTON).wrapped()
        self._salvage_words = Label(kit, tone=Tone.MUTED).wrapped()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GRID)
        title = Label(kit, N_("What can still be read"), Type.BUTTON).wrapped()
        for part in (title, self._salvage_words):
            column.addWidget(part)
        column.addWidget(self.salvage, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(tokens.GRID)
        for part in (self._backup_title, self._backup_words):
            column.addWidget(part)
        column.addWidget(self.backup, 0, Qt.AlignmentFlag.AlignLeft)

    def offer(self, found: Examined) -> None:
        """Say of both what they bring and what they lack."""
        salvage, backup = found.salvage, found.backup
        self.salvage.setEnabled(salvage.records > 0)
        self._salvage_words.tell(lambda language: _salvage_words(salvage, language))
        self.path = backup.path if backup is not None else None
        lost = salvage.records_lost
        is_worse = not salvage.records or lost > (backup.since if backup is not None else 0)
        self._is_backup_better = backup is not None and is_worse
        self.backup.setVisible(backup is not None)
        if backup is None:
            self._backup_title.tell(N_("No backup that is whole was found"))
            self._backup_words.tell(
                N_("Put in the stick with the backup and go back, or choose its folder.")
            )
            return
        good = backup
        self._backup_title.tell(lambda language: _title(good, language))
        self._backup_words.tell(lambda language: _backup_words(good, found.refused, language))

    def begin(self) -> None:
        """Put the keyboard on what loses less."""
        (self.backup if self._is_backup_better else self.salvage).setFocus()


def _salvage_words(salvage: Salvage, language: Language) -> str:
    count, lost = salvage.records, salvage.records_lost
    words = language.ngettext(
        "{count} record can be read.", "{count} records can be read.", count
    ).format(count=count)
    if not lost:
        return words
    missing = language.ngettext("{count} would be missing.", "{count} would be missing.", lost)
    return f"{words} {missing.format(count=lost)}"


def _title(backup: GoodBackup, language: Language) -> str:
    if backup.made is None:
        return language.gettext(N_("The newest backup that is whole"))
    day = language.day(backup.made.date(), year=True)
    words = language.gettext(N_("The newest backup that is whole: {day}, {time}"))
    return f"{words.format(day=day, time=language.clock(backup.made))} ({_age(backup, language)})"


def _age(backup: GoodBackup, language: Language) -> str:
    if not backup.days:
        return language.gettext(N_("today"))
    return language.ngettext("{count} day ago", "{count} days ago", backup.days).format(
        count=backup.days
    )


def _backup_words(backup: GoodBackup, refused: int, language: Language) -> str:
    said = [
        language.ngettext(
            "It was read and has {count} record.", "It was read and has {count} records.",
            backup.records,
        ).format(count=backup.records),
        language.ngettext(
            "{count} record that was written or changed after it would be missing.",
            "{count} records that were written or changed after it would be missing.",
            backup.since,
        ).format(count=backup.since)
        if backup.since
        else language.gettext(N_("Nothing that can still be read was written after it.")),
    ]  # fmt: skip
    if refused:
        words = language.ngettext(
            "{count} newer backup is not whole.", "{count} newer backups are not whole.", refused
        )
        said.append(words.format(count=refused))
    return " ".join(said)
