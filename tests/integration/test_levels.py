# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking only at what can be lacking at a partner finds just what looking at everything finds.

Two real desks write, agree, take back, throw away, lose files, ask again and undo; after each step
the two ways of looking are held against each other, and no file is made without what they find.
"""

from collections.abc import Mapping, Set
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.integration.course_samples import Walk, walked
from tests.integration.test_sequence_model import LONG, MEMORY
from tests.integration.test_waiting import count_states
from tests.support.samples import examples

from kfdesk.demo import people, story
from kfdesk.domain.consent import consent_last_day
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.services.core.drafts import FormState
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
    restore_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import outbox, transfer
from kfdesk.services.exchange.disclosure_log import PendingRecords, _Look, list_pending
from kfdesk.services.exchange.import_review import list_undoable_imports, undo_import
from kfdesk.services.exchange.outbox import (
    LOOK_AGAIN_DAYS,
    PlanWatermarks,
    current_watermark,
    records_to_check,
    request_resend,
    select_for_bundle,
)
from kfdesk.services.exchange.partners import find_partner
from kfdesk.services.exchange.scopes import CaseScope
from kfdesk.services.plans.consents import record_consent, withdraw_consent
from kfdesk.storage.exchange import Watermarks

GROUPS = ("identity", "contact", "travel", "risk_summary", "health")


class Days(RuleBasedStateMachine):
    """Two desks with a plan between them, on a clock that is set."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self._begun = walked(Path(self._folder.name))
        self.walk: Walk = self._begun.__enter__()
        self.files: list[tuple[Path, Session]] = []
        self.numbers = iter(range(1, 10_000))

    @rule(is_first=st.booleans())
    def change_a_leg(self, is_first: bool) -> None:
        leg = self.walk.legs[0 if is_first else 1]
        with suppress(KfdeskError):
            change_record(self.walk.ours, leg, {"carrier": f"word {next(self.numbers)}"})

    @rule()
    def add_a_leg(self) -> None:
        values = {**people.leg_values(self.walk.clock.time)[0], "sequence": next(self.numbers) + 2}
        with suppress(KfdeskError):
            create_record(self.walk.ours, Leg, values, parent=self.walk.plan)

    @rule(data=st.data(), to_bin=st.booleans())
    def throw_away_or_bring_back(self, data: st.DataObject, *, to_bin: bool) -> None:
        ours = self.walk.ours
        legs = sorted(row.rid for row in ours.store.rows("leg"))
        rid = data.draw(st.sampled_from((*legs, self.walk.plan)))
        with suppress(KfdeskError):
            (delete_record if to_bin else restore_record)(ours, rid)

    @rule(days=st.sampled_from((0, 0, 40, 5_000)))
    def change_the_client(self, days: int) -> None:
        born = (self.walk.clock.time - timedelta(days=6_600 + days)).date()
        with suppress(KfdeskError):
            change_record(self.walk.ours, self.walk.client, {"birth_date": born, "age_band": None})

    @rule(groups=st.sets(st.sampled_from(GROUPS), min_size=1))
    def agree(self, groups: set[str]) -> None:
        now = self.walk.clock.time
        values = {
            **people.reception_consent(now, self.walk.partner.hex()),
            "groups": tuple(sorted(groups)),
            "expires": (now + timedelta(days=30)).date(),
        }
        with suppress(KfdeskError):  # the plan may be in the bin
            form = FormState("consent", values, parent=self.walk.client)
            record_consent(self.walk.ours, self.walk.ours.new_id(), form)

    @rule()
    def take_a_consent_back(self) -> None:
        rows = sorted(self.walk.ours.store.rows("consent"), key=lambda row: row.rid)
        standing = [row.rid for row in rows if view(row, Consent).record.withdrawn is None]
        if standing:
            withdraw_consent(self.walk.ours, standing[0])

    @rule(hours=st.sampled_from((1, 5, 30, 24 * 35)))
    def time_passes(self, hours: int) -> None:
        self.walk.clock.time += timedelta(hours=hours)

    @rule(is_ours=st.booleans(), is_lost=st.booleans())
    def send(self, *, is_ours: bool, is_lost: bool) -> None:
        here, there = (
            (self.walk.ours, self.walk.theirs) if is_ours else (self.walk.theirs, self.walk.ours)
        )
        with suppress(KfdeskError):
            made = transfer.send_bundle(
                here, self.walk.plan, there.identity.organisation, self.walk.post
            )
            if not is_lost:
                self.files.append((made.path, there))

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        path, there = self.files.pop(data.draw(st.integers(0, len(self.files) - 1)))
        with suppress(KfdeskError):
            transfer.import_bundle(there, path, transfer.review_bundle(there, path))

    @rule()
    def go_to_and_fro(self) -> None:
        """As on most days: the newest files come, and so what has arrived is known."""
        for is_ours in (True, False):
            before = len(self.files)
            self.send(is_ours=is_ours, is_lost=False)
            for path, there in self.files[before:]:
                with suppress(KfdeskError):
                    transfer.import_bundle(there, path, transfer.review_bundle(there, path))
            del self.files[before:]

    @rule()
    def look_at_what_waits(self) -> None:
        """As whoever opens the page: what is settled now need not be looked at again."""
        _waits(self.walk)

    @rule()
    def they_ask_again(self) -> None:
        request_resend(self.walk.theirs, self.walk.ours.identity.organisation)

    @rule()
    def undo_the_newest(self) -> None:
        for one in list_undoable_imports(self.walk.ours)[:1]:
            undo_import(self.walk.ours, one.digest)

    @invariant()
    def both_ways_of_looking_find_the_same(self) -> None:
        ours, plan = self.walk.ours, require_record(self.walk.ours, self.walk.plan)
        recipient = find_partner(ours, self.walk.partner).recipient
        among = CaseScope(ours, (plan,))
        few = records_to_check(ours, {current_watermark(ours, plan, recipient): among})
        whole, lacking = select_for_bundle(ours, among, recipient)
        part, found_lacking = select_for_bundle(ours, among, recipient, few)
        assert found_lacking == lacking
        assert _of(part, lacking) == _of(whole, lacking)

    @invariant()
    def what_was_settled_hides_nothing(self) -> None:
        with pytest.MonkeyPatch.context() as bare:
            bare.setattr(_Look, "keep", lambda _: None)
            quick = _waits(self.walk)
            bare.setattr(PlanWatermarks, "standing", lambda *_: {})
            assert quick == _waits(self.walk)
            bare.setattr(Watermarks, "of_recipient", lambda *_: {})
            whole = {plan: one.records for plan, one in _waits(self.walk).items()}
            assert whole == {plan: one.records for plan, one in quick.items()}

    def teardown(self) -> None:
        self._begun.__exit__(None, None, None)
        self._folder.cleanup()


def _looked(walk: Walk) -> frozenset[bytes]:
    desk, plan = walk.ours, require_record(walk.ours, walk.plan)
    recipient = find_partner(desk, walk.partner).recipient
    return records_to_check(
        desk, {current_watermark(desk, plan, recipient): CaseScope(desk, (plan,))}
    )


def test_once_a_file_has_arrived_only_what_changed_is_looked_at(tmp_path: Path) -> None:
    with walked(tmp_path) as walk:
        assert walk.client in _looked(walk)
        walk.send()
        assert set(walk.legs) <= _looked(walk)  # it may be lost
        change_record(walk.theirs, walk.legs[1], {"carrier": "theirs"})
        walk.answer()
        assert _looked(walk) == {walk.legs[1]}
        change_record(walk.ours, walk.legs[0], {"carrier": "ours"})
        assert _looked(walk) == set(walk.legs)
        change_record(walk.ours, walk.plan, {"reminders": people.localized("en", "en", "en")})
        assert len(_looked(walk)) > len(walk.legs) + 1  # whatever stands below it


def test_news_of_a_plan_are_made_without_listing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walked(tmp_path) as walk:
        walk.send()
        change_record(walk.theirs, walk.legs[1], {"carrier": "theirs"})
        walk.answer()
        change_record(walk.ours, walk.legs[0], {"carrier": "ours"})
        monkeypatch.delattr(CaseScope, "rids")
        walk.send()
        assert walk.theirs.store.row(walk.legs[0]) == walk.ours.store.row(walk.legs[0])


def test_line_is_looked_at_when_its_weighing_is_back_from_the_bin(tmp_path: Path) -> None:
    with walked(tmp_path) as walk:
        story.assess_risks(walk.ours, walk.plan)
        weighing, line = walk.one("risk_assessment").rid, walk.ours.store.rows("risk_line")[0].rid
        delete_record(walk.ours, weighing)
        walk.send()
        change_record(walk.theirs, walk.legs[1], {"carrier": "theirs"})
        walk.answer()
        restore_record(walk.ours, weighing)
        assert {weighing, line} <= _looked(walk)


def _waits(walk: Walk) -> Mapping[bytes, PendingRecords]:
    return list_pending(walk.ours, find_partner(walk.ours, walk.partner))


def _states_read(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many states of records one look at what waits decodes."""
    with monkeypatch.context() as counting:
        counted = count_states(counting)
        _waits(walk)
        return counted[0]


def test_next_day_reads_nothing_of_what_is_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walked(tmp_path) as walk:
        walk.send()
        walk.answer()  # it has all
        assert _waits(walk) == {}
        assert _states_read(walk, monkeypatch) == 0
        walk.clock.time += timedelta(days=3)  # the consent is no longer new
        assert _waits(walk) == {}
        for days in (0, 1, 5):
            walk.clock.time += timedelta(days=days)
            assert _states_read(walk, monkeypatch) == 0
        change_record(walk.ours, walk.legs[0], {"carrier": "18, Exempelbuss"})
        assert _waits(walk)[walk.plan].records == 1


def test_plan_that_may_go_nowhere_is_not_read_each_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walked(tmp_path) as walk:
        (consent,) = walk.ours.store.rows("consent")
        withdraw_consent(walk.ours, consent.rid)
        walk.clock.time += timedelta(days=3)  # it is no longer new
        assert _waits(walk) == {}
        walk.clock.time += timedelta(days=1)
        assert _states_read(walk, monkeypatch) == 0


def test_day_on_which_a_consent_begins_or_ends_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walked(tmp_path) as walk:
        (consent,) = walk.ours.store.rows("consent")
        last = consent_last_day(view(consent, Consent).record)
        assert last is not None
        walk.send()
        walk.answer()  # it has all
        assert _waits(walk) == {}
        change_record(walk.ours, walk.legs[0], {"carrier": "18, Exempelbuss"})
        assert _waits(walk)[walk.plan].records == 1
        walk.clock.time += last - walk.clock.time.date() + timedelta(days=1)
        assert _waits(walk) == {}
        assert _states_read(walk, monkeypatch) == 0
        walk.clock.time += timedelta(days=1)
        assert _states_read(walk, monkeypatch) > 0  # the clock may have changed its zone
        walk.clock.time -= timedelta(days=2)
        assert _waits(walk)[walk.plan].records == 1


def test_settled_plan_is_looked_at_again_after_a_while_whatever_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walked(tmp_path) as walk:
        (consent,) = walk.ours.store.rows("consent")
        withdraw_consent(walk.ours, consent.rid)
        _waits(walk)
        walk.clock.time += timedelta(days=2 * LOOK_AGAIN_DAYS)
        assert _states_read(walk, monkeypatch) > 0


def test_file_that_was_lost_after_all_is_looked_at(tmp_path: Path) -> None:
    with walked(tmp_path) as walk:
        walk.send()
        walk.answer()  # it has all
        assert _waits(walk) == {}
        request_resend(walk.theirs, walk.ours.identity.organisation)
        walk.answer()
        assert _waits(walk)[walk.plan].echoed + _waits(walk)[walk.plan].records > 0
        assert _waits(walk)[walk.plan].on_way == 0  # no file on its way has it


def test_new_program_looks_at_everything_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walked(tmp_path) as walk:
        (consent,) = walk.ours.store.rows("consent")
        withdraw_consent(walk.ours, consent.rid)
        _waits(walk)
        monkeypatch.setattr(outbox, "VERSION", "99.0")
        assert _states_read(walk, monkeypatch) > 0
        assert _states_read(walk, monkeypatch) == 0


def test_full_disk_hides_nothing_that_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with walked(tmp_path) as walk:
        waits = _waits(walk)
        (consent,) = walk.ours.store.rows("consent")
        withdraw_consent(walk.ours, consent.rid)

        def full(*_: object) -> None:
            raise KfdeskError("store.disk")

        monkeypatch.setattr(Watermarks, "keep", full)
        assert waits
        assert _waits(walk) == {}


def _of(what: Disclosed, rids: Set[bytes]) -> list[object]:
    return [given for given in what.rows if given.row.rid in rids]


TestDays = Days.TestCase
TestDays.settings = settings(
    max_examples=400 if LONG else examples(12, 4),
    stateful_step_count=60 if LONG else 30,
    deadline=None,
)
