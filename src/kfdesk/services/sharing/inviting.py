# SPDX-License-Identifier: GPL-3.0-or-later
"""Inviting another desk by a folder on a stick, and joining by one.

The folder has our card and a page that says what to do; who joins puts her card beside it. A card
proves nothing by itself: both sides are pending until the digits are compared by telephone. Neither
card nor page holds anything secret or anything about a client.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kfdesk.domain.desk.exchange import Card
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.guide import guide_page
from kfdesk.services.desk import Desk
from kfdesk.services.partners import Offered, look_at_card, our_card

FOLDER = "notebook"
PROGRAM = "program"
PAGE = "read-me.html"
CARD = "card.card"
LAPTOP_CARD = "laptop.card"
ANSWER = "answer.card"
_CARDS = (LAPTOP_CARD, CARD)
_MOST = 65_536  # bytes; a card is far smaller, and nothing larger is read


@dataclass(frozen=True, slots=True)
class Invitation:
    """A folder that invites, and what the card in it says.

    `is_own`: it is for another laptop of the same house.
    """

    folder: Path
    name: str
    organisation: bytes = field(repr=False)
    is_own: bool = False


def invite(
    desk: Desk, place: Path, words: Language, *, has_program: bool, is_own: bool = False
) -> Path:
    """Make the folder that invites below `place`, with its page in the language of who reads it.

    `has_program`: the program is to be put into its folder there. `is_own`: it is for another
    laptop of our house. What is written is flushed and read back. Raises KfdeskError
    `user.not_allowed` or `store.disk`.
    """
    desk.require(Right.MANAGE_KEYS)
    folder = place / FOLDER
    page = guide_page(words, desk.identity.name, PROGRAM if has_program else "", is_own=is_own)
    try:
        (folder / PROGRAM if has_program else folder).mkdir(parents=True, exist_ok=True)
    except OSError:
        raise KfdeskError("store.disk") from None
    with suppress(OSError):  # an invitation of the other sort that was there before
        (folder / (CARD if is_own else LAPTOP_CARD)).unlink()
    _write(folder / (LAPTOP_CARD if is_own else CARD), our_card(desk))
    _write(folder / PAGE, page.encode())
    return folder


def read_invitation(place: Path, read_card: Callable[[bytes], Card]) -> Invitation:
    """The invitation in a folder, or in the one that invites below it. Writes nothing.

    Raises KfdeskError `invitation.none` or `card.damaged`.
    """
    for path in (folder / name for folder in (place, place / FOLDER) for name in _CARDS):
        with suppress(OSError), path.open("rb") as file:
            card = read_card(file.read(_MOST))
            is_own = path.name == LAPTOP_CARD
            return Invitation(path.parent, card.name, card.organisation, is_own)
    raise KfdeskError("invitation.none")


def join(desk: Desk, folder: Path) -> Offered:
    """Put our card beside the one that invites, and say whose that is; it is not kept yet.

    Raises KfdeskError `user.not_allowed`, `store.disk`, `bundle.missing` or `card.…`.
    """
    desk.require(Right.MANAGE_KEYS)
    own = folder / LAPTOP_CARD
    offered = look_at_card(desk, own if own.exists() else folder / CARD)
    _write(folder / ANSWER, our_card(desk))
    return offered


def _write(path: Path, data: bytes) -> None:
    """Write a file, flush it to the stick, and read it back."""
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        is_there = path.read_bytes() == data
    except OSError:
        is_there = False
    if not is_there:
        raise KfdeskError("store.disk")
