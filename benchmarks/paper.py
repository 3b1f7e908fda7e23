# SPDX-License-Identifier: GPL-3.0-or-later
"""A file copy of four pages, and two hundred of them, against the same marks on a bare canvas.

The floor is handed the finished marks and only draws them; the product works them out from what was
disclosed, measures every text and refuses what does not fit. Reading the store is not in it.
"""

import gc
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from benchmarks import desks
from benchmarks.measure import Job, Row, ratio, timed
from kfdesk.documents.file_copy.overview import file_copy_pages, make_file_copy
from kfdesk.documents.layout.style import (
    OFFICE,
    REGULAR,
    Box,
    Dot,
    Item,
    Polygon,
    Ring,
    RotatedText,
    Rule,
    Symbol,
    TextLine,
)
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.disclosure import Disclosed, disclose
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.services.core.session import Session
from kfdesk.services.papers.kinds import PAPER_KINDS

ROOT = Path(__file__).parents[1]
LEGS = 6  # which make four pages
MANY = 200
_UP = OFFICE.height


def rows() -> list[Row]:
    """One copy against its floor; many against as many times one, and what they leave in memory."""
    with tempfile.TemporaryDirectory() as folder:
        made = desks.pair(Path(folder), LEGS)
        press = Typesetter(ROOT / "resources", ROOT / "translations")
        order = PaperRequest(PaperName.FILE_COPY, made.plan, "sv")
        what, about = _asked(made.ours, order)
        pages = file_copy_pages(order, what, about, press)

        def one() -> float:
            return timed(lambda: make_file_copy(order, what, about, press))

        first = ratio(
            f"file copy of {len(pages)} pages ÷ the same marks on a bare canvas",
            one,
            lambda: timed(lambda: _bare(pages, press)),
            "≤ 2.6",
            rounds=9,
        )
        return [first, *_many(one)]


def _many(one: Job) -> list[Row]:
    alone = statistics.median(one() for _ in range(9))
    gc.collect()
    before = _peak()
    together = timed(lambda: [one() for _ in range(MANY)])
    grown = (_peak() - before) / 1024
    return [
        Row(f"{MANY} file copies ÷ {MANY} × one", (together / (MANY * alone),), "≤ 1.05"),
        Row(f"memory that {MANY} file copies add at their peak", (grown,), "flat", "MiB"),
    ]


def _asked(desk: Session, order: PaperRequest) -> tuple[Disclosed, PrintContext]:
    """Return what a file copy is made of, gathered as the service does."""
    kind, now = PAPER_KINDS[order.paper], desk.adapters.clock.now()
    found = kind.gather(desk, order)
    basis = desk.disclosure_basis(found.consents)
    what = disclose(found.rows, found.recipient, kind.channel, basis)
    about = PrintContext(now, desk.user, 1, found.names, found.gates, found.party, found.shut)
    return what.only_keys(CONTENTS[order.paper]), about


def _peak() -> float:
    """Return the peak memory of this process in kB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 if sys.platform == "darwin" else most


def _bare(pages: Sequence[Sequence[Item]], press: Typesetter) -> bytes:
    """Draw the items on a plain canvas without any checks, and return the PDF."""
    file = BytesIO()
    canvas = Canvas(
        file,
        pagesize=(OFFICE.width, OFFICE.height),
        invariant=1,
        lang="sv",
        initialFontName=cast("Any", REGULAR),
    )
    for page in pages:
        for item in page:
            _draw(canvas, item, press)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Canvas, item: Item, press: Typesetter) -> None:
    match item:
        case TextLine() | RotatedText():
            _write(canvas, item)
        case Symbol():
            _trace(canvas, item, press)
        case Rule():
            canvas.setStrokeColor(_ink(item.colour))
            canvas.setLineWidth(item.stroke)
            y = _UP - item.y
            canvas.line(item.x, y, item.x + item.across, y - item.down)
        case Box():
            canvas.setStrokeColor(_ink(item.colour))
            canvas.setLineWidth(item.stroke)
            canvas.setFillColor(_ink(item.fill or item.colour))
            drawn = {"stroke": int(item.stroke > 0), "fill": int(bool(item.fill))}
            canvas.rect(item.x, _UP - item.y - item.height, item.width, item.height, **drawn)
        case Dot():
            canvas.setFillColor(_ink(item.colour))
            canvas.circle(item.x, _UP - item.y, item.radius, stroke=0, fill=1)
        case Ring():
            canvas.setStrokeColor(_ink(item.colour))
            canvas.circle(item.x, _UP - item.y, item.radius)
        case Polygon():
            path = canvas.beginPath()
            path.moveTo(item.x, _UP - item.y)
            for across, down in item.corners:
                path.lineTo(item.x + across, _UP - item.y - down)
            canvas.drawPath(path)
        case _:
            raise TypeError(item)


@cache
def _ink(colour: str) -> Color:
    return HexColor(colour)


def _write(canvas: Canvas, item: TextLine | RotatedText) -> None:
    canvas.setFont(item.style.face, item.style.size)
    canvas.setFillColor(_ink(item.style.colour))
    if isinstance(item, RotatedText):
        canvas.saveState()
        canvas.translate(item.x, _UP - item.y)
        canvas.rotate(item.degrees)
        canvas.drawCentredString(0, 0, item.text)
        canvas.restoreState()
    elif item.align == "left":
        canvas.drawString(item.x, _UP - item.y, item.text)
    else:
        canvas.drawRightString(item.x + item.width, _UP - item.y, item.text)


def _trace(canvas: Canvas, symbol: Symbol, press: Typesetter) -> None:
    path, scale = canvas.beginPath(), symbol.size / 24
    moves: dict[str, Callable[..., None]] = {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo}
    for kind, points in press.icon(symbol.name):
        numbers = [n for x, y in points
                   for n in (symbol.x + scale * x, _UP - symbol.y - scale * y)]  # fmt: skip
        if kind in moves:
            moves[kind](*numbers)
        else:
            path.close()
    canvas.setStrokeColor(_ink(symbol.colour))
    canvas.drawPath(path)
