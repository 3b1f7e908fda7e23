# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever others call their stores: nothing that destroys, clears or puts back changes one."""

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.samples import examples
from tests.unit.storage.neighbours import NEAR_NAMES, OWN_NAMES, files_of, put_beside
from tests.unit.storage.store_samples import KEY, known_bytes, made_in

from kfdesk.storage.backup import finish_interrupted
from kfdesk.storage.driver import STORE_FILE, file_salt
from kfdesk.storage.shredder import OwnFiles, shred_former, shred_store
from kfdesk.storage.store_names import UNFINISHED_SUFFIX

SHARED = settings(max_examples=examples(80), deadline=None)
MADE = (*OWN_NAMES, "-before", ".part.work", "-look.part.work")
MARKS = st.sampled_from("2-.,_ ~Aa9\N{ARABIC-INDIC DIGIT TWO}é")


@st.composite
def spoilt_names(draw: st.DrawFn) -> str:
    """Return the end of a name that the program makes, with one sign more, less or other."""
    end = draw(st.sampled_from(MADE))
    at = draw(st.integers(0, len(end)))
    cut = draw(st.integers(0, 1))
    return end[:at] + draw(st.one_of(st.just(""), MARKS)) + end[at + cut :]


FREE_TEXT = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20
)
NAMES = st.lists(
    st.one_of(spoilt_names(), st.sampled_from((*NEAR_NAMES, *MADE)), FREE_TEXT),
    min_size=1, max_size=6, unique=True,
)  # fmt: skip


DATED = re.compile(r"(-\d{4}-\d\d-\d\d-\d{4}|\.former)(-([2-9]|[1-9]\d+))?", re.ASCII)


def is_own_name(end: str) -> bool:
    """Return whether the program itself makes such a name: a drawn sign may be another digit."""
    return end in OWN_NAMES or DATED.fullmatch(end) is not None


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of our store, under KEY."""
    folder = tmp_path_factory.mktemp("ours") / "store"
    made_in(folder).close()
    return folder


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of somebody else's store, under another key, which was opened once."""
    folder = tmp_path_factory.mktemp("theirs") / "store"
    made_in(folder, "theirs").close()
    (folder / "notebook.lock").touch()
    (folder / "letter.txt").write_text("x", encoding="utf-8")
    return folder


@SHARED
@given(names=NAMES)
def test_no_neighbour_changes_when_a_store_and_its_former_ones_are_destroyed(
    ours: Path, theirs: Path, names: list[str]
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place, "store")
        shutil.copytree(ours, folder)
        neighbours = [
            *put_beside(folder, theirs, [name for name in names if name not in ("", ".", "..")]),
            Path(shutil.copytree(theirs, Path(place, "astore"))),
        ]
        (own,) = put_beside(folder, ours, [".former-77"])
        before = files_of(neighbours)
        former = OwnFiles(None, frozenset({file_salt(folder / STORE_FILE)}))
        shred_former(folder, former, known_bytes("former"))
        assert not own.exists()
        assert files_of(neighbours) == before
        shred_store(folder, OwnFiles(KEY, frozenset()), known_bytes("noise"))
        assert not folder.exists()
        assert files_of(neighbours) == before


@SHARED
@given(names=NAMES)
@example(names=["-2026-11-24-1405-22", "-2929-11-24-1405"])
@example(names=["-2026-11-24-1405-02", "-2026-11-24-1405-2."])
def test_no_neighbour_is_taken_for_the_store_that_an_interrupted_restore_put_aside(
    theirs: Path, names: list[str]
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place, "store")
        wanted = [name for name in names if name and not is_own_name(name)]
        neighbours = put_beside(folder, theirs, wanted)
        if not folder.with_name(f"store{UNFINISHED_SUFFIX}").exists():
            folder.with_name(f"store{UNFINISHED_SUFFIX}").mkdir()
        before = files_of(neighbours)
        finish_interrupted(folder)
        assert files_of(neighbours) == before
        assert not folder.exists()
