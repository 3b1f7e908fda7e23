# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums of several organisations: begin a round, take part, add up, and release the sum.

Shares and parts are records that go with the next ordinary files, in any order. What is said about
a round follows from its records each time; nothing but its end is ever written into it. A desk
whose part has gone out takes part in no other sum about the same clients, unless the same members
are asked the same: then it gives the same numbers again. So nobody can subtract two sums.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.figures import FIGURE_POPULATIONS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.figures.attack import are_related
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.domain.figures.rounds import (
    SumStep,
    SumTerms,
    VoidReason,
    collect_numbers,
    encode_members,
    fault_reason,
    in_order,
    next_step,
    read_terms,
)
from kfdesk.domain.figures.sums import (
    Numbers,
    RoundNumbers,
    SumQuestion,
    add_numbers,
    encode_numbers,
    leaves_small_group,
    split_numbers,
)
from kfdesk.domain.kinds import Wire, is_reference
from kfdesk.domain.network import Circle
from kfdesk.domain.records.directory import Network
from kfdesk.domain.records.figures import SumRound
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.services.core.history import organisation_names
from kfdesk.services.core.records import put_changed, put_new, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.figures.populations import read_counted_store
from kfdesk.services.figures.releases import (
    RELEASE_RIGHTS,
    SUM_METHOD,
    FigureQuestion,
    list_releases,
    put_release,
)

_DRAW_BYTES = 16
_OWN_STEPS = frozenset({SumStep.ANSWER, SumStep.ADD, SumStep.RELEASE})
"""Steps that this desk takes; in the others it waits."""
_MOST_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class SumDetails:
    """A sum: what it asks, what comes next at this desk, and who has come.

    `terms` are None if it cannot be read. `came` are members whose share is here, at the
    coordinator's those whose part is, too, in `parts`. `names` are those of the members. `release`
    is the id of the sum's release, if that is here.
    """

    row: Row
    step: SumStep
    terms: SumTerms | None = None
    reason: VoidReason | None = None
    came: frozenset[bytes] = frozenset()
    parts: frozenset[bytes] = frozenset()
    names: Mapping[bytes, str] = field(default_factory=dict)
    is_ours: bool = False
    release: bytes = b""

    @property
    def missing(self) -> frozenset[bytes]:
        """The members for whom the round waits at this desk."""
        if self.terms is None:
            return frozenset()
        members = self.terms.question.members
        return members - (self.parts if self.step is SumStep.PARTS else self.came)


@dataclass(frozen=True, slots=True)
class SumNetwork:
    """A network whose members can add up: its title, and the members beside us who may take part.

    `lacking` are names of members who are no verified partners of ours.
    """

    rid: bytes
    title: Value
    members: Mapping[bytes, str]
    lacking: tuple[str, ...] = ()


def list_sum_networks(desk: Session) -> tuple[SumNetwork, ...]:
    """Return the networks in which we share figures. Raise KfdeskError `user.not_allowed`."""
    desk.require(Right.FIGURES)
    verified, found = _verified_partners(desk), []
    for rid, circle in sorted(desk.circles().items()):
        row = desk.store.row(rid)
        if row is not None and "figures" in circle.shares:
            names = organisation_names(desk, circle.members - {desk.identity.organisation})
            members = {one: name for one, name in names.items() if one in verified}
            lacking = sorted(name for one, name in names.items() if one not in verified)
            found.append(SumNetwork(rid, view(row, Network).record.title, members, tuple(lacking)))
    return tuple(found)


def list_sums(desk: Session) -> tuple[SumDetails, ...]:
    """Return the sums in which we take part: those that go on first, then the newest.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.FIGURES)
    rows = [row for row in desk.store.rows("sum_round") if not is_deleted(row.state)]
    circles, own = desk.circles(), desk.identity.organisation
    found = (_details(desk, row, circles) for row in rows)
    kept = (one for one in found if one.terms is None or own in one.terms.question.members)
    return tuple(sorted(kept, key=_order, reverse=True))


def list_waiting_sums(desk: Session) -> tuple[SumDetails, ...]:
    """Return the sums in which a step is ours to take now, by their last day.

    Of very many only those that end next are looked at: anybody in a network can begin some.
    Raise KfdeskError `user.not_allowed` for who may not take it.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    rows, today = desk.store.rows("sum_round"), desk.adapters.clock.now().date()
    dated = [(until, row.rid, row) for row in rows if (until := _open_until(row)) is not None]
    dated.sort(key=lambda one: (one[0] < today, *one[:2]))
    circles = desk.circles() if dated else {}
    found = (_details(desk, row, circles) for _, _, row in dated[:_MOST_LOOKED_AT])
    return tuple(one for one in found if one.step in _OWN_STEPS)


def _open_until(row: Row) -> date | None:
    """Return the last day of a round that nobody has ended; None if it cannot be read."""
    try:
        terms = read_terms(row)
    except KfdeskError:
        return None
    return terms.until if terms.state == "open" else None


def read_sum(desk: Session, rid: bytes) -> SumDetails:
    """Return a sum. Raise KfdeskError `user.not_allowed` or `record.missing`."""
    desk.require(Right.FIGURES)
    return _details(desk, _require_round(desk, rid))


def begin_sum(
    desk: Session, network: bytes, question: FigureQuestion, members: Iterable[bytes], until: date
) -> bytes:
    """Begin a sum of these members of a network, and of ourselves; return its id.

    The network must let its members have figures, as the sum is released to them. Raise
    KfdeskError `user.not_allowed`, `figures.…` for the question, `sums.…` for the members or the
    day, or `sums.not_shared`.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    row, changes = _new_round(desk, network, question, members, until)
    with desk.store.transaction():
        put_new(desk, row, changes)
    return row.rid


def answer_sum(desk: Session, rid: bytes) -> None:
    """Take part: count, split the numbers, and keep a share for each member, ours included.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `sums.void`, `sums.answered`,
    `sums.again`, `sums.no_partner`, or `figures.period_open`.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    terms = _require_step(desk, rid, SumStep.ANSWER, KfdeskError("sums.answered"))
    terms.question.period.require_over(desk.adapters.clock.now().date())
    _require_partners(desk, terms.question)
    numbers = _numbers_given_before(desk, rid, terms)
    if numbers is None:
        numbers = _count(desk, terms.question)
    draw = desk.adapters.random(_DRAW_BYTES).hex()
    shares = split_numbers(numbers, terms.question.members, desk.adapters.random)
    with desk.store.transaction():
        for getter, share in sorted(shares.items()):
            values: dict[str, Value] = {
                "to": getter.hex(), "asked": terms.question.digest, "draw": draw,
                "numbers": encode_numbers(share),
            }  # fmt: skip
            put_new(desk, desk.new_row("sum_share", rid), encode_changes("sum_share", values))


def add_up(desk: Session, rid: bytes) -> None:
    """Add the shares that are here, and keep the part for the coordinator.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `sums.void`, `sums.again`, or
    `sums.not_all` as long as shares are missing.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    terms = _require_step(desk, rid, SumStep.ADD, KfdeskError("sums.not_all"))
    _numbers_given_before(desk, rid, terms)
    part = _collect(desk, rid, terms).part_of(desk.identity.organisation)
    assert part is not None
    values: dict[str, Value] = {
        "asked": terms.question.digest,
        "drawn": part.drawn,
        "numbers": encode_numbers(part.numbers),
    }
    with desk.store.transaction():
        put_new(desk, desk.new_row("sum_part", rid), encode_changes("sum_part", values))


def preview_sum(desk: Session, rid: bytes) -> SafeFigures:
    """Return what of a sum that is complete here may be published. Write nothing.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `sums.void`, `sums.not_all`, or
    `figures.difference` if members have published so much that a small group would be left.
    """
    desk.require(Right.FIGURES)
    terms = _require_step(desk, rid, SumStep.RELEASE, KfdeskError("sums.not_all"))
    return _judge(desk, rid, terms)


def release_sum(desk: Session, rid: bytes) -> bytes:
    """Release a sum that is complete here to its network; return the release's id.

    Raise KfdeskError as `preview_sum` does, `figures.nothing` or `figures.too_long`.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    terms = _require_step(desk, rid, SumStep.RELEASE, KfdeskError("sums.not_all"))
    figures, asked = _judge(desk, rid, terms), terms.question
    if figures.total == 0:
        raise KfdeskError("figures.nothing")
    question = FigureQuestion(asked.population, asked.period, asked.variables, asked.is_crossed)
    row = _require_round(desk, rid)
    with desk.store.transaction():
        release = put_release(
            desk, question, figures, {"method": SUM_METHOD, "network": terms.network.hex()}
        )
        _put_end(desk, row, {"state": "released", "release": release.rid.hex()})
    return release.rid


def end_sum(desk: Session, rid: bytes) -> None:
    """Say that a sum of ours is void: nothing of it goes out or comes in any more.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `record.not_ours`, or `sums.released`.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    row = _require_round(desk, rid)
    if row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")
    if _details(desk, row).step is SumStep.RELEASED:
        raise KfdeskError("sums.released")
    with desk.store.transaction():
        _put_end(desk, row, {"state": "void"})


def begin_again(desk: Session, rid: bytes, until: date) -> bytes:
    """End a sum of ours and begin it anew without those who have not come; return the new id.

    Everybody draws fresh numbers. Raise KfdeskError as `end_sum` and `begin_sum` do, or
    `sums.complete` if nobody is missing.
    """
    desk.require(Right.FIGURES)
    desk.require(*RELEASE_RIGHTS)
    found = _details(desk, _require_round(desk, rid))
    if not found.is_ours:
        raise KfdeskError("record.not_ours")
    if found.terms is None:
        raise KfdeskError("sums.unreadable")
    if found.step in (SumStep.RELEASE, SumStep.RELEASED):
        raise KfdeskError("sums.complete")
    asked = found.terms.question
    circle = desk.circles().get(found.terms.network)
    standing = circle.members if circle is not None else frozenset[bytes]()
    is_all_here = found.came == asked.members
    stay = (asked.members if is_all_here else found.came) & standing
    question = FigureQuestion(asked.population, asked.period, asked.variables, asked.is_crossed)
    row, changes = _new_round(desk, found.terms.network, question, stay, until)
    with desk.store.transaction():
        _put_end(desk, found.row, {"state": "void"})
        put_new(desk, row, changes)
    return row.rid


# --- parts


def _new_round(
    desk: Session, network: bytes, question: FigureQuestion, members: Iterable[bytes], until: date
) -> tuple[Row, Mapping[int, Wire]]:
    """Return an empty row and what it is to say; raise as `begin_sum` does."""
    question.request.check()
    own, today = desk.identity.organisation, desk.adapters.clock.now().date()
    asked = SumQuestion(
        question.population, question.period, in_order(question.variables),
        question.is_crossed, frozenset({own, *members}),
    )  # fmt: skip
    if asked.population not in FIGURE_POPULATIONS:
        raise KfdeskError("figures.population")
    asked.check()
    asked.period.require_over(today)
    circle = desk.circles().get(network)
    if circle is None or not asked.members <= circle.members:
        raise KfdeskError("sums.not_in_network")
    if "figures" not in circle.shares:
        raise KfdeskError("sums.not_shared")
    if until < today:
        raise KfdeskError("sums.day_over")
    _require_partners(desk, asked)
    values: dict[str, Value] = {
        "population": asked.population, "period_from": asked.period.first,
        "period_to": asked.period.last, "is_crossed": asked.is_crossed,
        "members": encode_members(asked.members), "until": until, "made": today,
        "state": "open", "network": network.hex(),
        **({"variables": asked.variables} if asked.variables else {}),
    }  # fmt: skip
    return desk.new_row("sum_round", None), encode_changes("sum_round", values)


def _require_round(desk: Session, rid: bytes) -> Row:
    row = require_record(desk, rid)
    if row.type != "sum_round":
        raise KfdeskError("record.missing")
    return row


def _require_step(desk: Session, rid: bytes, step: SumStep, otherwise: KfdeskError) -> SumTerms:
    """Return the terms of a round at this step. Raise `otherwise`, or KfdeskError `sums.void`."""
    found = _details(desk, _require_round(desk, rid))
    if found.terms is None:
        raise KfdeskError("sums.unreadable")
    if found.step is SumStep.VOID:
        raise KfdeskError("sums.void")
    if found.step is not step:
        raise otherwise
    return found.terms


def _require_partners(desk: Session, question: SumQuestion) -> None:
    """Refuse a round with a member to whom we can send no file."""
    lacking = sorted(question.members - _verified_partners(desk) - {desk.identity.organisation})
    if lacking:
        name = organisation_names(desk, lacking)[lacking[0]]
        raise KfdeskError("sums.no_partner", partner=name)


def _verified_partners(desk: Session) -> frozenset[bytes]:
    partners = desk.store.ledger.partners()
    return frozenset(one.organisation for one in partners if one.state is PartnerState.VERIFIED)


def _count(desk: Session, question: SumQuestion) -> Numbers:
    counted = read_counted_store(desk)
    people = counted.population(question.population, question.period)
    return question.count(counted.values(people).values())


def _numbers_given_before(desk: Session, rid: bytes, terms: SumTerms) -> Numbers | None:
    """Return our numbers in a void round of the same members with the same question; else None.

    Raise KfdeskError `sums.again` if another sum about the same clients could be subtracted: our
    part has gone out, or can still go.
    """
    asked, own = terms.question, desk.identity.organisation
    before: Numbers | None = None
    for row in desk.store.rows("sum_round"):
        others = _own_shares(desk, row.rid)
        if row.rid == rid or not others:
            continue
        found = _details(desk, row)
        has_gone = any(one.custodian == own for one in desk.store.rows_below("sum_part", row.rid))
        if found.step is SumStep.VOID and not has_gone:
            continue
        other = found.terms.question if found.terms is not None else None
        if other is not None and not are_related(
            (other.population, other.period), (asked.population, asked.period)
        ):
            continue
        if other is None or other.digest != asked.digest or found.step is not SumStep.VOID:
            raise KfdeskError("sums.again")
        numbers = collect_numbers(found.terms, others, ()).shares if found.terms else {}
        before = add_numbers([share.numbers for share in numbers.values()])
    return before


def _own_shares(desk: Session, rid: bytes) -> tuple[Row, ...]:
    own = desk.identity.organisation
    return tuple(row for row in desk.store.rows_below("sum_share", rid) if row.custodian == own)


def _collect(desk: Session, rid: bytes, terms: SumTerms) -> RoundNumbers:
    store = desk.store
    return collect_numbers(
        terms, store.rows_below("sum_share", rid), store.rows_below("sum_part", rid)
    )


def _judge(desk: Session, rid: bytes, terms: SumTerms) -> SafeFigures:
    result = _collect(desk, rid, terms).result
    assert result is not None
    figures, asked = terms.question.judge(result), terms.question
    published: dict[bytes, list[SafeFigures]] = {member: [] for member in asked.members}
    for one in list_releases(desk):
        custodian, record = one.view.row.custodian, one.view.record
        is_same = (record.population, one.period) == (asked.population, asked.period)
        is_own = record.method != SUM_METHOD and custodian in published
        if one.figures is not None and is_own and is_same:
            published[custodian].append(one.figures)
    if leaves_small_group(figures, published.values()):
        raise KfdeskError("figures.difference", least=figures.least)
    return figures


def _put_end(desk: Session, row: Row, values: Mapping[str, Value]) -> None:
    put_changed(desk, row, encode_changes("sum_round", values), seen_writes(row))


def _details(desk: Session, row: Row, circles: Mapping[bytes, Circle] | None = None) -> SumDetails:
    """Return a round as it stands; `circles` are those of the desk, if they are known already."""
    own = desk.identity.organisation
    is_ours = row.custodian == own
    try:
        terms = read_terms(row)
    except KfdeskError:
        return SumDetails(row, SumStep.VOID, is_ours=is_ours)
    question, names = terms.question, organisation_names(desk, terms.question.members)
    today = desk.adapters.clock.now().date()
    reason = terms.void_reason(desk.circles() if circles is None else circles, today)
    try:
        numbers = _collect(desk, row.rid, terms)
        step = next_step(terms, numbers, own)
        if step is SumStep.RELEASE:
            question.judge(numbers.result or ())
    except KfdeskError as fault:
        return SumDetails(
            row, SumStep.VOID, terms, reason or fault_reason(fault), names=names, is_ours=is_ours
        )
    is_safe = step in (SumStep.RELEASED, SumStep.GIVEN, SumStep.RELEASE)
    if reason is VoidReason.LATE and is_safe:
        reason = None
    if reason is not None and step is not SumStep.RELEASED:
        step = SumStep.VOID
    came, parts = numbers.givers_to(own), frozenset(numbers.parts)
    release = text_or_empty(view(row, SumRound).record.release)
    is_here = is_reference(release) and desk.store.row(bytes.fromhex(release)) is not None
    return SumDetails(
        row, step, terms, reason, came, parts, names, is_ours,
        bytes.fromhex(release) if is_here else b"",
    )  # fmt: skip


def _order(one: SumDetails) -> tuple[bool, date, bytes]:
    made, is_over = (
        view(one.row, SumRound).record.made,
        one.step in (SumStep.VOID, SumStep.RELEASED),
    )
    return not is_over, made if isinstance(made, date) else date.min, one.row.rid
