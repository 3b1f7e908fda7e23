# SPDX-License-Identifier: GPL-3.0-or-later
"""How a document is called on the page: its name, what it is, its size, when it came.

Values and words only; nothing here reads a content.
"""

from collections.abc import Mapping

from kfdesk.domain.desk.content import MediaType
from kfdesk.domain.marks import N_
from kfdesk.domain.records.case.attachment import Attachment
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.ui.pages.shown import field_of, moment_lines, value_text

NAMELESS = N_("Without a name")
LIMITS = N_(
    "JPEG, PNG and TIFF pictures, PDF and plain text can be kept here: 25 MB each at most, 2 GB "
    "together. They are in no exchange file and on no paper."
)
STAYS = N_(
    "What you add stays in its old place, too. Delete it there if nobody else is to find it."
)
STRIPPED = N_(
    "Of a picture only what can be seen is kept: not the place, the time or the camera. A PDF "
    "stays as it is, with what it says about its author."
)
_FORMATS: Mapping[str, str] = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.PDF: "PDF",
    MediaType.TEXT: N_("Plain text"),
}
_KB, _MB = 1024, 1024**2


def title_text(one: View[Attachment], language: Language) -> str:
    """The document's name; one without says so."""
    title = one.record.title
    return title if isinstance(title, str) and title.strip() else language.gettext(NAMELESS)


def about_text(one: View[Attachment], language: Language) -> str:
    """`Picture · JPEG · 340 kB · 12 dec. 17:00`."""
    record = one.record
    kind = value_text(field_of("attachment", "kind"), record.kind, language)
    media = _FORMATS.get(str(record.media_type), "")
    added = moment_lines(record.added, language)[0] if isinstance(record.added, Moment) else ""
    parts = (kind if record.kind else "", language.gettext(media) if media else "",
             size_text(record.size, language), added)  # fmt: skip
    return " · ".join(part for part in parts if part)


def size_text(size: object, language: Language) -> str:
    """A size in whole kB or MB, rounded up; nothing where it is not known."""
    if not isinstance(size, int):
        return ""
    if size < _MB:
        return language.gettext(N_("{size} kB")).format(size=-(-size // _KB))
    return language.gettext(N_("{size} MB")).format(size=-(-size // _MB))
