# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen of one's own, and how soon a program has a window on it.

Windows are looked for from outside, by `xwininfo`, so that a built program is measured as it is.
Knows neither the program nor its windows.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

_PAUSE = 0.005  # seconds between two looks; a look takes about as long
_PATIENCE = 60.0


class NoScreenError(Exception):
    """There is no screen here, or no window came to it; one sentence."""


def can_look() -> bool:
    """Return whether the programs that make a screen and look at it are here."""
    return all(shutil.which(name) for name in ("Xvfb", "xwininfo"))


@contextmanager
def own_screen() -> Iterator[str]:
    """Start an X server of the caller's own and yield its DISPLAY.

    Raise NoScreenError if there is no Xvfb.
    """
    server = shutil.which("Xvfb")
    if server is None:
        raise NoScreenError("Xvfb is not installed")
    reading, writing = os.pipe()
    command = [server, "-displayfd", str(writing), "-screen", "0", "1280x800x24"]
    command += ["-noreset", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as running:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        try:
            if not number:
                raise NoScreenError("no X server can be started here")
            yield f":{number}"
        finally:
            running.terminate()


def until_shown(
    command: Sequence[str], title: str, environment: Mapping[str, str], patience: float = _PATIENCE
) -> float:
    """Start `command`, end it once its window is on the screen, and return the seconds until then.

    `environment` names the screen. Raises NoScreenError where it ends, or `patience` does, without
    a window of that title.
    """
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            while not _is_shown(title, environment):
                if running.poll() is not None or time.perf_counter() - began > patience:
                    raise NoScreenError("the program has shown no window")
                time.sleep(_PAUSE)
            return time.perf_counter() - began
        finally:
            running.kill()


def _is_shown(title: str, environment: Mapping[str, str]) -> bool:
    look = ["xwininfo", "-name", title]
    done = subprocess.run(look, env=environment, capture_output=True, text=True, check=False)
    return "IsViewable" in done.stdout
