# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets all processes share what is compiled, where the environment forbids to write it.

Else each of them compiles everything anew. It takes effect when it is imported, which is why it
comes before the program's own modules. `make clean` deletes the folder.
"""

import os
import sys
from pathlib import Path

COMPILED = Path(__file__).resolve().parents[2] / "build" / "compiled"

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    sys.pycache_prefix = os.environ.setdefault("PYTHONPYCACHEPREFIX", str(COMPILED))
    sys.dont_write_bytecode = False
