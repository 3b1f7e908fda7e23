# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the wheel whole: compiles the catalogues, and puts the program's data beside its modules.

Hatchling runs it, for a wheel and for an installation that stays in the tree. It asks for nothing
but Babel.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from make_catalogues import make_catalogues
from program_files import data_files

PACKAGE = "kfdesk"
EDITABLE = "editable"


class WheelHook(BuildHookInterface[BuilderConfig]):
    """Adds what hatchling does not see: compiled catalogues and resources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues. Add the data to a wheel; the tree has them already.

        Raises CatalogueError for a broken catalogue.
        """
        root = Path(self.root)
        make_catalogues(root / "translations")
        if version != EDITABLE:
            build_data["force_include"] |= {
                path: (Path(PACKAGE) / folder / Path(path).name).as_posix()
                for path, folder in data_files(root)
            }
