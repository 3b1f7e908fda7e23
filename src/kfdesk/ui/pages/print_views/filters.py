# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organisations stand on a list: those in a country, with a kind of help, in a language.

Offers what some entry has and nothing else, so that no choice leads to an empty list by itself.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from kfdesk.domain.lists.directory_codes import SERVICES
from kfdesk.domain.papers.order import Filter
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.papers.subjects import Subject
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.words import Message

_FEWEST = 6
"""Letters of a choice that are always seen."""
_Naming = Callable[[str, Language], str]


class Filters(QWidget):
    """Three choices side by side. `chosen` follows a person's choice."""

    chosen = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.country, self.service, self.spoken = Choice(kit), Choice(kit), Choice(kit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.FIELD_GAP)
        for choice, label in (
            (self.country, N_("Country")),
            (self.service, N_("Helps with")),
            (self.spoken, N_("Speaks")),
        ):
            policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            choice.setSizeAdjustPolicy(policy)
            choice.setMinimumContentsLength(_FEWEST)
            choice.chosen.connect(lambda _key: self.chosen.emit())
            row.addWidget(Field(kit, label, choice), 1)
        self.offer(())

    @property
    def filter(self) -> Filter:
        """What is chosen."""
        return Filter(self.country.key, self.service.key, self.spoken.key)

    def offer(self, entries: Sequence[Subject]) -> None:
        """Offer what these have; what is chosen stays so while some entry has it."""
        countries = ((one.country,) for one in entries)
        self._offer(self.country, N_("All countries"), countries, _country)
        self._offer(self.service, N_("Everything"), (one.services for one in entries), _service)
        self._offer(self.spoken, N_("All languages"), (one.spoken for one in entries), _language)

    def _offer(
        self, choice: Choice, every: Message, found: Iterable[Iterable[str]], named: _Naming
    ) -> None:
        language = self._kit.words.language
        codes = {code for each in found for code in each} - {""}
        ordered = sorted(codes, key=lambda code: named(code, language).casefold())
        choice.offer([("", every), *((code, partial(named, code)) for code in ordered)], choice.key)


def _country(code: str, language: Language) -> str:
    return language.country(code)


def _service(code: str, language: Language) -> str:
    return language.gettext(SERVICES.get(code, code))


def _language(code: str, language: Language) -> str:
    return language.language(code)
