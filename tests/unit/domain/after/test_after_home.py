# SPDX-License-Identifier: GPL-3.0-or-later
"""Since when she was surely home: by a handover, or by a contact of the schedule after arrival."""

from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import ago, ahead

from kfdesk.domain.aftercare import home_since
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.records.registry import RECORD_TYPES

REACHED: dict[str, Any] = {"happened": ago(hours=2), "after_days": 2, "result": "reached"}


@pytest.mark.parametrize(
    "change",
    [
        {"happened": None},
        {"happened": ahead(hours=1)},
        {"after_days": None},
        {"result": "no_answer"},
    ],
)
def test_only_a_contact_after_arrival_in_which_she_was_reached_tells_it(
    change: dict[str, Any],
) -> None:
    assert home_since((), (FollowUp(**REACHED),), make.NOW) == ago(hours=2).utc
    assert home_since((), (FollowUp(**{**REACHED, **change}),), make.NOW) is None


def test_newest_record_counts() -> None:
    told: dict[str, Any] = dict.fromkeys(RECORD_TYPES["handover"].fields)
    handed = Handover(**{**told, "happened": ago(hours=1), "place": "door", "result": "received"})
    assert home_since((handed,), (FollowUp(**REACHED),), make.NOW) == ago(hours=1).utc
    assert home_since((), (), make.NOW) is None
