# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry point: `kfdesk`, or `python -m kfdesk`.

It only decides between the demo and the program. First of all it installs the exception
hooks that report where a bug is, but never the data that was being processed.
"""

import sys
from collections.abc import Sequence

from kfdesk import app
from kfdesk.system import process


def main() -> int:
    """Run the program with the arguments of this process and return the exit code."""
    process.hide_exception_texts()
    try:
        code = _run(sys.argv[1:])
    finally:
        is_written = process.flush_output()
    return code if is_written else 1


def _run(argv: Sequence[str]) -> int:
    if argv[:1] == ["demo"]:
        from kfdesk.demo import show  # it imports everything; the program starts without it

        return show.main(argv[1:])
    return app.main(argv)


if __name__ == "__main__":
    sys.exit(main())
