# SPDX-License-Identifier: GPL-3.0-or-later
"""The law of time: a write too far ahead is written again, the same comes of the same."""

from datetime import UTC

from tests.support import make

from kfdesk.domain.backup import ErasedAgain, RestorePreview
from kfdesk.domain.exchange import MAX_AHEAD
from kfdesk.domain.registers import WriteContext, live_writes, next_hlc, superseded_ids
from kfdesk.domain.rows import Row
from kfdesk.domain.stamps import (
    bound_stamps,
    day_to_send,
    is_ahead,
    newest_stamp_until,
    rewrite,
    writes_ahead,
)
from kfdesk.domain.updates import is_far_ahead

NOW = int(make.NOW.timestamp() * 1000)
LATER = NOW + 20 * 24 * 3600 * 1000


def written(milliseconds: int, row: Row | None = None, **values: str) -> Row:
    """Return a client with values that were written at a time (ms since 1970, UTC)."""
    by = WriteContext("EV", next_hlc(milliseconds), lambda: make.named_bytes(str(values), 8))
    blank = row or make.row("client", {}, rid=make.HER)
    return make.changed(blank, dict(values), by)


def test_write_that_is_not_ahead_stays_as_it_is() -> None:
    state = written(NOW, code="a").state
    assert not is_ahead(state, NOW)
    assert writes_ahead(state, NOW) == ()
    assert bound_stamps(make.HER, state, NOW) == state
    assert newest_stamp_until(state, NOW) == max(save.hlc for save in state.saves)


def test_write_ahead_is_written_again_after_the_newest_that_is_not() -> None:
    state = written(LATER, written(NOW, code="a"), alias="b").state
    (ahead,) = writes_ahead(state, NOW)
    bound = bound_stamps(make.HER, state, NOW)
    assert not is_ahead(bound, NOW)
    assert {write.value for write in live_writes(bound)} == {"a", "b"}
    assert ahead[:2] in superseded_ids(bound)
    assert bound == bound_stamps(make.HER, state, NOW)
    assert max(save.hlc for save in bound.saves) == newest_stamp_until(state, NOW) + 1


def test_write_ahead_alone_gets_the_time_of_now_and_a_known_one_goes() -> None:
    state = written(LATER, code="a").state
    (ahead,) = writes_ahead(state, NOW)
    assert newest_stamp_until(state, NOW) == 0
    assert max(save.hlc for save in bound_stamps(make.HER, state, NOW).saves) == next_hlc(NOW)
    gone = bound_stamps(make.HER, state, NOW, gone=frozenset({ahead[:2]}))
    assert live_writes(gone) == ()


def test_state_is_sent_on_the_day_when_its_newest_stamp_is_near() -> None:
    far = written(LATER + MAX_AHEAD, code="a").state
    assert day_to_send(far, UTC) > day_to_send(written(LATER, code="a").state, UTC)


def test_other_writes_stand_in_place_of_some() -> None:
    state = written(NOW, code="a").state
    (write,) = live_writes(state)
    other = write._replace(wid=make.named_bytes("other", 8))
    again = rewrite(state, {write: other})
    assert live_writes(again) == (other,)
    assert write[:2] in superseded_ids(again)


def test_version_that_shuts_out_all_later_ones_is_far_ahead() -> None:
    assert not is_far_ahead("0.3.0", "0.2.0")
    assert not is_far_ahead("0.2.0", "0.3.0")
    assert is_far_ahead("9999.9999", "0.2.0")


def test_restore_asks_where_a_record_of_ours_goes() -> None:
    line = ErasedAgain(NOW, "client_request", {"client": 1}, ours=0)
    assert not RestorePreview((line,)).is_asked
    assert RestorePreview((ErasedAgain(NOW, "", {"client": 1}, ours=1),)).is_asked
