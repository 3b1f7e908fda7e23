# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk that was put back to an earlier day gets back what it lost, also with nothing to say.

Its new epoch is told to every verified partner until that has said to know it; the partner answers,
and sends again what was lost. Whichever file of this is lost, and whoever else was restored, too.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE as PLAIN
from tests.integration.pair_samples import WHO, refusal
from tests.integration.test_order_of_files import Town, met_town, take
from tests.support.samples import first

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import ErasureOrderState, FileIssue
from kfdesk.services.accounts import accept_older_store
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import erasure, partners, transfer
from kfdesk.services.exchange.disclosure_log import PendingRecords, list_pending
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.notices import notices_to_send
from kfdesk.services.exchange.outbox import request_resend
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.upkeep.backup import make_backup

NOTHING = "exchange.nothing_new"
LOST = "theirs, and lost by the restore"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with met_town(tmp_path) as made:
        yield made


def org(desk: Session) -> bytes:
    return desk.identity.organisation


def fault(town: Town, here: Session, there: Session) -> str:
    """Return why nothing of the plan would go; empty where a file would."""
    found = transfer.prepare_bundle(here, town.pair.plan, org(there)).fault
    return found.code if found is not None else ""


def line(here: Session, there: Session) -> partners.PartnerLine:
    return next(
        one for one in partners.list_partners(here) if one.partner.organisation == org(there)
    )


def backed_up(town: Town, which: str = "ours") -> Path:
    desk = town.ours if which == "ours" else town.theirs
    folder = town.folder / "stick" / f"{which} {len(list((town.folder / 'stick').iterdir()))}"
    folder.mkdir()
    return make_backup(desk, folder).path


def level(town: Town) -> None:
    """Theirs has all of ours, and ours knows it."""
    take(town.theirs, town.out())
    take(town.ours, town.back())
    assert fault(town, town.ours, town.theirs) == NOTHING


def change_theirs(town: Town, text: str = LOST) -> None:
    """Theirs changes a leg and sends, ours takes and answers: both have all there is."""
    town.write(town.theirs, text)
    take(town.ours, town.back())
    take(town.theirs, town.out())
    assert town.carrier(town.ours) == town.carrier(town.theirs) == text
    assert fault(town, town.theirs, town.ours) == NOTHING


def settle(town: Town, rounds: int = 3) -> None:
    """Both send what they have to send; then neither waits for the other to hear of an epoch."""
    for _ in range(rounds):
        for which in ("ours", "theirs"):
            here, there = both(town, which)
            if not fault(town, here, there):
                take(there, town.made(here, there))
    for which in ("ours", "theirs"):
        shown = line(*both(town, which))
        assert (shown.is_anew, shown.waits) == (False, False)


def both(town: Town, which: str) -> tuple[Session, Session]:
    return (town.ours, town.theirs) if which == "ours" else (town.theirs, town.ours)


def test_desk_that_restores_a_backup_and_has_nothing_to_say_gets_back_what_it_lost(
    town: Town,
) -> None:
    level(town)
    backup = backed_up(town)
    change_theirs(town)
    town.restore("ours", backup)
    assert town.carrier(town.ours) != LOST
    assert fault(town, town.ours, town.theirs) == ""
    assert take(town.theirs, town.out()) == [FileIssue.RESTORED]
    assert town.pair.legs[0] in {
        given.row.rid
        for given in transfer.prepare_bundle(town.theirs, town.pair.plan, org(town.ours)).goes.rows
    }
    take(town.ours, town.back())
    assert town.carrier(town.ours) == LOST
    settle(town)


def test_new_epoch_is_offered_until_it_is_confirmed_and_the_lost_file_is_made_again(
    town: Town,
) -> None:
    level(town)
    backup = backed_up(town)
    change_theirs(town)
    town.restore("ours", backup)
    assert line(town.ours, town.theirs).is_anew
    town.told(town.ours, town.theirs).unlink()
    assert line(town.ours, town.theirs).is_anew
    assert fault(town, town.ours, town.theirs) == ""
    assert take(town.theirs, town.told(town.ours, town.theirs)) == [FileIssue.RESTORED]
    settle(town)
    assert town.carrier(town.ours) == LOST
    assert not line(town.ours, town.theirs).is_anew


def test_partner_answers_again_as_long_as_its_answer_may_be_lost(town: Town) -> None:
    level(town)
    backup = backed_up(town)
    change_theirs(town)
    town.restore("ours", backup)
    take(town.theirs, town.told(town.ours, town.theirs))
    assert line(town.theirs, town.ours).waits
    town.back().unlink()
    assert not line(town.theirs, town.ours).waits
    assert fault(town, town.theirs, town.ours) == ""  # what was lost has not arrived
    assert line(town.ours, town.theirs).is_anew
    assert take(town.theirs, town.told(town.ours, town.theirs)) == []
    assert line(town.theirs, town.ours).waits
    take(town.ours, town.back())
    assert town.carrier(town.ours) == LOST
    settle(town)


def test_partner_with_nothing_to_send_answers_once_and_both_are_silent(town: Town) -> None:
    """Level they were, and level they are; it takes two files that hold nothing."""
    level(town)
    change_theirs(town)
    town.restore("theirs", backed_up(town, "theirs"))
    take(town.ours, town.told(town.theirs, town.ours))
    assert transfer.prepare_notices(town.ours, org(town.theirs)).knows_anew
    take(town.theirs, town.told(town.ours, town.theirs))
    assert not line(town.theirs, town.ours).is_anew
    assert not line(town.ours, town.theirs).waits
    for which in ("ours", "theirs"):
        here, there = both(town, which)
        assert refusal(lambda: town.told(here, there)).code == NOTHING  # noqa: B023 - called at once


def test_what_we_had_sent_after_the_backup_comes_back_though_it_was_confirmed(town: Town) -> None:
    level(town)
    backup = backed_up(town)
    town.write(town.ours, "ours, and lost by the restore")
    take(town.theirs, town.out())
    take(town.ours, town.back())
    town.write(town.ours, "ours, and lost, too", leg=1)
    take(town.theirs, town.out())
    town.restore("ours", backup)
    settle(town)
    for desk in (town.ours, town.theirs):
        assert town.carrier(desk) == "ours, and lost by the restore"
        assert town.carrier(desk, leg=1) == "ours, and lost, too"


@pytest.mark.parametrize("order", [("ours", "theirs"), ("theirs", "ours")])
@pytest.mark.parametrize("is_crossed", first(1, [False, True]))
def test_both_restore_and_neither_has_anything_to_say(
    town: Town, order: tuple[str, str], is_crossed: bool
) -> None:
    """Each has a word that the other had, and lost: theirs in leg 0, ours in leg 1."""
    level(town)
    backups = {"theirs": backed_up(town, "theirs")}
    change_theirs(town, "theirs, lost there")
    backups["ours"] = backed_up(town)
    town.write(town.ours, "ours, lost here", leg=1)
    take(town.theirs, town.out())
    take(town.ours, town.back())
    town.write(town.ours, "so that theirs knows", leg=1)
    take(town.theirs, town.out())
    for which in order:
        town.restore(which, backups[which])
    if is_crossed:
        files = [(both(town, which), town.told(*both(town, which))) for which in order]
        for (_, there), file in files:
            take(there, file)
    settle(town)
    assert town.carrier(town.ours) == town.carrier(town.theirs) == "theirs, lost there"
    assert town.carrier(town.ours, leg=1) == town.carrier(town.theirs, leg=1)


def test_partner_that_was_restored_and_healed_heals_us_after_our_own_restore(town: Town) -> None:
    """Our backup is from before theirs was restored: what it says of them is of another epoch."""
    level(town)
    early = backed_up(town, "theirs")
    town.write(town.ours, "ours, lost there")
    take(town.theirs, town.out())
    take(town.ours, town.back())
    backup = backed_up(town)
    town.restore("theirs", early)
    settle(town)
    change_theirs(town)
    town.restore("ours", backup)
    settle(town)
    assert town.carrier(town.ours) == town.carrier(town.theirs) == LOST


def test_backup_from_before_the_first_file_gets_back_all_of_it(town: Town) -> None:
    backup = backed_up(town, "theirs")
    level(town)
    town.restore("theirs", backup)
    assert town.carrier(town.theirs) is None
    assert take(town.ours, town.told(town.theirs, town.ours)) == [FileIssue.RESTORED]
    take(town.theirs, town.out())
    assert town.carrier(town.theirs) == town.carrier(town.ours)
    settle(town)


def test_older_store_that_somebody_goes_on_with_gets_back_what_it_lost(town: Town) -> None:
    level(town)
    old = town.copy("ours")
    change_theirs(town)
    town.put_back("ours", old)
    town.pair = replace(town.pair, ours=accept_older_store(town.ours, 0))
    assert line(town.ours, town.theirs).is_anew
    settle(town)
    assert town.carrier(town.ours) == LOST


def test_older_store_that_learns_it_from_a_file_gets_back_what_it_lost(town: Town) -> None:
    level(town)
    old = town.copy("ours")
    change_theirs(town)
    town.put_back("ours", old)
    town.write(town.theirs, "later", leg=1)
    assert take(town.ours, town.back()) == [FileIssue.AHEAD_OF_US, FileIssue.MISSING]
    settle(town)
    assert town.carrier(town.ours) == LOST


def test_older_store_learns_it_too_where_the_newer_one_had_another_epoch(town: Town) -> None:
    level(town)
    old = town.copy("ours")
    town.restore("ours", backed_up(town))
    settle(town)
    change_theirs(town)
    town.put_back("ours", old)
    town.write(town.theirs, "later", leg=1)
    assert take(town.ours, town.back()) == [FileIssue.AHEAD_OF_US, FileIssue.MISSING]
    settle(town)
    assert town.carrier(town.ours) == LOST


def test_older_store_that_speaks_in_its_former_epoch_is_sent_what_it_lacks(town: Town) -> None:
    """Theirs had a new epoch meanwhile, of which the older store knows nothing."""
    level(town)
    old = town.copy("ours")
    for which in ("theirs", "ours"):
        town.restore(which, backed_up(town, which))
    settle(town)
    change_theirs(town)
    town.put_back("ours", old)
    town.write(town.ours, "go on", leg=1)
    assert take(town.theirs, town.out()) == [FileIssue.TWO_STORES]
    settle(town, rounds=4)  # one more: each is silent about clients until the other answered
    assert town.carrier(town.ours) == LOST


def test_desk_that_an_earlier_program_restored_tells_it_after_all(town: Town) -> None:
    level(town)
    backup = backed_up(town)
    change_theirs(town)
    town.restore("ours", backup)
    with town.ours.store.transaction():
        town.ours.store.set_setting("epoch_anew", b"")  # it kept no such word
    settle(town)
    assert town.carrier(town.ours) == LOST


def test_what_a_restored_partner_lost_counts_as_to_send_not_as_on_its_way(town: Town) -> None:
    level(town)
    backup = backed_up(town, "theirs")
    town.write(town.ours, "ours, lost there")
    take(town.theirs, town.out())
    take(town.ours, town.back())
    us, known = town.ours, partners.find_partner(town.ours, org(town.theirs))
    assert list_pending(us, known) == {}
    town.restore("theirs", backup)
    take(town.ours, town.told(town.theirs, town.ours))
    (waits,) = list_pending(us, known).values()
    assert waits.records > 0
    assert waits.on_way == 0
    town.out()
    assert list_pending(us, known) == {
        town.pair.plan: PendingRecords(waits.records, on_way=waits.records)
    }


def test_three_desks_are_told_each_by_itself(town: Town) -> None:
    third = store_lifecycle.create_store(town.folder / "third", people.SAFE_HOUSE, WHO, PLAIN)
    for one, other in ((town.ours, third), (third, town.ours)):
        partners.add_partner(one, partners.our_card(other), PartnerTerms(is_third_country=True))
    for one, other in ((town.ours, third), (third, town.ours)):
        partners.verify_partner(one, org(other), partners.verification_digits(one, org(other)))
    level(town)
    backup = backed_up(town)
    change_theirs(town)
    town.restore("ours", backup)
    assert line(town.ours, town.theirs).is_anew
    assert line(town.ours, third).is_anew
    settle(town)
    assert town.carrier(town.ours) == LOST
    assert not line(town.ours, town.theirs).is_anew
    assert line(town.ours, third).is_anew
    take(third, town.told(town.ours, third))  # they never had a file of ours, and answer
    assert line(third, town.ours).waits
    take(town.ours, town.told(third, town.ours))
    assert not line(town.ours, third).is_anew
    assert refusal(lambda: town.told(third, town.ours)).code == NOTHING
    third.store.close()


def test_partner_that_is_not_trusted_is_told_once_it_is_again(town: Town) -> None:
    level(town)
    partners.suspend_partner(town.ours, org(town.theirs))
    town.restore("ours", backed_up(town))
    assert not line(town.ours, town.theirs).is_anew
    assert refusal(lambda: town.told(town.ours, town.theirs)).code == NOTHING
    partners.resume_partner(town.ours, org(town.theirs))
    assert line(town.ours, town.theirs).is_anew


def test_desk_that_was_never_put_back_has_nothing_of_it_to_say(town: Town) -> None:
    assert not line(town.ours, town.theirs).is_anew
    level(town)
    assert not line(town.ours, town.theirs).is_anew
    assert not line(town.theirs, town.ours).waits


def test_erasing_is_asked_again_of_a_partner_that_was_put_back(town: Town) -> None:
    level(town)
    old = town.copy("theirs")
    client = town.ours.store.row(town.pair.plan)
    assert client is not None
    assert client.parent is not None
    erase_client(town.ours, client.parent, ErasureReason.CLIENT_REQUEST)
    take(town.theirs, town.told(town.ours, town.theirs))
    take(town.ours, town.told(town.theirs, town.ours))
    assert {one.state for one in erasure.list_erasure_orders(town.ours)} == {ErasureOrderState.DONE}
    town.put_back("theirs", old)
    town.pair = replace(town.pair, theirs=accept_older_store(town.theirs, 0))
    assert town.theirs.store.row(town.pair.plan) is not None
    take(town.ours, town.told(town.theirs, town.ours))
    assert {one.state for one in erasure.list_erasure_orders(town.ours)} == {ErasureOrderState.OPEN}
    take(town.theirs, town.told(town.ours, town.theirs))
    assert town.theirs.store.row(town.pair.plan) is None


def test_withdrawal_that_a_partner_told_us_is_told_back_once_it_was_put_back(town: Town) -> None:
    level(town)
    old = town.copy("theirs")
    withdraw_consent(town.theirs, town.theirs.store.rows("consent")[0].rid)
    take(town.ours, town.told(town.theirs, town.ours))
    take(town.theirs, town.told(town.ours, town.theirs))
    assert notices_to_send(town.ours, org(town.theirs)) == ()
    town.put_back("theirs", old)
    town.pair = replace(town.pair, theirs=accept_older_store(town.theirs, 0))
    take(town.ours, town.told(town.theirs, town.ours))
    assert len(notices_to_send(town.ours, org(town.theirs))) == 1
    take(town.theirs, town.told(town.ours, town.theirs))
    take(town.ours, town.told(town.theirs, town.ours))
    assert notices_to_send(town.ours, org(town.theirs)) == ()


def test_nothing_about_a_client_goes_after_a_restore_before_the_partner_has_answered(
    town: Town,
) -> None:
    level(town)
    backup = backed_up(town)
    withdraw_consent(town.ours, town.ours.store.rows("consent")[0].rid)
    take(town.theirs, town.told(town.ours, town.theirs))
    take(town.ours, town.told(town.theirs, town.ours))
    town.restore("ours", backup)
    town.write(town.ours, "after she took it back")
    parcel = transfer.prepare_bundle(town.ours, town.pair.plan, org(town.theirs))
    assert (parcel.goes.rows, parcel.fault) == ((), None)
    assert parcel.quiet
    assert take(town.theirs, town.out()) == [FileIssue.RESTORED]
    assert town.carrier(town.theirs) != "after she took it back"
    take(town.ours, town.told(town.theirs, town.ours))
    after = transfer.prepare_bundle(town.ours, town.pair.plan, org(town.theirs))
    assert (after.goes.rows, after.quiet) == ((), 0)
    assert after.may.rows == ()


def test_what_waited_after_a_restore_goes_once_the_partner_has_answered(town: Town) -> None:
    level(town)
    backup = backed_up(town)
    town.restore("ours", backup)
    town.write(town.ours, "new since the restore")
    take(town.theirs, town.out())
    assert town.carrier(town.theirs) != "new since the restore"
    take(town.ours, town.back())
    take(town.theirs, town.out())
    assert town.carrier(town.theirs) == "new since the restore"


def test_file_that_tells_an_epoch_needs_no_record_that_may_go(town: Town) -> None:
    level(town)
    withdraw_consent(town.ours, town.ours.store.rows("consent")[0].rid)
    settle(town)
    assert fault(town, town.ours, town.theirs) == "exchange.nothing_allowed"
    town.restore("ours", backed_up(town))
    parcel = transfer.prepare_bundle(town.ours, town.pair.plan, org(town.theirs))
    assert (parcel.fault, parcel.goes.rows) == (None, ())
    file = town.out()
    reviewed = transfer.review_bundle(town.theirs, file)
    assert reviewed.taken.rows == ()
    assert take(town.theirs, file) == [FileIssue.RESTORED]
    take(town.ours, town.told(town.theirs, town.ours))
    assert not line(town.ours, town.theirs).is_anew


def test_copy_that_gave_a_number_which_another_store_had_given_says_its_words_again(
    town: Town,
) -> None:
    """A confirmation by number is of the other store's file; ours was never taken."""
    level(town)
    old = town.copy("theirs")
    change_theirs(town)
    town.put_back("theirs", old)
    town.write(town.theirs, "of the copy", leg=1)
    town.back().unlink()
    town.write(town.ours, "so that there is a file")
    take(town.theirs, town.out())
    town.restore("theirs", backed_up(town, "theirs"))
    settle(town)
    assert town.carrier(town.ours, leg=1) == "of the copy"


def test_partner_that_asks_for_everything_again_does_not_silence_us(town: Town) -> None:
    """It knows our epoch: nothing about clients waits for an answer that it need not give."""
    level(town)
    town.restore("ours", backed_up(town))
    settle(town)
    request_resend(town.theirs, org(town.ours))
    take(town.ours, town.told(town.theirs, town.ours))
    town.write(town.ours, "new")
    take(town.theirs, town.out())
    assert town.carrier(town.theirs) == "new"
