# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that shows what the demo made: pictures, papers, files, and how long each part took.

Plain HTML beside its pictures, without a script or an address; it knows nothing of the program.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_STYLE = """
body { font: 16px/1.5 'Noto Sans', sans-serif; margin: 32px auto; max-width: 1180px;
       padding: 0 16px; color: #14212b; background: #f3f5f6; }
h1, h2 { font-weight: 600; line-height: 1.2; } h2 { margin-top: 40px; }
table { border-collapse: collapse; background: #fff; } th, td { text-align: left;
       padding: 8px 16px; border-bottom: 1px solid #d8dfe3; vertical-align: top; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 16px; }
figure { margin: 0; background: #fff; border: 1px solid #d8dfe3; border-radius: 10px;
         padding: 12px; } figure img { width: 100%; display: block; }
figcaption { color: #4c5c67; font-size: 14px; margin-top: 8px; }
a { color: #1a5876; }
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the story: what was done, what came of it, and how many seconds it took."""

    title: str
    outcome: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture with its caption; `link` is what it opens."""

    picture: Path
    caption: str
    link: Path


def write_index(
    folder: Path, steps: Sequence[Step], papers: Sequence[Shot], pages: Sequence[Shot]
) -> Path:
    """Write `index.html` into `folder`; returns its path."""
    rows = "".join(
        f"<tr><td>{number}</td><td>{html.escape(step.title)}</td>"
        f"<td>{html.escape(step.outcome)}</td><td>{step.seconds:.1f} s</td></tr>"
        for number, step in enumerate(steps, start=1)
    )
    content = (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>kfdesk: the demo</title>"
        f"<style>{_STYLE}</style><h1>One plan goes all the way</h1>"
        "<p>Everybody here is invented. The stores, files and papers are real.</p>"
        f"<table><tr><th></th><th>Part</th><th>What came of it</th><th>Took</th></tr>{rows}</table>"
        f"<h2>Papers</h2><div class='grid'>{_figures(folder, papers)}</div>"
        f"<h2>Pages</h2><div class='grid'>{_figures(folder, pages)}</div></html>"
    )
    path = folder / "index.html"
    path.write_text(content, encoding="utf-8")
    return path


def _figures(folder: Path, shots: Sequence[Shot]) -> str:
    return "".join(
        f"<figure><a href='{shot.link.relative_to(folder).as_posix()}'>"
        f"<img loading='lazy' alt='{html.escape(shot.caption, quote=True)}' "
        f"src='{shot.picture.relative_to(folder).as_posix()}'></a>"
        f"<figcaption>{html.escape(shot.caption)}</figcaption></figure>"
        for shot in shots
    )
