# SPDX-License-Identifier: GPL-3.0-or-later
"""The contacts after an arrival in one plan: what was agreed, what came of it, what is late.

Whoever is near her writes them, mostly the partner; a contact that she does not want is one press
and no question.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from kfdesk.domain.after.outcomes import in_order
from kfdesk.domain.after.schedule import standing_of, window_of
from kfdesk.domain.records.after.follow_up import AREAS
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.after.follow_ups import refuse_contact
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.wording import (
    LOOKS,
    contact_words,
    standing_words,
    window_words,
)
from kfdesk.ui.pages.history_views.taking_back import do
from kfdesk.ui.pages.shown import field_of, moment_lines, told_text, value_text
from kfdesk.ui.widgets.button import Button, Look

_KEYS = (
    "due", "window", "kind", "method", "organisation", "owner", "happened", "result",
    "exploitation_again", "wishes_to_leave_again", *AREAS, "satisfaction", "report", "wishes",
    "actions", "refused",
)  # fmt: skip
_ROWS = (
    ("due", "window"), ("kind", "method"), ("organisation", "owner"), ("happened", "result"),
    ("exploitation_again", "wishes_to_leave_again"), ("safety", "housing"), ("income", "health"),
    ("mental_wellbeing", "documents"), ("family", "social_support"),
    ("education_or_work", "legal"),
)  # fmt: skip


class Contacts(RecordList):
    """The list, in the order of days."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._names: Mapping[str, str] = {}
        self._here = desk
        self.refusals: dict[bytes, Button] = {}
        super().__init__(kit, desk, self._listing())

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show this plan's contacts."""
        self._names = dict(page.choices.organisations)
        views = in_order(page.case.all_views("follow_up"))
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _listing(self) -> Listing:
        return Listing(
            record_type="follow_up",
            keys=_KEYS,
            title=N_("Contacts after the arrival"),
            icon="footprints",
            add=N_("Add a contact"),
            empty=N_("No contact is agreed. What the partner writes comes here by its files."),
            sum_up=self._sum_up,
            rows=_ROWS,
            starts_with=lambda: {"kind": "regular", "owner": self._here.user},
            beside=self._beside,
        )

    def _sum_up(self, one: View[Any], language: Language) -> Summary:
        record = one.record
        standing = standing_of(record, self._today)
        tone, icon, _ = LOOKS[standing]
        first, last = window_of(record) or (None, None)
        when = (
            moment_lines(record.happened, language)[0]
            if isinstance(record.happened, Moment)
            else window_words(first, last, language)
        )
        days = record.after_days if isinstance(record.after_days, int) else None
        kind = record.kind if isinstance(record.kind, str) else ""
        owner = record.owner if isinstance(record.owner, str) else ""
        result = _word("result", record, language)
        parts = (when, self._names.get(str(record.organisation), ""), owner, result)
        return Summary(
            contact_words(kind, days, language),
            " · ".join(part for part in parts if part),
            tone,
            icon,
            standing_words(standing, language),
            told_text(record.report, language),
        )

    def _beside(self, one: View[Any]) -> Sequence[Button]:
        if not standing_of(one.record, self._today).is_open:
            return []
        button = Button(self._kit, N_("She does not want it"), look=Look.QUIET)
        button.sized(tokens.CONTROL_COMPACT)
        button.clicked.connect(partial(self._on_refused, one.rid))
        self.refusals[one.rid] = button
        return [button]

    def _on_refused(self, rid: bytes) -> None:
        desk = self._here
        do(
            self._kit,
            desk,
            lambda: refuse_contact(desk, rid),
            N_("Written down. It is her choice."),
        )

    @property
    def _today(self) -> date:
        return self._here.rooms.clock.now().date()


def _word(key: str, record: Any, language: Language) -> str:
    value = getattr(record, key)
    return value_text(field_of("follow_up", key), value, language) if value is not None else ""
