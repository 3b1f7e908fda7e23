# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the program starts: `kfdesk`, or `python -m kfdesk`.

Only tells the demo from the program; everything else is decided behind it. Before anything
else it sees to it that a bug says where it is and nothing of what it was busy with.
"""

import sys

from kfdesk import app
from kfdesk.demo import show
from kfdesk.system import process


def main() -> int:
    """Run the program with the arguments of this process. Returns the exit code."""
    process.tell_places_alone()
    if sys.argv[1:2] == ["demo"]:
        return show.main(sys.argv[2:])
    return app.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
