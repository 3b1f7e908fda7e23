# SPDX-License-Identifier: GPL-3.0-or-later
"""From each release of before to the program of today and back: each way works, or says why not.

Both programs run as processes of their own on the files of one laptop, as after an update and
after going back. Whatever one refuses, it neither changes nor loses.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.support import releases
from tests.support.releases import ROOT, TODAY, Laptop, Program, Release, UnavailableError

from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.key_slots import SLOT_FILES
from kfdesk.storage.store_names import pre_upgrade_folder

pytestmark = pytest.mark.slow
WORDS, OTHER_WORDS = "sex helt vanliga ord till prov", "sex andra ord för en annan"
CARRIER = "M/S Exempel"
ALL = releases.releases()


@dataclass(frozen=True)
class Former:
    """A program of before with a pair of desks: ours is its own, the partner has today's."""

    release: Release
    program: Program
    ours: Laptop
    theirs: Laptop
    stick: Path
    us: str
    them: str
    plan: str
    leg: str

    def shown(self, program: Program, laptop: Laptop | None = None) -> str:
        """Return the plan as a program shows it."""
        return str(program.run(laptop or self.ours, "plan", "show", self.plan))


@pytest.fixture(scope="module", params=ALL, ids=[each.name for each in ALL])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Former:
    release: Release = request.param
    try:
        program = releases.program_of(release)
    except UnavailableError as why:
        pytest.skip(str(why))
    base = tmp_path_factory.mktemp("pair")
    ours, theirs = Laptop(base / "ours"), Laptop(base / "theirs")
    (stick := base / "stick").mkdir()
    desks = ((program, ours, "Nordhuset"), (TODAY, theirs, "Sydhuset"))
    who: list[str] = []
    for one, laptop, name in desks:
        laptop.say(WORDS)
        one.run(laptop, "init", "--name", name)
        who.append(one.run(laptop, "bundle", "card", str(stick / f"{name}.card"))["organisation"])
    for (one, laptop, _), other in zip(desks, ("Sydhuset", "Nordhuset"), strict=True):
        card = str(stick / f"{other}.card")
        digits = one.run(laptop, "bundle", "trust", card)["digits"]
        verified = one.run(laptop, "bundle", "trust", card, "--digits", digits)
        assert verified["state"] == "verified"
    us, them = who
    plan = program.drive(ours, "plan", str(ours.store), str(ours.words), them)
    return Former(release, program, ours, theirs, stick, us, them, plan["plan"], plan["leg"])


@pytest.fixture
def former(made: Former, tmp_path: Path) -> Former:
    """Return a pair of its own, which the test may change."""
    base = Path(shutil.copytree(made.stick.parent, tmp_path / "pair"))
    ours, theirs = Laptop(base / "ours"), Laptop(base / "theirs")
    return replace(made, ours=ours, theirs=theirs, stick=base / "stick")


def _files(folder: Path) -> dict[str, bytes]:
    names = (STORE_FILE, *SLOT_FILES)
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}


def _refused(answer: Any) -> str:
    return str(answer.get("refused"))


def test_store_goes_up_and_comes_back(former: Former) -> None:
    """Earlier records stand in both stores; later ones stand in the store that is put aside."""
    old, ours = former.program, former.ours
    before = _files(ours.store)
    assert CARRIER not in former.shown(old)
    assert TODAY.run(ours, "verify")["sound"]
    (kept,) = pre_upgrade_folder(ours.store).iterdir()
    same = _files(kept)
    assert {name: same[name] for name in SLOT_FILES} == {n: before[n] for n in SLOT_FILES}
    TODAY.run(ours, "plan", "set", former.leg, "carrier", json.dumps(CARRIER))
    assert CARRIER in former.shown(TODAY)

    upgraded = _files(ours.store)
    assert _refused(old.run(ours, "verify")) == former.release.refuses
    assert _files(ours.store) == upgraded
    assert "refused" not in old.run(ours, "backup", "check", str(kept))
    back = old.run(ours, "backup", "restore", str(kept))
    assert "refused" not in back, back
    assert old.run(ours, "verify")["sound"]
    assert former.plan in str(old.run(ours, "plan", "list"))
    assert CARRIER not in former.shown(old)
    old.run(ours, "plan", "set", former.leg, "carrier", '"41, Exempelbuss"')
    (aside,) = _put_aside(ours.home)
    assert _files(aside)[STORE_FILE] == upgraded[STORE_FILE]
    assert TODAY.run(Laptop(_alone(aside, ours)), "verify")["sound"]

    assert TODAY.run(ours, "verify")["sound"], "and up again"
    assert "41, Exempelbuss" in former.shown(TODAY)


def _put_aside(home: Path) -> Iterator[Path]:
    """Yield the folders with a store beside the store."""
    for path in sorted(home.iterdir()):
        if path.name not in {"store", "store-before"} and (path / STORE_FILE).exists():
            yield path


def _alone(store: Path, ours: Laptop) -> Path:
    """Return the folder of a laptop with a copy of this store, and the same words."""
    home = ours.home.parent / f"{store.name}-alone"
    shutil.copytree(store, home / "store")
    shutil.copyfile(ours.words, home / "words.txt")
    return home


def test_backup_is_read_onwards_and_named_backwards(former: Former) -> None:
    old, ours, theirs, stick = former.program, former.ours, former.theirs, former.stick
    made = old.run(ours, "backup", "make", str(stick))
    assert "refused" not in made
    elsewhere = Laptop(stick.parent / "elsewhere")
    elsewhere.say(WORDS)
    assert "refused" not in TODAY.run(elsewhere, "backup", "check", str(stick))
    assert "refused" not in TODAY.run(elsewhere, "backup", "restore", str(stick))
    assert former.plan in str(TODAY.run(elsewhere, "plan", "list"))

    (newer := stick / "newer").mkdir()
    assert "refused" not in TODAY.run(theirs, "backup", "make", str(newer))
    (folder,) = (path for path in newer.iterdir() if path.is_dir())
    both = _files(folder), _files(ours.store)
    for command in ("check", "restore"):
        answer = old.run(ours, "backup", command, str(folder))
        assert _refused(answer) == former.release.refuses
    assert (_files(folder), _files(ours.store)) == both
    assert former.plan in str(old.run(ours, "plan", "list"))
    assert "refused" not in TODAY.run(theirs, "backup", "check", str(folder))


def test_key_files_go_up_and_come_back(former: Former, tmp_path: Path) -> None:
    """Each user's passphrase opens what it opened; a change of today stays in today's store."""
    old, ours = former.program, former.ours
    new, later = tmp_path / "new.txt", tmp_path / "later.txt"
    new.write_text(OTHER_WORDS + "\n", encoding="utf-8")
    later.write_text("sex tredje ord som ingen har sett\n", encoding="utf-8")
    added = old.run(
        ours, "user", "add", "QQ", "--roles", "case_manager", "--new-passphrase-file", str(new)
    )
    assert "refused" not in added, added
    assert TODAY.run(ours, "verify")["sound"]
    ours.say(OTHER_WORDS)
    assert "refused" not in TODAY.run(ours, "plan", "list", who="QQ")
    ours.say(WORDS)
    changed = TODAY.run(ours, "user", "passphrase", "--new-passphrase-file", str(later))
    assert "refused" not in changed

    upgraded = _files(ours.store)
    ours.words.write_bytes(later.read_bytes())
    assert _refused(old.run(ours, "verify")) == former.release.refuses_sealed
    assert _files(ours.store) == upgraded
    ours.say(WORDS)
    back = old.run(ours, "backup", "restore", str(pre_upgrade_folder(ours.store)))
    assert "refused" not in back, back
    assert old.run(ours, "verify")["sound"]
    ours.say(OTHER_WORDS)
    assert "refused" not in old.run(ours, "plan", "list", who="QQ")
    (aside,) = _put_aside(ours.home)
    today = Laptop(_alone(aside, ours))
    today.words.write_bytes(later.read_bytes())
    assert TODAY.run(today, "verify")["sound"]

    ours.say(WORDS)
    again = old.run(ours, "user", "passphrase", "--new-passphrase-file", str(later))
    assert "refused" not in again
    ours.words.write_bytes(later.read_bytes())
    assert TODAY.run(ours, "verify")["sound"], "and up again"
    ours.say(WORDS)
    assert _refused(TODAY.run(ours, "verify")) == "store.wrong_passphrase"


def test_exchange_files_go_both_ways(former: Former) -> None:
    """Also once ours has today's program, and once it has gone back."""
    old, ours, theirs = former.program, former.ours, former.theirs
    _send(former, old, ours, former.them, TODAY, theirs)
    assert former.plan in str(TODAY.run(theirs, "plan", "list"))
    TODAY.run(theirs, "plan", "set", former.plan, "note", '"from the safe house"')
    _send(former, TODAY, theirs, former.us, old, ours)
    assert old.run(ours, "verify")["sound"]

    assert TODAY.run(ours, "verify")["sound"]
    TODAY.run(ours, "plan", "set", former.leg, "carrier", json.dumps(CARRIER))
    _send(former, TODAY, ours, former.them, TODAY, theirs)
    assert CARRIER in former.shown(TODAY, theirs)
    back = old.run(ours, "backup", "restore", str(pre_upgrade_folder(ours.store)))
    assert "refused" not in back, back
    _send(former, TODAY, theirs, former.us, old, ours)
    old.run(ours, "plan", "set", former.leg, "carrier", '"41, Exempelbuss"')
    _send(former, old, ours, former.them, TODAY, theirs)
    assert old.run(ours, "verify")["sound"]
    assert TODAY.run(theirs, "verify")["sound"]


def _send(
    former: Former, sender: Program, laptop: Laptop, to: str, reader: Program, other: Laptop
) -> None:
    """Send the plan and take it; a reader that says no names a newer version."""
    made = sender.run(
        laptop, "bundle", "make", former.plan, "--to", to, "--into", str(former.stick)
    )
    assert "refused" not in made, made
    taken = reader.run(other, "bundle", "take", made["file"])
    assert "refused" not in taken or not taken["refused"], taken


def test_settings_go_up_and_come_back(former: Former) -> None:
    """Each program reads what it knows. What former ones drop is only how the window looks."""
    old, ours = former.program, former.ours
    chosen = old.drive(ours, "settings", 'language="ru"', "letters=125", "lock_minutes=3")
    today = TODAY.drive(ours, "settings")
    assert {key: today[key] for key in chosen} == chosen
    today = TODAY.drive(
        ours, "settings", 'scheme="dark"', "is_compact=true", 'lists={"plans": [1]}'
    )
    back = old.drive(ours, "settings")
    assert {key: back[key] for key in back if key in today} == {key: today[key] for key in back}
    back = old.drive(ours, "settings", "letters=150")
    today = TODAY.drive(ours, "settings")
    assert {key: today[key] for key in back} == back
    assert (today["letters"], today["scheme"], today["language"]) == (150, "dark", "ru")


# --- the releases themselves


def test_every_release_is_named_by_its_whole_commit() -> None:
    """From the commit after it on: a commit cannot name itself."""
    assert all(len(each.commit) == 40 for each in ALL)
    tags = subprocess.run(
        ["git", "-C", str(ROOT), "tag", "--list", "v[0-9]*", "--no-contains", "HEAD", "--format",
         "%(objectname) %(*objectname)"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    tagged = {line.split()[-1] for line in tags.splitlines()}
    assert tagged <= {each.commit for each in ALL}


def test_repository_without_history_says_so_and_builds_nothing(tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "init", "-q", str(shallow)], check=True)
    with pytest.raises(UnavailableError, match="fetch it with git fetch --unshallow"):
        releases._take_from_history(ALL[0].commit, tmp_path / "built", shallow)
    assert [path.name for path in tmp_path.iterdir()] == ["shallow"]
