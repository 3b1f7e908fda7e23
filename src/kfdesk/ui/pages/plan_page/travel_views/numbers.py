# SPDX-License-Identifier: GPL-3.0-or-later
"""The help numbers of a journey: records like others, with a button for one just called.

A number counts as tried for 72 hours; then it must be called again before her paper is printed.
When that is, is told by the desk's clock.
"""

from collections.abc import Callable
from typing import Any

from kfdesk.domain.checks import TESTED_WITHIN
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.casework.journey import call_tried
from kfdesk.services.desk import Desk
from kfdesk.services.writing.records import Done
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.pages.shown import moment_lines, told_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look

_KEYS = ("number", "sequence", "hours", "languages", "answered_by", "called", "called_by")


class HelpNumbers(RecordList):
    """The list; each number can be marked as called now."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self.called: dict[bytes, Button] = {}
        super().__init__(kit, desk, _listing(lambda: desk))

    def _show_lines(self) -> None:
        held = next((rid for rid, button in self.called.items() if button.hasFocus()), None)
        self.called.clear()
        super()._show_lines()
        if held is not None:
            self.called.get(held, self.add_button).setFocus()

    def _more_buttons(self, one: View[Any]) -> tuple[Button, ...]:
        if not isinstance(one.record.number, str):
            return ()
        button = Button(self._kit, N_("Called now"), "phone", Look.QUIET)
        name, number = N_("Called now: {number}"), one.record.number
        self._kit.words.bind(button.setAccessibleName, name, number=lambda _: number)
        button.clicked.connect(lambda: self._call(one.rid))
        self.called[one.rid] = button
        return (button,)

    def _call(self, rid: bytes) -> None:
        desk, zone = self._desk, self.offers.zone
        self._kit.work.run(lambda: call_tried(desk, rid, zone), self._on_called)

    def _on_called(self, done: Done) -> None:
        tell_done(self._kit, self._desk, (done,), N_("Written down: called just now."))


def _listing(desk: Callable[[], Desk]) -> Listing:
    return Listing(
        record_type="help_number",
        keys=_KEYS,
        title=N_("Help numbers"),
        icon="phone",
        add=N_("Add a help number"),
        empty=N_("No number yet. Her paper needs two that answer, dialled from abroad."),
        sum_up=lambda seen, language: _sum_up(seen, language, desk()),
        rows=(("number", "sequence"), ("called", "called_by")),
    )


def _sum_up(seen: View[HelpNumber], language: Language, desk: Desk) -> Summary:
    record = seen.record
    title = record.number if isinstance(record.number, str) else "–"
    spoken = record.languages if isinstance(record.languages, tuple) else ()
    under = [told_text(record.hours, language), ", ".join(map(language.language, spoken))]
    tone, icon, fact = _tried(record, language, desk)
    return Summary(title, " · ".join(filter(None, under)), tone, icon, fact)


def _tried(record: HelpNumber, language: Language, desk: Desk) -> tuple[Tone, str, str]:
    called = record.called
    if not isinstance(called, Moment):
        return Tone.WARNING, "triangle-alert", language.gettext(N_("not tried yet"))
    now = desk.rooms.clock.now()
    if now - TESTED_WITHIN <= called.utc <= now:
        when, _ = moment_lines(called, language)
        words = language.gettext(N_("tried {time}"))
        return Tone.SUCCESS, "circle-check", words.format(time=when)
    return Tone.WARNING, "clock", language.gettext(N_("not tried for 72 hours"))
