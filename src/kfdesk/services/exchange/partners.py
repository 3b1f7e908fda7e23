# SPDX-License-Identifier: GPL-3.0-or-later
"""Partners: their cards and states, our keys and cards, and key updates in files.

A partner may receive once the digits of its card were compared over a known number. A new
encryption key under the same signing key is accepted automatically. A new signing key is set
aside until its digits were compared. A partner that revokes its own key is believed at once,
because that can only stop the exchange; what it says of others is advice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import CHANNEL_CARD_SENT, CHANNEL_CARD_TRUSTED, Action, DisclosureEntry
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    MAX_COUNTERSIGNATURES,
    CardInfo,
    Countersignature,
    Direction,
    ErasureOrderState,
    FileFinding,
    FileIssue,
    Identity,
    KeyRevocation,
    Partner,
    PartnerState,
    ReceivedBundle,
)
from kfdesk.domain.leak_check.spelling import is_same_name, normalize_text
from kfdesk.domain.registers import EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row, encode_changes
from kfdesk.services.core.history import row_name
from kfdesk.services.core.session import (
    CARD_GENERATION,
    FORMER_SECRETS,
    FORMER_SEEDS,
    Changes,
    Session,
)
from kfdesk.services.exchange.epochs import is_epoch_unacknowledged
from kfdesk.services.exchange.message_policy import (
    partner_id,
    revoked_keys_of_others,
    revokes_itself,
    sent_cards,
)
from kfdesk.services.exchange.notices import count_notices_due, owes_answer
from kfdesk.services.exchange.own_laptops import (
    can_be_own,
    countersign_own,
    import_countersignatures,
    import_revocations,
    is_countersigned,
    is_doubted,
    make_countersignatures,
    new_laptops,
    record_verified,
    resume_laptop,
    revoke_card,
    revoked_laptops,
    shut_out_laptops,
)
from kfdesk.services.exchange.revocations import (
    is_revoked_key,
    record_revoked_key,
    revocations_for,
    revoked_since,
)
from kfdesk.services.exchange.sequence import count_unacknowledged, missing_numbers

PARTNER_RIGHTS = (Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS)
MAX_CARD_BYTES = 65_536  # bytes; a card is far smaller, and nothing larger is read
_MAX_FORMER_KEYS = 3  # older keys on a card, beside the present one
_KEY_BYTES = 32
_KNOWN_PREFIX = "known_by"


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """Facts about a partner besides its keys: its country and the languages it reads.

    `name` is our name for one of our own laptops, whose cards all have the same name. `joins` says
    that a person has confirmed that the partner is the entry under its id here.
    """

    is_third_country: bool
    has_transfer_tool: bool = False
    reads: tuple[str, ...] = ()
    name: str = ""
    joins: bool = False


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner, and the state of the exchange with it.

    `sent` and `received` are the last times: milliseconds since 1970, UTC. `unconfirmed` counts
    our files that it has not acknowledged, `notices` the withdrawals that it has not confirmed.
    `missing` has the numbers of its files that have not arrived. `waits`: it told us of a
    withdrawal and waits for our confirmation. `undoable` is its newest file whose import can be
    undone, else empty. `asked` counts erasure orders to it by state. `waiting` counts records
    that may go there, have not arrived and are in no file on its way, if that was computed.
    `owes_receipt`: what it sent has come, and no file of ours tells it.
    `knows_us`: it knows our present signing key. `offers`: it sent a card with another signing
    key, whose digits nobody has compared. `is_anew`: it has not acknowledged our new epoch.
    `is_doubted`: it is a laptop of ours that another one has revoked, and a person must decide.
    """

    partner: Partner
    sent: int | None
    received: int | None
    unconfirmed: int = 0
    missing: tuple[int, ...] = ()
    notices: int = 0
    waits: bool = False
    undoable: bytes = b""
    asked: Mapping[ErasureOrderState, int] = field(default_factory=dict)
    waiting: int = 0
    owes_receipt: bool = False
    knows_us: bool = True
    offers: bool = False
    is_anew: bool = False
    is_doubted: bool = False


@dataclass(frozen=True, slots=True)
class OfferedCard:
    """A card that somebody gave us, verified to be intact, before it is saved.

    `entry` is the name of another entry that stands here under the card's id: whoever is added
    under it gets what consents give to that entry. `alike` are partners whose names look like the
    card's, and our own name. `is_unsigned`: it says that it is another laptop of ours, but none of
    ours has countersigned it, so it cannot be added. `is_copy`: it invites us from a copy of this
    store, with our own keys.
    """

    organisation: bytes
    name: str
    data: bytes = field(repr=False)
    is_known: bool
    is_own: bool = False
    entry: str = ""
    alike: tuple[str, ...] = ()
    is_unsigned: bool = False
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class _ReadCard:
    """Content of a card file: the bare card, its fields, and the partner it belongs to, if known.

    `proof` shows that its maker knows a ticket of ours. `is_unsigned`: no laptop of ours has
    countersigned it so far, and it has to be.
    """

    card: bytes
    info: CardInfo
    known: Partner | None
    proof: bytes
    is_unsigned: bool


def list_partners(desk: Session) -> tuple[PartnerLine, ...]:
    """Return all partners, by name. Raise KfdeskError `user.not_allowed`."""
    desk.require(*PARTNER_RIGHTS)
    due, tools = count_notices_due(desk), desk.transfer_tools()
    undoable = {one.organisation: one.digest for one in reversed(desk.store.takings.open())}
    asked: dict[bytes, Counter[ErasureOrderState]] = defaultdict(Counter)
    for one in desk.store.orders.standing(Direction.OUT):
        asked[one.partner][one.state] += 1
    return tuple(
        replace(
            _partner_line(desk, partner, due),
            undoable=undoable.get(partner.organisation, b""),
            asked=asked[partner.organisation],
        )
        for partner in (_with_tool(one, tools) for one in desk.store.ledger.partners())
    )


def our_card(desk: Session) -> bytes:
    """Return our card, to be given to a partner. Raise KfdeskError `user.not_allowed`."""
    desk.require(*PARTNER_RIGHTS)
    return desk.adapters.bundles.card(desk.identity)


def save_own_card(desk: Session, path: Path) -> None:
    """Save our card as `path`. Raise KfdeskError `store.disk` or `user.not_allowed`."""
    desk.require(*PARTNER_RIGHTS)
    try:
        path.write_bytes(our_card(desk))
    except OSError:
        raise KfdeskError("store.disk") from None


def preview_card(desk: Session, path: Path) -> OfferedCard:
    """Return the card in a file. Write nothing.

    Raise KfdeskError `bundle.missing` if the file cannot be opened, and as `add_partner` does.
    """
    desk.require(Right.MANAGE_KEYS)
    data = read_card_file(path)
    found = _check_card(desk, data)
    read, known = found.info, found.known
    return OfferedCard(
        partner_id(desk, read), read.name, data, known is not None and not found.is_unsigned,
        read.organisation == desk.identity.organisation,
        "" if known else _claimed_entry(desk, read), _names_alike(desk, read),
        found.is_unsigned and not can_be_own(desk, read, found.card, found.proof),
    )  # fmt: skip


def read_card_file(path: Path) -> bytes:
    """Return what a file holds, as far as a card goes. Raise KfdeskError `bundle.missing`."""
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise KfdeskError("bundle.missing")
        with path.open("rb") as file:
            return file.read(MAX_CARD_BYTES)
    except OSError:
        raise KfdeskError("bundle.missing") from None


def add_partner(desk: Session, card: bytes, terms: PartnerTerms) -> Partner:
    """Save a partner's card; the partner stays pending until its digits are verified.

    The same card again changes nothing. Raise KfdeskError `user.not_allowed`, `card.damaged`,
    `card.own`, `card.changed_keys` if the organisation is known under another signing key,
    `card.claims_entry` if another entry stands here under its id and `terms` do not join the two,
    or `card.not_countersigned` if it says that it is our own and no laptop of ours says so.
    """
    desk.require(Right.MANAGE_KEYS)
    found = _check_card(desk, card)
    read = found.info
    if found.is_unsigned and not can_be_own(desk, read, found.card, found.proof):
        raise KfdeskError("card.not_countersigned")
    if found.known is not None:
        with desk.store.transaction():
            _countersign(desk, found)
        return found.known
    if _claimed_entry(desk, read) and not terms.joins:
        raise KfdeskError("card.claims_entry")
    is_own = read.organisation == desk.identity.organisation
    partner = Partner(
        partner_id(desk, read),
        terms.name.strip() or read.name,
        found.card,
        read.sign_key,
        PartnerState.PENDING,
        is_third_country=terms.is_third_country,
        has_transfer_tool=terms.has_transfer_tool,
        reads=terms.reads,
        is_own=is_own,
    )
    values = {"name": read.name, "confidentiality": "secret"}
    state = apply_changes(EMPTY_STATE, encode_changes("organisation", values), (), desk.signature)
    with desk.store.transaction():
        if desk.store.row(read.organisation) is None:
            own = Row(read.organisation, "organisation", None, read.organisation, state)
            desk.store.put(own)
        _countersign(desk, found)
        desk.store.ledger.set_partner(partner)
        desk.log(Action.KEYS, partner.organisation)
    return partner


def find_partner(desk: Session, organisation: bytes) -> Partner:
    """Return the partner with this organisation.

    Raise KfdeskError `partner.unknown` or `user.not_allowed`.
    """
    desk.require(*PARTNER_RIGHTS)
    return _with_tool(_stored_partner(desk, organisation), desk.transfer_tools())


def _stored_partner(desk: Session, organisation: bytes) -> Partner:
    """Return the partner as it is stored, to be stored again with a change."""
    for partner in desk.store.ledger.partners():
        if partner.organisation == organisation:
            return partner
    raise KfdeskError("partner.unknown")


def _with_tool(partner: Partner, tools: Mapping[bytes, bool]) -> Partner:
    """Return the partner with the transfer tool that it has today: its agreement, if one is named.

    Else it is what was said when its card was added.
    """
    has_tool = tools.get(partner.organisation, partner.has_transfer_tool)
    return replace(partner, has_transfer_tool=has_tool)


def verification_digits(desk: Session, organisation: bytes) -> str:
    """Return the sixty digits to read over the telephone; the other side sees the same.

    Raise KfdeskError `partner.unknown` or `user.not_allowed`.
    """
    desk.require(Right.MANAGE_KEYS)
    return desk.adapters.bundles.digits(our_card(desk), find_partner(desk, organisation).card)


def verify_partner(desk: Session, organisation: bytes, heard: str) -> Changes:
    """Verify a partner by the digits `heard` over a known number; from now on it may receive.

    Raise KfdeskError `user.not_allowed`, `card.other_digits`, `card.not_countersigned` for a laptop
    of our own that none of ours has countersigned, or `partner.not_pending` for one that was
    verified, suspended or revoked; then nothing is changed.
    """
    desk.require(Right.MANAGE_KEYS)
    partner = find_partner(desk, organisation)
    if partner.state is PartnerState.PENDING:
        _require_countersigned(desk, partner, partner.card)
    if "".join(heard.split()) != "".join(verification_digits(desk, organisation).split()):
        raise KfdeskError("card.other_digits")
    return _set_partner_state(desk, organisation, PartnerState.PENDING, PartnerState.VERIFIED)


def suspend_partner(desk: Session, organisation: bytes) -> Changes:
    """Suspend the exchange with a partner, for example while a laptop is missing.

    Raise KfdeskError `user.not_allowed`, `partner.unknown`, or `partner.not_verified` for one
    that was not verified.
    """
    desk.require(Right.MANAGE_KEYS)
    return _set_partner_state(desk, organisation, PartnerState.VERIFIED, PartnerState.SUSPENDED)


def resume_partner(desk: Session, organisation: bytes) -> Changes:
    """Resume a suspended partner; its keys are the same, so its digits need no comparing.

    That another laptop of ours had revoked it is told no more. Raise KfdeskError
    `user.not_allowed`, `partner.unknown`, or `partner.not_suspended`.
    """
    desk.require(Right.MANAGE_KEYS)
    return _set_partner_state(desk, organisation, PartnerState.SUSPENDED, PartnerState.VERIFIED)


def revoke_partner(desk: Session, organisation: bytes, since: date | None = None) -> Changes:
    """Revoke a partner's card for good; only another card of theirs begins again.

    A laptop of ours is revoked for the whole house and for all partners, each of which hears of it
    by the next file. It was out of our hands `since` that day; None is today. Raise KfdeskError
    `user.not_allowed` or `partner.unknown`.
    """
    desk.require(Right.MANAGE_KEYS)
    partner = _stored_partner(desk, organisation)
    with desk.store.transaction():
        revoke_card(desk, partner, revoked_since(desk, since))
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def _set_partner_state(
    desk: Session, organisation: bytes, before: PartnerState, after: PartnerState
) -> Changes:
    partner = _stored_partner(desk, organisation)
    if partner.state is not before:
        was = (
            "partner.not_suspended" if before is PartnerState.SUSPENDED else "partner.not_verified"
        )
        raise KfdeskError("partner.not_pending" if before is PartnerState.PENDING else was)
    with desk.store.transaction():
        desk.store.ledger.set_partner(replace(partner, state=after))
        if before is PartnerState.PENDING:
            record_verified(desk, partner)
        elif after is PartnerState.VERIFIED:
            resume_laptop(desk, partner)
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def _partner_line(desk: Session, partner: Partner, due: Mapping[bytes, int]) -> PartnerLine:
    organisation = partner.organisation
    return PartnerLine(
        partner,
        _last_exchange(desk, organisation, Direction.OUT),
        _last_exchange(desk, organisation, Direction.IN),
        count_unacknowledged(desk, organisation),
        missing_numbers(desk, organisation),
        due.get(organisation, 0),
        owes_answer(desk, organisation),
        knows_us=knows_present_key(desk, organisation),
        offers=bool(desk.store.setting(offered_card_setting(organisation))),
        is_anew=partner.state is PartnerState.VERIFIED
        and is_epoch_unacknowledged(desk, organisation),
        is_doubted=is_doubted(desk, partner),
    )


def _check_card(desk: Session, data: bytes) -> _ReadCard:
    """Return what a card file holds, and whether it still has to be countersigned.

    Another card of a partner whose card was revoked counts as new.
    """
    card, proof = desk.adapters.bundles.split_answer(data)
    read, ours = desk.adapters.bundles.read_card(card), desk.identity
    if (read.organisation, read.device) == (ours.organisation, ours.device):
        raise KfdeskError("card.own")
    known = {partner.organisation: partner for partner in desk.store.ledger.partners()}
    partner = known.get(partner_id(desk, read))
    if partner is not None and partner.card != card:
        if partner.state is not PartnerState.REVOKED:
            raise KfdeskError("card.changed_keys")
        partner = None
    is_open = partner is None or partner.state is PartnerState.PENDING
    is_unsigned = is_open and read.organisation == ours.organisation
    is_unsigned = is_unsigned and not is_countersigned(desk, read.device, card)
    return _ReadCard(card, read, partner, proof, is_unsigned)


def _countersign(desk: Session, found: _ReadCard) -> None:
    if found.is_unsigned:
        countersign_own(desk, found.info, found.card, found.proof)


def _require_countersigned(desk: Session, partner: Partner, card: bytes) -> None:
    if partner.is_own and not is_countersigned(desk, partner.organisation, card):
        raise KfdeskError("card.not_countersigned")


def _claimed_entry(desk: Session, card: CardInfo) -> str:
    """Return the name of an entry here that a card's id would take over; empty if there is none.

    An entry that its organisation has written itself, under the same name, is the card's own.
    """
    row = desk.store.row(card.organisation)
    if row is None or card.organisation == desk.identity.organisation:
        return ""
    is_own = (row.type, row.custodian) == ("organisation", card.organisation)
    name = row_name(row)
    return "" if is_own and name == card.name else name or "–"


def _names_alike(desk: Session, card: CardInfo) -> tuple[str, ...]:
    """Return the names of other organisations that look like a card's: partners', and ours."""
    wanted = normalize_text(card.name)
    others = [one.name for one in desk.store.ledger.partners()
              if one.organisation not in (card.organisation, card.device)]  # fmt: skip
    if card.organisation != desk.identity.organisation:
        others.append(desk.identity.name)
    return tuple(name for name in others if is_same_name(normalize_text(name), wanted))


def _last_exchange(desk: Session, organisation: bytes, direction: Direction) -> int | None:
    epochs = desk.store.ledger.epochs(organisation, direction).values()
    return max((one.milliseconds for one in epochs), default=None)


# --- our keys


def rotate_encryption_key(desk: Session) -> Session:
    """Return the session with a new encryption key; partners learn it from the next file to each.

    Files encrypted to the former keys can still be opened. The signing key stays, so no digits
    need to be compared again. Raise KfdeskError `user.not_allowed` or `store.disk`.
    """
    desk.require(Right.MANAGE_KEYS)
    with desk.store.transaction():
        return _rotate_keys(desk, desk.identity)


def rotate_signing_key(desk: Session, *, is_stolen: bool) -> Session:
    """Return the session with new keys of both kinds; partners must compare the new card's digits.

    `is_stolen`: others may have the old key, so partners accept nothing more under it as soon
    as they hear of it. Raise KfdeskError `user.not_allowed` or `store.disk`.
    """
    desk.require(Right.MANAGE_KEYS)
    identity, present = desk.identity, desk.adapters.bundles.sign_keys(desk.identity)[0]
    seeds = (identity.sign_seed, *identity.former_seeds)[:_MAX_FORMER_KEYS]
    fresh = replace(identity, sign_seed=desk.adapters.random(_KEY_BYTES), former_seeds=seeds)
    with desk.store.transaction():
        for partner in desk.store.ledger.partners():
            if not desk.store.setting(_known_key_setting(partner.organisation)):
                desk.store.set_setting(_known_key_setting(partner.organisation), present)
        if is_stolen:
            record_revoked_key(desk, KeyRevocation(present, revoked_since(desk)))
        desk.store.set_setting("sign_seed", fresh.sign_seed)
        desk.store.set_setting(FORMER_SEEDS, b"".join(seeds))
        return _rotate_keys(desk, fresh)


def own_key_known_to(desk: Session, organisation: bytes) -> bytes:
    """Return our public signing key that a partner knows; a new partner has our newest card."""
    keys = desk.adapters.bundles.sign_keys(desk.identity)
    known = desk.store.setting(_known_key_setting(organisation))
    return known if known in keys else keys[0]


def knows_present_key(desk: Session, organisation: bytes) -> bool:
    """Return whether a partner knows our present signing key."""
    return own_key_known_to(desk, organisation) == desk.adapters.bundles.sign_keys(desk.identity)[0]


def identity_for(desk: Session, organisation: bytes) -> Identity:
    """Return our identity for a partner, with the signing key that it accepts."""
    identity = desk.identity
    place = desk.adapters.bundles.sign_keys(identity).index(own_key_known_to(desk, organisation))
    return replace(identity, sign_seed=(identity.sign_seed, *identity.former_seeds)[place])


def record_known_key(desk: Session, taken: ReceivedBundle) -> None:
    """Record which of our keys a partner's file names, never an older one; in a transaction."""
    keys = desk.adapters.bundles.sign_keys(desk.identity)
    before = own_key_known_to(desk, taken.organisation)
    if taken.recipient in keys[: keys.index(before)]:
        desk.store.set_setting(_known_key_setting(taken.organisation), taken.recipient)


def is_older_than_rotation(desk: Session, organisation: bytes) -> bool:
    """Return whether our card was renewed since we added this partner."""
    return bool(desk.store.setting(_met_before_setting(organisation)))


def offered_card_setting(organisation: bytes) -> str:
    """Return the setting that holds a partner's unverified card with another signing key."""
    return f"offered_card.{organisation.hex()}"


def _rotate_keys(desk: Session, identity: Identity) -> Session:
    former = (identity.age_secret, *identity.former_secrets)[:_MAX_FORMER_KEYS]
    fresh = replace(
        identity,
        age_secret=desk.adapters.random(_KEY_BYTES),
        former_secrets=former,
        generation=identity.generation + 1,
    )
    for partner in desk.store.ledger.partners():
        desk.store.set_setting(_met_before_setting(partner.organisation), b"\1")
    desk.store.set_setting("age_secret", fresh.age_secret)
    desk.store.set_setting(FORMER_SECRETS, b"".join(former))
    desk.store.set_setting(CARD_GENERATION, fresh.generation.to_bytes(4, "big"))
    desk.log(Action.KEYS, identity.organisation)
    return replace(desk, identity=fresh)


def _known_key_setting(organisation: bytes) -> str:
    return f"{_KNOWN_PREFIX}.{organisation.hex()}"


def _met_before_setting(organisation: bytes) -> str:
    return f"met_before.{organisation.hex()}"


# --- key updates in files


def warn_partners_of(desk: Session, organisation: bytes) -> Changes:
    """Tell all other partners, each by the next file, that we no longer trust this partner's key.

    This reveals that we dealt with it, so a user must decide it. Raise KfdeskError
    `user.not_allowed`, `partner.unknown`, or `partner.not_revoked`.
    """
    desk.require(Right.MANAGE_KEYS)
    partner = find_partner(desk, organisation)
    if partner.state is not PartnerState.REVOKED:
        raise KfdeskError("partner.not_revoked")
    with desk.store.transaction():
        record_revoked_key(desk, KeyRevocation(partner.sign_key, revoked_since(desk)))
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def offered_card(desk: Session, organisation: bytes) -> bytes:
    """Return the card with another signing key that a partner has sent; empty if there is none.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.MANAGE_KEYS)
    return desk.store.setting(offered_card_setting(organisation)) or b""


def offered_digits(desk: Session, organisation: bytes) -> str:
    """Return the sixty digits over our card and the one that was sent.

    Raise KfdeskError `user.not_allowed` or `card.none_offered`.
    """
    desk.require(Right.MANAGE_KEYS)
    card = offered_card(desk, organisation)
    if not card:
        raise KfdeskError("card.none_offered")
    return desk.adapters.bundles.digits(desk.adapters.bundles.card(desk.identity), card)


def accept_card(desk: Session, organisation: bytes, heard: str) -> Changes:
    """Trust the card that was sent: its digits were `heard` over a known number.

    The partner is due a file soon, which shows this to it. Raise KfdeskError
    `user.not_allowed`, `card.none_offered`, `card.other_digits`, or `card.not_countersigned` for a
    laptop of our own whose card was revoked.
    """
    desk.require(Right.MANAGE_KEYS)
    if "".join(heard.split()) != "".join(offered_digits(desk, organisation).split()):
        raise KfdeskError("card.other_digits")
    data = offered_card(desk, organisation)
    card = desk.adapters.bundles.read_card(data)
    known = _stored_partner(desk, organisation)
    if known.state is PartnerState.REVOKED:
        _require_countersigned(desk, known, data)
    with desk.store.transaction():
        name = known.name if known.is_own else card.name
        verified = PartnerState.VERIFIED
        desk.store.ledger.set_partner(
            replace(known, card=data, sign_key=card.sign_key, name=name, state=verified)
        )
        desk.store.ledger.enter([_trust_entry(desk, organisation, data)])
        desk.store.set_setting(offered_card_setting(organisation), b"")
        desk.log(Action.KEYS, organisation)
    return Changes(frozenset({"partner"}), frozenset({organisation}))


def cards_to_send(desk: Session, organisation: bytes) -> tuple[bytes, ...]:
    """Return our card, if a partner has not confirmed to have the newest one."""
    generation = str(desk.identity.generation)
    has_newest = not is_older_than_rotation(desk, organisation) or _has_confirmed(
        desk, organisation, generation
    )
    if has_newest and knows_present_key(desk, organisation):
        return ()
    return (desk.adapters.bundles.card(desk.identity),)


def revocations_to_send(desk: Session, organisation: bytes) -> tuple[KeyRevocation, ...]:
    """Return the keys of others that this partner must still be warned of."""
    every = revocations_for(desk, find_partner(desk, organisation))
    return tuple(one for one in every if not _has_confirmed(desk, organisation, one.sign_key.hex()))


def countersignatures_to_send(desk: Session, organisation: bytes) -> tuple[Countersignature, ...]:
    """Return our countersignatures that this other laptop of ours has not confirmed.

    What does not fit into one file goes in the next, once this one is confirmed.
    """
    signer = identity_for(desk, organisation)
    every = make_countersignatures(desk, find_partner(desk, organisation), signer)
    due = (one for one in every if not _has_confirmed(desk, organisation, _countersigned_id(one)))
    return tuple(islice(due, MAX_COUNTERSIGNATURES))


def _countersigned_id(one: Countersignature) -> str:
    return f"countersigned {sha256(one.card).hexdigest()}"


def key_ledger_entries(desk: Session, organisation: bytes, target: bytes) -> list[DisclosureEntry]:
    """Return the ledger's entries for the cards and warnings of one file."""
    sent = [str(desk.identity.generation)] if cards_to_send(desk, organisation) else []
    sent += [one.sign_key.hex() for one in revocations_to_send(desk, organisation)]
    sent += [_countersigned_id(one) for one in countersignatures_to_send(desk, organisation)]
    if not sent:
        return []
    ours, now = desk.identity.organisation, desk.milliseconds
    writes: dict[str, tuple[bytes, ...]] = dict.fromkeys(sent, ())
    return [
        DisclosureEntry(
            ours, "organisation", organisation, CHANNEL_CARD_SENT, (), writes, target, now
        )
    ]


def key_findings(desk: Session, taken: ReceivedBundle) -> Iterator[FileFinding]:
    """Yield what a file says of keys, for people to read. Write nothing."""
    partner = find_partner(desk, taken.organisation)
    for _, card in sent_cards(desk, taken):
        if _is_successor(desk, partner, card):
            yield FileFinding(FileIssue.NEW_CARD)
        elif card.sign_key != partner.sign_key:
            yield FileFinding(FileIssue.OTHER_CARD)
    if revokes_itself(taken, partner.sign_key):
        yield FileFinding(FileIssue.KEY_REVOKED)
    fallen = tuple(one.name for one, _ in revoked_laptops(desk, taken))
    if fallen:
        yield FileFinding(FileIssue.LAPTOP_REVOKED, names=fallen)
    yield from [FileFinding(FileIssue.ADVICE)] * _count_advice(desk, taken, partner)
    unaware = _unconfirmed_laptops(desk, partner)
    if unaware:
        yield FileFinding(FileIssue.UNAWARE_LAPTOP, names=unaware)
    if any(True for _ in new_laptops(desk, taken)):
        yield FileFinding(FileIssue.OWN_LAPTOP)


def import_keys(desk: Session, taken: ReceivedBundle) -> None:
    """Accept what a file says of keys, theirs and ours; inside a transaction."""
    record_known_key(desk, taken)
    import_countersignatures(desk, taken)
    for data, card in sent_cards(desk, taken):
        partner = _stored_partner(desk, taken.organisation)
        if _is_successor(desk, partner, card):
            desk.store.ledger.set_partner(replace(partner, card=data))
            desk.log(Action.KEYS, taken.organisation)
        elif card.sign_key != partner.sign_key:
            desk.store.set_setting(offered_card_setting(taken.organisation), data)
    partner = _stored_partner(desk, taken.organisation)
    if revokes_itself(taken, partner.sign_key):
        revoke_card(desk, partner, revoked_since(desk))
    import_revocations(desk, taken)


def _count_advice(desk: Session, taken: ReceivedBundle, partner: Partner) -> int:
    """Return how many keys of others a file revokes that stay as they are until people decide."""
    others = revoked_keys_of_others(taken, partner.sign_key)
    if not partner.is_own:
        return len(others)
    ours = {one.sign_key for one in desk.store.ledger.partners() if one.is_own}
    new = (one.sign_key for one in others if not is_revoked_key(desk, one.sign_key))
    return sum(key not in ours for key in new)


def _unconfirmed_laptops(desk: Session, sender: Partner) -> tuple[str, ...]:
    """Return the revoked laptops of ours of which a sender had not heard before this file.

    What they wrote until then may come with it.
    """
    return tuple(
        one.name
        for one in shut_out_laptops(desk, sender)
        if not _has_confirmed(desk, sender.organisation, one.sign_key.hex())
    )


def _trust_entry(desk: Session, organisation: bytes, card: bytes) -> DisclosureEntry:
    """Return an entry that makes a file to this partner due; it has no content itself."""
    ours, digest = desk.identity.organisation, sha256(card).digest()
    return DisclosureEntry(
        ours, "organisation", organisation, CHANNEL_CARD_TRUSTED, (), {}, digest, desk.milliseconds
    )


def _is_successor(desk: Session, partner: Partner, card: CardInfo) -> bool:
    """Return whether a card replaces the known one without asking anybody."""
    known = desk.adapters.bundles.read_card(partner.card)
    return card.sign_key == partner.sign_key and card.generation > known.generation


def _has_confirmed(desk: Session, organisation: bytes, what: str) -> bool:
    ledger = desk.store.ledger
    sent = ledger.entries(organisation, CHANNEL_CARD_SENT)
    return any(what in entry.writes and ledger.has_arrived(entry.target) for entry in sent)
