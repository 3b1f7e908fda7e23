# SPDX-License-Identifier: GPL-3.0-or-later
"""Python's own `import` for the modules of the window, instead of PySide's.

PySide has put its own `__import__` in place of Python's. It reads the source of each module that is
imported after it, to see whether it may use `from __feature__ import snake_case`, and `linecache`
keeps all of it in memory. Nothing here uses that, so Python's own is put back. Knows no widget.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - it has put its own in place now

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
