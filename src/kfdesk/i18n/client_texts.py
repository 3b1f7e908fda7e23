# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers that exist in each of the client's languages, and who has read each text.

`resources/client_texts.toml` is the only place that says it: a table a language, a line a paper.
The screen shows it beside the language, and `translations/REVIEW.md` is made from it. A paper
without a line does not exist in that language. The window has a line, too, where it is "beta".
Knows no sentence.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.message_marks import N_

_WINDOW = "window"


class TextState(StrEnum):
    """The readers of a text, from the best to the weakest."""

    NATIVE = "native"
    CHECKED_TWICE = "checked_twice"
    NOT_READ = "not_read"


TEXT_STATES: Mapping[TextState, str] = {
    TextState.NATIVE: N_("read by a native speaker"),
    TextState.CHECKED_TWICE: N_("checked twice, not yet by a native speaker"),
    TextState.NOT_READ: N_("not yet read by a native speaker"),
}


@dataclass(frozen=True, slots=True)
class ClientTexts:
    """The state of each paper, and of the window, by language (ISO 639-1)."""

    states: Mapping[str, Mapping[PaperName, TextState]]
    window: Mapping[str, TextState] = field(default_factory=dict)

    def state(self, paper: PaperName, code: object) -> TextState | None:
        """Return who has read a paper in a language; None if it does not exist there."""
        return self.states.get(str(code), {}).get(paper)

    def weakest(self, paper: PaperName, codes: Iterable[str]) -> TextState | None:
        """Return the weakest state of a paper in these languages; None if it exists in none."""
        states = {self.state(paper, code) for code in codes}
        return next((state for state in reversed(TextState) if state in states), None)

    def of_paper(self, paper: PaperName) -> Mapping[str, TextState]:
        """Return the languages in which a paper exists, in order, each with its state."""
        states = ((code, papers.get(paper)) for code, papers in self.states.items())
        return {code: state for code, state in states if state is not None}


def read_client_texts(file: Path) -> ClientTexts:
    """Read the states. Raise OSError without the file, ValueError for an unknown paper or state."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    window = {code: lines.pop(_WINDOW) for code, lines in tables.items() if _WINDOW in lines}
    states = {
        code: {PaperName(paper): TextState(state) for paper, state in lines.items()}
        for code, lines in tables.items()
    }
    return ClientTexts(states, {code: TextState(state) for code, state in window.items()})
