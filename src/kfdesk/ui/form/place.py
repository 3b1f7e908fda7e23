# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor of a place: a told text that offers names while one types.

A place that is taken fills the languages that have no words yet and whose name the list has, and
tells its zone, for the time beside it. What was typed is as good as what was offered.
"""

from PySide6.QtCore import QTimer

from kfdesk.domain.schema import Field
from kfdesk.i18n.places import Place
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.parts.pick import Proposals
from kfdesk.ui.form.told import Telling, ToldEditor
from kfdesk.ui.kit import Kit


class PlaceEditor(ToldEditor):
    """A place in one or more languages; `zone_chosen` when one of the list was taken."""

    def __init__(self, kit: Kit, field: Field, offers: Offers) -> None:
        self._places = offers.places
        self._found: dict[str, dict[str, Place]] = {}
        self.proposals: dict[str, Proposals] = {}
        super().__init__(kit, field, offers.languages)

    def _dress(self, telling: Telling) -> None:
        proposals = Proposals(telling.area)
        self.proposals[telling.language] = proposals
        telling.area.typed.connect(lambda: self._propose(telling, proposals))
        proposals.taken.connect(lambda key: self._on_taken(telling, key))

    def _propose(self, telling: Telling, proposals: Proposals) -> None:
        typed = telling.area.toPlainText()
        places = self._places.find(typed) if self._places and telling.area.hasFocus() else ()
        found = {str(number): place for number, place in enumerate(places)}
        self._found[telling.language] = found
        proposals.offer([(key, self._line(telling, place)) for key, place in found.items()])

    def _line(self, telling: Telling, place: Place) -> str:
        country = self._kit.words.language.country(place.country)
        return f"{place.name(telling.language)}, {country}"

    def _on_taken(self, telling: Telling, key: str) -> None:
        place = self._found[telling.language][key]
        telling.area.show_text(place.name(telling.language))
        for other in self.tellings:
            if not other.text and other.language in place.names:
                other.area.show_text(place.names[other.language])
        self._on_typed()
        self.zone_chosen.emit(place.zone)
        QTimer.singleShot(0, telling.area, telling.area.setFocus)
