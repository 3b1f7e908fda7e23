# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the manual to translators as `.po` files, and makes chapters of what they give back.

The chapters in `resources/help` are what is shipped and the truth. The file of a language,
`translations/LANGUAGE/manual.po`, follows them paragraph by paragraph and remembers what each
translation was made of. So it can tell that the English changed and the translation did not: such
a paragraph is marked `fuzzy`, with its English of before, until somebody has looked. Usage:

    manual_texts.py            brings the file of every language up to the chapters, as make does
    manual_texts.py et         begins a language, with what is translated already
    manual_texts.py --write et writes its chapters from its file; what is missing is English
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from babel.messages.catalog import Catalog, Message

from extract_messages import Key, key_of, read_language, save, spoken, written

ROOT = Path(__file__).parents[2]
MANUAL = "manual"
SOURCE_LANGUAGE = "en"

_LEAD = re.compile(r"((?:\A|\n\n+|\n(?=- |\d+\. ))(?:#+ |- |\d+\. )?)")
_BEFORE = "The English was: "
_LIKE = 0.6  # how near an old paragraph must be to be the one before, as difflib counts it


class ManualError(Exception):
    """The manual cannot be brought together. The text is one sentence that ends in its remedy."""


@dataclass(frozen=True, slots=True)
class Part:
    """A title, a paragraph or a line of a list: what stands before it, and its text."""

    lead: str
    text: str

    @property
    def kind(self) -> str:
        """Note for a translator; empty for a plain paragraph."""
        mark = self.lead.strip()
        return {"": "", "-": "A line of a list"}.get(mark, "A title" if "#" in mark else "A step")


def parts_of(chapter: str) -> list[Part]:
    """Return the parts of a chapter in order. Raise ManualError for one that ends oddly."""
    if not chapter.endswith("\n") or chapter.endswith("\n\n"):
        raise ManualError("a chapter ends in one line break: mend its end")
    pieces = _LEAD.split(chapter[:-1])[1:]
    return [Part(*pair) for pair in zip(pieces[::2], pieces[1::2], strict=True)]


def chapter_of(parts: Iterable[Part]) -> str:
    """Return the text of a chapter from its parts."""
    return "".join(part.lead + part.text for part in parts) + "\n"


def read_chapters(root: Path, language: str) -> dict[str, list[Part]]:
    """Return the parts of each chapter in a language, by its key. Raise ManualError."""
    files = sorted((root / "resources" / "help" / language).glob("*.md"))
    return {file.stem: parts_of(file.read_text(encoding="utf-8")) for file in files}


def aligned(root: Path, language: str) -> dict[str, list[str]]:
    """Return the texts of each chapter that stand for those of English, one for one.

    Raise ManualError for a chapter that has other paragraphs than English.
    """
    found = read_chapters(root, language)
    for key, english in read_chapters(root, SOURCE_LANGUAGE).items():
        leads = [part.lead for part in found.get(key, [])]
        if found and leads != [part.lead for part in english]:
            raise ManualError(
                f"{language}/{key}.md has other titles, paragraphs or lines of a list than "
                f"{SOURCE_LANGUAGE}/{key}.md: give both the same ones"
            )
    return {key: [part.text for part in parts] for key, parts in found.items()}


def place(root: Path, language: str) -> Path:
    """Return where the file of a language stands."""
    return root / "translations" / language / f"{MANUAL}.po"


def languages(root: Path) -> list[str]:
    """Return the languages that have a file or chapters, without English."""
    files = {path.parent.name for path in (root / "translations").glob(f"*/{MANUAL}.po")}
    chapters = {path.parent.name for path in (root / "resources" / "help").glob("*/*.md")}
    return sorted((files | chapters) - {SOURCE_LANGUAGE})


def updated(root: Path, language: str) -> Catalog:
    """Return the messages of the manual in a language, as its chapters say them.

    A language without chapters keeps what its file says. Raise ManualError.
    """
    file = read_language(place(root, language), language)
    before, said = _Memory(file), aligned(root, language)
    catalogue = Catalog(locale=language, revision_date=file.revision_date, charset="utf-8")
    english = read_chapters(root, SOURCE_LANGUAGE)
    before.forget({(key, part.text) for key, parts in english.items() for part in parts})
    for key, parts in english.items():
        for at, part in enumerate(parts):
            text = said[key][at] if key in said else None
            message = before.message((key, part.text), text)
            said_before = catalogue.get(part.text, key)
            if said_before is not None and said_before.string != message.string:
                raise ManualError(
                    f"{language}/{key}.md says {part.text[:40]!r} in two ways: choose"
                )
            catalogue.add(
                part.text,
                message.string,
                locations=[(f"resources/help/{SOURCE_LANGUAGE}/{key}.md", 0)],
                flags=message.flags,
                auto_comments=[*filter(None, [part.kind]), *message.auto_comments],
                context=key,
            )
    for message in catalogue:
        message.flags.discard("python-format")
    return catalogue


class _Memory:
    """Earlier content of a language's file: by paragraph, and by text in any chapter."""

    def __init__(self, catalogue: Catalog) -> None:
        self._known: dict[Key, Message] = {key_of(each): each for each in catalogue if each.id}
        self._gone: list[Message] = []

    def forget(self, asked: set[Key]) -> None:
        """Set aside the paragraphs that the manual has no more: one of them may have changed."""
        self._gone = [each for key, each in self._known.items() if key not in asked]

    def message(self, key: Key, said: str | None) -> Message:
        """Return the translation of a paragraph of a chapter, which itself says `said`, if any."""
        known = self._known.get(key)
        if known is not None and said in (None, known.string):
            before = [line for line in known.auto_comments if line.startswith(_BEFORE)]
            return _message(known.string, before if known.fuzzy else [])
        chapter, text = key
        if known is None and said is not None:
            stale = [one for one in self._gone if (one.context, one.string) == (chapter, said)]
            return _message(said, [_BEFORE + str(one.id) for one in stale[:1]])
        return _message(said, []) if said is not None else self._remembered(chapter, text)

    def _remembered(self, chapter: str, text: str) -> Message:
        """Return what the same words are elsewhere, or what nearly the same words were here."""
        for (_, other), message in self._known.items():
            if other == text and any(spoken(message)) and not message.fuzzy:
                return _message(message.string, [])
        gone = {str(one.id): one for one in self._gone if one.context == chapter and one.string}
        for near in get_close_matches(text, gone, 1, _LIKE):
            return _message(gone[near].string, [_BEFORE + near])
        return _message("", [])


def _message(said: object, before: list[str]) -> Message:
    """Return a translation, which is a guess where the English was another before."""
    flags = {"fuzzy"} if before else ()
    return Message("", str(said), flags=flags, auto_comments=before)


def chapters(root: Path, language: str) -> dict[Path, str]:
    """Return the chapters that the file of a language makes; what it leaves out is English.

    Raise ManualError where there is no file.
    """
    if not place(root, language).is_file():
        raise ManualError(f"{language} has no {MANUAL}.po: begin it by its name alone")
    said = {key_of(one): one for one in read_language(place(root, language), language) if one.id}
    return {
        root / "resources" / "help" / language / f"{key}.md": chapter_of(_filled(key, parts, said))
        for key, parts in read_chapters(root, SOURCE_LANGUAGE).items()
    }


def _filled(key: str, parts: Iterable[Part], said: Mapping[Key, Message]) -> Iterator[Part]:
    for part in parts:
        message = said.get((key, part.text))
        yield Part(part.lead, str(message.string) if message and message.string else part.text)


def complaints(catalogue: Catalog, language: str) -> Iterator[str]:
    """Yield what a translator must look at: which paragraph, and why."""
    for message in catalogue:
        if message.id and (message.fuzzy or not message.string):
            why = "the English changed" if message.fuzzy else "not translated"
            yield f"{language}/{message.context}.md: {why}: {str(message.id)[:60]!r}"


def bring_up(root: Path, more: Iterable[str] = ()) -> list[str]:
    """Write the file of each language, and of those that are begun; return the complaints."""
    said: list[str] = []
    for language in dict.fromkeys((*languages(root), *more)):
        catalogue = updated(root, language)
        save([(place(root, language), written(catalogue, MANUAL))])
        said += complaints(catalogue, language)
    return said


def main() -> int:
    """Do what was asked; print one sentence and return 1 where the chapters do not fit."""
    names = [word for word in sys.argv[1:] if word != "--write"]
    try:
        if "--write" in sys.argv[1:]:
            for language in names:
                save(chapters(ROOT, language).items())
        for complaint in bring_up(ROOT, names):
            print(complaint, file=sys.stderr)
    except ManualError as error:
        print(f"manual: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
