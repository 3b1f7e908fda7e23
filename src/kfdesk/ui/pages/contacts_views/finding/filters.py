# SPDX-License-Identifier: GPL-3.0-or-later
"""By what the list of contacts is narrowed: country, service, language, for whom, network, check.

Only codes that the directory has are offered. What they mean for the list the service knows.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from kfdesk.domain.listing.freshness import fresh_since, months_before
from kfdesk.domain.lists.directory_codes import NETWORKS, POPULATIONS, SERVICES
from kfdesk.domain.schema import N_
from kfdesk.domain.world import COUNTRIES, LANGUAGES
from kfdesk.i18n.language import Language
from kfdesk.services.finding.seek import Asked
from kfdesk.ui.form.parts.pick import sorted_rows
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.words import Message

_CODES: Mapping[str, tuple[Message, Mapping[str, Message]]] = {
    "country": (
        N_("Country"),
        {code: partial(Language.country, code=code) for code in COUNTRIES},
    ),
    "services": (N_("Services"), SERVICES),
    "languages": (
        N_("Language"),
        {code: partial(Language.language, code=code) for code in LANGUAGES},
    ),
    "populations": (N_("For whom"), POPULATIONS),
    "networks": (N_("Networks"), NETWORKS),
}
_FRESH, _STALE = "fresh", "stale"
_FRESH_MONTHS = 6
_CHECKS: tuple[tuple[str, Message], ...] = (
    ("", N_("Last check")),
    (_FRESH, N_("Checked in the last 6 months")),
    (_STALE, N_("Not checked for 12 months")),
)
_RARER = ("populations", "networks")
_NARROW = 660
_LETTERS = 6  # a narrow row shows so much of what is chosen


class Filters(QWidget):
    """A row of choices. `changed` follows each."""

    changed = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._known: Mapping[str, frozenset[str]] = {}
        self.choices = {key: self._make(message) for key, (message, _) in _CODES.items()}
        self.check = self._make(N_("Last check"))
        self.check.offer(_CHECKS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for choice in (*self.choices.values(), self.check):
            row.addWidget(choice, 1)
        for key in self.choices:
            self._offer(key)
        kit.words.changed.connect(self._on_language_changed)

    @property
    def is_set(self) -> bool:
        """Whether the list is narrowed at all."""
        return any(choice.key for choice in (*self.choices.values(), self.check))

    def asked(self, typed: str, today: date) -> Asked:
        """What is looked for, together with what was typed."""
        codes = tuple((key, one.key) for key, one in self.choices.items() if one.key)
        check = self.check.key
        return Asked(
            typed,
            codes,
            since=months_before(today, _FRESH_MONTHS) if check == _FRESH else None,
            before=fresh_since(today) if check == _STALE else None,
        )

    def offer(self, known: Mapping[str, frozenset[str]]) -> None:
        """Offer these codes; what is chosen stays."""
        if known != self._known:
            self._known = known
            for key in self.choices:
                self._offer(key)

    def choose(self, key: str, code: str) -> None:
        """Choose a code, as a person would."""
        choice = self.choices[key]
        self._offer(key, code)
        choice.chosen.emit(choice.key)

    def clear(self) -> None:
        """Narrow by nothing any more."""
        for key in self.choices:
            self._offer(key, "")
        self.check.offer(_CHECKS)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where it is narrow, only what is chosen most; the rest can be typed."""
        super().resizeEvent(event)
        for key in _RARER:
            choice = self.choices[key]
            choice.setVisible(self.width() >= self._kit.theme.sized(_NARROW) or bool(choice.key))

    def _offer(self, key: str, code: str | None = None) -> None:
        every, labels = _CODES[key]
        chosen = self.choices[key].key if code is None else code
        known = self._known.get(key, frozenset())
        there = [one for one in labels.items() if one[0].lower() in known or one[0] == chosen]
        rows = sorted_rows(there, self._kit)
        in_order = [(one, labels[one]) for one, _ in rows]
        self.choices[key].offer((("", every), *in_order), chosen)

    def _make(self, name: Message) -> Choice:
        choice = Choice(self._kit)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        choice.setSizeAdjustPolicy(policy)
        choice.setMinimumContentsLength(_LETTERS)
        choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        choice.chosen.connect(lambda _key: self.changed.emit())
        self._kit.words.bind(choice.setAccessibleName, name)
        return choice

    def _on_language_changed(self) -> None:
        for key in self.choices:
            self._offer(key)
