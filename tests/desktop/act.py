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
    """Return the objects that any window shows."""
    desktop = Atspi.get_desktop(0)
    windows = [desktop.get_child_at_index(each) for each in range(desktop.get_child_count())]
    every = [item for window in windows if window is not None for item in below(window)]
    return [one for one in every if one.get_state_set().contains(Atspi.StateType.SHOWING)]


def act(is_it: Callable[[Any], bool], deed: Callable[[Any], object]) -> None:
    """Do something to the first object that is it, once one is shown; leave if none ever is.

    An object may go while it is asked: then the window is being built, and is asked again.
    """
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        try:
            for item in shown():
                if is_it(item):
                    deed(item)
                    return
        except (GLib.Error, AttributeError):
            pass
        time.sleep(EACH)
    sys.exit("what was looked for is not shown")


def named(role: str, name: str) -> Callable[[Any], bool]:
    """Return a question for an object of a role with a name."""
    return lambda item: item.get_role_name() == role and item.get_name() == name


def writing(text: str) -> Callable[[Any], object]:
    """Return a deed that fills in a field."""
    return lambda entry: entry.set_text_contents(text)


def main() -> None:
    """Open the store, choose the place, and print what is shown."""
    passphrase, place = sys.argv[1:]
    texts = (("text", "Initials", "EV"), ("password text", "Passphrase", passphrase))
    for role, name, text in texts:
        act(named(role, name), writing(text))
    act(named("button", "Open"), lambda item: item.do_action(0))
    act(named("radio button", place), lambda item: item.do_action(0))
    labels: list[str] = []
    act(named("label", place), lambda _item: labels.extend(map(_name_of_label, shown())))
    sys.stdout.write(json.dumps([label for label in labels if label]))


def _name_of_label(item: Any) -> str:
    return str(item.get_name()) if item.get_role_name() == "label" else ""


main()
