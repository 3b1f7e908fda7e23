# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that the program reads beside its modules: one list for wheel, package and kits.

Standard library only, because the wheel is built where the program's own parts are missing.
"""

from __future__ import annotations

from pathlib import Path

from steps import ROOT, SetupError


def data_files(root: Path = ROOT) -> list[tuple[str, str]]:
    """Return the files that the program reads, each with the folder it must lie in.

    The folder is relative to what `system/paths.py` calls the program's folder. Raises SetupError
    where the catalogues are not compiled.
    """
    catalogues = sorted((root / "translations").rglob("*.mo"))
    if not catalogues:
        raise SetupError("the catalogues are not compiled: run make setup")
    resources = [path for path in sorted((root / "resources").rglob("*")) if path.is_file()]
    found = [(str(path), str(path.parent.relative_to(root))) for path in (*resources, *catalogues)]
    return [*found, (str(root / "LICENSE"), ".")]
