# SPDX-License-Identifier: GPL-3.0-or-later
"""A release as a table file (CSV): its cells, k, what was joined, and the day it was made.

It holds nothing but the release. Of fewer than k clients it has no number at all.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.figures import FIGURE_METHODS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.i18n.figures import (
    joined_text,
    median_text,
    period_name,
    population_name,
    table_rows,
    table_title,
    total_text,
)
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.figures.releases import ReleaseDetails, read_release

BYTE_ORDER_MARK = "\ufeff"
"""Before the text, so that a spreadsheet reads the letters as they are."""


def release_csv(desk: Session, rid: bytes, words: Language) -> str:
    """Return a release as CSV in a language. Raise KfdeskError as `read_release` does.

    Raise KfdeskError `figures.unreadable` for one that this program cannot read.
    """
    desk.require(Right.FIGURES)
    details = read_release(desk, rid)
    if details.figures is None or details.period is None:
        raise KfdeskError("figures.unreadable")
    out = StringIO()
    csv.writer(out).writerows(_rows(details, details.figures, words))
    return BYTE_ORDER_MARK + out.getvalue()


def save_release(desk: Session, rid: bytes, words: Language, path: Path) -> None:
    """Save a release as a CSV file; raise as `release_csv` does, or `figures.not_written`."""
    desk.require(Right.FIGURES)
    text = release_csv(desk, rid, words)
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError:
        raise KfdeskError("figures.not_written") from None


def _rows(
    details: ReleaseDetails, figures: SafeFigures, words: Language
) -> Iterator[tuple[str, ...]]:
    record, period = details.view.record, details.period
    assert period is not None
    yield words.gettext("Who is counted"), population_name(record.population, words)
    yield words.gettext("Period"), period_name(period, words)
    yield words.gettext("Frozen on"), str(record.made or "")
    yield words.gettext("Smallest group"), str(figures.least)
    yield words.gettext("Clients in all"), total_text(figures, words)
    if told := median_text(record.population, figures, words):
        yield (told,)
    yield words.gettext("Method"), words.gettext(FIGURE_METHODS.get(str(record.method), ""))
    for joined in figures.joined:
        yield words.gettext("What was joined"), joined_text(joined, figures.least, words)
    for table in figures.tables:
        yield ()
        yield (table_title(table, words),)
        for names, count in table_rows(table, words):
            yield *names, count
