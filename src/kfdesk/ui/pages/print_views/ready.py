# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be known of a paper that can be printed: it was read back, and what is not on it.

A paper that leaves something out says so here, by the fields' names, never by their values.
"""

from collections.abc import Sequence

from kfdesk.domain.disclosure import Withheld
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.papers.making import Look
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import REASONS
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.panel import Banner


class Ready(Banner):
    """The banner over the buttons."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, Tone.SUCCESS, "shield-check")
        self.hide()

    def show_paper(self, look: Look, *, is_carried: bool) -> None:
        """Say that nothing keeps it, and what is left out."""
        pages, withheld = len(look.pages), look.withheld

        def read(language: Language) -> str:
            return _read(pages, language) if is_carried else ""

        checked = N_("Carry check: no listed words found.")
        self.tell(
            checked if is_carried else N_("Nothing keeps it from being printed."),
            lambda language: " ".join(
                part for part in (read(language), _left_out(withheld, language)) if part
            ),
        )
        self.show()


def _read(count: int, language: Language) -> str:
    words = language.ngettext(
        "{count} page was read back, nothing is missing on it. Read it yourself, too.",
        "{count} pages were read back, nothing is missing on them. Read them yourself, too.",
        count,
    )
    return words.format(count=count)


def _left_out(withheld: Sequence[Withheld], language: Language) -> str:
    """The fields that stay, each once, with the reason."""
    said = {
        (TYPES[one.type].fields[one.key].label, REASONS.get(one.reason, "")): None
        for one in withheld
    }
    if not said:
        return ""
    named = [
        f"{language.gettext(label)} ({language.gettext(why)})" if why else language.gettext(label)
        for label, why in said
    ]
    return language.gettext(N_("Not on it: {fields}.")).format(fields=language.listing(named))
