# SPDX-License-Identifier: GPL-3.0-or-later
"""The program speaks the language that its user has chosen, by whatever name the system has."""

import ctypes
import sys
from types import SimpleNamespace

import pytest

from kfdesk import app
from kfdesk.system import paths, process
from kfdesk.ui import program

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the computer of this test has chosen."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("chosen", "languages"),
    [
        ({"LANG": "sv_SE.UTF-8"}, ("sv",)),
        ({"LANG": "sv_SE.UTF-8", "LC_MESSAGES": "ru_RU.UTF-8"}, ("ru",)),
        ({"LANG": "sv_SE", "LC_MESSAGES": "ru_RU", "LC_ALL": "en_GB"}, ("en",)),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "et:ru:sv"}, ("et", "ru", "sv", "de")),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "ru"}, ("ru", "en")),
        ({"LANG": "sv_SE@euro", "LANGUAGE": ":sv_FI.UTF-8::"}, ("sv",)),
        ({"LC_ALL": "C", "LANG": "sv_SE.UTF-8", "LANGUAGE": "ru"}, ()),
        ({"LC_ALL": "C.UTF-8", "LANGUAGE": "ru"}, ()),
        ({"LANG": "POSIX", "LANGUAGE": "ru"}, ()),
        ({"LANG": "", "LC_ALL": "", "LANGUAGE": "ru"}, ()),
        ({"LANG": "фы_ВА", "LANGUAGE": "../../etc"}, ()),
        ({"LANG": "Swedish_Sweden.1252"}, ()),
        ({}, ()),
    ],
)
def test_locale_of_posix_and_list_of_gettext(
    monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str], languages: tuple[str, ...]
) -> None:
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    assert process.system_languages() == languages


@pytest.mark.parametrize(("number", "language"), [(0x041D, "sv"), (0x0419, "ru"), (0xFFFF, None)])
def test_windows_names_the_language_of_its_windows(
    monkeypatch: pytest.MonkeyPatch, number: int, language: str | None
) -> None:
    """A Swedish Windows called its locale Swedish_Sweden, and the program began in English."""
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert process.system_languages() == ((language,) if language else ())


@pytest.mark.parametrize(
    ("requested", "users", "windows", "spoken"),
    [
        ("", "de_DE", ("sv-SE", "en"), "sv"),
        ("", "", ("ru-RU", "ru", "sv"), "ru"),
        ("", "ru_RU", ("sv-SE",), "ru"),
        ("", "", ("C", "zh-Hans-CN"), "en"),
        ("sv", "ru_RU", ("ru",), "sv"),
        ("xx", "ru_RU", ("ru",), "en"),
    ],
)
def test_first_language_that_the_program_has_is_spoken(
    monkeypatch: pytest.MonkeyPatch,
    requested: str,
    users: str,
    windows: tuple[str, ...],
    spoken: str,
) -> None:
    monkeypatch.setenv("LANG", users)
    others = map(process.language_code, windows)
    assert app._supported_language(requested, *others) == spoken


def test_windows_of_the_system_name_their_languages() -> None:
    names = program.window_languages()
    assert all(isinstance(name, str) for name in names)
    assert not {"", None} & set(names)


@pytest.mark.parametrize(
    ("started", "build", "name"),
    [
        ("/usr/bin/kfdesk", "", "kfdesk"),
        ("/usr/bin/notebook", "25ba9a4", "notebook"),
        ("C:/Programs/Notebook/notebook.exe", "25ba9a4", "notebook"),
        ("/opt/notebook/src/kfdesk/__main__.py", "25ba9a4", "notebook"),
        ("/srv/tree/src/kfdesk/__main__.py", "", "kfdesk"),
        ("-c", "", "kfdesk"),
        ("", "", "kfdesk"),
    ],
)
def test_help_names_the_command_that_was_started(
    monkeypatch: pytest.MonkeyPatch, started: str, build: str, name: str
) -> None:
    monkeypatch.setattr(sys, "argv", [started])
    monkeypatch.setattr(paths, "build_id", lambda: build)
    assert process.command_name() == name
