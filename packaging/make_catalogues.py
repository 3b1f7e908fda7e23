# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles `translations/<language>/LC_MESSAGES/*.po` to `.mo`, and refuses broken places to fill.

Our sentences are filled with `str.format`, which gettext's own tools do not check: a lost brace
would only show when the sentence is needed. So each translation must have the very places of its
source. It knows nothing of what the sentences say, and leaves untranslated ones to the tests.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent
NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)  # else the hour of compiling would stand in the file

Places = frozenset[tuple[str, str, str]]


class CatalogueError(Exception):
    """Translations that would break the program; one line for each."""


def places(text: str) -> Places:
    """Return the places of `text`: name, format and conversion. Raises ValueError when torn."""
    parts = Formatter().parse(text)
    return frozenset(
        (name, spec or "", conversion or "")
        for _, name, spec, conversion in parts
        if name is not None
    )


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the singular and plural forms of a source text or a translation, if any."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def fault_of(message: Message) -> str:
    """Return what is wrong with the places of a translated message, or an empty string.

    Where a number decides the form, a form may leave out what one of the source's forms leaves
    out ("One plan", "{count} plans"), but never more and never something new.
    """
    try:
        sources = [places(form) for form in forms(message.id)]
    except ValueError:
        return "torn place in the source"
    may = frozenset[tuple[str, str, str]]().union(*sources)
    must = sources[0].intersection(*sources)
    for form in forms(message.string):
        try:
            found = places(form)
        except ValueError:
            return "torn place"
        if form and not must <= found <= may:
            odd = sorted(name for name, _, _ in (must - found) | (found - may))
            return f"other places than the source: {', '.join(odd)}"
    return ""


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield each fault of a catalogue, with the line of its message."""
    for message in catalogue:
        if not message.id or message.fuzzy or not any(forms(message.string)):
            continue
        fault = fault_of(message)
        if fault:
            yield f"{message.lineno}: {fault}"
        elif message.pluralizable and "" in forms(message.string):
            yield f"{message.lineno}: a plural form is missing"
        for error in message.check(catalogue):
            yield f"{message.lineno}: {error}"


def read_catalogue(source: Path) -> Catalog:
    """Read one `.po` strictly. Raises CatalogueError for what is torn or broken in it."""
    try:
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parent.parent.name, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise CatalogueError(f"{source.name}: {error}") from error
    found = [f"{source.parent.parent.name}/{source.name}:{fault}" for fault in faults(catalogue)]
    if found:
        raise CatalogueError("\n".join(found))
    return catalogue


def compile_catalogue(source: Path) -> Path:
    """Write the `.mo` beside `source`, whole or not at all, and return it.

    Raises CatalogueError when the catalogue is broken; an older `.mo` is then left in place.
    """
    catalogue = read_catalogue(source)
    catalogue.creation_date = NO_DAY
    for message in catalogue:
        if message.id and not all(forms(message.string)):
            message.string = ""  # else a number without a translation would be said as nothing
    target = source.with_suffix(".mo")
    half = target.with_suffix(".mo.new")
    with half.open("wb") as stream:
        write_mo(stream, catalogue)
    half.replace(target)
    return target


def is_fresh(source: Path) -> bool:
    """Say whether the `.mo` of `source` is newer than it."""
    target = source.with_suffix(".mo")
    return target.is_file() and target.stat().st_mtime_ns > source.stat().st_mtime_ns


def make_catalogues(folder: Path) -> list[Path]:
    """Compile every catalogue under `folder` that changed; return the files written.

    Raises CatalogueError with the faults of all broken ones, after compiling the sound ones.
    """
    made: list[Path] = []
    broken: list[str] = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        if is_fresh(source):
            continue
        try:
            made.append(compile_catalogue(source))
        except CatalogueError as error:
            broken.append(str(error))
    if broken:
        raise CatalogueError("\n".join(broken))
    return made


def main() -> int:
    """Compile the catalogues of the tree; print the faults and return 1 when there are any."""
    try:
        make_catalogues(ROOT / "translations")
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
