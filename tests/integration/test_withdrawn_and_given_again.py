# SPDX-License-Identifier: GPL-3.0-or-later
"""A consent is withdrawn and another given: what was written between them comes, and nothing else.

Whatever order the files come in, and whichever desk was restored, a desk that knows of the
withdrawal takes nothing more of her; once she agrees again nothing of it is missing.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.test_order_of_files import Town, met_town, take
from tests.integration.test_restored_desks import backed_up, level, org, settle

from kfdesk.demo import people
from kfdesk.domain.consent import is_withdrawn
from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.client import Consent
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.exchange import outbox, partners, transfer
from kfdesk.services.plans import consents


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with met_town(tmp_path) as made:
        yield made


def withdraw(town: Town) -> None:
    """She takes every consent back here."""
    for row in town.ours.store.rows("consent"):
        consents.withdraw_consent(town.ours, row.rid)


def agree_again(town: Town) -> None:
    """She agrees once more to what she had agreed to."""
    desk = town.ours
    client = desk.store.rows("client")[0].rid
    values = people.reception_consent(desk.adapters.clock.now(), org(town.theirs).hex())
    create_record(desk, Consent, values, client)


@pytest.mark.parametrize(
    "shut", [{"purpose": "referral_service"}, {"groups": (DataGroup.IDENTITY,)}]
)
def test_change_in_a_lost_file_comes_once_a_consent_opens_again(
    town: Town, shut: dict[str, Value]
) -> None:
    level(town)
    (consent,) = town.ours.store.rows("consent")
    open_again = {key: getattr(view(consent, Consent).record, key) for key in shut}
    town.write(town.ours, "in a lost file")
    town.out().unlink()
    change_record(town.ours, consent.rid, shut)
    change_record(town.ours, town.ours.store.rows("client")[0].rid, {"alias": "Lena"})
    settle(town)
    renewed = partners.rotate_encryption_key(town.theirs)  # they have something to say
    town.pair = replace(town.pair, theirs=renewed)
    take(town.ours, town.told(town.theirs, town.ours))
    change_record(town.ours, consent.rid, open_again)
    settle(town)
    assert town.carrier(town.theirs) == "in a lost file"


def test_change_in_a_lost_file_comes_after_a_new_consent(town: Town) -> None:
    level(town)
    town.write(town.ours, "before she withdrew")
    town.out().unlink()
    withdraw(town)
    settle(town)
    assert town.carrier(town.theirs) != "before she withdrew"
    agree_again(town)
    settle(town)
    assert town.carrier(town.theirs) == "before she withdrew"


def test_restored_older_program_brings_nothing_of_who_has_withdrawn(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait for our first answer, as this program does (`epochs.is_quiet`)."""
    level(town)
    backup = backed_up(town)
    withdraw(town)
    take(town.theirs, town.told(town.ours, town.theirs))
    take(town.ours, town.told(town.theirs, town.ours))
    town.restore("ours", backup)
    town.write(town.ours, "after she took it back")
    with monkeypatch.context() as older:
        older.setattr(transfer, "is_quiet", lambda *_: False)
        file = town.out()
    review = transfer.review_bundle(town.theirs, file)
    assert review.needs_look
    assert {FileIssue.WITHDRAWN, FileIssue.RESTORED} <= {one.finding for one in review.findings}
    take(town.theirs, file)
    assert town.carrier(town.theirs) != "after she took it back"
    take(town.ours, town.told(town.theirs, town.ours))
    (consent,) = town.ours.store.rows("consent")
    assert is_withdrawn(consent), "the sender is told"
    agree_again(town)
    settle(town)
    assert town.carrier(town.theirs) == "after she took it back"


@pytest.mark.parametrize("is_older", [False, True])
def test_late_file_from_before_a_withdrawal_stays_out_until_she_agrees_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, is_older: bool
) -> None:
    """An older program counts as given what stayed out: it is asked for it again."""
    level(town)
    town.write(town.ours, "written before")
    late = town.out()
    withdraw(town)
    take(town.theirs, town.told(town.ours, town.theirs))
    assert FileIssue.WITHDRAWN in take(town.theirs, late)
    assert town.carrier(town.theirs) != "written before"
    take(town.ours, town.told(town.theirs, town.ours))
    if is_older:
        monkeypatch.setattr(outbox, "is_consent_withdrawn", lambda *_: False)
    agree_again(town)
    settle(town)
    assert town.carrier(town.theirs) == "written before"


def test_other_consent_that_stands_lets_the_same_client_come(town: Town) -> None:
    agree_again(town)
    level(town)
    first, second = town.ours.store.rows("consent")
    consents.withdraw_consent(town.ours, first.rid)
    town.write(town.ours, "under the other")
    settle(town)
    assert town.carrier(town.theirs) == "under the other"
    consents.withdraw_consent(town.ours, second.rid)
    town.write(town.ours, "under none")
    settle(town)
    assert town.carrier(town.theirs) == "under the other"


def test_partner_that_was_told_by_her_takes_nothing_more_before_we_know(town: Town) -> None:
    level(town)
    (known,) = town.theirs.store.rows("consent")
    consents.withdraw_consent(town.theirs, known.rid)
    town.write(town.ours, "we do not know yet")
    assert FileIssue.WITHDRAWN in take(town.theirs, town.out())
    assert town.carrier(town.theirs) != "we do not know yet"
    take(town.ours, town.told(town.theirs, town.ours))
    assert is_withdrawn(town.ours.store.rows("consent")[0])


def test_answer_about_our_own_client_comes_whatever_was_withdrawn(town: Town) -> None:
    """What a partner says of our client is ours to have: it says so, or asks us to erase it."""
    level(town)
    town.write(town.theirs, "their answer")
    late = town.back()
    withdraw(town)
    assert FileIssue.WITHDRAWN not in take(town.ours, late)
    assert town.carrier(town.ours) == "their answer"
