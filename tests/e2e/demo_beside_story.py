# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make demo` runs: the demo, while two desks play the story in a process beside it.

The two take about as long, so that they are ready together where there are two processors. All
arguments go to `kfdesk demo`, whose page shows the pictures of the story at its end.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.compiled import COMPILED  # noqa: F401 - what it does

from kfdesk.demo import show

FOLDER = Path("build/demo")


def main(argv: Sequence[str]) -> int:
    """Play both into `build/demo`, and return the exit code of the demo.

    Raise SystemExit if the story failed.
    """
    command = [sys.executable, "-m", "tests.e2e.played_story", str(FOLDER / show.STORY)]
    quiet = {"QT_LOGGING_RULES": "default.warning=false"}  # what the platform cannot do
    with subprocess.Popen(command, env=os.environ | quiet) as story:

        def await_story() -> None:
            if story.wait() != 0:
                raise SystemExit("The story of the two desks failed.")

        try:
            return show.main(["--into", str(FOLDER), *argv], await_story)
        finally:
            story.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
