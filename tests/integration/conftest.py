# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk of its own for each test: a real store that nobody has written in yet.

Who needs another clock, a partner or a case takes them from the samples beside it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.stores import new_desk, remembering

from kfdesk import app
from kfdesk.demo import people
from kfdesk.services.desk import Desk
from kfdesk.storage import slots
from kfdesk.storage.vault import Credentials


@pytest.fixture(scope="module", autouse=True)
def _remembered() -> Iterator[None]:
    """Let nobody here pay twice for the same passphrase: it was half of what these tests took."""
    with remembering():
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The desk, closed after the test."""
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    made = new_desk(tmp_path / "store", people.HOUSE, who, app.Machine(cost=slots.FLOOR))
    yield made
    made.store.close()
