# SPDX-License-Identifier: GPL-3.0-or-later
"""The links of an article: who offers it, the steps of a procedure, other articles.

A step that an article is linked to shows a *?* in the cooperation of a plan, which opens it.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.book.links import LinkChoice, LinkLine
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.plans.plans import MAX_CHOICES
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import make_entry_search
from kfdesk.ui.forms.parts import RowSearch
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.pages.book.side import link_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.translator import MessageFunction

_KINDS = {
    "organisation": N_("Organisation"),
    "procedure_step": N_("Step of a procedure"),
    "article": N_("Article"),
}


class LinkList(RecordList):
    """The links of one article, to be added, changed and put in the bin."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self._known: Mapping[bytes, LinkLine] = {}
        listing = RecordListSpec(
            record_type="article_link",
            keys=("target", "label"),
            title=N_("Links"),
            icon="files",
            add=N_("Add a link"),
            empty=N_("No links yet: who offers this, a step of a procedure, another article."),
            sum_up=self._sum_up,
        )
        super().__init__(kit, desk, listing)

    def show_lines(
        self,
        lines: Sequence[LinkLine],
        choices: Sequence[LinkChoice],
        houses: Sequence[EntryLine],
        article: bytes,
    ) -> None:
        """Show the links of an article; offer organisations, steps and articles."""
        self._known = {one.view.rid: one for one in lines}
        named = [LinkChoice(one.rid, "organisation", one.name or "–") for one in houses]
        offered = {one.rid: one for one in (*named, *choices)}
        offered |= {
            one.goal.rid: one.goal for one in lines
            if one.goal is not None and one.goal.rid not in offered
        }  # fmt: skip
        options = [(rid.hex(), partial(_choice_text, one)) for rid, one in offered.items()]
        seekers: dict[str, RowSearch] = {}
        if len(houses) >= MAX_CHOICES:
            seekers["target"] = make_entry_search(self._kit, self._desk, "organisation")
        self.offers = FormOptions({"target": options}, PROGRAM_LANGUAGES, seekers=seekers)
        self.show_records([one.view for one in lines], article)

    def _sum_up(self, seen: RecordView[Any], language: Language) -> Summary:
        line = self._known.get(seen.rid)
        if line is None or line.goal is None:
            said = link_text("", seen.record.label, language)
            gone = language.gettext(N_("It leads to something that is not here."))
            return Summary(said, gone, Tone.WARNING, "triangle-alert")
        name: MessageFunction = partial(link_text, line.goal.name, seen.record.label)
        kind = language.gettext(_KINDS[line.goal.type])
        under = kind if not seen.record.label else f"{kind} · {line.goal.name}"
        return Summary(name(language), under)


def _choice_text(choice: LinkChoice, language: Language) -> str:
    """Return the name of a choice with its kind, as a step and an article may have one name."""
    return f"{choice.name} · {language.gettext(_KINDS[choice.type])}"
