# SPDX-License-Identifier: GPL-3.0-or-later
"""An older Debian is laid out so that it can build behind a network of one's own.

Building in it takes minutes and is left to `make package SYSTEM=bookworm`.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

import old_system
from old_system import lay_out


def test_certificates_of_this_system_stay_after_an_update_has_written_debians(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, system = tmp_path / "own.crt", tmp_path / "system"
    own.write_text("of a network of one's own", encoding="ascii")
    place = own.relative_to("/")
    ran: list[str] = []

    def run(command: Sequence[str], _fault: str) -> str:
        ran.append(
            next(
                word for word in command if word in {"debootstrap", "update", "upgrade", "install"}
            )
        )
        if ran[-1] == "debootstrap":
            for path in (system / "etc" / "debian_version", system / "etc/apt/sources.list"):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(
                    "deb http://mirror.invalid/debian bookworm main\n", encoding="ascii"
                )
        (system / place).parent.mkdir(parents=True, exist_ok=True)
        (system / place).write_text("Debian's own", encoding="ascii")
        return ""

    monkeypatch.setattr(old_system, "run", run)
    monkeypatch.setattr(old_system, "CERTIFICATES", place)
    for _ in range(2):  # one that is there is used again
        lay_out(system, "bookworm")
        assert (system / place).read_text(encoding="ascii") == "of a network of one's own"
    assert ran == ["debootstrap", "update", "upgrade", "install", "update", "upgrade", "install"]
    listed = (system / "etc/apt/sources.list").read_text(encoding="ascii")
    assert "deb http://mirror.invalid/debian-security bookworm-security main" in listed
