# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing plain on the disk: a whole day at the desk, a crash, bugs, and what each leaves behind.

The program runs as a process of its own. All that it writes, holds, says and is called is searched
for canaries in every encoding and folding, and for the keys. What a person asks for - a paper as a
PDF - and gives lies in one folder that is left out, and nowhere else. Controls leak on purpose.
"""

import base64
import os
import secrets
import signal
import sys
import unicodedata
from pathlib import Path

import pytest
from tests.e2e.leak_canaries import ENCODINGS, Canaries, canaries, forms, hits, of_keys, of_texts
from tests.e2e.leak_child import INITIALS, MACHINE
from tests.e2e.leak_watch import ASKED, PLACES, Watched
from tests.support.patience import HANG

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.recovery_key import parse_key
from kfdesk.services.core.drafts import list_drafts
from kfdesk.storage import key_slots

CHILD = ("-m", "tests.e2e.leak_child")
NEUTRAL = {"", "Notebook"}
OFFSCREEN = {"This plugin does not support propagateSizeHints()"}
DAY = (
    "passphrase typed", "places seen", "found", "draft kept", "saved", "paper seen", "paper saved",
    "printed", "bundle made", "bundle read", "bundle taken", "backup made", "backup tried",
    "document added", "document seen", "copied", "in the bin", "locked", "passphrase typed",
    "unlocked", "erased",
)  # fmt: skip

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it looks at processes of POSIX")


@pytest.fixture
def seed() -> str:
    return secrets.token_hex(8)


@pytest.fixture
def words(seed: str) -> Canaries:
    return canaries(seed)


@pytest.fixture
def watched(words: Canaries, tmp_path: Path) -> Watched:
    return Watched(tmp_path / "watched", tmp_path / "steps", of_texts(words.texts))


def store_of(watched: Watched) -> Path:
    return watched.folder / PLACES["XDG_DATA_HOME"] / "notebook" / "store"


def live(watched: Watched, seed: str, *, until: str = "", leak: str = "") -> list[str]:
    """Let the program live its day, or until a step; returns the steps. Each is looked at."""
    steps: list[str] = []
    with watched.running(*CHILD, SEED=seed, MODE="day", LEAK=leak) as child:
        for step in watched.steps_of(child):
            if not steps:
                watched.wanted |= keys_in(watched, canaries(seed))
            watched.look(child.pid)
            titles = set((watched.steps / step).read_text(encoding="utf-8").splitlines())
            assert titles <= NEUTRAL | {"leak_child.py"}, step
            steps.append(step.partition(" ")[2])
            if steps[-1] == until:
                return steps
        assert child.wait(HANG) == 0, watched.said()
    return steps


def keys_in(watched: Watched, words: Canaries) -> dict[bytes, str]:
    """Return the search terms for the store key and the recovery key."""
    desk_key = key_slots.open_user_slot(
        key_slots.read_slots(store_of(watched)), INITIALS, words.passphrase
    )
    code = parse_key(words.recovery)
    assert code is not None
    return of_keys((desk_key, code))


@pytest.mark.slow
def test_day_at_the_desk_leaves_nothing_plain(watched: Watched, seed: str, words: Canaries) -> None:
    assert live(watched, seed) == list(DAY)
    asked = {path.name for path in (watched.folder / ASKED).iterdir()}
    assert asked == {"sheet.pdf", "printed.pdf", f"{words.name}.txt"}
    assert set(watched.said().splitlines()) <= OFFSCREEN
    assert watched.found == set()
    assert watched.looks >= len(DAY)
    who = Credentials(INITIALS, words.passphrase)
    desk = store_lifecycle.unlock_store(store_of(watched), who, MACHINE)
    identity = desk.identity
    assert desk.store.verify() == ()
    assert list_drafts(desk) == ()  # her draft, which the lock had kept, was erased with her
    desk.store.close()
    watched.wanted |= of_keys((identity.sign_seed, identity.age_secret))
    watched.look(None)
    assert watched.found == set()


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, pytest.param(signal.SIGSEGV, marks=pytest.mark.slow)]
)
def test_crash_in_the_midst_of_a_transaction_leaves_nothing_plain(
    watched: Watched, seed: str, words: Canaries, how: signal.Signals
) -> None:
    with watched.running(*CHILD, SEED=seed, MODE="midst") as child:
        for _ in watched.steps_of(child):
            watched.wanted |= keys_in(watched, words)
            watched.look(child.pid)
            assert (store_of(watched) / "notebook.db-journal").stat().st_size > 4096
            child.send_signal(how)
            assert child.wait(HANG) == -how
    watched.look(None)
    assert watched.found == set()
    cores = [path.name for path in watched.folder.rglob("*") if path.name.startswith("core")]
    assert cores == []
    who = Credentials(INITIALS, words.passphrase)
    desk = store_lifecycle.unlock_store(store_of(watched), who, MACHINE)
    assert desk.store.verify() == ()
    desk.store.close()
    watched.look(None)
    assert watched.found == set()


def test_bug_says_where_it_is_and_nothing_of_what_it_held(watched: Watched, seed: str) -> None:
    """In the window, in a thread, while something is thrown away, and on the worker."""
    with watched.running(*CHILD, SEED=seed, MODE="bug") as child:
        assert child.wait(HANG) == 70
    lines = [line for line in watched.said().splitlines() if line not in OFFSCREEN]
    assert len(lines) == 4
    for line in lines:
        kind, _, place = line.removeprefix("stopped: ").partition(", ")
        module, _, number = place.partition(":")
        assert (kind, module, number.isdigit()) == ("LookupError", "leak_child.py", True)
    assert watched.found == set()


@pytest.mark.slow
def test_bug_before_there_is_a_window_says_no_more(watched: Watched, seed: str) -> None:
    with watched.running(*CHILD, SEED=seed, MODE="early bug") as child:
        assert child.wait(HANG) == 1
    assert watched.said().startswith("stopped: LookupError, leak_child.py:")
    assert len(watched.said().splitlines()) == 1
    assert watched.found == set()


@pytest.mark.slow
def test_python_alone_would_have_said_it(watched: Watched, seed: str, words: Canaries) -> None:
    """The control: what is kept silent is told by default."""
    script = "import sys\nfrom tests.e2e.leak_child import mine\nraise LookupError(mine().name)"
    with watched.running("-c", script, SEED=seed) as child:
        assert child.wait(HANG) == 1
    assert words.name in watched.said()
    assert {found.rpartition(" ")[2] for found in watched.found} == {"said.txt"}


# controls


@pytest.mark.parametrize(
    ("leak", "place"),
    [
        pytest.param("utf-16-le", "scratch", marks=pytest.mark.slow),
        ("said", "said.txt"),
        pytest.param(
            "held utf-8",
            "(deleted)",
            marks=(
                pytest.mark.slow,
                pytest.mark.skipif(
                    os.geteuid() != 0,
                    reason="what a hardened process holds open only root may read",
                ),
            ),
        ),
        pytest.param("name", "name", marks=pytest.mark.slow),
    ],
)
def test_leak_on_purpose_is_found(watched: Watched, seed: str, leak: str, place: str) -> None:
    live(watched, seed, until="passphrase typed", leak=leak)
    assert any(place in found for found in watched.found), watched.found


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_canary_in_this_encoding_is_seen(words: Canaries, encoding: str) -> None:
    wanted, seen = of_texts(words.texts), 0
    for text in words.texts:
        for form in forms(text):
            spelt = form.encode(encoding, errors="ignore")
            if len(spelt) >= 8 and spelt.decode(encoding) == form:
                assert hits(b"\0\1\2" + spelt + b"\3", wanted), (text, form)
                seen += 1
    assert seen > len(words.texts)


def test_every_form_of_a_name_is_looked_for(words: Canaries) -> None:
    name = words.name
    found = set(forms(name))
    assert {name, name.casefold(), name.upper(), unicodedata.normalize("NFD", name)} <= found
    assert name.replace("Å", "a") in found
    assert words.recovery.replace(" ", "") in set(forms(words.recovery))


def test_key_is_seen_however_it_is_written() -> None:
    key = secrets.token_bytes(32)
    wanted = of_keys((key,))
    for written in (
        key, key.hex().encode(), key.hex().upper().encode(), key.hex().encode("utf-16-le"),
        *(base64.b64encode(bytes(n) + key) for n in range(7)),
        *(base64.urlsafe_b64encode(bytes(n) + key + b"xyz") for n in range(7)),
    ):  # fmt: skip
        assert hits(b"?" + written + b"?", wanted)
    assert not hits(secrets.token_bytes(4096), wanted)
