# SPDX-License-Identifier: GPL-3.0-or-later
"""A carrier that is not ours: two desks whose files pass through a pair of Syncthing here.

Nothing leaves the loopback address: no discovery, no relays, no reports, no upgrades. The pair is
started and stopped in the trial, and nothing is waited for longer than a minute.
"""

import random
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.torture.harness import Harness, Seen, Size
from tests.torture.world import World

from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.system.paths import find_files_below

_PROGRAM = "syncthing"
_PATIENCE = 60  # seconds
_CONFIG = """<configuration version="37">
<folder id="post" path="{folder}" type="sendreceive" rescanIntervalS="1" fsWatcherEnabled="true"
 fsWatcherDelayS="1">{members}</folder>
{devices}
<gui enabled="false"></gui>
<options>
<listenAddress>tcp://127.0.0.1:{port}</listenAddress>
<globalAnnounceEnabled>false</globalAnnounceEnabled>
<localAnnounceEnabled>false</localAnnounceEnabled>
<relaysEnabled>false</relaysEnabled>
<natEnabled>false</natEnabled>
<urAccepted>-1</urAccepted>
<autoUpgradeIntervalH>0</autoUpgradeIntervalH>
<crashReportingEnabled>false</crashReportingEnabled>
<startBrowser>false</startBrowser>
<reconnectionIntervalS>1</reconnectionIntervalS>
<announceLANAddresses>false</announceLANAddresses>
</options>
</configuration>
"""


@dataclass(frozen=True)
class Node:
    """One side of the pair: its home, the folder that is kept alike, its port and its name."""

    home: Path
    folder: Path
    port: int
    name: str


Carry = Callable[[Path, Path, Path], None]
"""Bring what lies in one folder into the other, given the file."""


def by_syncthing(world: World, _rng: random.Random) -> Seen:
    """Send a plan and its answer through a pair of Syncthing nodes."""
    with _pair(world.scratch()) as (here, there):

        def carry(_path: Path, _from: Path, to: Path) -> None:
            _wait(lambda: bool(find_files_below((to,))), "nothing came through")

        return _there_and_back(world, (here.folder, there.folder), carry)


def by_one_who_cuts(world: World, _rng: random.Random) -> Seen:
    """Use a carrier that cuts the end of each file: the control."""

    def carry(path: Path, _from: Path, to: Path) -> None:
        (to / path.name).write_bytes(path.read_bytes()[:-100])

    return _there_and_back(world, (world.scratch(), world.scratch()), carry)


def _there_and_back(world: World, folders: tuple[Path, Path], carry: Carry) -> Seen:
    ours, theirs = (world.opened(world.copy(place)) for place in (world.ours, world.theirs))
    change_record(ours, world.leg, {"carrier": "through a carrier"})
    sent = transfer.send_bundle(ours, world.plan, theirs.identity.organisation, folders[0]).path
    carry(sent, *folders)
    wrong = _take(theirs, folders[1])
    if wrong:
        return Seen("there", wrong)
    sent.unlink()
    change_record(theirs, world.leg, {"booking_reference": "AB 12"})
    back = folders[1] / "back"
    back.mkdir()
    answer = transfer.send_bundle(theirs, world.plan, ours.identity.organisation, back).path
    carry(answer, folders[1], folders[0])
    _wait(
        lambda: answer.name in {path.name for path in find_files_below((folders[0],))},
        "no answer came",
    )
    wrong = _take(ours, folders[0])
    row = ours.store.row(world.leg)
    assert row is not None
    return Seen("there and back", wrong or ("" if ours.store.verify() == () else "unsound"))


def _take(desk: Session, folder: Path) -> str:
    """Take what has come into a folder; what was wrong with it, if anything."""
    found = transfer.preview_files(desk, find_files_below((folder,)))
    received = transfer.import_files(desk, found.files)
    faults = [one.fault.code for one in found.files if one.fault] + [
        fault.code for fault in received.faults
    ]
    return "" if received.taken else ", ".join(faults) or "nothing to take"


@contextmanager
def _pair(place: Path) -> Iterator[tuple[Node, Node]]:
    """Two nodes that know each other and nobody else, running; stopped afterwards."""
    nodes = (_node(place / "a"), _node(place / "b"))
    for node in nodes:
        _configure(node, nodes)
    running = [
        subprocess.Popen(
            [_PROGRAM, "serve", "--home", str(node.home), "--no-browser", "--no-restart",
             "--no-upgrade", "--skip-port-probing", "--logfile", str(node.home / "log")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for node in nodes
    ]  # fmt: skip
    try:
        yield nodes
    finally:
        for process in running:
            process.terminate()
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            process.kill()


def _node(home: Path) -> Node:
    """Create a Syncthing node with a key of its own."""
    folder = home / "post"
    (folder / ".stfolder").mkdir(parents=True)
    config = home / "config"
    _said("generate", "--home", str(config), "--no-default-folder")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Node(config, folder, port, _said("--device-id", "--home", str(config)).strip())


def _configure(node: Node, nodes: tuple[Node, Node]) -> None:
    members = "".join(f'<device id="{one.name}"></device>' for one in nodes)
    devices = "\n".join(
        f'<device id="{one.name}" name="{number}" compression="never">'
        f"<address>tcp://127.0.0.1:{one.port}</address></device>"
        for number, one in enumerate(nodes)
    )
    text = _CONFIG.format(folder=node.folder, members=members, devices=devices, port=node.port)
    (node.home / "config.xml").write_text(text, encoding="utf-8")


def _said(*words: str) -> str:
    done = subprocess.run(
        [_PROGRAM, *words], capture_output=True, text=True, check=True, timeout=_PATIENCE
    )
    return done.stdout


def _wait(is_so: Callable[[], bool], otherwise: str) -> None:
    ends = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > ends:
            raise KfdeskError("work.cancelled", why=otherwise)
        time.sleep(0.2)


def _absent() -> str:
    return "" if shutil.which(_PROGRAM) else "syncthing is not installed"


HARNESSES = (
    Harness(
        "files through a pair of Syncthing on loopback",
        by_syncthing,
        by_one_who_cuts,
        Size(0, 1, 5),
        _absent,
    ),
)
