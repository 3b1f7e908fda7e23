# SPDX-License-Identifier: GPL-3.0-or-later
"""The program around the store: weak passphrases, planted modules, closed cases, crashes.

A weak passphrase is refused at every door. A module in the current folder is not imported. Who may
not read a case learns nothing of it from a paper that is refused. After a crash the next window
says so, once, without a value. Each way has a control in which its rule is switched off.
"""

import io
import os
import random
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest
from tests.gui import test_gui_crash as crashing
from tests.integration.test_carry_check import Journey, fill
from tests.support.make import sheet
from tests.support.stores import copied, unlock
from tests.support.traps import VERIFY, Trap
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.world import World, refusal
from tests.unit.domain.carry.carry_samples import disguised

from kfdesk import app, store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.services.core.passphrases import normalize_passphrase
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers import leak_check
from kfdesk.services.papers.production import check_paper, make_paper, save_paper
from kfdesk.storage import key_slots

_ROOT = Path(__file__).resolve().parents[2]
_MACHINE = Environment(cost=key_slots.MIN_COST)
_WHO = Credentials(people.INITIALS, people.PASSPHRASE)

# --- weak passphrases

_WORDS = ("password", "lösenord", "пароль", "qwertyuiop", "123456789", people.HOUSE, "letmein")
_LOOKS: tuple[Callable[[str], str], ...] = (
    str, str.upper, str.title, lambda word: word[::-1], ".".join,
    " ".join, "\u200b".join,
    lambda word: word.translate(str.maketrans("aoieаое", "@0134@0")),
    lambda word: "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in word),
)  # fmt: skip


def _weak(rng: random.Random) -> str:
    """Return what a hasty person takes for a passphrase."""
    word = rng.choice(_LOOKS)(rng.choice(_WORDS))
    return rng.choice(
        (
            word[:9], f"{word} {word}", f"{word}{word}", f"{word} 123", f"{word}!!!!!!!!",
            f"\u3000{word[:5]}\u2800\u200b{' ' * 20}", "ab" * rng.randrange(9), "x" * 40,
            f"{rng.randrange(10**8)}-{rng.randrange(10**4):04}", "1q2w3e4r5t6y", "", "\t" * 20,
        )
    )  # fmt: skip


def _init(folder: Path, weak: str, _desk: Session) -> str:
    secret = folder.with_name("words")
    secret.write_text(f"{weak}\n", encoding="utf-8")
    head = ("--store", str(folder), "--initials", "EV", "--passphrase-file", str(secret))
    said = io.StringIO()
    with redirect_stderr(said), redirect_stdout(io.StringIO()):
        code = app.main([*head, "init", "--name", people.HOUSE], _MACHINE)
    known = [one for one in ("user.short_", "user.weak_") if one in said.getvalue()]
    return f"{known[0]}passphrase" if code and known else f"code {code}" if code else ""


def _found(folder: Path, weak: str, _desk: Session) -> str:
    who = Credentials("EV", weak)
    return refusal(lambda: store_lifecycle.create_store(folder, people.HOUSE, who, _MACHINE))


def _add(_: Path, weak: str, desk: Session) -> str:
    roles = [Role.SHELTER_WORKER]
    return refusal(lambda: accounts.add_user(desk, _WHO.passphrase, "NN", weak, roles))


def _change(_: Path, weak: str, desk: Session) -> str:
    return refusal(lambda: accounts.change_passphrase(desk, _WHO.passphrase, weak))


_DOORS = (_init, _found, _add, _change)


def _weak_passphrase(world: World, rng: random.Random) -> Seen:
    place = world.scratch()
    desk = _journey(place).desk
    folder, door = place / "new", rng.choice(_DOORS)
    try:
        code = door(folder, weak := _weak(rng), desk)
    finally:
        desk.store.close()
    if code not in ("user.short_passphrase", "user.weak_passphrase"):
        return Seen(code or "taken", f"{weak!r} was not refused by {door.__name__}: {code}")
    return Seen(code, "there is a store" if folder.exists() else "")


def _any_passphrase(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: a passphrase is what was typed."""
    with pytest.MonkeyPatch.context() as patch:
        for where in (accounts, store_lifecycle):
            patch.setattr(
                where, "check_new_passphrase", lambda typed, _house="": normalize_passphrase(typed)
            )
        return _weak_passphrase(world, rng)


# --- planted modules

_STARTS = (["-P", "-m", "kfdesk"], ["-P", "{entry}"], ["-P", "-E", "-s", "{entry}"])


def _planted(world: World, rng: random.Random, *, is_careless: bool = False) -> Seen:
    trap = Trap(world.scratch())
    for path in rng.sample(sorted(trap.folder.iterdir()), rng.randrange(8)):
        if not is_careless:
            path.unlink()
    entry = str(_ROOT / "src" / "kfdesk" / "__main__.py")
    options = ["-m", "kfdesk"] if is_careless else rng.choice(_STARTS)
    words = [word.format(entry=entry) for word in options]
    ours = None if "-E" in words else str(_ROOT / "src")
    done = trap.run(sys.executable, *words, *VERIFY, path=ours)
    if trap.sprung:
        return Seen("imported", f"{trap.sprung[0]} was imported")
    return Seen("refused" if "store.missing" in done.stderr else "not run", "")


def _planted_carelessly(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: started so that Python looks in the current folder."""
    return _planted(world, rng, is_careless=True)


# --- closed cases

_OTHERS = ("Жаворонкова", "Zhavoronkova", "Василиса", "sparv-12")
_WAYS = ("plain", "capitals", "look-alikes", "no width", "soft hyphen", "leet")


def _journey(place: Path) -> Journey:
    """Return a copy of a desk with two cases, of which a worker has one."""
    plan, legs, rids = copied("torture: two cases", place, _two_cases)
    journey: Journey = object.__new__(Journey)
    journey.desk = unlock(place / "store", _WHO, _MACHINE)
    journey.plan, journey.legs, journey.rids = plan, legs, rids
    return journey


def _two_cases(folder: Path) -> tuple[bytes, tuple[bytes, bytes], dict[str, bytes]]:
    desk = store_lifecycle.create_store(folder / "store", people.HOUSE, _WHO, _MACHINE)
    journey = Journey(desk)
    fill(desk, journey)
    change_record(desk, journey.plan, {"owner": "WW"})
    (other,) = (row.rid for row in desk.store.rows("plan") if row.rid != journey.plan)
    change_record(desk, other, {"owner": people.INITIALS})
    desk.store.close()
    return journey.plan, journey.legs, journey.rids


def _closed_case(world: World, rng: random.Random) -> Seen:
    journey = _journey(place := world.scratch())
    try:
        how = rng.choice(_WAYS)
        journey.plant("leg.sign", f"Синий шарф, {disguised(rng.choice(_OTHERS))[how]}")
        worker = replace(journey.desk, user="WW", roles=frozenset({Role.SHELTER_WORKER}))
        order, out = sheet(journey.plan), place / "sheet.pdf"
        asks = (
            lambda: make_paper(worker, order), lambda: check_paper(worker, order),
            lambda: save_paper(worker, order, out),
        )  # fmt: skip
        code = refusal(rng.choice(asks))
        is_closed = code == "user.not_allowed" and not out.exists()
        return Seen(how, "" if is_closed else f"she learns of it: {code or 'printed'}")
    finally:
        journey.desk.store.close()


def _open_case(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: whoever asks is told what was found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leak_check, "_closed_hits", lambda *_: [])
        return _closed_case(world, rng)


# --- crashes


def _crash(world: World, rng: random.Random, *, is_mute: bool = False) -> Seen:
    folder = world.scratch()
    mode = rng.choice((*crashing.MODES, *crashing.LATER))
    try:
        said = [crashing.run(folder, mode)]
        if is_mute:  # wrong on purpose: the mark of the last run is thrown away
            shutil.rmtree(folder / "state", ignore_errors=True)
            (folder / "told").unlink(missing_ok=True)
        said += [crashing.run(folder, mode) for _ in range(2)]
        told = crashing.told(folder)
        for report in told:
            crashing.check(report, "".join(text for _, text in said), folder)
    except AssertionError as wrong:
        return Seen(mode, f"a value is told: {wrong}")
    is_well = said[-1][0] == 0 and len(told) == 1
    return Seen(mode, "" if is_well else f"told {len(told)} times, ended with {said[-1][0]}")


def _mute_crash(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: nobody is told."""
    return _crash(world, rng, is_mute=True)


def _absent() -> str:
    return "" if os.name == "posix" else "signals and processes are those of POSIX"


Way = tuple[Trial, Trial]
_RULES: tuple[Way, ...] = (
    (_weak_passphrase, _any_passphrase),
    (_planted, _planted_carelessly),
    (_closed_case, _open_case),
)

HARNESSES = (
    joined(
        "weak passphrases, planted modules, cases that are closed to a user",
        _RULES,
        Size(4, 120, 5_000),
    ),
    joined(
        "a crash of the window, and what the next one says",
        [(_crash, _mute_crash)],
        Size(0, 8, 400),
        _absent,
    ),
)
