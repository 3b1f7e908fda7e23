# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits for a second person's word: shown to who may give it, and to who has asked.

Whether somebody may give it is the service's to say; here the request stands in words, with the
way by which a word comes where nobody else is at this desk.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.gates.approving import DECISION
from kfdesk.domain.schema import N_
from kfdesk.i18n.gates import gate_label
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.decision_views.standing import Asked, Standing
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner, clear
from kfdesk.ui.words import Message

ALONE = N_("Nobody else at this desk may approve. A person at the partner's desk can: send the "
           "plan as an exchange file; the answer comes back with theirs.")  # fmt: skip
OTHERS = N_("Somebody else at this desk, who may approve, opens this plan and finds it here. A "
            "person at the partner's desk can do it, too, by an exchange file.")  # fmt: skip
_NO_RIGHT = N_("Only somebody with the role of approver can give it.")


class Waiting(QWidget):
    """The requests. `word_given` carries the Asked that is to be approved."""

    word_given = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self._shown: tuple[Sequence[Asked], bool, bool] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_standing(self, standing: Standing) -> None:
        """Show what waits; nothing else is on view then."""
        shown = (standing.asked, standing.may_approve, standing.is_alone)
        self.setVisible(bool(standing.asked))
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._column)
        self.buttons = []
        for asked in standing.asked:
            self._column.addWidget(self._make(asked, standing))

    def _make(self, asked: Asked, standing: Standing) -> Banner:
        banner = Banner(self._kit, Tone.INFO, "user-round-check")
        if asked.is_own:
            banner.tell(_waits(asked), ALONE if standing.is_alone else OTHERS)
            return banner
        under = "" if standing.may_approve else _NO_RIGHT
        banner.tell(_asks(asked), _reason(asked, under))
        if standing.may_approve:
            button = Button(self._kit, N_("Approve…"), "check", Look.TONAL)
            button.clicked.connect(lambda: self.word_given.emit(asked))
            banner.act(button)
            self.buttons.append(button)
        return banner


def what_text(asked: Asked, language: Language) -> str:
    """What is asked for, in words."""
    if asked.kind == DECISION:
        return language.gettext(N_("the decision to return"))
    return language.gettext(N_("set aside: {gate}")).format(gate=gate_label(asked.gate, language))


def _asks(asked: Asked) -> Callable[[Language], str]:
    words = N_("Waiting for your word: {what}. {who} asks.")
    return lambda language: language.gettext(words).format(
        what=what_text(asked, language), who=asked.by
    )


def _waits(asked: Asked) -> Callable[[Language], str]:
    words = N_("You have asked a second person: {what}.")
    return lambda language: language.gettext(words).format(what=what_text(asked, language))


def _reason(asked: Asked, under: str) -> Message:
    if not asked.reason:
        return under
    words = N_("Reason: {reason}")

    def said(language: Language) -> str:
        reason = language.gettext(words).format(reason=asked.reason)
        return " ".join(part for part in (reason, language.gettext(under) if under else "") if part)

    return said
