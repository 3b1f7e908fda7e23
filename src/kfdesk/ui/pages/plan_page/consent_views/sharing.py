# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may have what of a plan: for each recipient what may go, and why the rest stays.

The answer is `disclose()`'s; here it is put in words.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.codes import CONSENT_SCOPE
from kfdesk.domain.disclosure import Reason, Who
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.plans import PlanPage, Share
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.consent_views.wording import groups_text
from kfdesk.ui.pages.shown import REASONS
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Card, clear, line

_WHO: dict[Who, tuple[str, str]] = {
    Who.CLIENT: ("user", N_("The traveller, on her own paper")),
    Who.PERSON: ("user-round-check", N_("{name}, companion, on paper")),
    Who.PARTNER: ("building-2", N_("{name}, by exchange file")),
    Who.OWN: ("building-2", N_("{name}, our own desk")),
}


class SharingCard(Card):
    """The recipients of a plan."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._shares = QVBoxLayout()
        self._shares.setSpacing(0)
        self.body.setContentsMargins(16, 16, 16, 8)
        self.head(kit, N_("Who may have what"), "send")
        self.body.addLayout(self._shares)

    def show_plan(self, page: PlanPage) -> None:
        """Show who may have what of this plan."""
        clear(self._shares)
        for number, share in enumerate(page.shares):
            if number:
                self._shares.addWidget(line())
            self._shares.addWidget(_make_share(self._kit, share))


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
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 12, 0, 12)
    row.setSpacing(12)
    row.addWidget(Icon(kit, icon))
    row.addLayout(lines, 1)
    row.addWidget(_make_chip(kit, share))
    return part


def _make_chip(kit: Kit, share: Share) -> Chip:
    chip = Chip(kit)
    if share.granted:
        chip.show_look(Tone.SUCCESS, "circle-check")
        chip.tell(lambda language: _details(share.granted, language))
    else:
        chip.show_look(Tone.MUTED, "ban")
        chip.tell(N_("nothing"))
    return chip


def _details(count: int, language: Language) -> str:
    return language.ngettext("{count} detail", "{count} details", count).format(count=count)


def _may_have(share: Share) -> Callable[[Language], str]:
    def words(language: Language) -> str:
        groups = [group for group in share.groups if group in CONSENT_SCOPE]
        if not groups:
            return language.gettext(N_("May have nothing of this plan."))
        said = groups_text(groups, language)
        return language.gettext(N_("May have: {groups}")).format(groups=said)

    return words


def _stays(reason: Reason, count: int) -> Callable[[Language], str]:
    def words(language: Language) -> str:
        return language.ngettext(
            "{count} detail stays here: {reason}", "{count} details stay here: {reason}", count
        ).format(count=count, reason=language.gettext(REASONS[reason]))

    return words
