# SPDX-License-Identifier: GPL-3.0-or-later
"""The telephones of an organisation, to be entered and changed.

Which fields stand here and how a telephone is summed up; opening, saving and drafts are the
list's. A new number is secret until somebody says otherwise.
"""

from typing import Any

from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.directory import DirectoryEntry
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.findings import phone_findings
from kfdesk.ui.pages.contacts_views.words import phone_lines, sight_word

_KEYS = ("number", "hours", "languages", "confidentiality", "is_safe")
SAFE_START = {"confidentiality": "secret"}


class Phones(RecordList):
    """The card with the telephones that are ours to write."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__(kit, desk, _listing())
        self.offers = Offers(languages=tuple(dict.fromkeys((kit.words.language.code, "en"))))
        self._house: DirectoryEntry | None = None
        self.opened.connect(self._on_opened)

    def show_house(self, entry: DirectoryEntry) -> None:
        """Show the telephones of this organisation, without those that a partner answers for."""
        self._house = entry
        own = self._desk.identity.organisation
        ours = [seen for seen in entry.phones if seen.row.custodian == own]
        self.show_records(ours, entry.view.rid)
        self._check()

    def _on_opened(self, _rid: bytes) -> None:
        if self.form is not None:
            self.form.form.edited.connect(self._check)
            self._check()

    def _check(self) -> None:
        """Say beside the fields what is worth a second look."""
        if self.form is None or self._house is None:
            return
        editors = self.form.form.editors
        number, sight = editors["number"].value(), editors["confidentiality"].value()
        self.form.form.show_findings(phone_findings(self._house, number, sight))


def _listing() -> Listing:
    return Listing(
        record_type="phone",
        keys=_KEYS,
        title=N_("Telephones"),
        icon="phone",
        add=N_("Add a telephone"),
        empty=N_("No telephone is written down."),
        sum_up=_sum_up,
        starts_with=lambda: dict(SAFE_START),
    )


def _sum_up(seen: View[Any], language: Language) -> Summary:
    number, under = phone_lines(seen, language)
    tone, icon, word = sight_word(seen, language)
    return Summary(number, under, tone, icon, word)
