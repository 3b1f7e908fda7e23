# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw `docs/pictures/architecture.svg` from the import contract in `pyproject.toml`.

The layers are those of the contract, from top to bottom; a box is a package or module with the
first sentence of its docstring. So the picture cannot say anything that `lint-imports` does not
check. `make architecture` writes it, and a test compares it with the file.
"""

import ast
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "architecture.svg"

_WIDTH, _MARGIN, _GAP = 1040, 24, 14
_HEIGHT, _LINE = 74, 17
_CHARACTER = 6.6  # a wide character of the text font, in pixels
_STYLE = (
    "text{font-family:sans-serif;fill:#1d2b33}.name{font-size:15px;font-weight:bold}"
    ".text{font-size:12px}.box{fill:#eef4f3;stroke:#4c7a74}.arrow{stroke:#4c7a74;fill:none}"
)


def layers(root: Path = ROOT) -> list[list[str]]:
    """Return the layers of the contract, the topmost first, each with its modules."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (found,) = [contract for contract in contracts if contract["type"] == "layers"]
    return [[name.strip() for name in layer.split("|")] for layer in found["layers"]]


def purpose(root: Path, name: str) -> str:
    """Return the first sentence of the docstring of a module or package of the program."""
    path = root / "src" / "kfdesk" / name
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].rstrip(".")


def draw(root: Path = ROOT) -> str:
    """Return the picture as SVG."""
    rows = layers(root)
    height = 2 * _MARGIN + len(rows) * (_HEIGHT + _GAP) - _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}">',
        f"<style>{_STYLE}</style>",
        "<title>The layers of kfdesk: each may import only what stands below it</title>",
    ]
    for number, row in enumerate(rows):
        parts += _draw_row(root, row, _MARGIN + number * (_HEIGHT + _GAP))
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(draw(), encoding="utf-8")


def _draw_row(root: Path, names: list[str], top: int) -> Iterator[str]:
    width = (_WIDTH - 2 * _MARGIN - (len(names) - 1) * _GAP) / len(names)
    for number, name in enumerate(names):
        left = _MARGIN + number * (width + _GAP)
        yield (
            f'<rect class="box" x="{left:g}" y="{top}" width="{width:g}" height="{_HEIGHT}" '
            'rx="6"/>'
        )
        yield f'<text class="name" x="{left + 10:g}" y="{top + 20}">{escape(name)}</text>'
        lines = _wrap(purpose(root, name), int((width - 20) / _CHARACTER))
        for line, text in enumerate(lines[:3]):
            at = top + 38 + line * (_LINE - 2)
            yield f'<text class="text" x="{left + 10:g}" y="{at}">{escape(text)}</text>'


def _wrap(text: str, most: int) -> list[str]:
    """Return a text in lines of at most `most` characters; a longer word has its own line."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


if __name__ == "__main__":
    main()
