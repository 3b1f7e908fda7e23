# SPDX-License-Identifier: GPL-3.0-or-later
"""A trusted partner that reaches for what is not its own: third records, ids, names, our look.

Three real desks, and files that one of them signs with a valid key. Each way has a control in
which its rule is switched off.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from tests.integration.hostile_samples import MACHINE, THIRD, WHO, Trio, hostile_trio
from tests.integration.test_procedure_runs import in_force
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.word_of_a_file import without_rule
from tests.torture.world import World, contents, refusal

from kfdesk.demo import people
from kfdesk.domain.audit import Action
from kfdesk.domain.authority import make_record_id
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.deadlines import legal_deadlines
from kfdesk.domain.exchange import (
    ControlMessages,
    Direction,
    ErasedWrite,
    ErasureOrder,
    ErasureOrderState,
    ErasureOutcome,
    ErasureReceipt,
    FileIssue,
    ResendRequest,
    TrackedErasureOrder,
    read_effect_key,
)
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    RecordState,
    build_state,
    encode_state,
    live_writes,
    merge_states,
    superseded_ids,
)
from kfdesk.domain.rows import Row, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow import gates
from kfdesk.domain.workflow.gates import Receiver
from kfdesk.domain.workflow.travel import reception_confirmed
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import OrganisationRef
from kfdesk.services.directory.entries import read_with_phones
from kfdesk.services.exchange import import_policy, merge, partners, record_findings, transfer
from kfdesk.services.exchange.import_policy import ImportPolicy
from kfdesk.services.exchange.merge import ImportMerger
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans.plans import read_case_context
from kfdesk.services.procedures import runs
from kfdesk.services.upkeep.backup import start_new_epoch
from kfdesk.store_lifecycle import create_organisation_store

_CARRIER = RECORD_TYPES["leg"].ids["carrier"]
_HEALTH = "insulin, morning and evening"
_STEPS: tuple[dict[str, Value], ...] = (
    {"prefix": "1", "lead": "anyone"},
    {"prefix": "2", "event": "opened", "amount": 3, "unit": "d", "clock": "advised", "after": "1"},
    {"prefix": "3", "event": "opened", "amount": 9, "unit": "d", "clock": "advised"},
)  # fmt: skip
_GROUPS = (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.HEALTH)
_ALARMS = {FileIssue.CLAIMED, FileIssue.FORGED_ID, FileIssue.OF_ANOTHER}

Attack = Callable[[Trio, random.Random], Seen]
Off = Mapping[str, tuple[object, object]]
"""What a control puts in the place of a rule: the name, where it stands, and the other."""


def _case(trio: Trio, rng: random.Random) -> tuple[Row, ...]:
    """Return C's client, plan and consent, which C shares with us and not with B."""
    forger, own = trio.forger(trio.third), trio.third.identity.organisation
    is_bound = rng.random() < 0.5

    def rid() -> bytes:
        if is_bound:
            return make_record_id(own, rng.randbytes(8))
        return UUID(bytes=rng.randbytes(16), version=4).bytes

    client = forger.written("client", {"code": "koda-9"}, rid=rid())
    needs = {"health_needs": people.localized(_HEALTH, _HEALTH, _HEALTH)}
    plan = forger.written("plan", needs, parent=client.rid, rid=rid())
    return client, plan, _consent(trio, trio.third, trio.ours.identity.organisation, client.rid)


def _consent(trio: Trio, by: Any, recipient: bytes, client: bytes) -> Row:
    now = trio.ours.adapters.clock.now()
    values = {**people.reception_consent(now, recipient.hex()), "groups": _GROUPS}
    return trio.forger(by).written("consent", values, parent=client)


def squat(trio: Trio, rng: random.Random) -> Seen:
    """B claims C's client or plan as its own, before or after C's file, and asks for it."""
    case, bad = _case(trio, rng), trio.bad.identity.organisation
    own = trio.forger(trio.bad).written("client", {"code": "mine"})
    head, more = own, tuple[Row, ...]()
    if rng.random() < 0.5:
        head = replace(own, rid=case[0].rid)
    else:
        plan = trio.forger(trio.bad).written("plan", {"wish": "stay"}, parent=own.rid)
        more = (replace(plan, rid=case[1].rid),)
    consent = _consent(trio, trio.bad, bad, head.rid)
    files = [
        trio.forger(trio.bad).file((head, consent, *more)),
        trio.forger(trio.third).file(case),
    ]
    rng.shuffle(files)
    found = {one.finding for path in files for one in trio.take(path).findings}
    for plan in trio.ours.store.rows("plan"):
        may = None
        with_it = partial(transfer.prepare_bundle, trio.ours, plan.rid, bad)
        if not refusal(with_it):
            may = with_it().may
        if may is not None and any(_HEALTH.encode() in row.packed for row in may.rows):
            return Seen("read", "B reads what C has entrusted to us")
    return Seen("told", "" if found & _ALARMS else "nobody is told of it")


def bring_others(trio: Trio, rng: random.Random) -> Seen:
    """B brings C's client, plan or a leg of it before C does."""
    case = _case(trio, rng)
    third, bad = trio.third.identity.organisation, trio.forger(trio.bad)
    leg = bad.written("leg", {"sequence": 1}, parent=case[1].rid, custodian=third)
    sent = (*case[:2], leg)[: rng.randrange(1, 4)]
    trio.take(bad.file(sent))
    here = [row.type for row in sent if trio.ours.store.row(row.rid) is not None]
    return Seen("refused", f"{here[0]} of C came from B" if here else "")


def erase_early(trio: Trio, rng: random.Random) -> Seen:
    """B orders that writes of C's record are erased before they come."""
    case = _case(trio, rng)
    row = rng.choice(case[:2])
    writes = tuple(write[:2] for write in live_writes(row.state))
    part = (rng.choice(writes),) if rng.random() < 0.5 else writes
    order = ErasureOrder(rng.randbytes(16), row.rid, part, ErasureReason.ERROR, 0, 1 << 16)
    trio.take(trio.forger(trio.bad).file(dealings=ControlMessages(orders=(order,))))
    trio.take(trio.forger(trio.third).file(case))
    kept = live_writes(trio.row(row.rid).state) == live_writes(row.state)
    return Seen("kept", "" if kept else "B erased what C had not yet sent")


def rewrite(trio: Trio, rng: random.Random) -> Seen:
    """B sends another content under the ids of our writes, live or replaced."""
    row = trio.row(rng.choice(trio.legs))
    if rng.random() < 0.5:
        change_record(trio.ours, row.rid, {"carrier": "newer"})
    later = rng.choice((-5, 0, 5))
    writes = [
        write._replace(value="forged", hlc=write.hlc + later) if write.fid == _CARRIER else write
        for write in live_writes(row.state)
    ]
    before = encode_state(trio.row(row.rid).state), trio.ours.store.history(row.rid)
    forged = replace(row, state=build_state(writes, superseded_ids(row.state)))
    path = trio.forger(trio.bad).file([forged])
    found = {one.finding for one in trio.take(path).findings}
    after = encode_state(trio.row(row.rid).state), trio.ours.store.history(row.rid)
    if after != before:
        return Seen("changed", "our write has another content")
    return Seen("told", "" if FileIssue.CHANGED_WRITE in found else "nobody is told of it")


def speak_as_us(trio: Trio, rng: random.Random) -> Seen:
    """B writes in the name of one of ours."""
    ours = trio.ours.identity.name
    row = trio.row(rng.choice(trio.legs))
    name = rng.choice(
        (ours, ours.upper(), f" {ours} ", f"{ours}, Malmö", f"{ours} AB", f"({ours})")
    )
    forged = trio.forger(trio.bad).changed(row, {"carrier": "x"}, f"{people.INITIALS}, {name}")
    path = trio.forger(trio.bad).file([forged])
    review = transfer.review_bundle(trio.ours, path)
    if FileIssue.IN_OUR_NAME not in {one.finding for one in review.findings}:
        return Seen("unseen", "a label that names us is not told")
    return Seen("told", "" if review.needs_look else "it may be taken unseen")


def show_card(trio: Trio, rng: random.Random) -> Seen:
    """Somebody's card has the name of C, or nearly, or the id of an entry of ours."""
    name = rng.choice((THIRD, "Kolmаs Koda", THIRD.upper(), "Ko1mas Koda", "Kоlmas Kоda"))
    entry = None
    if is_claim := rng.random() < 0.5:
        name = "Någon Annan"
        entry = create_record(trio.ours, Organisation, {"name": "Exempelmyndigheten"})
    folder = trio.post / "forger"
    desk = create_organisation_store(
        folder, OrganisationRef(name, entry or rng.randbytes(16)), WHO, MACHINE
    )
    card = partners.our_card(desk)
    desk.store.close()
    shutil.rmtree(folder)
    terms = PartnerTerms(is_third_country=False)
    if is_claim:
        code = refusal(lambda: partners.add_partner(trio.ours, card, terms))
        return Seen(code or "added", "" if code else "a card inherited the consents of an entry")
    path = trio.post / "a.card"
    path.write_bytes(card)
    alike = partners.preview_card(trio.ours, path).alike
    return Seen("told", "" if alike == (THIRD,) else f"{name} is not told")


def _take_several(trio: Trio, rng: random.Random, *, believes: bool) -> Seen:
    """B's file is swapped after the look, or erases, and is taken with others."""
    client = trio.forger(trio.bad).written("client", {"code": "b-1"})
    trio.take(trio.forger(trio.bad).file([client]))
    order = ErasureOrder(
        rng.randbytes(16), client.rid, None, ErasureReason.CLIENT_REQUEST, 0, 1 << 16
    )
    note = trio.forger(trio.bad).changed(trio.row(trio.legs[0]), {"carrier": "seen"})
    shown = trio.forger(trio.bad).file([note])
    erasing = trio.forger(trio.bad).file(dealings=ControlMessages(orders=(order,)))
    is_swapped = rng.random() < 0.5
    found = transfer.preview_files(trio.ours, [shown if is_swapped else erasing])
    if is_swapped:
        erasing.replace(shown)
    before = contents(trio.ours.store)
    if believes:
        (one,) = found.files
        transfer.import_bundle(trio.ours, one.path, transfer.review_bundle(trio.ours, one.path))
    else:
        transfer.import_files(trio.ours, found.files)
    if trio.ours.store.row(client.rid) is None:
        return Seen("erased", "a client was erased unseen")
    same = contents(trio.ours.store) == before
    return Seen("swapped" if is_swapped else "left", "" if same else "the store is changed")


def keep_out(trio: Trio, rng: random.Random) -> Seen:
    """B says of C's newest values, which it knows before us, that they are replaced already."""
    client, plan, _ = rows = _case(trio, rng)
    trio.take(trio.forger(trio.third).file(rows))
    if rng.random() < 0.5:
        hold = trio.forger(trio.ours).changed(trio.row(plan.rid), {"legal_hold": "invented"})
        with trio.ours.store.transaction():
            trio.ours.store.put(hold)
    third, bad = trio.forger(trio.third), trio.forger(trio.bad)
    changed = third.changed(plan, {"receiver": client.rid.hex(), "wish": "return"})
    new = {write[:2] for write in live_writes(changed.state)}
    said = bad.changed(changed, {"receiver": plan.rid.hex(), "wish": "stay"}, "B")
    own = [write for write in live_writes(said.state) if write.author == "B"]
    trio.take(bad.file([replace(plan, state=build_state(own, new))]))
    trio.take(third.file([changed]))
    is_here = set(live_writes(changed.state)) <= set(live_writes(trio.row(plan.rid).state))
    return Seen("both stand", "" if is_here else "C's value is kept out")


def use_id_first(trio: Trio, rng: random.Random) -> Seen:
    """B brings another value under the id of C's newest one, before C's file comes."""
    rows = _case(trio, rng)
    trio.take(trio.forger(trio.third).file(rows))
    plan, key = rows[1], rng.choice(("receiver", "escort"))
    changed = trio.forger(trio.third).changed(plan, {key: rows[0].rid.hex()})
    false = [
        write if write in live_writes(plan.state)
        else write._replace(value=plan.rid.hex(), hlc=write.hlc + rng.choice((0, 9)), author="B")
        for write in live_writes(changed.state)
    ]  # fmt: skip
    trio.take(trio.forger(trio.bad).file([replace(plan, state=build_state(false, ()))]))
    review = trio.take(trio.forger(trio.third).file([changed]))
    if not set(live_writes(changed.state)) <= set(live_writes(trio.row(plan.rid).state)):
        return Seen("refused", "C's own value is refused")
    told = FileIssue.FALSE_WRITE in {one.finding for one in review.findings}
    return Seen("told", "" if told else "nobody is told of it")


def take_run_over(trio: Trio, rng: random.Random) -> Seen:
    """B brings a run or a step of its own, or calls a step off, in our plan with our run."""
    run = runs.start_run(trio.ours, trio.plan, in_force(trio.ours, *_STEPS))
    before, bad = runs.read_run(trio.ours, trio.plan), trio.forger(trio.bad)
    assert before is not None
    whose = rng.choice((trio.bad, trio.ours)).identity.organisation
    opened = ZonedTime.at(datetime.fromisoformat(f"{rng.randrange(1970, 2026)}-01-01"), "UTC")
    way = rng.choice(("run", "step", "off"))
    if way == "run":
        row = bad.written("cooperation", {"opened": opened}, parent=trio.plan, custodian=whose)
    elif way == "step":
        values = {"prefix": rng.choice("123"), "after": rng.choice("123"), "state": "completed"}
        row = bad.written("cooperation_step", values, parent=run, custodian=whose)
    else:
        step = trio.row(rng.choice(before.steps).view.rid)
        row = bad.changed(step, {"state": rng.choice(("cancelled", "not_applicable"))})
    trio.take(bad.file([row]))
    after = runs.read_run(trio.ours, trio.plan)
    assert after is not None
    is_same = after.view.rid == run and _days_of(after) == _days_of(before)
    return Seen(way, "" if is_same else "B's word moved our deadlines")


def _days_of(run: runs.Run) -> list[tuple[object, ...]]:
    return [(one.view.rid, one.due, one.is_settled, one.waits_for) for one in run.steps]


def hang_phone(trio: Trio, rng: random.Random) -> Seen:
    """B hangs a telephone below an entry of ours or of C, before or after the entry comes."""
    ours, third = trio.ours.identity.organisation, trio.third.identity.organisation
    entry = trio.forger(trio.third).written("organisation", {"name": "Kolmas maja"})
    above = rng.choice((ours, third, entry.rid))
    values: dict[str, Value] = {
        "number": "+46 8 000 00 66",
        "confidentiality": "public",
        "is_safe": True,
    }
    phone = trio.forger(trio.bad).written("phone", values, parent=above)
    files = [trio.forger(trio.bad).file([phone]), trio.forger(trio.third).file([entry])]
    rng.shuffle(files)
    for path in files:
        trio.take(path)
    (seen,) = read_with_phones(trio.ours, [above])
    return Seen("unseen", "B's number stands below another's entry" if seen.phones else "")


def answer_for_others(trio: Trio, rng: random.Random) -> Seen:
    """B writes in a record of its own that C receives her, or that a period is granted."""
    third, today = trio.third.identity.organisation, trio.ours.adapters.clock.now().date()
    bad = trio.forger(trio.bad)
    if rng.random() < 0.5:
        values: dict[str, Value] = {"organisation": third.hex(), "status": "confirmed",
                                    "received_by": "Anna"}  # fmt: skip
        trio.take(bad.file([bad.written("reception", values, parent=trio.plan)]))
        case = replace(
            read_case_context(trio.ours, trio.plan),
            receiver=Receiver(third, is_third_country=False),
        )
        return Seen("asked", "" if reception_confirmed(case).is_open else "B confirmed for C")
    ends = {"begins": today, "ends": today + timedelta(days=5)}
    granted: dict[str, Value] = {"kind": "reflection", "decision": "granted"}
    create_record(trio.ours, LegalStatus, granted | ends, trio.plan)
    far = {"ends": today + timedelta(days=rng.randrange(6, 900))}
    trio.take(bad.file([bad.written("legal_status", granted | far, parent=trio.plan)]))
    rows = trio.ours.store.rows_below("legal_status", trio.plan)
    told = legal_deadlines([view(row, LegalStatus) for row in rows], today)
    is_told = any(one.day == ends["ends"] for one in told)
    return Seen("told", "" if is_told else "B's record ended a deadline of ours")


def do_more(trio: Trio, rng: random.Random) -> Seen:
    """B's file orders, answers, asks again or begins anew; no record is in it."""
    them, deeds = trio.bad.identity.organisation, dict[str, Any]()
    order = ErasureOrder(rng.randbytes(16), rng.randbytes(16), None, ErasureReason.ERROR, 0, 1)
    if rng.random() < 0.5:
        deeds["orders"] = (order,)
    if rng.random() < 0.5:
        ours = replace(order, id=rng.randbytes(16))
        with trio.ours.store.transaction():
            asked = TrackedErasureOrder(ours, them, ErasureOrderState.OPEN)
            trio.ours.store.orders.enter(Direction.OUT, [asked])
        outcome = rng.choice(list(ErasureOutcome))
        deeds["receipts"] = (ErasureReceipt(ours.id, outcome, 1),)
    if rng.random() < 0.5:
        deeds["resends"] = (ResendRequest(trio.ours.identity.epoch, 1, rng.randrange(1, 9)),)
    if is_anew := rng.random() < 0.5:
        trio.take(trio.forger(trio.bad).file())
        start_new_epoch(trio.bad, ())
    path = trio.forger(trio.bad).file(dealings=ControlMessages(**deeds))
    wanted = len(deeds) + is_anew
    (one,) = transfer.preview_files(trio.ours, [path]).files
    assert one.review is not None
    shown = len(one.review.findings) + sum(map(bool, one.review.effects.values()))
    trio.take(path)
    lines = read_history(trio.ours).lines
    keys = next(line.keys for line in lines if (line.action, line.rid) == (Action.IMPORT, them))
    is_told = shown >= wanted and len([*map(read_effect_key, keys)]) >= wanted
    return Seen("in the history", "" if is_told else f"{wanted} deeds, {shown} shown, {keys}")


def _trial(attack: Attack, off: Off | None = None) -> Trial:
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


def _every_write(writes: Any, _custodian: bytes) -> frozenset[tuple[int, bytes]]:
    """Wrong on purpose: whoever ordered it."""
    erased: list[ErasedWrite] = list(writes)
    return frozenset(one[:2] for one in erased)


def _believing(ours: RecordState, theirs: RecordState, *_: object) -> RecordState:
    """Wrong on purpose: whatever the sender says is replaced."""
    return merge_states(ours, theirs)


def _first_run(found: Any, _custodian: bytes) -> Any:
    """Wrong on purpose: whoever began it."""
    open_ones = [one for one in found if one.record.closed is None]
    return min(open_ones, key=lambda one: one.record.opened.utc, default=None)


_NOT_MOVED = {
    "is_id_of_another": (import_policy, lambda *_: False),
    "is_moved": (import_policy, lambda *_: False),
}

HARNESSES = (
    joined(
        "a partner that reaches for what is not its own",
        [
            (_trial(squat), _trial(squat, _NOT_MOVED)),
            (
                _trial(bring_others),
                _trial(bring_others, without_rule("_new_of_another")),
            ),
            (
                _trial(erase_early),
                _trial(erase_early, {"erased_pairs": (merge, _every_write)}),
            ),
            (
                _trial(rewrite),
                _trial(rewrite, {"_changes_known_write": (ImportMerger, lambda *_: False)}),
            ),
            (
                _trial(speak_as_us),
                _trial(speak_as_us, {"count_in_our_name": (record_findings, lambda *_: 0)}),
            ),
            (
                _trial(show_card),
                _trial(
                    show_card,
                    {
                        "_claimed_entry": (partners, lambda *_: ""),
                        "_names_alike": (partners, lambda *_: ()),
                    },
                ),
            ),
            (
                _trial(partial(_take_several, believes=False)),
                _trial(partial(_take_several, believes=True), {}),
            ),
            (
                _trial(keep_out),
                _trial(keep_out, {"merge_waiting": (merge, _believing)}),
            ),
            (
                _trial(use_id_first),
                _trial(use_id_first, {"_false_writes": (ImportMerger, lambda *_: {})}),
            ),
            (
                _trial(take_run_over),
                _trial(take_run_over, {"open_run": (runs, _first_run)}),
            ),
            (
                _trial(hang_phone),
                _trial(hang_phone, {"parent_custodian": (ImportPolicy, lambda *_: None)}),
            ),
            (
                _trial(answer_for_others),
                _trial(answer_for_others, {"_may_answer": (gates, lambda *_: True)}),
            ),
            (_trial(do_more), _trial(do_more, {"effect_keys": (transfer, lambda *_: ())})),
        ],
        Size(13, 140, 5_000),
    ),
)
