# SPDX-License-Identifier: GPL-3.0-or-later
"""Save a file that leaves the store, with its entry in the log: both stay, or neither counts.

What a file holds and who may save it, the caller knows; this module must not know either.
"""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.files import replace_file
from kfdesk.services.core.session import Session


def save_file(
    desk: Session,
    path: Path,
    content: bytes | Callable[[BinaryIO], object],
    enter: Callable[[], object],
    take_back: Callable[[], object] | None = None,
) -> None:
    """Save `content` as `path`; `enter` enters it just before the file gets its name.

    If the file does not get it, `take_back` runs, or else the log says that it was not saved. Both
    run in a transaction. Raise KfdeskError `store.disk` if the disk fails, and what `content` and
    `enter` raise; then `path` is as it was.
    """
    is_entered = is_saved = False

    def enter_file() -> None:
        nonlocal is_entered
        with desk.store.transaction():
            enter()
        is_entered = True

    def write(file: BinaryIO) -> None:
        if isinstance(content, bytes):
            file.write(content)
        else:
            content(file)

    try:
        replace_file(path, write, enter_file)
        is_saved = True
    except OSError:
        raise KfdeskError("store.disk") from None
    finally:
        if is_entered and not is_saved:
            with desk.store.transaction():
                if take_back is not None:
                    take_back()
                else:
                    desk.log(Action.NOT_SAVED)
