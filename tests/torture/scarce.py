# SPDX-License-Identifier: GPL-3.0-or-later
"""Room that is scarce: no file may grow beyond a length, as where the disk is full.

The system's own limit stands in for the disk. It holds for the whole process, so that nothing else
may be written meanwhile; knows nothing of what is tried under it.
"""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def short_files(length: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes.

    Python keeps no compiled module meanwhile: it would cut it short without a word, and every later
    process that finds it would fail to load that module.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    keeps_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = keeps_none
