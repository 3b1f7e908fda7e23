# SPDX-License-Identifier: GPL-3.0-or-later
"""A release as a table file for statistics of trafficking (IC-TIP, SDG indicator 16.2.2).

It is made of a frozen release alone, never of clients. The file has codes, so it needs no language.
"""

import csv
from io import StringIO
from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.ic_tip import POPULATION, detected_counts
from kfdesk.services.core.session import Session
from kfdesk.services.figures.releases import ReleaseDetails, read_release

IC_TIP_COLUMNS = (
    "indicator", "period_from", "period_to", "sex", "age", "form_of_exploitation", "count",
    "smallest_group", "joined", "frozen_on",
)  # fmt: skip
_INDICATOR = "16.2.2"
_LEFT_OUT = "left_out"


def is_for_ic_tip(release: ReleaseDetails) -> bool:
    """Return whether a release is about new clients and can be read."""
    return release.figures is not None and release.view.record.population == POPULATION


def ic_tip_csv(desk: Session, rid: bytes) -> str:
    """Return a release of new clients as counts by sex, age and form, in CSV.

    Raise KfdeskError as `read_release` does, `figures.unreadable`, `figures.ic_tip_population` for
    a release of another group, and `figures.ic_tip_variables`.
    """
    desk.require(Right.FIGURES)
    details = read_release(desk, rid)
    record, figures, period = details.view.record, details.figures, details.period
    if figures is None or period is None:
        raise KfdeskError("figures.unreadable")
    if not is_for_ic_tip(details):
        raise KfdeskError("figures.ic_tip_population")
    joined = ";".join(one.variable for one in figures.joined)
    rest = (str(figures.least), joined, str(record.made or ""))
    few = f"<{figures.least}"
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(IC_TIP_COLUMNS)
    for one in detected_counts(figures):
        count = str(one.count) if one.count is not None else _LEFT_OUT
        said = few if figures.total is None else count
        days = (period.first.isoformat(), period.last.isoformat())
        rows.writerow((_INDICATOR, *days, one.sex, one.age, one.form, said, *rest))
    return out.getvalue()


def save_ic_tip(desk: Session, rid: bytes, path: Path) -> None:
    """Save a release as `ic_tip_csv` gives it; raise as that does, or `figures.not_written`."""
    desk.require(Right.FIGURES)
    text = ic_tip_csv(desk, rid)
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError:
        raise KfdeskError("figures.not_written") from None
