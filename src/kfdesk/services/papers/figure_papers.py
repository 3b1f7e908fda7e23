# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of figures: one table of a release, and the report about a year.

They are about no client, and hold nothing but releases, estimates that this organisation has taken
over, and the text of a publication. This module draws nothing.
"""

from collections.abc import Iterator
from datetime import date

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import ReportLine
from kfdesk.domain.records.figures import Publication
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import text_in_language, text_or_empty
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.records import require_record
from kfdesk.services.core.session import Session
from kfdesk.services.figures.estimates import list_estimates
from kfdesk.services.figures.releases import list_own_releases, read_release
from kfdesk.services.network.reports import ActivityLine, ActivityQuery, report_activities
from kfdesk.services.papers.inputs import PaperInputs


def gather_figure_table(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather one release. Raise KfdeskError `user.not_allowed` or `record.missing`."""
    desk.require(Right.FIGURES)
    return _inputs(desk, (require_record(desk, order.subject),))


def figure_table_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if the release cannot be read."""
    desk.require(Right.FIGURES)
    if read_release(desk, order.subject).figures is None:
        yield KfdeskError("figures.unreadable")


def gather_year_report(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather a publication, the releases of its year, and the estimates taken over.

    Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    desk.require(Right.FIGURES)
    head = require_record(desk, order.subject)
    estimates = (one.row for one in list_estimates(desk) if one.row is not None)
    rows = (head, *_releases_of_year(desk, head), *estimates)
    return _inputs(desk, rows, report_lines(desk, _year(head) or 0, order.language))


def year_report_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what is missing: the year, or a release of it."""
    desk.require(Right.FIGURES)
    head = require_record(desk, order.subject)
    if _year(head) is None:
        yield KfdeskError("report.no_year")
    elif not any(_releases_of_year(desk, head)):
        yield KfdeskError("report.no_release")
    if view(head, Publication).conflicts:
        yield KfdeskError("record.undecided")


def year_report_warnings(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield each text of the publication that lacks the language of the paper."""
    desk.require(Right.FIGURES)
    record = view(require_record(desk, order.subject), Publication).record
    for key in ("title", "abstract"):
        told = getattr(record, key)
        if isinstance(told, tuple) and not text_in_language(told, order.language):
            yield KfdeskError(
                "paper.not_in_language", field=f"publication.{key}", language=order.language
            )


def report_lines(desk: Session, year: int, language: str) -> tuple[ReportLine, ...]:
    """Return the activities of a year, for the part "Projects and activities".

    They are about no client, so no rule of release applies (R7). There are none for a user who may
    not read the directory. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.FIGURES)
    if not any(map(desk.may, DIRECTORY_READ_RIGHTS)):
        return ()
    done = report_activities(desk, ActivityQuery(first=year, last=year)).lines
    return tuple(_report_line(one, language) for one in done)


def _report_line(done: ActivityLine, language: str) -> ReportLine:
    record = done.view.record
    told = record.title if isinstance(record.title, tuple) else ()
    title = text_in_language(told, language, *(one.language for one in told))
    known = (done.assigned_by, done.funding, text_or_empty(record.place))
    return ReportLine(title or "", ", ".join(filter(None, known)), done.people)


def _releases_of_year(desk: Session, head: Row) -> Iterator[Row]:
    """Yield our releases about parts of the year, from the earliest to the newest.

    Of a release that was corrected only the newest is printed.
    """
    year = _year(head)
    own = list_own_releases(desk)
    corrected = {one.view.record.corrects for one in own}
    for one in reversed(own):
        is_of_year = one.period is not None and one.period.first.year == year
        if is_of_year and one.view.rid.hex() not in corrected:
            yield one.view.row


def _year(head: Row) -> int | None:
    year = view(head, Publication).record.about_year
    return year if isinstance(year, int) and date.min.year <= year <= date.max.year else None


def _inputs(
    desk: Session, rows: tuple[Row, ...], lines: tuple[ReportLine, ...] = ()
) -> PaperInputs:
    ours = desk.identity.organisation
    kept = tuple(row for row in rows if not is_deleted(row.state))
    names = {ours.hex(): desk.identity.name}
    own = Recipient(RecipientKind.OWN, ours)
    return PaperInputs(kept, (), own, ours, names, report_lines=lines)
