# SPDX-License-Identifier: GPL-3.0-or-later
"""Import policy: what the sender of a file may say about a record that is here or not.

Rows, notices of withdrawal and orders to erase pass here first; `message_policy` has the messages
that name no record. What is here decides, and the id itself if it is bound to an organisation;
what the file says of a record's place and custodian is a claim. Only what passes may leave
anything lasting: records, entries in the list of the erased, kept notices, provenance. A refused
row leaves a count and a finding. `ImportPolicy._RULES` has the rules of each family of record
types, to be read aloud.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, NamedTuple, TypeVar

from kfdesk.domain.authority import (
    OWNER_ANSWER,
    RUN_TYPES,
    TOGETHER_HEADS,
    TOGETHER_PARTS,
    answer_part,
    is_id_of_another,
    is_open_to_members,
    is_owner,
    together_sort,
)
from kfdesk.domain.consent import is_withdrawn
from kfdesk.domain.disclosure import confidentiality_classes, may_see_entry
from kfdesk.domain.exchange import (
    ErasureOrder,
    ErasureOrderState,
    ReceivedBundle,
    ReceivedRow,
)
from kfdesk.domain.figures.rounds import is_takeable
from kfdesk.domain.network import Circle, left_networks, may_receive_of, shared_networks
from kfdesk.domain.network_work import WORK_HEADS
from kfdesk.domain.places import is_in_place, stands_alone
from kfdesk.domain.records.registry import RECORD_TYPES, rules_for
from kfdesk.domain.registers import drop_fields, is_deleted, live_field_ids, merge_states
from kfdesk.domain.rows import Row, column_values
from kfdesk.domain.rules import Family
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erased_records import ErasedRecords


class Refusal(StrEnum):
    """Reason why a row or a notice of a file is not taken."""

    NOT_WRITABLE = "not_writable"
    """This sender may not write it."""
    ERASED = "erased"
    """It was erased here."""
    OF_ANOTHER = "of_another"
    """A third organisation answers for it, and must send it itself."""
    CLAIMED = "claimed"
    """The sender says that it answers for a record that is here as another organisation's."""
    FORGED_ID = "forged_id"
    """The record's id is bound to another organisation than the one that it names."""
    NOT_OF_NETWORK = "not_of_network"
    """It belongs to a network or an entry that the sender does not answer for."""
    LEFT_NETWORK = "left_network"
    """It is for the members of networks, and the sender or we have left those, as we have it."""
    WITHDRAWN = "withdrawn"
    """Its client has withdrawn every consent by which the sender may give us anything of her."""
    CHANGED_WRITE = "changed_write"
    """It has another value under the id of a value that is known here."""


OUTSIDE_NETWORK = frozenset({Refusal.NOT_OF_NETWORK, Refusal.LEFT_NETWORK})
"""Refusals that end when the sender joins a network: ask it again for what stayed out."""

T = TypeVar("T")
_Rule = Callable[["ImportPolicy", Row | None, Row], Refusal | None]


class Head(NamedTuple):
    """The unchanging part of a record: who answers for it, what it belongs to, what it is.

    `is_here` is False for what only the file has.
    """

    custodian: bytes
    parent: bytes | None
    type: str
    is_here: bool


Found = tuple[T] | None
"""What was found at a record; None to look above it."""
Ask = Callable[[bytes, Head | None], Found[T]]


def _client_found(rid: bytes, head: Head | None) -> Found[bytes]:
    return (rid,) if head is None or head.type == "client" else None


def _completed(row: Row, ours: Row | None) -> Row:
    """Return a row of the file with our values in the fields that it lacks."""
    if ours is None:
        return row
    rest = drop_fields(ours.state, live_field_ids(row.state))
    return replace(row, state=merge_states(rest, row.state))


def is_moved(ours: Row | None, row: Row) -> bool:
    """Return whether type, parent or custodian differ; they never change, so refuse the row."""
    if ours is None:
        return False
    return (ours.type, ours.parent, ours.custodian) != (row.type, row.parent, row.custodian)


def may_keep_out(taken: ReceivedBundle, row: Row | ReceivedRow) -> bool:
    """Return whether the sender's word that a record lies below something erased may be kept."""
    return taken.is_own or row.custodian == taken.organisation


class ImportPolicy:
    """The rules for the sender of one file, asked of what is here."""

    def __init__(self, desk: Session, taken: ReceivedBundle) -> None:
        self._desk = desk
        self._taken = taken
        self.sender = taken.organisation
        self._own = desk.identity.organisation
        self._heads: dict[bytes, Head | None] = {}
        self._sent_heads: Mapping[bytes, Head] | None = None
        self._circles: Mapping[bytes, Circle] | None = None
        self._withdrawn: dict[bytes, bool] = {}
        self._clients: dict[bytes, bytes] = {}
        self._below_erased: dict[bytes, bool] = {}
        self._roots: dict[bytes, bytes | None] = {}

    @cached_property
    def erased(self) -> ErasedRecords:
        """The list of the erased, as it counts for this file."""
        return ErasedRecords(self._desk, self._taken)

    def refusal(self, ours: Row | None, row: Row) -> Refusal | None:
        """Return why a row may not be taken at all, whatever its values say.

        The claim of who it is comes first, then whether it was erased here, then the rules of its
        family. What the sender says of its own record below something erased is believed: it stays
        out. What it says of anybody else's is not.
        """
        if row.type not in RECORD_TYPES:
            return Refusal.NOT_WRITABLE
        claim = self._claim(ours, row)
        if claim is not None:
            return claim
        is_gone = ours is None and self.is_erased(row)
        if is_gone and (may_keep_out(self._taken, row) or row.custodian == self._own):
            return Refusal.ERASED
        if self._taken.is_own:
            return None
        rules = self._RULES[RECORD_TYPES[row.type].rules.family]
        found = next((why for rule in rules if (why := rule(self, ours, row)) is not None), None)
        return Refusal.ERASED if found is None and is_gone else found

    def notice_refusal(self, ours: Row | None, notice: Row) -> Refusal | None:
        """Return why a notice may not be taken, before it is asked who is party of the consent.

        In advance, for a consent that is not here, only the consent's custodian speaks.
        """
        claim = self._claim(ours, notice)
        if claim is not None or ours is not None:
            return claim
        if self.is_erased(notice):
            is_told = may_keep_out(self._taken, notice) or self.erased.names(notice)
            return Refusal.ERASED if is_told else Refusal.OF_ANOTHER
        if notice.custodian != self.sender:
            return Refusal.OF_ANOTHER
        above = self._desk.store.row(notice.parent or b"")
        is_misplaced = above is not None and not is_in_place(notice.type, above.type)
        return Refusal.NOT_WRITABLE if is_misplaced else None

    def order_state(
        self, ours: Row | None, order: ErasureOrder, *, waits: bool = False
    ) -> ErasureOrderState:
        """Return what an order to erase does: it erases on the word of the record's custodian.

        Anybody else asks, and people here decide, as they do if the record `waits` for them. Our
        own entry stays: the store would not open without it.
        """
        if ours is None:
            is_gone = self.erased.has(order.rid)
            return ErasureOrderState.DONE if is_gone else ErasureOrderState.NOT_HERE
        if ours.rid == self._own:
            return ErasureOrderState.DECLINED
        is_custodian = ours.custodian == self.sender
        return ErasureOrderState.DONE if is_custodian and not waits else ErasureOrderState.OPEN

    def may_order_ahead(self, order: ErasureOrder) -> bool:
        """Return whether an order for what is not here is kept, to be carried out when it comes.

        Not for an id that is bound to somebody else: as the sender's record it is refused anyway.
        """
        return not is_id_of_another(order.rid, self.sender)

    def is_erased(self, row: Row | ReceivedRow) -> bool:
        """Return whether a record that is not here was erased here, or lies below such a one."""
        if self.erased.is_empty:
            return False
        return self.erased.names(row) or self._climb(
            row.parent, self._below_erased, self._erased_at, otherwise=False
        )

    def _erased_at(self, rid: bytes, head: Head | None) -> Found[bool]:
        if head is None:
            return (self.erased.has(rid),)
        if head.is_here:
            return (False,)  # no record of ours lies below an erased one
        return (True,) if self.erased.names_as(rid, head.custodian) else None

    def head(self, rid: bytes) -> Head | None:
        """Return custodian and parent of a record: as it is here, or else as the file has it.

        A row of the file whose id is bound to somebody else is nobody's head.
        """
        if rid not in self._heads:
            ours = self._desk.store.row(rid)
            if ours is not None:
                self._heads[rid] = Head(ours.custodian, ours.parent, ours.type, is_here=True)
            else:
                self._heads[rid] = self._heads_in_file().get(rid)
        return self._heads[rid]

    def parent_custodian(self, row: Row) -> bytes | None:
        """Return who answers for the record above a row; None if it is not known."""
        head = self.head(row.parent or b"")
        return head.custodian if head is not None else None

    def is_passed_on(self, ours: Row | None, row: Row) -> bool:
        """Return whether the sender passes on a member's record in its own network.

        Once a file of that member brought anything of the record, the member's word alone counts.
        """
        if row.custodian in (self.sender, self._own):
            return False
        known = self._desk.store.received.senders(row.rid) if ours is not None else {}
        return self._network_above(row)[1] == self.sender and row.custodian not in known.values()

    def _claim(self, ours: Row | None, row: Row) -> Refusal | None:
        """Return why a record cannot be what the file says: by its id, or as it is here."""
        if is_id_of_another(row.rid, row.custodian):
            return Refusal.FORGED_ID
        if not is_moved(ours, row):
            return None
        is_claimed = self._taken.is_own or row.custodian == self.sender
        return Refusal.CLAIMED if is_claimed else Refusal.NOT_WRITABLE

    def _has_withdrawn(self, client: bytes) -> bool:
        """Return whether a client of the sender has withdrawn all her consents for us."""
        here = self._desk.store.rows_beneath("consent", [client])
        ended = {row.rid: is_withdrawn(row) for row in here if self._is_for_us(row)}
        for one in self._consents_in_file.get(client, ()):
            ended[one.rid] = ended.get(one.rid, False) or is_withdrawn(one.row)
        return bool(ended) and all(ended.values())

    def _is_for_us(self, consent: Row) -> bool:
        """Return whether the sender's consent is for us; one told in advance names nobody."""
        newest, torn = column_values(consent)
        if consent.custodian != self.sender:
            return False
        return newest.get("recipient") in (None, self._own.hex()) or "recipient" in torn

    @cached_property
    def _consents_in_file(self) -> Mapping[bytes, list[ReceivedRow]]:
        found: dict[bytes, list[ReceivedRow]] = {}
        for one in self._taken.rows:
            if one.type == "consent" and one.custodian == self.sender and one.parent:
                found.setdefault(one.parent, []).append(one)
        return found

    def _row_after(self, rid: bytes | None) -> Row | None:
        """Return a record as the file has it, completed from here; None if it is in neither."""
        ours, sent = self._desk.store.row(rid or b""), self._parents_in_file.get(rid or b"")
        return _completed(sent.row, ours) if sent is not None else ours

    @cached_property
    def _parents_in_file(self) -> Mapping[bytes, ReceivedRow]:
        above = {one.parent for one in self._taken.rows}
        return {one.rid: one for one in self._taken.rows if one.rid in above}

    def _heads_in_file(self) -> Mapping[bytes, Head]:
        if self._sent_heads is None:
            above = {one.parent for one in self._taken.rows}
            self._sent_heads = {
                one.rid: Head(one.custodian, one.parent, one.type, is_here=False)
                for one in self._taken.rows
                if one.rid in above and not is_id_of_another(one.rid, one.custodian)
            }
        return self._sent_heads

    @property
    def _our_circles(self) -> Mapping[bytes, Circle]:
        if self._circles is None:
            self._circles = self._desk.circles()
        return self._circles

    # --- rules: each returns why a row is refused, or None

    def _own_run_back(self, ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a run of ours: it would come back without what its procedure says."""
        is_ours = row.type in RUN_TYPES and row.custodian == self._own
        return Refusal.NOT_WRITABLE if ours is None and is_ours else None

    def _new_of_another(self, ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a new record of somebody else than the sender.

        It may bring back one of ours, which a restored backup lacks, if the whole case is ours. A
        third organisation's record comes from that organisation alone, but for what stands under
        the sender's own procedure or article.
        """
        if ours is not None or row.custodian == self.sender:
            return None
        if row.type in TOGETHER_PARTS and self.parent_custodian(row) == self.sender:
            return None
        is_ours_back = row.custodian == self._own and self._root_custodian(row) == self._own
        return None if is_ours_back else Refusal.OF_ANOTHER

    def _discloses_others(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a consent from anybody but the custodian of its client.

        It would let a partner disclose our client to itself or to others.
        """
        if row.type != "consent":
            return None
        client = self.head(row.parent or b"")
        is_its_own = client is not None and client.custodian == row.custodian == self.sender
        return None if is_its_own else Refusal.NOT_WRITABLE

    def _after_withdrawal(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse what the sender says of its client once all her consents for us are withdrawn.

        A sender that restored a backup does not know of it yet; a late file was written before.
        A consent that is new in the file opens it again, whatever it covers.
        """
        if row.type == "consent":
            return None
        her = self._client_at(row.rid if row.type == "client" else row.parent)
        if her not in self._withdrawn:
            self._withdrawn[her] = self._has_withdrawn(her)
        return Refusal.WITHDRAWN if self._withdrawn[her] else None

    def _below_anothers_run(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a part from anybody but whoever answers for the run or case conference."""
        whose = self.parent_custodian(row) if rules_for(row.type).is_of_one else None
        return Refusal.NOT_WRITABLE if whose not in (None, row.custodian) else None

    def _phone_of_another(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a number below another's entry: it would be called as theirs."""
        is_others = row.type == "phone" and self.parent_custodian(row) not in (None, row.custodian)
        return Refusal.NOT_OF_NETWORK if is_others else None

    def _check_of_another(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a check from anybody but whoever answers for the entry."""
        is_check = row.type == "entry_check"
        return self._of_another_above(_ours, row) if is_check else None

    def _of_another_above(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a member from anybody but the network's custodian."""
        is_outside = row.type != "network" and self.parent_custodian(row) != self.sender
        return Refusal.NOT_OF_NETWORK if is_outside else None

    def _after_leaving(self, ours: Row | None, row: Row) -> Refusal | None:
        """Refuse what is for members of networks from a sender with whom we share none now.

        It has not learned yet that it, or that we, have left. An entry is for members unless its
        class lets every partner see it. A deletion takes nothing from anybody, and ours comes
        back. Who never was a member with us, as far as is known here, may have joined: the list of
        members can arrive later.
        """
        if not self._networks_left or row.custodian == self._own or is_deleted(row.state):
            return None
        after, above = _completed(row, ours), self._row_after(row.parent)
        classes = confidentiality_classes(after, {above.rid: above} if above is not None else {})
        is_entry = RECORD_TYPES[row.type].rules.family is Family.DIRECTORY
        if is_entry and may_see_entry(classes, is_partner=True):
            return None
        head = above if row.type in TOGETHER_PARTS else after
        return Refusal.LEFT_NETWORK if self._has_left(head) else None

    def _suggestion_of_others(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a suggestion that is not between its maker, who answers for the entry, and us."""
        concerned = {row.custodian, self.parent_custodian(row)}
        return None if concerned == {self.sender, self._own} else Refusal.NOT_OF_NETWORK

    def _figures_of_another(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse figures of anybody but the sender."""
        return Refusal.NOT_OF_NETWORK if row.custodian != self.sender else None

    def _outside_sum(self, ours: Row | None, row: Row) -> Refusal | None:
        """Refuse what is not the sender's own part of a sum, not for us, or too late.

        Nobody changes or deletes a share or a part that is here, not even who made it.
        """
        if row.custodian != self.sender:
            return Refusal.NOT_OF_NETWORK
        if row.type == "sum_round":
            if row.parent is not None:
                return Refusal.NOT_OF_NETWORK
            is_late = ours is None and self._has_left(row)
            return Refusal.LEFT_NETWORK if is_late else None
        above = self.head(row.parent or b"")
        is_astray = above is not None and above.type != "sum_round"
        if ours is not None or is_deleted(row.state) or is_astray:
            return Refusal.NOT_OF_NETWORK
        head, today = self._desk.store.row(row.parent or b""), self._desk.adapters.clock.now()
        may = is_takeable(row, head, self._own, self._our_circles, today.date())
        return None if may else self._why_outside(head)

    def _outside_together(self, _ours: Row | None, row: Row) -> Refusal | None:
        """Refuse what is not of the sender's own procedure or article, or of ours as a member.

        What is in force stays, and so does an edition.
        """
        is_head = row.type in TOGETHER_HEADS
        whose = row.custodian if is_head else self.parent_custodian(row)
        if whose != self._own:
            return None if whose == self.sender else Refusal.NOT_OF_NETWORK
        head = self._desk.store.row(row.rid if is_head else row.parent or b"")
        sort = together_sort(row.type)
        if head is None or not may_receive_of(head, self._our_circles, self.sender, sort):
            return self._why_outside(head)
        return None if is_open_to_members(head) else Refusal.NOT_WRITABLE

    def _outside_work(self, ours: Row | None, row: Row) -> Refusal | None:
        """Refuse what is not a member's own work, in a network that it and we are in, or its own.

        What stands below a meeting, agreement, project or activity is of the same member. Whoever
        answers for the network passes on what its members made, as long as they say nothing
        themselves. That a decision is done is said by whoever has to do it.
        """
        network, leader = self._network_above(row)
        is_astray = row.type not in WORK_HEADS and self.parent_custodian(row) != row.custodian
        if leader is None or is_astray:
            return Refusal.NOT_OF_NETWORK
        if row.custodian == self.sender:
            is_in = leader == self.sender or network in self._networks_shared
            if is_in:
                return None
            is_left = network in self._networks_left
            return Refusal.LEFT_NETWORK if is_left else Refusal.NOT_OF_NETWORK
        if self.is_passed_on(ours, row) or self._is_answer(ours, row):
            return None
        is_ours = row.custodian == self._own
        return Refusal.NOT_OF_NETWORK if is_ours else Refusal.OF_ANOTHER

    def _out_of_place(self, ours: Row | None, row: Row) -> Refusal | None:
        """Refuse a new record where its type does not stand, as far as that is known."""
        if ours is not None:
            return None
        head = self.head(row.parent) if row.parent is not None else None
        if row.parent is not None and head is None:
            stands = not stands_alone(row.type)
        else:
            stands = is_in_place(row.type, head.type if head is not None else None)
        return None if stands else Refusal.NOT_WRITABLE

    # --- what the rules ask

    def _client_at(self, rid: bytes | None) -> bytes:
        """Return the client that a record is or stands below, or the first one not known above.

        That may be a client who stayed out. It is empty if there is none.
        """
        return self._climb(rid, self._clients, _client_found, otherwise=b"")

    def _network_above(self, row: Row) -> tuple[bytes, bytes | None]:
        """Return the network of a record of the work, and who answers for it; None if in none."""
        below, rid = row.type, row.parent or b""
        above = self.head(rid)
        while above is not None and is_in_place(below, above.type):
            if above.type == "network":
                return rid, above.custodian
            below, rid = above.type, above.parent or b""
            above = self.head(rid)
        return b"", None

    def _is_answer(self, ours: Row | None, row: Row) -> bool:
        """Return whether the sender may say that a decision of another is done.

        It has to do the decision, or it answers for the network and passes this on.
        """
        if ours is None or row.type != OWNER_ANSWER[0]:
            return False
        may = is_owner(ours, self.sender) or self._network_above(row)[1] == self.sender
        return may and answer_part(row) is not None

    @cached_property
    def _networks_shared(self) -> frozenset[bytes]:
        """The networks in which the sender and we are members today, as they are here."""
        return shared_networks(self._our_circles, self.sender)

    @cached_property
    def _networks_left(self) -> frozenset[bytes]:
        """The networks that name the sender a member, and that it and we do not share today."""
        return left_networks(self._desk.members()[1], self.sender)

    @cached_property
    def _is_invited(self) -> bool:
        """The file makes us a member of a network of the sender's own."""
        named = (one.row for one in self._taken.rows if one.type == "membership")
        return any(
            row.custodian == self.sender and self._desk.store.row(row.rid) is None
            and column_values(row)[0].get("organisation") == self._own.hex()
            for row in named
        )  # fmt: skip

    def _has_left(self, head: Row | None) -> bool:
        """Return whether the sender left the network that a record names, or all if it names none.

        We may have left, too.
        """
        network = column_values(head)[0].get("network") if head is not None else None
        if network is not None:
            return network in {rid.hex() for rid in self._networks_left}
        has_left = bool(self._networks_left) and not self._networks_shared
        return has_left and not self._is_invited

    def _why_outside(self, head: Row | None) -> Refusal:
        """Return why the sender may not write below a record of a network."""
        return Refusal.LEFT_NETWORK if self._has_left(head) else Refusal.NOT_OF_NETWORK

    def _root_custodian(self, row: Row) -> bytes | None:
        """Return the custodian of the topmost record above a row; None if one is not known."""
        if row.parent is None:
            return row.custodian

        def ask(_: bytes, head: Head | None) -> Found[bytes | None]:
            if head is None:
                return (None,)
            return (head.custodian,) if head.parent is None else None

        return self._climb(row.parent, self._roots, ask, otherwise=None)

    def _climb(self, rid: bytes | None, known: dict[bytes, T], ask: Ask[T], *, otherwise: T) -> T:
        """Return what is found at a record or at the first one above; `otherwise` for nothing.

        `known` keeps the answers, so each record is asked once: a file may let its records stand
        as deep as it likes, or in a ring. `ask` must find something where nobody is known.
        """
        if rid in known:
            return known[rid]
        passed: dict[bytes, None] = {}
        answer = otherwise
        while rid is not None and rid not in passed:
            if rid in known:
                answer = known[rid]
                break
            passed[rid] = None
            head = self.head(rid)
            found = ask(rid, head)
            if found is not None:
                answer = found[0]
                break
            rid = head.parent if head is not None else None
        known.update(dict.fromkeys(passed, answer))
        return answer

    # --- the rules of each family, in the order in which they are asked

    _RULES: ClassVar[Mapping[Family, tuple[_Rule, ...]]] = {
        Family.CASE: (
            _own_run_back, _new_of_another, _discloses_others, _after_withdrawal,
            _below_anothers_run, _out_of_place,
        ),
        Family.DIRECTORY: (
            _new_of_another, _phone_of_another, _check_of_another, _after_leaving, _out_of_place,
        ),
        Family.SUGGESTION: (_new_of_another, _suggestion_of_others, _out_of_place),
        Family.NETWORK: (_new_of_another, _of_another_above, _out_of_place),
        Family.WORK: (_outside_work,),
        Family.TOGETHER: (_new_of_another, _outside_together, _after_leaving, _out_of_place),
        Family.FIGURES: (_new_of_another, _figures_of_another, _after_leaving, _out_of_place),
        Family.SUM: (_new_of_another, _outside_sum, _out_of_place),
    }  # fmt: skip
