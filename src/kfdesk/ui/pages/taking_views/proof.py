# SPDX-License-Identifier: GPL-3.0-or-later
"""What was proved of a file before it is shown: who made it, when, for whom, and what lies between.

Short facts, each with its sign; a file that is missing before it is the one warning.
"""

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.reading import Incoming
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.flow import Flow, together
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Message

_HLC_BITS = 16
_SHOWN = 8  # numbers of missing files; a longer row says no more


class Proof(QFrame):
    """The facts on a soft ground: side by side, in more rows where there is little room."""

    def __init__(self, kit: Kit, incoming: Incoming) -> None:
        super().__init__()
        self._kit = kit
        self.facts: list[QWidget] = []
        for tone, icon, message in _facts(incoming):
            label = Label(kit, message, Type.SMALL_STRONG, tone).wrapped()
            self.facts.append(together(Icon(kit, icon, tone), label, gap=8))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.addWidget(Flow(*self.facts, gap=16))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Only the ground; the parts paint themselves."""
        ground = Tone.SUCCESS.ground(self._kit.theme.colours)
        paint.box(QPainter(self), QRectF(self.rect()), tokens.RADIUS_ROW, ground)


def _facts(incoming: Incoming) -> Iterator[tuple[Tone, str, Message]]:
    envelope, missing = incoming.review.taken.envelope, incoming.missing
    yield Tone.SUCCESS, "circle-check", N_("Verified sender")
    yield Tone.SUCCESS, "circle-check", N_("Whole, and meant for us")

    def made(language: Language) -> str:
        time = written_at(envelope.hlc >> _HLC_BITS, language)
        return language.gettext(N_("File made {time}")).format(time=time)

    def number(language: Language) -> str:
        if not missing:
            return language.gettext(N_("File no. {number}")).format(number=envelope.sequence)
        listed = ", ".join(map(str, missing[:_SHOWN])) + ("…" if len(missing) > _SHOWN else "")
        sentence = language.gettext(N_("File no. {number}; missing before it: {missing}"))
        return sentence.format(number=envelope.sequence, missing=listed)

    yield Tone.SUCCESS, "circle-check", made
    if missing:
        yield Tone.WARNING, "triangle-alert", number
    else:
        yield Tone.SUCCESS, "circle-check", number
