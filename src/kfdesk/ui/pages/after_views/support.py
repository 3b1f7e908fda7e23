# SPDX-License-Identifier: GPL-3.0-or-later
"""Her aims and the services that help her on, each in a few words; a referral is one press.

An aim is shown in her own words first. Whether she may be referred is asked of her consents by
the service; here only what it says is shown.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal

from kfdesk.domain.lists.after_codes import NEED_DOMAIN
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.after.supporting import refer
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.services.writing.records import Done
from kfdesk.ui import tokens
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.pages.shown import field_of, told_text, value_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look

_LOOKS: Mapping[str, tuple[Tone, str]] = {
    "met": (Tone.SUCCESS, "circle-check"),
    "completed": (Tone.SUCCESS, "circle-check"),
    "in_progress": (Tone.INFO, "circle-dot"),
    "partly_met": (Tone.INFO, "circle-dot"),
    "referred": (Tone.INFO, "send"),
    "waiting": (Tone.WARNING, "clock"),
    "interrupted": (Tone.WARNING, "clock"),
}
_LET_GO = frozenset({"met", "dropped_by_client"})
_TO_REFER = frozenset({None, "offered", "accepted"})


class Goals(RecordList):
    """Her aims. `help_asked` leads to who can help with one (`plan_views.wanted.Meant`)."""

    help_asked = Signal(object)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._names: Mapping[str, str] = {}
        self.helps: dict[bytes, Button] = {}
        listing = Listing(
            record_type="goal",
            keys=("aim", "domain", "need_level", "baseline", "progress", "target", "due", "status",
                  "organisation", "owner"),
            title=N_("Her aims"),
            icon="sprout",
            add=N_("Add an aim"),
            empty=N_("No aim yet. Ask her what she wants, and write it in her own words."),
            sum_up=self._sum_up,
            rows=(("domain", "need_level"), ("baseline", "target"), ("progress", "status"),
                  ("due", "owner")),
            starts_with=lambda: {"status": "planned", "owner": desk.user},
            beside=self._beside,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show this plan's aims."""
        self._names = dict(page.choices.organisations)
        views = page.case.all_views("goal")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, one: View[Any], language: Language) -> Summary:
        goal = one.record
        steps = [
            language.gettext(words).format(score=said(one, key, language))
            for key, words in (
                ("baseline", N_("began at {score}")),
                ("progress", N_("now {score}")),
                ("target", N_("aims at {score}")),
            )
            if getattr(goal, key) is not None
        ]
        by_when = said(one, "due", language)
        under = (
            said(one, "need_level", language),
            self._names.get(str(goal.organisation), ""),
            language.gettext(N_("by {day}")).format(day=by_when) if by_when else "",
        )
        return _summary(one, aim_words(one, language), under, steps, language)

    def _beside(self, one: View[Any]) -> Sequence[Button]:
        if one.record.status in _LET_GO:
            return []
        button = Button(self._kit, N_("Find help"), "book-user", Look.QUIET)
        button.sized(tokens.CONTROL_COMPACT)
        name, said_ = N_("Find help: {aim}"), partial(aim_words, one)
        self._kit.words.bind(button.setAccessibleName, name, aim=said_)
        button.clicked.connect(lambda: self.help_asked.emit(("goal", one.rid, one.record.domain)))
        self.helps[one.rid] = button
        return [button]


class Services(RecordList):
    """The services for her aims."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._names: Mapping[str, str] = {}
        self._aims: Mapping[str, View[Any]] = {}
        self.referrals: dict[bytes, Button] = {}
        listing = Listing(
            record_type="service",
            keys=("what", "goal", "domain", "organisation", "status", "begins", "ends", "cost",
                  "currency", "funding"),
            title=N_("Services"),
            icon="briefcase",
            add=N_("Add a service"),
            empty=N_("No service yet. What helps her with an aim stands here, with who gives it."),
            sum_up=self._sum_up,
            rows=(("goal", "domain"), ("organisation", "status"), ("begins", "ends"),
                  ("cost", "currency")),
            starts_with=lambda: {"status": "offered"},
            beside=self._beside,
        )  # fmt: skip
        super().__init__(kit, desk, listing)

    def show_page(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show this plan's services."""
        self._names = dict(page.choices.organisations)
        self._aims = {one.rid.hex(): one for one in page.case.all_views("goal")}
        views = page.case.all_views("service")
        self.show_records(views, page.plan.rid, is_read_only=is_read_only)

    def _sum_up(self, one: View[Any], language: Language) -> Summary:
        service = one.record
        aim = self._aims.get(str(service.goal))
        title = told_text(service.what, language) or aim_words(one, language)
        under = (
            self._names.get(str(service.organisation), ""),
            aim_words(aim, language) if aim is not None else "",
            *(said(one, key, language) for key in ("begins", "ends", "funding")),
        )
        return _summary(one, title, under, (), language)

    def _beside(self, one: View[Any]) -> Sequence[Button]:
        if one.record.status not in _TO_REFER:
            return []
        button = Button(self._kit, N_("Refer her"), "send", Look.QUIET)
        button.sized(tokens.CONTROL_COMPACT)
        button.clicked.connect(partial(self._on_refer_clicked, one.rid))
        self.referrals[one.rid] = button
        return [button]

    def _on_refer_clicked(self, rid: bytes) -> None:
        desk = self._desk
        failed = self._kit.hub.failed.emit
        self._kit.work.run(lambda: refer(desk, rid), self._on_referred, failed)

    def _on_referred(self, done: Sequence[Done]) -> None:
        tell_done(self._kit, self._desk, done, N_("Referred, by her consent."))


def aim_words(one: View[Any], language: Language) -> str:
    """An aim in her words, else the part of her life that it, or a service, is about."""
    words = told_text(getattr(one.record, "aim", None), language)
    domain = NEED_DOMAIN.get(str(one.record.domain), "")
    return words or (language.gettext(domain) if domain else "–")


def said(one: View[Any], key: str, language: Language) -> str:
    """A value in words; nothing where it was not asked."""
    value = getattr(one.record, key)
    return "" if value is None else value_text(field_of(one.row.type, key), value, language)


def _summary(
    one: View[Any], title: str, under: Sequence[str], steps: Sequence[str], language: Language
) -> Summary:
    tone, icon = _LOOKS.get(str(one.record.status), (Tone.MUTED, "circle-dashed"))
    status = said(one, "status", language)
    line = " · ".join(part for part in under if part)
    return Summary(title, line, tone, icon, status, " · ".join(steps))
