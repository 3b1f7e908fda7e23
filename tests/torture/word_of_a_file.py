# SPDX-License-Identifier: GPL-3.0-or-later
"""A file whose every row is refused: no table but those that tell of the file itself changes.

Any record type and any message; and an honest partner's case and withdrawal come, whatever somebody
else said of them before or between. A revoked laptop of ours leaves nothing at all. Another cannot
make a third house's records somebody else's. Each way has a control.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests.integration.hostile_samples import MACHINE, WHO, Trio, hostile_trio
from tests.support.laptops import trusted_laptop
from tests.support.lasting import differing, lasting_rows
from tests.support.make import FILLED
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.world import World, refusal

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.authority import make_record_id
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import is_withdrawn, withdrawal_notice
from kfdesk.domain.exchange import (
    ControlMessages,
    ErasureOrder,
    ErasureOutcome,
    ErasureReceipt,
    Partner,
    PartnerState,
    Provenance,
)
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import Row
from kfdesk.domain.rules import Family
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import import_policy, partners, transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.import_policy import ImportPolicy, Refusal
from kfdesk.services.exchange.partners import PartnerTerms

_WHY = ErasureReason.CLIENT_REQUEST

Off = Mapping[str, tuple[object, object]]


def erased_here(trio: Trio, by: Session, rng: random.Random) -> bytes:
    """Return an id that B knows to be erased: its own client, or a ghost that it orders erased."""
    forger = trio.forger(by)
    if rng.random() < 0.5:
        client = forger.written("client", {"code": f"gone-{rng.randrange(10**6)}"})
        trio.take(forger.file([client]))
        erase_client(trio.ours, client.rid, _WHY)
        return client.rid
    rid = make_record_id(by.identity.organisation, rng.randbytes(8))
    order = ErasureOrder(rng.randbytes(16), rid, None, _WHY, 0, 1 << 16)
    trio.take(forger.file(dealings=ControlMessages(orders=(order,))))
    return rid


def live_client(trio: Trio, by: Session) -> bytes:
    """Return the id of a client of this partner that is here."""
    client = trio.forger(by).written("client", {"code": "b-1"})
    trio.take(trio.forger(by).file([client]))
    return client.rid


def case_of(trio: Trio, by: Session) -> tuple[Row, ...]:
    """Return client, plan, leg and a consent for us, of this partner's own."""
    forger = trio.forger(by)
    client = forger.written("client", {"code": "koda-9"})
    plan = forger.written("plan", {"wish": "stay"}, parent=client.rid)
    leg = forger.written("leg", FILLED["leg"], parent=plan.rid)
    values = people.reception_consent(
        trio.ours.adapters.clock.now(), trio.ours.identity.organisation.hex()
    )
    return client, plan, leg, forger.written("consent", values, parent=client.rid)


def withdrawn(trio: Trio, row: Row, by: Session) -> Row:
    """Return a consent after this partner has written that it is withdrawn."""
    now = trio.ours.adapters.clock.now().replace(tzinfo=None)
    values: dict[str, Value] = {"withdrawn": ZonedTime.at(now, "UTC")}
    return trio.forger(by).changed(row, values)


def forged_file(
    trio: Trio, by: Session, about: Iterable[Row], parents: Iterable[bytes], rng: random.Random
) -> Path:
    """Return a file of this partner that says all it can of records that are not its own.

    None of what it says of them may be believed, in any message.
    """
    forger, others = trio.forger(by), list(about)
    sent: dict[bytes, Row] = {}
    notices: dict[bytes, Row] = {}
    whose = [by.identity.organisation, trio.third.identity.organisation,
             trio.ours.identity.organisation]  # fmt: skip
    for row in rng.sample(others, min(len(others), rng.randrange(1, 6))):
        claimed = {"parent": rng.choice([*parents]), "custodian": rng.choice(whose[:2])}
        if row.type == "consent" and rng.random() < 0.6:
            taken = replace(withdrawn(trio, row, by), **claimed)  # type: ignore[arg-type]
            notices[row.rid] = withdrawal_notice(taken).row
        else:
            values = {} if row.type == "consent" else FILLED.get(row.type, {})
            sent[row.rid] = replace(
                forger.written(row.type, values, rid=row.rid),
                **claimed,  # type: ignore[arg-type]
            )
    name = rng.choice(sorted(FILLED))
    rid = make_record_id(rng.choice(whose[1:]), rng.randbytes(8))
    sent[rid] = forger.written(
        name, FILLED[name], parent=rng.choice([*parents]), rid=rid, custodian=whose[0]
    )
    said = ControlMessages(
        receipts=(ErasureReceipt(rng.randbytes(16), rng.choice(list(ErasureOutcome)), 1 << 16),),
        provenance=tuple(
            Provenance(row.rid, whose[1], frozenset(write[:2] for write in live_writes(row.state)))
            for row in sorted(others, key=lambda one: one.rid)[:2]
        ),
    )
    told = [withdrawal_notice(row) for row in notices.values()]
    return forger.file(sent.values(), said, told)


def refused_rows(trio: Trio, rng: random.Random) -> Seen:
    """B's rows and notices are all refused, and every table is as before."""
    parents = [erased_here(trio, trio.bad, rng), live_client(trio, trio.bad)]
    mine = [trio.ours.store.rows(name)[0] for name in ("client", "plan", "leg", "consent")]
    mine.append(trio.row(trio.ours.identity.organisation))
    about = [*mine, *case_of(trio, trio.third)]
    before = lasting_rows(trio.ours)
    path = forged_file(trio, trio.bad, about, parents, rng)
    review = transfer.review_bundle(trio.ours, path)
    if not review.needs_look:
        return Seen("unseen", "a file of false claims may be taken unseen")
    transfer.import_bundle(trio.ours, path, review)
    changed = differing(before, lasting_rows(trio.ours))
    return Seen("refused", f"written on a file's word: {changed[0][:60]}" if changed else "")


def honest_partner(trio: Trio, rng: random.Random) -> Seen:
    """B and D lie about C's ids, in any order; C's case and withdrawal come all the same.

    What C sends of the case after its withdrawal stays out, but for the consent itself. A leg in
    a file of its own comes also if its plan stayed out, and no page shows it.
    """
    with another_partner(trio) as worse:
        return _honest_between(trio, (trio.bad, worse), rng)


def _honest_between(trio: Trio, liars: Iterable[Session], rng: random.Random) -> Seen:
    case = case_of(trio, trio.third)
    consent = case[3]
    third = trio.forger(trio.third)
    told = withdrawal_notice(withdrawn(trio, consent, trio.third))
    honest: list[Callable[[], Path]] = [lambda: third.file(case), lambda: third.notices([told])]
    if rng.random() < 0.5:
        honest = [*(partial(third.file, [row]) for row in case), honest[1]]
    lies: list[Callable[[], Path]] = []
    for liar in liars:
        parents = [erased_here(trio, liar, rng), live_client(trio, liar)]
        lies += [partial(forged_file, trio, liar, case, parents, rng) for _ in range(2)]
    makers = [*honest, *lies]
    order = sorted(range(len(makers)), key=lambda _: rng.random())
    rows_in_order = sorted(place for place in order if place < len(honest) - 1)
    order = [
        place if place >= len(honest) - 1 else rows_in_order.pop(0) for place in order
    ]  # C's own files of rows keep their order: a consent follows its client
    told_at = len(honest) - 1
    before = [place for place in order[: order.index(told_at)] if place < told_at]
    for place in order:
        trio.take(makers[place]())
    here = trio.ours.store.tree.custodians(row.rid for row in case)
    came = case if before and len(honest) == 2 else [case[place] for place in before]
    wanted = {row.rid for row in came} | {consent.rid}
    lost = [row.type for row in case if row.rid in wanted and here.get(row.rid) != row.custodian]
    if lost:
        return Seen("lost", f"C's {lost[0]} did not come")
    shown = {row.rid for row in case if row.type != "leg"}
    if (here.keys() & shown) - wanted:
        return Seen("open", "something came after the withdrawal")
    is_closed = is_withdrawn(trio.row(consent.rid))
    return Seen("whole", "" if is_closed else "C's withdrawal was swallowed")


@contextmanager
def another_partner(trio: Trio) -> Iterator[Session]:
    """Open the desk of a fourth organisation, whose keys are verified here."""
    place = trio.post.parent / "worse"
    worse = store_lifecycle.create_store(place, "Värre hus", WHO, MACHINE)
    try:
        for one, other in ((trio.ours, worse), (worse, trio.ours)):
            card = partners.our_card(other)
            partners.add_partner(one, card, PartnerTerms(is_third_country=False))
        for one, other in ((trio.ours, worse), (worse, trio.ours)):
            whose = other.identity.organisation
            partners.verify_partner(one, whose, partners.verification_digits(one, whose))
        yield worse
    finally:
        worse.store.close()


@contextmanager
def laptop_of_ours(trio: Trio) -> Iterator[Session]:
    """Open a second laptop of ours that is verified."""
    other = trusted_laptop(trio.ours, trio.post.parent / "laptop", WHO, MACHINE)
    try:
        yield other
    finally:
        other.store.close()


def revoked_laptop(trio: Trio, rng: random.Random) -> Seen:
    """Let a revoked laptop of ours send all it can: nothing is left of it, not even a receipt."""
    with laptop_of_ours(trio) as laptop:
        forger, case = trio.forger(laptop), case_of(trio, trio.third)
        consent = trio.ours.store.rows("consent")[0]
        rows = [forger.changed(trio.row(trio.legs[0]), {"carrier": "theirs"}), *case[:2],
                forger.written("client", {"code": "new"})]  # fmt: skip
        told = [withdrawal_notice(withdrawn(trio, consent, laptop))]
        order = ErasureOrder(rng.randbytes(16), trio.plan, None, _WHY, 0, 1 << 16)
        said = ControlMessages(orders=(order,)) if rng.random() < 0.5 else ControlMessages()
        path = forger.file(rng.sample(rows, rng.randrange(5)), said, told[: rng.randrange(2)])
        partners.revoke_partner(trio.ours, laptop.identity.device)
        before = lasting_rows(trio.ours, without=())
        if rng.random() < 0.5:
            code = refusal(lambda: trio.take(path))
        else:
            found = transfer.preview_files(trio.ours, [path])
            result = transfer.import_files(trio.ours, found.files)
            code = next((one.fault.code for one in found.files if one.fault), "")
            code = code if not result.taken else ""
        changed = differing(before, lasting_rows(trio.ours, without=()))
        wrong = "" if code == "bundle.sender_revoked" else "a revoked laptop is believed"
        return Seen("shut out", f"it wrote: {changed[0][:60]}" if changed else wrong)


def trusted_but_wrong(trio: Trio, rng: random.Random) -> Seen:
    """Let a laptop of ours say that C's records are B's or ours, before or after C sends them."""
    case = case_of(trio, trio.third)
    consent, third = case[3], trio.forger(trio.third)
    whose = [one.identity.organisation for one in (trio.ours, trio.bad)]
    if is_here := rng.random() < 0.5:
        trio.take(third.file(case))
    with laptop_of_ours(trio) as laptop:
        forger = trio.forger(laptop)
        false = [
            replace(forger.written(row.type, FILLED[row.type], parent=row.parent, rid=row.rid),
                    custodian=rng.choice(whose))
            for row in rng.sample(case, rng.randrange(1, 4)) if row.type != "consent"
        ]  # fmt: skip
        notice = replace(withdrawn(trio, consent, laptop), custodian=rng.choice(whose))
        told = [withdrawal_notice(notice)] if not false or rng.random() < 0.5 else []
        path = forger.file(false, notices=told)
        before = lasting_rows(trio.ours)
        review = transfer.review_bundle(trio.ours, path)
        if not review.needs_look:
            return Seen("unseen", "false claims of our own laptop may be taken unseen")
        transfer.import_bundle(trio.ours, path, review)
        changed = differing(before, lasting_rows(trio.ours))
    if changed:
        return Seen("believed", f"written on our laptop's word: {changed[0][:60]}")
    if not is_here:
        trio.take(third.file(case))
    trio.take(third.notices([withdrawal_notice(withdrawn(trio, consent, trio.third))]))
    here = trio.ours.store.tree.custodians(row.rid for row in case)
    is_whole = all(here.get(row.rid) == row.custodian for row in case)
    is_closed = is_whole and is_withdrawn(trio.row(consent.rid))
    return Seen("C's own word", "" if is_closed else "C's case or withdrawal is lost")


def _trial(attack: Callable[[Trio, random.Random], Seen], off: Off | None = None) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        with _standing(world) as trio, pytest.MonkeyPatch.context() as patch:
            for name, (where, other) in (off or {}).items():
                patch.setattr(where, name, other)
            seen = attack(trio, rng)
            if off is None and not seen.wrong:
                return Seen(seen.how, ", ".join(trio.ours.store.verify()[:2]))
            return seen

    return trial


@contextmanager
def _standing(world: World) -> Iterator[Trio]:
    with hostile_trio(world.scratch()) as trio:
        yield trio


def without_rule(name: str) -> Off:
    """Return what puts a table of rules without this one in the place of all rules."""
    rules: Mapping[Family, tuple[object, ...]] = ImportPolicy._RULES
    left = {
        family: tuple(rule for rule in some if getattr(rule, "__name__", "") != name)
        for family, some in rules.items()
    }
    return {"_RULES": (ImportPolicy, left)}


def _erased_first(policy: ImportPolicy, ours: Row | None, row: Row) -> Refusal | None:
    """Wrong on purpose: the file's own word of what stands above comes before any claim."""
    above = row.parent is not None and policy.erased.has(row.parent)
    return Refusal.ERASED if above else _REAL(policy, ours, row)


_REAL = ImportPolicy.refusal
_BELIEVED: Off = {
    "refusal": (ImportPolicy, _erased_first),
    "notice_refusal": (ImportPolicy, _erased_first),
    "may_keep_out": (import_policy, lambda *_: True),
}


def _still_known(desk: Session) -> Mapping[bytes, Partner]:
    """Wrong on purpose: nobody was ever revoked."""
    known = desk.store.ledger.partners()
    return {one.sign_key: replace(one, state=PartnerState.VERIFIED) for one in known}


_STILL_KNOWN: Off = {"_known_senders": (transfer, _still_known)}
_UNCLAIMED: Off = {"_claim": (ImportPolicy, lambda *_: None)}
_UNBOUND: Off = {"is_id_of_another": (import_policy, lambda *_: False)}

HARNESSES = (
    joined(
        "a file of which every row is refused",
        [
            (_trial(refused_rows), _trial(refused_rows, _BELIEVED)),
            (_trial(honest_partner), _trial(honest_partner, _UNBOUND)),
            (_trial(revoked_laptop), _trial(revoked_laptop, _STILL_KNOWN)),
            (_trial(trusted_but_wrong), _trial(trusted_but_wrong, _UNCLAIMED)),
        ],
        Size(4, 60, 5_000),
    ),
)
