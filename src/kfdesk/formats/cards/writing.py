# SPDX-License-Identifier: GPL-3.0-or-later
"""vCard 4.0 (RFC 6350): one card for each entry, in UTF-8, folded at 75 bytes.

What has no property of its own stands under an X- name, so that this program reads it back.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from kfdesk.formats.outgoing import Outgoing
from kfdesk.i18n.listing.naming import country_name

_WIDTH = 75
_CODES = ("services", "populations", "networks")
_OWN = ("hours", "offers", "part_of", "contact_risk")


def write_cards(entries: Iterable[Outgoing], file: BinaryIO) -> None:
    """Write the entries as cards."""
    file.writelines(_folded(line) for entry in entries for line in _card(entry))


def _card(entry: Outgoing) -> Iterator[str]:
    is_house = entry.type == "organisation"
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"KIND:{'org' if is_house else 'individual'}"
    yield f"FN:{_text(entry.name)}"
    if is_house:
        yield f"ORG:{_text(entry.name)}"
        yield from _house(entry)
    else:
        yield f"N:;{_text(entry.name)};;;"
        yield from _lines((("ORG", "organisation"), ("TITLE", "role")), entry)
    for number in entry.numbers:
        yield f"TEL;VALUE=text:{_text(number)}"
    yield "END:VCARD"


def _house(entry: Outgoing) -> Iterator[str]:
    yield from _lines((("NICKNAME", "other_name"), ("EMAIL", "email"), ("URL", "website")), entry)
    country = country_name(entry.text("country"))
    if entry.text("city") or country:
        yield f"ADR:;;;{_text(entry.text('city'))};;;{_text(country)}"
    for code in entry.codes("languages"):
        yield f"LANG:{code}"
    codes = [code for key in _CODES for code in entry.codes(key)]
    if codes:
        yield f"CATEGORIES:{','.join(codes)}"
    yield from _lines([(f"X-KFDESK-{k.upper().replace('_', '-')}", k) for k in _OWN], entry)


def _lines(pairs: Sequence[tuple[str, str]], entry: Outgoing) -> Iterator[str]:
    for name, key in pairs:
        if entry.text(key):
            yield f"{name}:{_text(entry.text(key))}"


def _text(text: str) -> str:
    for sign in "\\,;":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in pieces of which each is whole letters."""
    pieces, piece = [], b""
    for letter in line:
        data = letter.encode()
        if len(piece) + len(data) > _WIDTH:
            pieces.append(piece)
            piece = b" "
        piece += data
    return b"\r\n".join((*pieces, piece)) + b"\r\n"
