# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Consent of a plan: what she agreed to, and who may have what because of it.

For each recipient it says what may go, and why the rest stays; the answer is `disclose()`'s.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.codes import CONSENT_PURPOSE, CONSENT_SCOPE
from kfdesk.domain.disclosure import Reason, Who
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.plans import ConsentLine, PlanPage, Share
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.facts import Facts
from kfdesk.ui.pages.shown import REASONS
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Card, Empty, clear, line

_KEYS = ("groups", "form", "given_by", "language", "given", "expires", "transfer_tool")
_WHO: dict[Who, tuple[str, str]] = {
    Who.CLIENT: ("user", N_("The traveller, on her own paper")),
    Who.PERSON: ("user-round-check", N_("{name}, companion, on paper")),
    Who.PARTNER: ("building-2", N_("{name}, by exchange file")),
    Who.OWN: ("building-2", N_("{name}, our own desk")),
}


class ConsentSection(QWidget):
    """Consents, and what they open."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._cards = QVBoxLayout()
        self._cards.setSpacing(tokens.CARD_GAP)
        self._shares = QVBoxLayout()
        self._shares.setSpacing(0)
        sharing = Card(padding=0)
        sharing.body.setContentsMargins(16, 16, 16, 8)
        sharing.head(kit, N_("Who may have what"), "send")
        sharing.body.addLayout(self._shares)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(Label(kit, N_("Consent"), Type.TITLE))
        column.addLayout(self._cards)
        column.addWidget(sharing)

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's consents and recipients."""
        clear(self._cards)
        clear(self._shares)
        if not page.consents:
            self._cards.addWidget(
                Empty(
                    self._kit,
                    "file-check",
                    N_("No consent yet"),
                    N_("Without one nothing about her leaves this desk."),
                )
            )
        for consent in page.consents:
            self._cards.addWidget(self._make_consent(consent))
        for number, share in enumerate(page.shares):
            if number:
                self._shares.addWidget(line())
            self._shares.addWidget(_make_share(self._kit, share))

    def _make_consent(self, consent: ConsentLine) -> Card:
        card = Card()
        purpose, recipient = str(consent.view.record.purpose), consent.recipient
        row = card.head(self._kit, _purpose(purpose), "file-check")
        chip = Chip(self._kit)
        if consent.shut is None:
            chip.show_look(Tone.SUCCESS, "circle-check")
            chip.tell(N_("stands"))
        else:
            reason = consent.shut
            chip.show_look(Tone.WARNING, "triangle-alert")
            chip.tell(REASONS[reason])
        row.addWidget(chip)
        to = Label(self._kit, tone=Tone.MUTED)
        to.tell(N_("To {name}"), name=lambda _: recipient)
        card.body.addWidget(to)
        facts = Facts(self._kit, _KEYS)
        facts.show_record(consent.view)
        card.body.addWidget(facts)
        return card


def _make_share(kit: Kit, share: Share) -> QWidget:
    icon, words = _WHO[share.recipient.who]
    title = Label(kit, style=Type.BUTTON).wrapped()
    if share.name:
        title.tell(words, name=lambda _: share.name)
    else:
        title.tell(words)
    may = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
    may.tell(_may_have(share))
    lines = QVBoxLayout()
    lines.setSpacing(2)
    lines.addWidget(title)
    lines.addWidget(may)
    for reason, count in share.withheld.items():
        stays = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        stays.tell(_stays(reason, count))
        lines.addWidget(stays)
    chip = Chip(kit)
    if share.granted:
        chip.show_look(Tone.SUCCESS, "circle-check")
        chip.tell(lambda language: _details(share.granted, language))
    else:
        chip.show_look(Tone.MUTED, "ban")
        chip.tell(N_("nothing"))
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 12, 0, 12)
    row.setSpacing(12)
    row.addWidget(Icon(kit, icon))
    row.addLayout(lines, 1)
    row.addWidget(chip)
    return part


def _purpose(code: str) -> str:
    return CONSENT_PURPOSE.get(code, N_("Consent"))


def _details(count: int, language: Language) -> str:
    return language.ngettext("{count} detail", "{count} details", count).format(count=count)


def _may_have(share: Share) -> Callable[[Language], str]:
    def words(language: Language) -> str:
        groups = [
            language.gettext(CONSENT_SCOPE[group])
            for group in share.groups
            if group in CONSENT_SCOPE
        ]
        if not groups:
            return language.gettext(N_("May have nothing of this plan."))
        return language.gettext(N_("May have: {groups}")).format(groups=" · ".join(groups))

    return words


def _stays(reason: Reason, count: int) -> Callable[[Language], str]:
    def words(language: Language) -> str:
        return language.ngettext(
            "{count} detail stays here: {reason}", "{count} details stay here: {reason}", count
        ).format(count=count, reason=language.gettext(REASONS[reason]))

    return words
