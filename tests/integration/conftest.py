# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk of its own for each test: a real store that nobody has written in yet.

Who needs another clock, a partner or a case takes them from the samples beside it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.decoding import _decoded_here  # noqa: F401 - a fixture
from tests.support.disks import _sticks_are_other_disks  # noqa: F401 - a fixture
from tests.support.stores import new_desk, remembering

from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots


@pytest.fixture(scope="module", autouse=True)
def _remembered() -> Iterator[None]:
    """Let nobody here pay twice for the same passphrase: it was half of what these tests took."""
    with remembering():
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Session]:
    """Yield the desk, closed after the test."""
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    made = new_desk(tmp_path / "store", people.HOUSE, who, Environment(cost=key_slots.MIN_COST))
    yield made
    made.store.close()
