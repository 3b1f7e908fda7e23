# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry point: `kfdesk`, or `python -P -m kfdesk`; a kit starts it by its path.

It only decides between the demo and the program. First of all it takes the current folder and
the user's PYTHONPATH out of the search for modules: whoever can put a file there could run it
with an open store. The Python of a kit gets its path, because it looks for no modules
elsewhere; its parts lie beside the source. Then it installs the exception hooks that report
where a bug is, but never the data that was being processed.
"""

import os
import sys
from collections.abc import Sequence


def _limit_module_search() -> None:
    """Leave only the program's own folders and those of the Python that runs it."""
    source = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    own = [source, os.path.join(os.path.dirname(source), "parts")]
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    foreign = {os.path.abspath(path) for path in ("", *named)}
    python = tuple(os.path.join(prefix, "") for prefix in (sys.prefix, sys.base_prefix))
    others = [path for path in map(os.path.abspath, sys.path) if path not in own]
    kept = [path for path in others if path not in foreign or path.startswith(python)]
    sys.path[:] = [*own, *kept]


if __name__ == "__main__" and not getattr(sys, "frozen", False):
    _limit_module_search()

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
