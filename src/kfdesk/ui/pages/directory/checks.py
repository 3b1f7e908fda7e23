# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an entry in the window: the words for them, and the form that records one.

The form asks how it was checked and what came of it. What that proves of the entry, and what of
it leaves, the services decide.
"""

from datetime import date

from PySide6.QtCore import Signal

from kfdesk.domain.codes.network import CHECK_METHODS, CHECK_OUTCOMES
from kfdesk.domain.directory import (
    Freshness,
    check_alarm,
    freshness_of,
    last_checked,
    months_since,
    newest_right,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.directory import EntryCheck
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.services.core.session import Session
from kfdesk.services.directory.checks import record_check
from kfdesk.services.directory.entries import DirectoryEntry, EntryLine
from kfdesk.ui import tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.build import fill, heading, labelled
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox

MOST_SHOWN = 3
"""Checks that the card of an entry shows, the newest ones."""
_ALARMS = {
    "closed_down": (Tone.DANGER, "circle-alert", N_("Closed down")),
    "not_reached": (Tone.WARNING, "triangle-alert", N_("Not reached three times")),
}


def check_word(entry: EntryLine, today: date, language: Language) -> tuple[Tone, str, str] | None:
    """Return tone, icon and word for whether and when an organisation was checked.

    What its checks warn of comes first. None for a person.
    """
    if entry.type != "organisation":
        return None
    checks = [seen.record for seen in entry.checks]
    if (alarm := check_alarm(checks)) in _ALARMS:
        tone, icon, word = _ALARMS[alarm]
        return tone, icon, language.gettext(word)
    record, found_right = entry.view.record, newest_right(checks)
    months = months_since(last_checked(record, found_right), today)
    how = freshness_of(record, today, found_right)
    if months is None or how is Freshness.UNCHECKED:
        return Tone.MUTED, "circle-question-mark", language.gettext(N_("Not checked"))
    if how is Freshness.FRESH:
        return Tone.SUCCESS, "circle-check", language.gettext(N_("Checked"))
    return (
        Tone.WARNING,
        "triangle-alert",
        language.plural("{count} month ago", "{count} months ago", months),
    )


def check_line(seen: RecordView[EntryCheck], language: Language) -> str:
    """Return a check on one line: `28 Nov 2026 · Called · Everything is right · EV`."""
    record, parts = seen.record, []
    if isinstance(record.when, ZonedTime):
        parts.append(language.short_day(record.when.wall.date(), year=True))
    for key in ("how", "outcome", "by"):
        value = getattr(record, key)
        if key in seen.conflicts:
            parts.append(language.gettext(N_("two values, not yet decided")))
        elif isinstance(value, str):
            parts.append(value_text(field_of("entry_check", key), value, language))
    return " · ".join(parts)


class CheckForm(CardFrame):
    """A small form above our entry: how it was checked now, and what came of it.

    `left` follows recording it and Cancel.
    """

    left = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._entry = b""
        self.how, self.outcome = ChoiceBox(kit), ChoiceBox(kit)
        self.record = Button(kit, N_("Record the check"), "check", ButtonLook.PRIMARY, self._record)
        self.close_button = Button(kit, N_("Cancel"), look=ButtonLook.QUIET, on=self._leave)
        self.refused = Banner(kit, Tone.DANGER, "circle-alert")
        fill(
            self.body,
            heading(kit, N_("Check of an entry"), "check"),
            self.refused,
            labelled(kit, N_("How it was checked"), self.how),
            labelled(kit, N_("Outcome"), self.outcome),
            FlowBox(self.record, self.close_button, gap=8),
            gap=12,
            margins=(tokens.CARD_PADDING,) * 4,
        )
        self.hide()

    def begin(self, entry: DirectoryEntry) -> None:
        """Open the form for an entry of ours; Enter records a call that found it right."""
        self._entry = entry.rid
        self.how.set_options(tuple(CHECK_METHODS.items()))
        self.outcome.set_options(tuple(CHECK_OUTCOMES.items()))
        self.refused.hide()
        self.show()
        self.record.setFocus()

    def _leave(self) -> None:
        self.left.emit()
        self.hide()

    def refuse(self, fault: KfdeskError) -> None:
        """Show why the check was not recorded."""
        self.refused.show_fault(fault)

    @task
    async def _record(self) -> None:
        desk, words = self._desk, (self.how.key, self.outcome.key)
        done = await call(self._kit, record_check, desk, self._entry, *words)
        self._leave()
        notify_done(self._kit, desk, done, N_("The check has been recorded."))
