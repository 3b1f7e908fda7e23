# SPDX-License-Identifier: GPL-3.0-or-later
"""Attached documents: the list of them, and the viewer, inside the window and nowhere else.

The viewer shows one page at a time. It is read from the store, verified and drawn each time
the user turns to it. It is released when another page comes, when the viewer is left, and
before the window hides or locks. No way leads from here to another program, a file or the
clipboard.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QScrollArea, QWidget

from kfdesk.domain.attachments import MediaType, RenderedPage
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.case import Attachment
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text, zoned_time_lines
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import preview_attachment
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import RADIUS_ROW, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    EmptyState,
    FlowBox,
    clear_layout,
    make_hairline,
    stack_widgets,
)
from kfdesk.ui.widgets.painting import draw_focus_ring
from kfdesk.ui.widgets.text import Chip, Icon
from kfdesk.ui.worker import JobProgress

# --- Pages of a document

ZOOM_FACTORS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""The widths of a page, as multiples of the available width."""

FIT_WIDTH = ZOOM_FACTORS.index(1.0)
_PICTURE_MARGIN = 8
_BYTES = 3


class _PageCanvas(QWidget):
    """One page, painted at a given size."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.image = QImage()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the page with a hairline around it."""
        if self.image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self.image)
        painter.setPen(QColor(self._kit.theme.colours.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PictureView(QFrame):
    """A picture of a page in an area that scrolls by mouse and arrow keys."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "sunken")
        self.picture = _PageCanvas(kit)
        self.area = QScrollArea()
        self.area.setWidget(self.picture)
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.viewport().setAutoFillBackground(False)
        self.picture.setAutoFillBackground(False)
        corner = QWidget()  # the style's own corner has a mark
        corner.setProperty("ground", "none")
        self.area.setCornerWidget(corner)
        self.area.installEventFilter(self)
        column(
            self.area,
            margins=(_PICTURE_MARGIN, _PICTURE_MARGIN, _PICTURE_MARGIN, _PICTURE_MARGIN),
            on=self,
        )
        self.setFocusProxy(self.area)

    @property
    def available_width(self) -> int:
        """The width at which a whole page fits."""
        bar = self.area.verticalScrollBar().sizeHint().width()
        return max(1, self.area.width() - bar - 2)

    def show_sight(self, sight: RenderedPage, width: int) -> None:
        """Show a page `width` pixels wide, from its top."""
        shown = QImage(
            sight.pixels, sight.width, sight.height, _BYTES * sight.width,
            QImage.Format.Format_RGB888,
        )  # fmt: skip
        self.show_image(shown.copy(), width)  # so that the caller's image can be released

    def show_image(self, image: QImage, width: int) -> None:
        """Show an image `width` pixels wide, from its top."""
        self.picture.image = image
        self.set_page_width(width)
        self.picture.update()
        self.area.verticalScrollBar().setValue(0)

    def set_page_width(self, width: int) -> None:
        """Show the same page `width` pixels wide, and keep the scroll position."""
        image = self.picture.image
        if not image.isNull():
            height = max(1, width * image.height() // image.width())
            self.picture.setFixedSize(QSize(max(1, width), height))

    def release(self) -> None:
        """Release the page."""
        self.picture.image = QImage()
        self.picture.setFixedSize(QSize(1, 1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Repaint the focus ring when the focus comes or goes."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, and a focus ring while the keyboard is here."""
        super().paintEvent(event)
        if self.area.hasFocus():
            colour = self._kit.theme.colours.focus
            draw_focus_ring(QPainter(self), QRectF(self.rect()), RADIUS_ROW, colour)


class TextView(QPlainTextEdit):
    """A read-only text, scrolled by mouse and keys."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setFont(kit.theme.font(TextStyle.BODY))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll on arrow keys; leave every other key to the page."""
        bar = self.verticalScrollBar()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            bar.setValue(bar.value() + steps[Qt.Key(event.key())])
        else:
            event.ignore()


# --- The viewer

_MIN_HEIGHT = 320
_SURROUNDING_HEIGHT = 310  # of the widgets above and below it in the window

_BUTTON_INDENT = 8  # most of a quiet button's padding, so that its word is nearly in line


class DocumentViewer(CardFrame):
    """The viewer of one document.

    `closed` follows the button Back, Esc, hiding and locking. It carries whether the viewer had
    the focus, which the receiver must then move.
    """

    closed = Signal(bool)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.rid: bytes | None = None
        self._asked: tuple[bytes, int, int] | None = None
        self._course = JobProgress()
        self._page, self._count, self._zoom = 0, 1, FIT_WIDTH
        self._title = ""
        self.back = Button(kit, N_("Back to the documents"), "chevron-left", ButtonLook.QUIET)
        self._name = text(kit, "", TextStyle.HEADING)
        self._which = Chip(kit)
        self.before = Button(kit, N_("Previous page"), "chevron-left").bared()
        self.after = Button(kit, N_("Next page"), "chevron-right").bared()
        self.smaller = Button(kit, N_("Smaller"), look=ButtonLook.QUIET, on=lambda: self.zoom(-1))
        self.larger = Button(kit, N_("Larger"), look=ButtonLook.QUIET, on=lambda: self.zoom(1))
        self.fault = Banner(kit, Tone.DANGER, "circle-alert")
        self.picture = PictureView(kit)
        self.text = TextView(kit)
        self._lay_out()
        self._listen()
        self.hide()

    def show_document(self, rid: bytes, title: str) -> None:
        """Show the first page of a document."""
        self.rid, self._title = rid, title
        self._page, self._count, self._zoom = 0, 1, FIT_WIDTH
        self._name.show_text(title)
        height = max(_MIN_HEIGHT, self.window().height() - _SURROUNDING_HEIGHT)
        for paper in (self.picture, self.text):
            paper.setFixedHeight(height)
            paper.hide()
        self.fault.hide()
        self._show_buttons(is_text=False)
        self.show()
        self.picture.show()
        self.body.activate()  # a page is as wide as there is room
        self.picture.setFocus()
        self._load_page()

    def close_document(self) -> None:
        """Release the document and emit `closed`."""
        if self.rid is None:
            return
        focus = QApplication.focusWidget()
        had_keys = focus is not None and self.isAncestorOf(focus)
        self.rid = self._asked = None
        self._course.cancel()
        self.picture.release()
        self.text.clear()
        self._name.show_text("")
        self.hide()
        self.closed.emit(had_keys)

    def hideEvent(self, event: QHideEvent) -> None:
        """Release the document when the user leaves the page."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.close_document()

    def turn_pages(self, pages: int) -> None:
        """Turn `pages` pages on, or back."""
        wanted = min(max(0, self._page + pages), self._count - 1)
        if wanted != self._page:
            self._page = wanted
            self._load_page()

    def zoom(self, steps: int) -> None:
        """Show the page larger, or smaller."""
        wanted = min(max(0, self._zoom + steps), len(ZOOM_FACTORS) - 1)
        if wanted != self._zoom and not self.text.isVisible():
            self._zoom = wanted
            self._load_page()

    def _load_page(self) -> None:
        if self.rid is None:
            return
        dense = self.devicePixelRatioF()
        width = round(self.picture.available_width * ZOOM_FACTORS[self._zoom] * dense)
        asked = self._asked = (self.rid, self._page, width)
        self._course.cancel()  # nobody waits for the page before
        desk, course = self._desk, JobProgress()
        self._course = course
        self._kit.worker.run(
            lambda: preview_attachment(desk, *asked, course),
            lambda sight: self._on_seen(asked, sight),
            lambda fault: self._on_unseen(asked, fault),
            title=N_("Opening a document…"),
            cancel=course,
        )

    def _lay_out(self) -> None:
        head = row(-_BUTTON_INDENT, self.back, STRETCH, gap=4)
        extend(head, self._which, self.before, self.after, self.smaller, self.larger)
        extend(self.body, head, self._name)
        for paper in (self.fault, self.picture, self.text):
            extend(self.body, paper)
            paper.hide()

    def _listen(self) -> None:
        self.back.clicked.connect(self.close_document)
        self.before.clicked.connect(lambda: self.turn_pages(-1))
        self.after.clicked.connect(lambda: self.turn_pages(1))
        self._kit.events.leave_began.connect(self.close_document)
        self._kit.events.lock_began.connect(self.close_document)
        keys = {
            Qt.Key.Key_PageUp: lambda: self.turn_pages(-1),
            Qt.Key.Key_PageDown: lambda: self.turn_pages(1),
            Qt.Key.Key_Home: lambda: self.turn_pages(-self._count),
            Qt.Key.Key_End: lambda: self.turn_pages(self._count),
            Qt.Key.Key_Minus: lambda: self.zoom(-1),
            Qt.Key.Key_Plus: lambda: self.zoom(1),
            Qt.Key.Key_Escape: self.close_document,
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _show_buttons(self, *, is_text: bool) -> None:
        has_pages = self._count > 1
        page, count = self._page + 1, self._count
        self._which.set_message(
            N_("Page {number} of {count}"), number=lambda _: page, count=lambda _: count
        )
        for part in (self._which, self.before, self.after):
            part.setVisible(has_pages)
        self.before.setEnabled(self._page > 0)
        self.after.setEnabled(page < count)
        for button in (self.smaller, self.larger):
            button.setVisible(not is_text)
        self.smaller.setEnabled(self._zoom > 0)
        self.larger.setEnabled(self._zoom < len(ZOOM_FACTORS) - 1)

    def _on_seen(self, asked: tuple[bytes, int, int], sight: RenderedPage) -> None:
        if asked != self._asked:  # the user turned to another page or left
            return
        self._count = sight.count
        self.fault.hide()
        is_text = sight.text is not None
        paper = self.text if is_text else self.picture
        if is_text:
            self.text.setPlainText(sight.text or "")
        else:
            self.picture.show_sight(sight, self._page_width(sight, asked[2]))
        had_keys = self.picture.area.hasFocus() or self.text.hasFocus()
        self.text.setVisible(is_text)
        self.picture.setVisible(not is_text)
        if had_keys:
            paper.setFocus()
        for each in (self.text, self.picture.area):
            self._kit.translator.bind(each.setAccessibleName, self._spoken)
        self._show_buttons(is_text=is_text)

    def _page_width(self, sight: RenderedPage, asked: int) -> int:
        """Return the width of the page; a small picture is not enlarged to the full width."""
        room = self.picture.available_width
        natural = room if sight.width >= asked else sight.width / self.devicePixelRatioF()
        return max(1, round(min(room, natural) * ZOOM_FACTORS[self._zoom]))

    def _spoken(self, language: Language) -> str:
        page = language.gettext(N_("Page {number} of {count}"))
        return f"{self._title}, {page.format(number=self._page + 1, count=self._count)}"

    def _on_unseen(self, asked: tuple[bytes, int, int], fault: KfdeskError) -> None:
        if asked != self._asked:
            return
        self.picture.release()
        self.picture.hide()
        self.text.clear()
        self.text.hide()
        self.fault.show_fault(fault)
        self.back.setFocus()
        self._show_buttons(is_text=True)


# --- The list

UNNAMED_DOCUMENT = N_("Without a name")
DOCUMENT_LIMITS = N_(
    "JPEG, PNG and TIFF pictures, PDF and plain text can be kept here: at most 25 MB "
    "each, 2 GB together. They are never put in an exchange file or on paper."
)
ORIGINAL_STAYS = N_(
    "What you add also stays in its old place. Delete it there if no one else should find it."
)
METADATA_STRIPPED = N_(
    "Of a picture, only what can be seen is kept: not the place, the time or the camera. A PDF "
    "is kept as it is, including what it says about its author."
)
_FORMATS: Mapping[str, str] = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.PDF: "PDF",
    MediaType.TEXT: N_("Plain text"),
}
_KB, _MB = 1024, 1024**2


def document_title(one: RecordView[Attachment], language: Language) -> str:
    """Return the document's name, or that it has none."""
    title = one.record.title
    return title if isinstance(title, str) and title.strip() else language.gettext(UNNAMED_DOCUMENT)


def document_details(one: RecordView[Attachment], language: Language) -> str:
    """Return the details of a document: `Picture · JPEG · 340 kB · 12 dec. 17:00`."""
    record = one.record
    kind = value_text(field_of("attachment", "kind"), record.kind, language)
    media = _FORMATS.get(str(record.media_type), "")
    added = (
        zoned_time_lines(record.added, language)[0] if isinstance(record.added, ZonedTime) else ""
    )
    parts = (kind if record.kind else "", language.gettext(media) if media else "",
             size_text(record.size, language), added)  # fmt: skip
    return " · ".join(part for part in parts if part)


def size_text(size: object, language: Language) -> str:
    """Return a size in whole kB or MB, rounded up; empty where it is unknown."""
    if not isinstance(size, int):
        return ""
    if size < _MB:
        return language.gettext(N_("{size} kB")).format(size=-(-size // _KB))
    return language.gettext(N_("{size} MB")).format(size=-(-size // _MB))


_KIND_ICONS = {"consent_evidence": "file-check", "receipt": "clipboard-list"}
_DOCUMENT_ACTIONS = {
    "view": (N_("View: {title}"), N_("View"), "eye", ButtonLook.TONAL),
    "edit": (N_("Edit: {title}"), N_("Edit"), "pencil", ButtonLook.QUIET),
    "bin": (N_("Put in the bin: {title}"), N_("Put in the bin"), "trash-2", ButtonLook.QUIET),
}


class DocumentList(CardFrame):
    """The documents. `chosen` carries the action (`view`, `edit`, `bin`) and the id."""

    chosen = Signal(str, bytes)
    add_asked = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._views: tuple[RecordView[Attachment], ...] = ()
        self._is_read_only = False
        self.buttons: dict[tuple[str, bytes], Button] = {}
        self.add_button = Button(kit, N_("Add a file…"), "plus", ButtonLook.TONAL)
        self.add_button.clicked.connect(self.add_asked)
        self._head = self.add_heading(kit, N_("In this database"), "paperclip")
        extend(self._head, self.add_button)
        self._none = EmptyState(
            kit,
            "paperclip",
            N_("No document yet"),
            N_("Add a scan, a photo or a text. It can also be dropped here."),
        )
        self._lines = column()
        self._limits = column(gap=6)
        for message in (ORIGINAL_STAYS, METADATA_STRIPPED, DOCUMENT_LIMITS):
            extend(self._limits, muted(kit, message, TextStyle.SMALL))
        self._rule = make_hairline()
        extend(self.body, self._none, self._lines, 4, self._rule, self._limits)
        kit.translator.changed.connect(self._show)

    def show_documents(
        self, views: Sequence[RecordView[Attachment]], *, is_read_only: bool = False
    ) -> None:
        """Show these documents; with `is_read_only` they can only be viewed."""
        self._views, self._is_read_only = tuple(views), is_read_only
        self.add_button.setVisible(not is_read_only)
        self._show()

    def focus_on(self, act: str, rid: bytes) -> None:
        """Focus a document's button, or the button that adds one."""
        self.buttons.get((act, rid), self.add_button).setFocus()

    def _show(self) -> None:
        clear_layout(self._lines)
        self.buttons = {}
        self._none.setVisible(not self._views)
        for number, one in enumerate(self._views):
            if number:
                extend(self._lines, make_hairline())
            extend(self._lines, self._make_line(one))

    def _make_line(self, one: RecordView[Attachment]) -> QWidget:
        language = self._kit.translator.language
        title = text(self._kit, "", TextStyle.BUTTON)
        title.show_text(document_title(one, language))
        about = muted(self._kit, "", TextStyle.SMALL)
        about.show_text(document_details(one, language))
        words = stack_widgets(title, about)
        sign = Icon(self._kit, _KIND_ICONS.get(str(one.record.kind), "paperclip"))
        row = FlowBox(sign, words, gap=8, fills=words)
        if one.conflicts:
            torn = Chip(self._kit, Tone.WARNING, "git-merge")
            torn.set_message(N_("two values, not yet decided"))
            row.add(torn)
        for act in ("view",) if self._is_read_only else tuple(_DOCUMENT_ACTIONS):
            row.add(self._make_button(act, one))
        part = stack_widgets(row)
        part.setContentsMargins(0, 8, 0, 8)
        return part

    def _make_button(self, act: str, one: RecordView[Attachment]) -> Button:
        name, word, icon, look = _DOCUMENT_ACTIONS[act]
        button = Button(self._kit, word, icon, look, on=lambda: self.chosen.emit(act, one.rid))
        button.set_bare(is_bare=act != "view")
        self._kit.translator.bind(
            button.setAccessibleName, name, title=lambda language: document_title(one, language)
        )
        self.buttons[act, one.rid] = button
        return button
