# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every test: nothing reaches the network, and windows are drawn off the screen.

It knows no room of the program; fixtures for one room live in the conftest beside its tests.
"""

import os
import runpy
from pathlib import Path

OFFLINE = Path(__file__).resolve().parent / "offline"

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, (str(OFFLINE), os.environ.get("PYTHONPATH", "")))
)
runpy.run_path(str(OFFLINE / "sitecustomize.py"))
