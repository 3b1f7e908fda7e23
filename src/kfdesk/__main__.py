# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the program starts: `kfdesk`, or `python -m kfdesk`.

Only tells the demo from the program; everything else is decided behind it.
"""

import sys

from kfdesk import app
from kfdesk.demo import show


def main() -> int:
    """Run the program with the arguments of this process. Returns the exit code."""
    if sys.argv[1:2] == ["demo"]:
        return show.main(sys.argv[2:])
    return app.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
