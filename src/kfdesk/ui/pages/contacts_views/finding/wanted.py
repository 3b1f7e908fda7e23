# SPDX-License-Identifier: GPL-3.0-or-later
"""Above the list, while somebody is wanted for a step of a plan: what is needed, and the way back.

Says the need in words; in which order the entries stand, and who is left out, the service knows.
"""

from PySide6.QtCore import Signal

from kfdesk.domain.listing.needs import Need
from kfdesk.domain.lists.directory_codes import POPULATIONS, SERVICES
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.finding.seek import Found
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_views.wanted import Step
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner

_WANTED = N_("{code}: {wanted}")
_NOBODY = N_("Nobody here offers this. All are shown, the nearest first: {need}")
_ANYBODY = N_("Who fits best stands first: {need}")


class Wanted(Banner):
    """The line. `left` goes back to the plan, `dropped` shows all contacts again."""

    left = Signal()
    dropped = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, Tone.ACCENT, "clipboard-list")
        self.step: Step | None = None
        self.back = Button(kit, N_("Back to the plan"), "chevron-left", Look.TONAL)
        self.back.clicked.connect(self.left)
        self.drop = Button(kit, N_("All contacts"), look=Look.QUIET)
        self.drop.clicked.connect(self.dropped)
        self.act(self.drop)
        self.act(self.back)
        self.hide()

    def show_step(self, step: Step | None) -> None:
        """Say for what somebody is wanted; nothing for nothing."""
        self.step = step
        self.setVisible(step is not None)

    def show_found(self, found: Found | None) -> None:
        """Say what is needed, and whether anybody offers it; None where all are shown."""
        step = self.step
        if step is not None:
            under = _ANYBODY if found is None or found.is_offered else _NOBODY
            self.tell(
                _WANTED, under if found is not None else "",
                code=lambda _: step.code or "–",
                wanted=lambda language: language.gettext(step.words),
                need=lambda language: need_line(step.need, language),
            )  # fmt: skip


def need_line(need: Need, language: Language) -> str:
    """What is needed: `Shelter or Housing · Russia · Russian · Women`."""
    offered = [language.gettext(SERVICES[code]) for code in need.services]
    parts = [
        language.gettext(N_("{first} or {last}")).format(
            first=", ".join(offered[:-1]), last=offered[-1]
        ) if len(offered) > 1 else "".join(offered),
        language.country(need.country) if need.country else "",
        ", ".join(language.language(code) for code in need.languages),
        ", ".join(language.gettext(POPULATIONS[code]) for code in need.populations),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)
