# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the table of `translations/REVIEW.md` that says who has read which texts.

The table follows from `resources/client_texts.toml`: `make translations` renews it. It knows
nothing of what the papers say.
"""

from collections.abc import Iterator
from pathlib import Path

from kfdesk.domain.codes.core import PAPER
from kfdesk.i18n.client_texts import TEXT_STATES, ClientTexts, read_client_texts
from kfdesk.i18n.language import CLIENT, Language

ROOT = Path(__file__).resolve().parent.parent
REVIEW = ROOT / "translations" / "REVIEW.md"
BEGIN, END = "<!-- who has read what -->\n", "<!-- end -->\n"


def rows(texts: ClientTexts, translations: Path) -> Iterator[str]:
    """Yield a line for each language: its code, name and script, and its papers by state."""
    english = Language("en", translations)
    yield "| language | in itself | script | papers |"
    yield "|-|-|-|-|"
    for code, papers in texts.states.items():
        words = Language(code, translations, CLIENT)
        told = (
            ", ".join(PAPER[paper].lower() for paper, state in papers.items() if state is one)
            + f": {said}"
            for one, said in TEXT_STATES.items()
            if one in papers.values()
        )
        window = [f"window: {TEXT_STATES[texts.window[code]]}"] if code in texts.window else []
        name = f"{english.language(code)} ({code})"
        yield f"| {name} | {words.name} | {words.script} | {'; '.join([*told, *window])} |"


def renewed(text: str, table: str) -> str:
    """Return the text with this table. Raise ValueError without the marks of its place."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the place of the table is missing")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def review(root: Path = ROOT) -> str:
    """Return the text that REVIEW.md should have."""
    translations = root / "translations"
    texts = read_client_texts(root / "resources" / "client_texts.toml")
    table = "".join(f"{row}\n" for row in rows(texts, translations))
    return renewed((translations / "REVIEW.md").read_text(encoding="utf-8"), table)


if __name__ == "__main__":
    REVIEW.write_text(review(), encoding="utf-8", newline="\n")
