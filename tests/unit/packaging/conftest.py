# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the scripts of `packaging` importable, as they import each other when they are run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "packaging"))
