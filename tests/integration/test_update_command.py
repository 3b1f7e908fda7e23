# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real versions of this program: the older one updates itself by `update`, and goes back.

Both are this source under another number, started as packages are: by `notebook` in a folder, with
their own resources and keys. The store is a real one, and the newer version opens it.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.gui.desk_samples import MACHINE, WHO
from tests.support.stores import new_desk
from tests.support.updates import (
    FOREIGN_KEY,
    KEY,
    NEW,
    NEW_BUILD,
    NEW_NAME,
    NEXT_KEY,
    OLD,
    OLD_BUILD,
    OLD_NAME,
    heavy_version,
    tree,
)

from kfdesk.domain.updates import UPDATE_SUFFIX
from kfdesk.system.updates import this_system
from minisign import ReleaseKey
from release import pack_update, read_manifest_of


@dataclass(frozen=True)
class Installed:
    """The older version, its store, and a stick with the newer one."""

    root: Path
    store: Path
    stick: Path

    def run(self, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
        """Start the program as a person does, with the passphrase on its standard input."""
        command = [
            str(self.root / "notebook"),
            "--store",
            str(self.store),
            "--initials",
            WHO.initials,
        ]
        options = ["--passphrase-file", "-", "--json", "--language", language]
        home = {f"XDG_{kind}_HOME": str(self.root.parent / "home") for kind in
                ("CONFIG", "STATE", "DATA")}  # fmt: skip
        return subprocess.run(
            [*command, *options, *words], input=f"{WHO.passphrase}\n", env=os.environ | home,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def answer(self, *words: str) -> Mapping[str, Any]:
        """Return what a command answers."""
        done = self.run(*words)
        assert (done.returncode, done.stderr) == (0, "")
        told: Mapping[str, Any] = json.loads(done.stdout)
        return told

    @property
    def version(self) -> str:
        """The version that starts."""
        command = [str(self.root / "notebook"), "which"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def update(self, key: ReleaseKey = KEY, version: str = NEW, carried: ReleaseKey = KEY) -> Path:
        """Put a newer version on the stick, signed by `key`, and return the file.

        From then on it accepts what `carried` signs.
        """
        folder = heavy_version(self.stick / version, version, NEW_BUILD, carried)
        path = self.stick / f"notebook-{version}{UPDATE_SUFFIX}"
        pack_update(folder, path, read_manifest_of(folder, version, NEW_BUILD, this_system()))
        key.sign(path, f"version:{version}")
        return path


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    (tmp_path / "stick").mkdir()
    root = heavy_version(tmp_path / "Notebook", OLD, OLD_BUILD)
    return Installed(root, tmp_path / "store", tmp_path / "stick")


@pytest.mark.slow
def test_older_program_becomes_the_newer_one_and_goes_back(installed: Installed) -> None:
    new_desk(installed.store, "Nordhuset", WHO, MACHINE).store.close()
    assert installed.version == OLD
    told = installed.answer("update", str(installed.update()))
    assert (told["version"], told["before"]) == (NEW, OLD_NAME)
    assert installed.version == NEW
    assert Path(told["backup"]).parent == installed.store.with_name("store-before")
    assert installed.answer("verify")["sound"] is True
    assert installed.answer("backup", "check", told["backup"])["sound"] is True
    assert installed.answer("update", "--back") == {"version": OLD_NAME}
    assert installed.version == OLD
    assert installed.answer("verify")["sound"] is True


def test_refused_update_leaves_program_and_store(installed: Installed) -> None:
    new_desk(installed.store, "Nordhuset", WHO, MACHINE).store.close()
    before = tree(installed.store), tree(installed.root)
    path = installed.update(FOREIGN_KEY)
    done = installed.run("update", str(path), language="sv")
    said = json.loads(done.stderr)
    assert (done.returncode, done.stdout, said["refused"]) == (1, "", "update.other_key")
    assert "signerad" in said["reason"]
    assert (tree(installed.store), tree(installed.root)) == before
    assert not installed.store.with_name("store-before").exists()


def test_computer_without_a_store_is_updated_too(installed: Installed) -> None:
    told = installed.answer("update", str(installed.update()))
    assert told == {"version": NEW, "before": OLD_NAME}
    assert installed.version == NEW
    assert {path.name for path in (installed.root / "versions").iterdir()} == {OLD_NAME, NEW_NAME}


@pytest.mark.slow
def test_release_signed_by_the_old_key_brings_the_next_one(installed: Installed) -> None:
    by_next = installed.update(NEXT_KEY, "0.4.0", NEXT_KEY)
    assert "update.other_key" in installed.run("update", str(by_next)).stderr
    installed.answer("update", str(installed.update(KEY, NEW, NEXT_KEY)))
    by_old = installed.update(KEY, "0.3.9")
    assert "update.other_key" in installed.run("update", str(by_old)).stderr
    assert installed.answer("update", str(by_next))["before"] == NEW_NAME
    assert installed.version == "0.4.0"


def test_command_needs_a_file_or_the_way_back(installed: Installed) -> None:
    done = installed.run("update")
    assert done.returncode == 2
    assert installed.run("update", "--back").returncode == 1
