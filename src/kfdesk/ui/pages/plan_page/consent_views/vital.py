# SPDX-License-Identifier: GPL-3.0-or-later
"""Vital interests: two people decide for her, because it cannot wait for her own consent.

A path of its own, so that nobody comes by it by accident. The first of the two writes down why;
nothing goes before the second agrees, it ends within 72 hours, and she is told.
"""

from collections.abc import Sequence
from dataclasses import replace

from kfdesk.domain.consents.standing import VITAL_INTERESTS
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.schema import N_
from kfdesk.services.course.agreements import decide_for_her
from kfdesk.services.writing.drafts import Form as Held
from kfdesk.ui.pages.plan_page.consent_views.giving import ConsentForm
from kfdesk.ui.pages.plan_page.consent_views.talk import Step


class VitalForm(ConsentForm):
    """What the first of two people decides."""

    talk: Sequence[Step] = (
        Step(N_("Why it cannot wait"), (("reason",), ("form",))),
        Step(N_("To whom, and for what"), (("recipient", "purpose"),)),
        Step(N_("What must go"), (("groups",),)),
    )
    record_words = N_("Decide, as the first of two")

    @property
    def consent(self) -> Consent:
        """What is decided."""
        return replace(super().consent, form=VITAL_INTERESTS)

    @property
    def whole(self) -> Consent:
        """The same: when it is decided, the service writes down."""
        return self.consent

    def _set_up(self) -> None:
        self.sheet.show_field("form", is_needed=False)

    def _fill_in(self) -> None:
        """Nothing is left open here."""

    def _follow_talk(self, _consent: Consent) -> None:
        if self.sheet.has_changes and self._is_open("form"):
            self.sheet.editors["form"].enter(VITAL_INTERESTS)

    def _follow_giver(self, _consent: Consent) -> None:
        """Nobody gives it."""

    def _record(self, rid: bytes, held: Held) -> None:
        desk = self._house
        self._tools.work.run(
            lambda: decide_for_her(desk, rid, held), self._on_decided, self._on_refused
        )

    def _on_decided(self, _made: bytes) -> None:
        kit = self._tools
        self._rid, self._is_saving = None, False
        self.closed.emit()
        kit.hub.drafts_changed.emit()
        kit.hub.changed.emit(frozenset({"consent"}))
        kit.tell(N_("Written down. Nothing goes before a second person agrees."))
