# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses the window as assistive technology does, over AT-SPI: `act.py PASSPHRASE PLACE`.

The system's Python runs it, because the bindings of AT-SPI come with the system. It opens the store
at the door, chooses a place of the rail, and prints the labels that are shown then, as JSON.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

gi: Any = importlib.import_module("gi")  # of the system's Python alone
gi.require_version("Atspi", "2.0")
Atspi: Any = importlib.import_module("gi.repository.Atspi")
GLib: Any = importlib.import_module("gi.repository.GLib")

WITHIN, EACH = 120.0, 0.3  # seconds


def below(item: Any) -> Iterator[Any]:
    """Yield an object and those below it that are shown."""
    yield item
    for number in range(item.get_child_count()):
        child = item.get_child_at_index(number)
        if child is not None:
            yield from below(child)


def shown() -> list[Any]:
    """Return the objects that any window shows; none while it is being built."""
    try:
        desktop = Atspi.get_desktop(0)
        windows = [desktop.get_child_at_index(each) for each in range(desktop.get_child_count())]
        every = [item for window in windows if window is not None for item in below(window)]
        return [one for one in every if one.get_state_set().contains(Atspi.StateType.SHOWING)]
    except GLib.Error:
        return []


def wait(is_it: Callable[[Any], bool]) -> Any:
    """Return the first object that is shown and is it; leave with its absence otherwise."""
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        for item in shown():
            if is_it(item):
                return item
        time.sleep(EACH)
    sys.exit("what was looked for is not shown")


def named(role: str, name: str) -> Callable[[Any], bool]:
    """Return a question for an object of a role with a name."""
    return lambda item: item.get_role_name() == role and item.get_name() == name


def main() -> None:
    """Open the store, choose the place, and print what is shown."""
    passphrase, place = sys.argv[1:]
    for role, name, text in (
        ("text", "Initials", "EV"), ("password text", "Passphrase", passphrase),
    ):  # fmt: skip
        entry = wait(named(role, name))
        Atspi.EditableText.set_text_contents(entry, text)
    Atspi.Action.do_action(wait(named("button", "Open")), 0)
    Atspi.Action.do_action(wait(named("radio button", place)), 0)
    wait(named("label", place))
    labels = [item.get_name() for item in shown() if item.get_role_name() == "label"]
    sys.stdout.write(json.dumps(labels))


main()
