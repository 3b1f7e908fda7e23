# SPDX-License-Identifier: GPL-3.0-or-later
"""The program's languages as they are spoken: the catalogues of the tree, compiled once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from tests.unit.i18n.po_files import CATALOGUES, language_of

from kfdesk.i18n.language import PROGRAM, Language

Speaking = Callable[..., Language]


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of compiled catalogues."""
    root = tmp_path_factory.mktemp("translations")
    for source in CATALOGUES:
        language = language_of(source)
        target = root / language / "LC_MESSAGES" / f"{source.stem}.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as po, target.open("wb") as mo:
            write_mo(mo, read_po(po, locale=language))
    return root


@pytest.fixture(scope="session")
def speaking(catalogues: Path) -> Speaking:
    """Return a loader of a language by its code, for the program or the traveller."""

    def speak(code: str, domain: str = PROGRAM) -> Language:
        return Language(code, catalogues, domain)

    return speak
