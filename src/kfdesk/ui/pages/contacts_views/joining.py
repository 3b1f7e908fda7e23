# SPDX-License-Identifier: GPL-3.0-or-later
"""An organisation that stands twice: typed here, and come with a partner's card. Offers to join.

Shown above either of the two. Joining is one press and can be taken back; what it means for plans
and consents is the service's to know.
"""

from functools import partial

from PySide6.QtCore import Signal

from kfdesk.domain.desk.users import Right
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.casework.joining import Joined, join_organisation, twin_of
from kfdesk.services.desk import Desk
from kfdesk.services.directory import DirectoryEntry
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner


class JoinOffer(Banner):
    """The offer; hidden where there is nothing to join. `joined` carries the partner's entry."""

    joined = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, Tone.INFO, "building-2")
        self._desk = desk
        self._pair: tuple[bytes, bytes] | None = None
        self.join = Button(kit, N_("Join the two"), "git-merge", Look.TONAL)
        self.join.clicked.connect(self._on_join_clicked)
        self.act(self.join)
        self.join.setVisible(desk.may(Right.EDIT_ALL) and desk.may(Right.EDIT_DIRECTORY))
        self.hide()

    def look_at(self, entry: DirectoryEntry) -> None:
        """Offer to join this entry with its twin, if it has one."""
        desk, self._pair = self._desk, None
        self.hide()
        self._kit.work.run(lambda: twin_of(desk, entry.rid), partial(self._on_looked, entry))

    def _on_looked(self, entry: DirectoryEntry, twin: DirectoryEntry | None) -> None:
        if twin is None:
            return
        self.show()
        typed, theirs = (twin, entry) if entry.is_theirs else (entry, twin)
        self._pair = (typed.view.rid, theirs.view.rid)
        count = len(typed.namings)
        self.tell(
            N_("This organisation stands here twice: typed here, and as a partner."),
            lambda language: _meaning(count, language),
        )

    def _on_join_clicked(self) -> None:
        if self._pair is None:
            return
        desk, (typed, theirs) = self._desk, self._pair
        self._kit.work.run(lambda: join_organisation(desk, typed, theirs), self._on_joined)

    def _on_joined(self, done: Joined) -> None:
        pair, self._pair = self._pair, None
        self.hide()
        said = N_("Joined: what named the typed one names the partner now.")
        tell_done(self._kit, self._desk, done.done, said)
        if pair is not None:
            self.joined.emit(pair[1])


def _meaning(count: int, language: Language) -> str:
    """What joining does, with the number of plans that it concerns."""
    words = language.ngettext(
        "Joined, consents, legs and receptions of {count} plan name the partner. The typed entry "
        "goes into the bin. It can be taken back.",
        "Joined, consents, legs and receptions of {count} plans name the partner. The typed entry "
        "goes into the bin. It can be taken back.",
        count,
    )
    return words.format(count=count)
