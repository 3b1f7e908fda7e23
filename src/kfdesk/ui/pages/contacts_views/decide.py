# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of an entry that two desks wrote apart: each version, until a person decides.

Stands above the entry's form, since the column is too narrow for versions side by side. Nothing
wins by itself.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.rows import Version, View
from kfdesk.domain.schema import N_
from kfdesk.i18n.messages import field_label
from kfdesk.services.directory import DirectoryEntry
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.words import said
from kfdesk.ui.pages.shown import field_of, value_text, written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, clear


class Decisions(Card):
    """What waits to be decided, hidden while nothing does.

    `decided` carries the view of the record, the key, and the version that is to hold.
    """

    decided = Signal(object, str, object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self.head(kit, N_("Two values, not decided"), "git-merge", Tone.WARNING)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.body.addLayout(self._rows)
        self.hide()

    def show_entry(self, entry: DirectoryEntry, house: bytes) -> None:
        """Show what waits in an entry and in its telephones, of which `house` answers for some."""
        clear(self._rows)
        self.buttons = []
        ours = (seen for seen in entry.phones if seen.row.custodian == house)
        for seen in (entry.view, *ours):
            for key in sorted(seen.conflicts):
                self._add_field(seen, key)
        self.setVisible(bool(self.buttons))

    def _add_field(self, seen: View[Any], key: str) -> None:
        path = f"{seen.row.type}.{key}"
        label = Label(self._kit, lambda language: field_label(path, language), Type.LABEL)
        self._rows.addWidget(label)
        for version in seen.versions[key]:
            self._rows.addLayout(self._make_version(seen, key, version))

    def _make_version(self, seen: View[Any], key: str, version: Version) -> QHBoxLayout:
        field = field_of(seen.row.type, key)
        value = Label(self._kit, style=Type.STRONG).wrapped()
        value.tell(lambda language: value_text(field, version.value, language))
        who = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        who.tell(lambda language: f"{version.author}, {written_at(version.milliseconds, language)}")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(value)
        words.addWidget(who)
        button = Button(self._kit, N_("This one holds"), "check")
        name = N_("This one holds: {value}")
        spoken = said(value.text())
        self._kit.words.bind(button.setAccessibleName, name, value=spoken)
        button.clicked.connect(partial(self.decided.emit, seen, key, version))
        self.buttons.append(button)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row
