# SPDX-License-Identifier: GPL-3.0-or-later
"""The other client that she travels with: one with a plan of her own, below the list of travellers.

It shows what the other one has agreed to, and what has changed there. Neither plan is opened from
the other.
"""

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.plans.together import (
    Together,
    TogetherChange,
    join_plans,
    part_plans,
    read_together,
    together_candidates,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import GRID, Tone
from kfdesk.ui.widgets.build import column, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, FlowBox
from kfdesk.ui.widgets.popup import PopupMenu

_CHANGES: Mapping[TogetherChange, tuple[str, str]] = {
    TogetherChange.GONE: (
        N_("The other journey is no longer here."),
        N_("Her own journey is as it was. Check seats and who meets her."),
    ),
    TogetherChange.CALLED_OFF: (
        N_("The other one no longer travels."),
        N_("Her own journey is as it was. Check seats and who meets her."),
    ),
    TogetherChange.PARTED: (
        N_("The other one travels without her now."),
        N_("Her own journey is as it was. Check seats and who meets her."),
    ),
    TogetherChange.OTHER_LEGS: (
        N_("The other journey has other times or places now."),
        N_("Nothing was changed here. Ask both what they want."),
    ),
}


class TogetherPanel(QWidget):
    """A line that says whether she travels with another client, and its two buttons."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit, self._desk = kit, desk
        self._plan: bytes | None = None
        self._is_read_only = True
        self.shown: Together | None = None
        self.banner = Banner(kit, Tone.WARNING, "triangle-alert")
        self.line = text(kit)
        quiet = ButtonLook.QUIET
        self.join = Button(kit, N_("Travels with another client…"), "user", quiet, self.ask)
        self.part = Button(kit, N_("No longer together"), "ban", quiet, self.part_now)
        self.menu = PopupMenu(self.join)
        self._row = FlowBox(self.line, self.join, self.part, gap=GRID)
        column(self.banner, self._row, gap=GRID, on=self)
        self._show()

    @task
    async def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show with whom the client of this plan travels."""
        self._plan, self._is_read_only = page.plan.rid, is_read_only
        self.shown = await call(self._kit, read_together, self._desk, page.plan.rid)
        self._show()

    @task
    async def ask(self) -> None:
        """Show the plans that this one can be put together with, by the codes of their clients."""
        if self._plan is None:
            return
        found = await call(self._kit, together_candidates, self._desk, self._plan)
        self.offer(found)
        self.menu.popup(self.join.mapToGlobal(self.join.rect().bottomLeft()))

    def offer(self, found: tuple[PlanLine, ...]) -> None:
        """Fill the menu with these plans."""
        self.menu.clear()
        for line in found:
            self.menu.addAction(line.code or "–", partial(self.join_now, line.rid))
        if not found:
            words = self._kit.translator.translate(N_("There is no other plan to choose."))
            self.menu.addAction(words).setEnabled(False)

    @task
    async def join_now(self, other: bytes) -> None:
        """Put the two plans together."""
        if self._plan is not None:
            done = await call(self._kit, join_plans, self._desk, self._plan, other)
            notify_done(self._kit, self._desk, done, N_("They travel together now."))

    @task
    async def part_now(self) -> None:
        """Let her travel without the other one."""
        if self._plan is not None:
            done = await call(self._kit, part_plans, self._desk, self._plan)
            notify_done(self._kit, self._desk, (done,), N_("She travels on her own now."))

    def _show(self) -> None:
        shown = self.shown
        changed = shown.changes[0] if shown is not None and shown.changes else None
        if changed is not None:
            self.banner.set_message(*_CHANGES[changed])
        self.banner.setVisible(changed is not None)
        self.line.set_message(partial(_together_text, shown) if shown is not None else "")
        self.line.setVisible(shown is not None)
        self.join.setVisible(shown is None and not self._is_read_only)
        self.part.setVisible(shown is not None and not self._is_read_only)
        self._row.arrange()


def _together_text(shown: Together, language: Language) -> str:
    if shown.code:
        return language.gettext(N_("Travels together with {code}.")).format(code=shown.code)
    return language.gettext(N_("Travels together with another client."))
