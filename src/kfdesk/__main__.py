# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry point: `kfdesk`, or `python -m kfdesk`.

It only decides between the program, the demo, and a child that decodes a document of others.
First of all it installs the exception hooks that report where a bug is, but never the data that
was being processed. What only one of them needs is imported when it is chosen.
"""

import sys
from typing import TYPE_CHECKING

from kfdesk.decoder.protocol import ARGUMENT, DecoderTask
from kfdesk.system import process

if TYPE_CHECKING:
    from kfdesk.decoder.server import Decode


def main() -> int:
    """Run the program with the arguments of this process and return the exit code."""
    process.hide_exception_texts()
    if sys.argv[1:2] == [ARGUMENT]:
        return _decode(DecoderTask(sys.argv[2]))
    if sys.argv[1:2] == ["demo"]:
        from kfdesk.demo import show  # it imports everything; the program starts without it

        return show.main(sys.argv[2:])
    from kfdesk import app

    return app.main(sys.argv[1:])


def _decode(task: DecoderTask) -> int:
    """Decode one document as a child; import only the decoders of this task."""
    from kfdesk.decoder import server

    return server.serve(task, _decoder(task))


def _decoder(task: DecoderTask) -> "Decode":
    if task is DecoderTask.CHECK:
        return lambda _request: iter(())
    if task is DecoderTask.CONTACTS:
        from kfdesk.decoder import contact_tasks

        return contact_tasks.read
    from kfdesk.decoder import attachment_tasks

    return attachment_tasks.sanitize if task is DecoderTask.SANITIZE else attachment_tasks.show


if __name__ == "__main__":
    sys.exit(main())
