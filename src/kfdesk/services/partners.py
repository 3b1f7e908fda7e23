# SPDX-License-Identifier: GPL-3.0-or-later
"""The desks we exchange with: our card, theirs, and the check over the telephone.

A partner receives nothing before its sixty digits were read over a known number.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kfdesk.domain.desk.erasure import OrderState
from kfdesk.domain.desk.exchange import Card, Direction, Partner, PartnerState
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row, wire_changes
from kfdesk.domain.writes import EMPTY, amend
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.parcels.epochs import is_untold
from kfdesk.services.parcels.own_keys import is_known, offered_by
from kfdesk.services.sharing.notices import count_due, owes_answer
from kfdesk.services.sharing.order import missing_from, unconfirmed

DEALING = (Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS)
_MOST = 65_536  # bytes; a card is far smaller, and nothing larger is read


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a partner apart from its keys: where it is and what it reads.

    `name` is what we call one of our own laptops, of which each card says the same.
    """

    is_third_country: bool
    has_transfer_tool: bool = False
    reads: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner, and how the exchange with it stands.

    `sent` and `received` are when it last was: milliseconds since 1970, UTC. `unconfirmed` counts
    our files that it has not said to have, `notices` the withdrawals that it has not confirmed;
    `missing` has the numbers of its files that have not come. `waits`: it has told us something, as
    of a withdrawal, and waits to hear that we know. `undoable` is its newest file that can still be
    taken back; empty if there is none. `asked` counts what it was asked to erase, by how far that
    has come. `waiting` counts records that may go there, have not arrived and are in no file that
    is on its way, where that was asked. `knows_us`: by our present signing key, not by one before.
    `offers`: it has sent a card with another signing key, whose digits nobody has compared.
    `is_anew`: our store was put back to an earlier day, and it has not confirmed to know that.
    """

    partner: Partner
    sent: int | None
    received: int | None
    unconfirmed: int = 0
    missing: tuple[int, ...] = ()
    notices: int = 0
    waits: bool = False
    undoable: bytes = b""
    asked: Mapping[OrderState, int] = field(default_factory=dict)
    waiting: int = 0
    knows_us: bool = True
    offers: bool = False
    is_anew: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A card that somebody gave us, proved whole, before it is kept."""

    organisation: bytes
    name: str
    data: bytes = field(repr=False)
    is_known: bool
    is_own: bool = False


def list_partners(desk: Desk) -> tuple[PartnerLine, ...]:
    """All partners, by name. Raises KfdeskError `user.not_allowed`."""
    desk.require(*DEALING)
    due = count_due(desk)
    undoable = {one.organisation: one.digest for one in reversed(desk.store.takings.open())}
    asked: dict[bytes, Counter[OrderState]] = defaultdict(Counter)
    for one in desk.store.orders.standing(Direction.OUT):
        asked[one.partner][one.state] += 1
    return tuple(
        replace(
            _line(desk, partner, due),
            undoable=undoable.get(partner.organisation, b""),
            asked=asked[partner.organisation],
        )
        for partner in desk.store.ledger.partners()
    )


def our_card(desk: Desk) -> bytes:
    """Our card, to be given to a partner. Raises KfdeskError `user.not_allowed`."""
    desk.require(*DEALING)
    return desk.rooms.bundles.card(desk.identity)


def save_card(desk: Desk, path: Path) -> None:
    """Save our card as `path`. Raises KfdeskError `store.disk` or `user.not_allowed`."""
    desk.require(*DEALING)
    try:
        path.write_bytes(our_card(desk))
    except OSError:
        raise KfdeskError("store.disk") from None


def look_at_card(desk: Desk, path: Path) -> Offered:
    """The card in a file. Writes nothing.

    Raises KfdeskError `bundle.missing` where the file cannot be opened, and as `add_partner` does.
    """
    desk.require(Right.MANAGE_KEYS)
    try:
        with path.open("rb") as file:
            data = file.read(_MOST)
    except OSError:
        raise KfdeskError("bundle.missing") from None
    read, known = _checked(desk, data)
    is_own = read.organisation == desk.identity.organisation
    return Offered(id_of(desk, read), read.name, data, known is not None, is_own)


def add_partner(desk: Desk, card: bytes, terms: Terms) -> Partner:
    """Keep a partner's card; it stays pending until its digits are verified.

    The same card again changes nothing.

    Raises KfdeskError `user.not_allowed`, `card.damaged`, `card.own`, or `card.changed_keys` where
    the organisation is known under another signing key.
    """
    desk.require(Right.MANAGE_KEYS)
    read, known = _checked(desk, card)
    if known is not None:
        return known
    is_own = read.organisation == desk.identity.organisation
    partner = Partner(
        id_of(desk, read),
        terms.name.strip() or read.name,
        card,
        read.sign_key,
        PartnerState.PENDING,
        is_third_country=terms.is_third_country,
        has_transfer_tool=terms.has_transfer_tool,
        reads=terms.reads,
        is_own=is_own,
    )
    values = {"name": read.name, "confidentiality": "secret"}
    state = amend(EMPTY, wire_changes("organisation", values), (), desk.signature)
    with desk.store.transaction():
        if desk.store.row(read.organisation) is None:
            own = Row(read.organisation, "organisation", None, read.organisation, state)
            desk.store.put(own)
        desk.store.ledger.set_partner(partner)
        desk.log(Action.KEYS, partner.organisation)
    return partner


def find_partner(desk: Desk, organisation: bytes) -> Partner:
    """The partner with this organisation.

    Raises KfdeskError `partner.unknown` or `user.not_allowed`.
    """
    desk.require(*DEALING)
    for partner in desk.store.ledger.partners():
        if partner.organisation == organisation:
            return partner
    raise KfdeskError("partner.unknown")


def digits(desk: Desk, organisation: bytes) -> str:
    """The sixty digits to read over the telephone; the other side sees the same.

    Raises KfdeskError `partner.unknown` or `user.not_allowed`.
    """
    desk.require(Right.MANAGE_KEYS)
    return desk.rooms.bundles.digits(our_card(desk), find_partner(desk, organisation).card)


def verify_partner(desk: Desk, organisation: bytes, heard: str) -> Changes:
    """Note that the digits `heard` over a known number are ours; from now on it may receive.

    Raises KfdeskError `user.not_allowed`, `card.other_digits`, or `partner.not_pending` for one
    that was verified, suspended or revoked; then nothing is changed.
    """
    desk.require(Right.MANAGE_KEYS)
    if "".join(heard.split()) != "".join(digits(desk, organisation).split()):
        raise KfdeskError("card.other_digits")
    return _move(desk, organisation, PartnerState.PENDING, PartnerState.VERIFIED)


def suspend_partner(desk: Desk, organisation: bytes) -> Changes:
    """Send and take nothing for a while, as when a laptop is missing; it can be resumed.

    Raises KfdeskError `user.not_allowed`, `partner.unknown`, or `partner.not_verified` for one that
    was not verified.
    """
    desk.require(Right.MANAGE_KEYS)
    return _move(desk, organisation, PartnerState.VERIFIED, PartnerState.SUSPENDED)


def resume_partner(desk: Desk, organisation: bytes) -> Changes:
    """Go on with a suspended partner; its digits were compared before, and its keys are the same.

    Raises KfdeskError `user.not_allowed`, `partner.unknown`, or `partner.not_suspended`.
    """
    desk.require(Right.MANAGE_KEYS)
    return _move(desk, organisation, PartnerState.SUSPENDED, PartnerState.VERIFIED)


def revoke_partner(desk: Desk, organisation: bytes) -> Changes:
    """Trust a partner's card no more, for good; only another card of theirs begins anew.

    Raises KfdeskError `user.not_allowed` or `partner.unknown`.
    """
    desk.require(Right.MANAGE_KEYS)
    return _move(desk, organisation, None, PartnerState.REVOKED)


def _move(
    desk: Desk, organisation: bytes, before: PartnerState | None, after: PartnerState
) -> Changes:
    partner = find_partner(desk, organisation)
    if before is not None and partner.state is not before:
        was = (
            "partner.not_suspended" if before is PartnerState.SUSPENDED else "partner.not_verified"
        )
        raise KfdeskError("partner.not_pending" if before is PartnerState.PENDING else was)
    with desk.store.transaction():
        desk.store.ledger.set_partner(replace(partner, state=after))
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def _line(desk: Desk, partner: Partner, due: Mapping[bytes, int]) -> PartnerLine:
    organisation = partner.organisation
    return PartnerLine(
        partner,
        _newest(desk, organisation, Direction.OUT),
        _newest(desk, organisation, Direction.IN),
        unconfirmed(desk, organisation),
        missing_from(desk, organisation),
        due.get(organisation, 0),
        owes_answer(desk, organisation),
        knows_us=is_known(desk, organisation),
        offers=bool(desk.store.setting(offered_by(organisation))),
        is_anew=partner.state is PartnerState.VERIFIED and is_untold(desk, organisation),
    )


def _checked(desk: Desk, card: bytes) -> tuple[Card, Partner | None]:
    """What a card says, and the partner that it is known as.

    Another card of a partner whose card was revoked is as new.
    """
    read = desk.rooms.bundles.read_card(card)
    if (read.organisation, read.device) == (desk.identity.organisation, desk.identity.device):
        raise KfdeskError("card.own")
    known = {partner.organisation: partner for partner in desk.store.ledger.partners()}
    partner = known.get(id_of(desk, read))
    if partner is None or partner.card == card:
        return read, partner
    if partner.state is not PartnerState.REVOKED:
        raise KfdeskError("card.changed_keys")
    return read, None


def id_of(desk: Desk, card: Card) -> bytes:
    """By what a partner is known: its organisation's record, one of our own by its device."""
    is_own = card.organisation == desk.identity.organisation
    return card.device if is_own else card.organisation


def _newest(desk: Desk, organisation: bytes, direction: Direction) -> int | None:
    marks = desk.store.ledger.marks(organisation, direction)
    return max((mark.milliseconds for mark in marks), default=None)
