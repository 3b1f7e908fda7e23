# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program names it knows again, and nothing else: whatever a person calls a folder."""

from datetime import UTC, datetime
from pathlib import Path

from tests.unit.storage.neighbours import NEAR_NAMES, OWN_NAMES

from kfdesk.storage.store_names import (
    Beside,
    StageUse,
    aside_path,
    folders_beside,
    former_path,
    pre_upgrade_folder,
    stage_folder,
    work_folder,
)

AT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


def test_every_name_that_the_program_makes_is_known_by_its_kind(tmp_path: Path) -> None:
    folder = tmp_path / "a store.v2 [ours]"
    made: dict[Beside, list[Path]] = {kind: [] for kind in Beside}
    for _ in range(11):
        for kind, place in (
            (Beside.ASIDE, aside_path(folder, AT)),
            (Beside.FORMER, former_path(folder)),
        ):
            place.mkdir()
            made[kind].append(place)
    made[Beside.BACKUPS].append(pre_upgrade_folder(folder))
    for use in StageUse:
        made[Beside.STAGE].append(stage_folder(folder, use))
        made[Beside.WORK].append(work_folder(stage_folder(folder, use)))
    everything = sorted(place for places in made.values() for place in places)
    for place in everything:
        place.mkdir(exist_ok=True)
    assert all(made.values())
    for kind, places in made.items():
        assert folders_beside(folder, kind) == sorted(places)
    assert folders_beside(folder, *Beside) == everything


def test_names_that_only_look_alike_are_nobodys(tmp_path: Path) -> None:
    for end in (*NEAR_NAMES, *OWN_NAMES):
        (tmp_path / f"store{end}").mkdir()
    for name in ("other.former", "astore.former", "Store.former", "storeX.former"):
        (tmp_path / name).mkdir()
    found = folders_beside(tmp_path / "store", *Beside)
    assert found == sorted(tmp_path / f"store{end}" for end in OWN_NAMES)


def test_neither_a_file_nor_a_link_is_a_folder_beside(tmp_path: Path) -> None:
    (tmp_path / "store.former").write_bytes(b"x")
    (tmp_path / "letters").mkdir()
    (tmp_path / "store.former-2").symlink_to(tmp_path / "letters")
    (tmp_path / "store.former-3").mkdir()
    assert folders_beside(tmp_path / "store", *Beside) == [tmp_path / "store.former-3"]
