# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the tests of the domain."""

from collections.abc import Iterator

import pytest
from tests.support import make


@pytest.fixture
def everything() -> Iterator[None]:
    """Yield a record type with a field for each group and level, beside the program's own."""
    with make.registered(make.described(make.Everything)):
        yield
