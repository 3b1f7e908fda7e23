# SPDX-License-Identifier: GPL-3.0-or-later
"""One store, made once with a known key; each test that changes something works on a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY, WHO, made_in

from kfdesk.storage import driver, keyring
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.store import Store


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store's folder with the sample case in it; nobody writes there."""
    folder = tmp_path_factory.mktemp("template") / "store"
    store = made_in(folder)
    with store.transaction():
        for row in (*make.case_rows(), make.consent(), make.row("organisation")):
            store.put(row)
    store.close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """Return a copy of the store's folder, closed."""
    return Path(shutil.copytree(template, tmp_path / "store"))


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / STORE_FILE


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    """Yield the copy, opened with the raw key, which costs nothing."""
    connection = driver.connect(file, KEY)
    yield Store(connection, file)
    connection.close()


@pytest.fixture
def connection(store: Store) -> driver.Connection:
    """Return the store's own connection, for doing what no service would."""
    return store._connection


@pytest.fixture(scope="session")
def unlocked(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield a copy opened with its passphrase, for reading alone."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("unlocked") / "store"))
    store = keyring.unlock(folder, WHO)
    yield store
    store.close()
