# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the history are true of each file that an action is entered for."""

import pytest
from tests.architecture.tree import ROOT

from kfdesk.domain.audit import Action
from kfdesk.i18n.language import Language
from kfdesk.ui.record_views import ACTION_LOOKS


@pytest.mark.parametrize("code", ["en", "sv", "ru", "et"])
def test_file_that_was_not_saved_is_not_said_to_be_a_pdf(code: str) -> None:
    """It may be a list, a calendar or a table as well."""
    language = Language(code, ROOT / "translations")
    not_saved = language.gettext(ACTION_LOOKS[Action.NOT_SAVED][1])
    assert "PDF" not in not_saved
    assert "PDF" in language.gettext(ACTION_LOOKS[Action.SAVE_PAPER][1])  # which is always one
