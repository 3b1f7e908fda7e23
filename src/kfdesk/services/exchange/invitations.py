# SPDX-License-Identifier: GPL-3.0-or-later
"""Invitations: a folder on a stick with our card, and the answer that comes back in it.

The folder invites one partner, or another laptop of our own. For a laptop it holds a ticket, too,
and the answer proves that its maker knows the ticket (`own_laptops.py`).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import CardInfo
from kfdesk.files import flush
from kfdesk.i18n.invitation_guide import invitation_guide
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.own_laptops import TICKET_BYTES, issue_ticket
from kfdesk.services.exchange.partners import (
    MAX_CARD_BYTES,
    OfferedCard,
    our_card,
    preview_card,
)

INVITATION_FOLDER = "notebook"
PROGRAM_FOLDER = "program"
GUIDE_PAGE = "read-me.html"
CARD_FILE = "card.card"
LAPTOP_CARD_FILE = "laptop.card"
ANSWER_FILE = "answer.card"
TICKET_FILE = "laptop.ticket"
_CARD_FILES = (LAPTOP_CARD_FILE, CARD_FILE)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A folder with an invitation, and what its card says.

    `is_own`: it is for another laptop of the same organisation. `sign_key` is the inviting
    laptop's.
    """

    folder: Path
    name: str
    organisation: bytes = field(repr=False)
    is_own: bool = False
    sign_key: bytes = field(default=b"", repr=False)


def create_invitation(
    desk: Session, place: Path, words: Language, *, has_program: bool, is_own: bool = False
) -> Path:
    """Create the invitation folder below `place`, with its page in the reader's language.

    `has_program`: the program will be copied into its folder there. `is_own`: it is for another
    laptop of our organisation, and holds a ticket, valid once. What is written is flushed and read
    back. Raise KfdeskError `user.not_allowed` or `store.disk`.
    """
    desk.require(Right.MANAGE_KEYS)
    folder = place / INVITATION_FOLDER
    page = invitation_guide(
        words, desk.identity.name, PROGRAM_FOLDER if has_program else "", is_own=is_own
    )
    try:
        (folder / PROGRAM_FOLDER if has_program else folder).mkdir(parents=True, exist_ok=True)
    except OSError:
        raise KfdeskError("store.disk") from None
    # a former invitation of the other kind may be there, or the answer to one
    for name in (CARD_FILE, ANSWER_FILE) if is_own else (LAPTOP_CARD_FILE, TICKET_FILE):
        with suppress(OSError):
            (folder / name).unlink()
    if is_own:
        _write_verified(folder / TICKET_FILE, issue_ticket(desk))
    _write_verified(folder / (LAPTOP_CARD_FILE if is_own else CARD_FILE), our_card(desk))
    _write_verified(folder / GUIDE_PAGE, page.encode())
    return folder


def read_invitation(place: Path, read_card: Callable[[bytes], CardInfo]) -> Invitation:
    """Return the invitation in a folder, or in the invitation folder below it. Write nothing.

    Raise KfdeskError `invitation.none` or `card.damaged`.
    """
    for path in (
        folder / name for folder in (place, place / INVITATION_FOLDER) for name in _CARD_FILES
    ):
        with suppress(OSError), path.open("rb") as file:
            card = read_card(file.read(MAX_CARD_BYTES))
            is_own = path.name == LAPTOP_CARD_FILE
            return Invitation(path.parent, card.name, card.organisation, is_own, card.sign_key)
    raise KfdeskError("invitation.none")


def accept_invitation(desk: Session, folder: Path) -> OfferedCard:
    """Put our card beside the inviting one, and return that one; it is not saved yet.

    For a laptop of our own it is the answer to the invitation's ticket. Raise KfdeskError
    `user.not_allowed`, `store.disk`, `bundle.missing` or `card.…`.
    """
    desk.require(Right.MANAGE_KEYS)
    own = folder / LAPTOP_CARD_FILE
    offered = preview_card(desk, own if own.exists() else folder / CARD_FILE)
    ticket = read_ticket(own) if offered.is_own else b""
    bundles = desk.adapters.bundles
    answer = bundles.answer(desk.identity, ticket) if ticket else our_card(desk)
    _write_verified(folder / ANSWER_FILE, answer)
    return offered


def is_invitation(path: Path) -> bool:
    """Return whether a card lies in an invitation to another laptop, which can be answered."""
    return bool(read_ticket(path))


def read_ticket(card: Path) -> bytes:
    """Return the ticket beside an inviting laptop's card.

    It is empty if there is none, as from an older program, or if it is another kind of card.
    """
    if card.name != LAPTOP_CARD_FILE:
        return b""
    with suppress(OSError), card.with_name(TICKET_FILE).open("rb") as file:
        ticket = file.read(TICKET_BYTES + 1)
        return ticket if len(ticket) == TICKET_BYTES else b""
    return b""


def _write_verified(path: Path, data: bytes) -> None:
    """Write a file, flush it to the stick, and read it back."""
    try:
        with path.open("wb") as file:
            file.write(data)
            flush(file)
        is_there = path.read_bytes() == data
    except OSError:
        is_there = False
    if not is_there:
        raise KfdeskError("store.disk")
