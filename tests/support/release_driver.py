# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one act with whichever version of the program is on the path, and prints what came of it.

`command …` is one command, with keys at the least cost; `plan PARTNER` enters the demo's plan in
the store that `command`'s head names; `settings [KEY=JSON …]` writes settings and prints what is
read then. Each version has other names for the same: those it has are tried in turn.
"""

import importlib
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any


def part(*names: str) -> Any:
    """Return the first of these modules that this version has, or the member behind a colon."""
    for name in names:
        module, _, member = name.partition(":")
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError:
            continue
        if not member or hasattr(found, member):
            return getattr(found, member) if member else found
    raise LookupError(names)


def machine() -> Any:
    """Return the machine with keys at the least cost and this user's folder of states."""
    paths = part("kfdesk.system.paths")
    cost = part("kfdesk.storage.key_slots:MIN_COST", "kfdesk.storage.slots:FLOOR")
    make = part("kfdesk.environment:Environment", "kfdesk.machine:Machine")
    state = getattr(paths, "state_folder", None) or paths.state
    return make(cost=cost, state=state())


def run_command(argv: list[str]) -> int:
    """Run a command as the program gets it."""
    return int(part("kfdesk.app").main(argv, machine()))


def enter_plan(store: str, words: str, partner: str) -> int:
    """Enter the demo's plan with a consent to share it with a partner."""
    credentials = part("kfdesk.domain.accounts:Credentials", "kfdesk.storage.vault:Credentials")(
        "EV", Path(words).read_text(encoding="utf-8").strip()
    )
    unlock = part("kfdesk.store_lifecycle:unlock_store", "kfdesk.app:unlock_store")
    desk = unlock(Path(store), credentials, machine())
    plan, legs = part("kfdesk.demo.story").enter_plan(desk, bytes.fromhex(partner))
    desk.store.close()
    sys.stdout.write(json.dumps({"plan": plan.hex(), "leg": legs[0].hex()}))
    return 0


def settings(changes: list[str]) -> int:
    """Write settings, and print what is read then."""
    module = part("kfdesk.system.settings")
    read, write, folder = (
        getattr(module, name, None) or getattr(module, former)
        for name, former in (
            ("read_settings", "read"), ("write_settings", "write"), ("settings_folder", "folder"),
        )
    )  # fmt: skip
    kept = read(folder())
    if changes:
        values = {
            key: json.loads(value) for key, _, value in (one.partition("=") for one in changes)
        }
        write(folder(), replace(kept, **values))
    sys.stdout.write(json.dumps(asdict(read(folder()))))
    return 0


def main(argv: list[str]) -> int:
    """Run the act that is asked for."""
    act, *rest = argv
    acts: dict[str, Any] = {"command": run_command, "settings": settings}
    return int(acts[act](rest) if act in acts else enter_plan(*rest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
