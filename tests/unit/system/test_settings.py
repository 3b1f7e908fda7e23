# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings outlive the program, and damage to them costs nothing else."""

from pathlib import Path

import pytest

from kfdesk.system import settings
from kfdesk.system.settings import Settings


def test_settings_come_back_as_they_were_written(tmp_path: Path) -> None:
    chosen = Settings(language="ru", scheme="dark", lock_minutes=3)
    settings.write_settings(tmp_path / "new", chosen)
    assert settings.read_settings(tmp_path / "new") == chosen
    assert [path.name for path in (tmp_path / "new").iterdir()] == [settings.SETTINGS_FILE]


def test_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert settings.read_settings(tmp_path) == Settings()


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', '{"language": 3}', "[" * 100_000])
def test_damaged_file_means_the_defaults(tmp_path: Path, content: str) -> None:
    (tmp_path / settings.SETTINGS_FILE).write_text(content, encoding="utf-8")
    assert settings.read_settings(tmp_path) == Settings()


def test_unknown_setting_is_ignored_and_a_known_one_kept(tmp_path: Path) -> None:
    text = '{"language": "ru", "colour": "blue", "lock_minutes": true}'
    (tmp_path / settings.SETTINGS_FILE).write_text(text, encoding="utf-8")
    assert settings.read_settings(tmp_path) == Settings(language="ru")


def test_place_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings.write_settings(tmp_path / "file", Settings(language="ru"))
    assert (tmp_path / "file").read_text(encoding="utf-8") == ""
