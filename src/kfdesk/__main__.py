# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry point: `kfdesk`, or `python -P -m kfdesk`; a kit starts it by its path.

It only decides between the program, the demo, a child that decodes a document of others, and the
check of a new version before it is switched to.
First of all it takes the current folder and the user's PYTHONPATH out of the search for modules:
whoever can put a file there could run it with an open store. The Python of a kit gets its path,
because it looks for no modules elsewhere; its parts lie beside the source. Then it installs the
exception hooks that report where a bug is, but never the data that was being processed. What
only one of them needs is imported when it is chosen.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING


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

from kfdesk.decoder.child_argument import ARGUMENT
from kfdesk.domain.version import SELF_CHECK
from kfdesk.system import process

if TYPE_CHECKING:
    from kfdesk.decoder.protocol import DecoderTask
    from kfdesk.decoder.server import Decode


def main() -> int:
    """Run the program with the arguments of this process and return the exit code."""
    process.hold_standard_streams()
    process.hide_exception_texts()
    try:
        code = _run(sys.argv[1:])
    except BrokenPipeError:  # nobody reads on
        code = 1
    finally:
        is_written = process.flush_output()
    return code if is_written else 1


def _run(argv: Sequence[str]) -> int:
    if argv[:1] == [ARGUMENT]:
        return _decode(argv[1])
    if argv[:1] == ["demo"]:
        from kfdesk.demo import show  # it imports everything; the program starts without it

        return show.main(argv[1:])
    from kfdesk import app

    return app.check_self() if argv == [SELF_CHECK] else app.main(argv)


def _decode(name: str) -> int:
    """Decode one document as a child; import only the decoders of this task."""
    from kfdesk.decoder import server
    from kfdesk.decoder.protocol import DecoderTask

    task = DecoderTask(name)
    return server.serve(task, _decoder(task))


def _decoder(task: "DecoderTask") -> "Decode":
    from kfdesk.decoder.protocol import DecoderTask

    if task is DecoderTask.CHECK:
        return lambda _request: iter(())
    if task is DecoderTask.CONTACTS:
        from kfdesk.decoder import contact_tasks

        return contact_tasks.read
    if task is DecoderTask.WORKBOOK:
        from kfdesk.decoder import workbook_tasks

        return workbook_tasks.read
    if task is DecoderTask.SHEET:
        from kfdesk.decoder import sheet_tasks

        return sheet_tasks.read
    from kfdesk.decoder import attachment_tasks

    return attachment_tasks.sanitize if task is DecoderTask.SANITIZE else attachment_tasks.show


if __name__ == "__main__":
    sys.exit(main())
