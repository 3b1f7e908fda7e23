# SPDX-License-Identifier: GPL-3.0-or-later
"""The press that all tests of papers share; its catalogues are compiled once."""

import pytest
from tests.unit.documents.paper_samples import press_at

from kfdesk.documents.typesetting import Typesetter


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Typesetter:
    return press_at(tmp_path_factory.mktemp("catalogues"))
