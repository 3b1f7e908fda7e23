# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the tools of `packaging` where imports look, as the settings of pytest do.

`make torture` runs without pytest.
"""

import sys

from tests.architecture.tree import ROOT

TOOLS = str(ROOT / "packaging")
if TOOLS not in sys.path:
    sys.path.append(TOOLS)
