# SPDX-License-Identifier: GPL-3.0-or-later
"""New partners: add a card, compare the digits of its key, or invite a partner by a folder.

A card is verified before its page is shown, and only the button saves it. The partner has no
rights until the digits are compared. The services read and write cards; no key is here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Partner
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import SOURCE_LANGUAGE, Language
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.directory.duplicates import find_local_entry
from kfdesk.services.directory.entries import DirectoryEntry
from kfdesk.services.exchange import copied_store, invitations, partners
from kfdesk.services.exchange.partners import OfferedCard, PartnerTerms
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.dialogs import ask_folder
from kfdesk.ui.lock.lock import FOR_KEYS
from kfdesk.ui.tokens import FIELD_GAP, LABEL_GAP, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction
from kfdesk.ui.widgets.build import STRETCH, TOP, aligned, column, extend, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.inputs import CheckBox, LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, TaskPage, make_hairline
from kfdesk.ui.widgets.text import Label

# --- new partner

_OFFERED_LANGUAGES = ("ru", "en", "sv", "et", "lv", "lt", "fi", "pl", "uk", "de")
_LANGUAGES_PER_ROW = 5
_NEW_PARTNER_WIDTH = 640


_NEXT_FOR_UNSIGNED = (
    N_("If another laptop of ours knows it: import a file from that one. Then it is listed here."),
    N_("Or invite it from here with a USB stick, even if it has been in use for a long time."),
    N_("On that laptop, choose “Import a file”: it finds the invitation and answers it."),
    N_(
        "Put the USB stick in here again, choose “Import a file”, and compare the digits "
        "side by side."
    ),
)


class NewPartnerPage(TaskPage):
    """The page for a card before it is saved. `kept` carries the partner.

    A card that says it is another laptop of ours, and that none of ours has countersigned, cannot
    be saved; `invite_asked` asks for the invitation that it must answer.
    """

    kept = Signal(object)
    invite_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session, offered: OfferedCard) -> None:
        super().__init__(kit, N_("Add a partner"))
        self._desk = desk
        self._offered = offered
        self.where = SegmentedControl(
            kit, [("inside", N_("In the EU or EEA")), ("outside", N_("Outside the EU and EEA"))]
        )
        self.where.chosen.connect(self._on_folder_chosen)
        kit.translator.bind(self.where.setAccessibleName, N_("Where is the partner?"))
        self.tool = CheckBox(kit, N_("A legal basis for transfers to that country is recorded"))
        self.joins = CheckBox(
            kit, N_("I have called them: it is the same organisation as in that entry")
        )
        self.reads = {code: CheckBox(kit, _language_name(code)) for code in _OFFERED_LANGUAGES}
        self.add = Button(kit, N_("Add the partner"), "check", ButtonLook.PRIMARY)
        self.add.clicked.connect(self._on_add_clicked)
        self.set_action(self.add)
        self.under.set_message(N_("The card says: {name}"), name=lambda _: offered.name)
        self.called = TextEntry()
        self.called.textChanged.connect(self._on_called)
        if offered.is_unsigned:
            self._lay_out_unsigned()
        elif offered.is_own:
            self._lay_out_own()
            self._on_called("")
            self.first = self.called
        else:
            self._lay_out()
            self._on_folder_chosen("")
            self.first = self.where.parts["inside"]

    def _lay_out_own(self) -> None:
        """Lay out the page for a laptop of our own, which only needs a name."""
        card = CardFrame(padding=20, gap=FIELD_GAP)
        card.setMaximumWidth(_NEW_PARTNER_WIDTH)
        warning = Banner(self.kit, Tone.WARNING, "triangle-alert")
        warning.set_message(
            N_("This card says that it is another laptop of our own organisation."),
            N_(
                "It will receive all plans, notes and contacts that are here. Add it only if you "
                "set it up yourself."
            ),
        )
        extend(card.body, warning)
        self._warn_of_names(card)
        extend(card.body, LabelledField(self.kit, N_("What do you call this laptop?"), self.called))
        extend(self.body, card, STRETCH)

    def _lay_out_unsigned(self) -> None:
        """Say what is missing, and offer the invitation instead of the card."""
        missing = Banner(self.kit, Tone.DANGER, "octagon-alert")
        missing.setMaximumWidth(_NEW_PARTNER_WIDTH)
        missing.set_message(
            N_("This card says that it is one of our laptops, but none of ours has confirmed it."),
            N_(
                "A laptop of ours receives all plans, notes and contacts. If you do not know "
                "this one, do not add the card, and ask who sent it."
            ),
        )
        extend(self.body, missing)
        steps = CardFrame(padding=20)
        steps.setMaximumWidth(_NEW_PARTNER_WIDTH)
        steps.add_heading(self.kit, N_("If it is yours"), "list-checks")
        for number, message in enumerate(_NEXT_FOR_UNSIGNED, start=1):
            extend(steps.body, _numbered_row(self.kit, number, message))
        extend(self.body, steps, STRETCH)
        self.add.hide()
        invite = Button(self.kit, N_("Invite that laptop"), "usb", ButtonLook.PRIMARY)
        invite.clicked.connect(self.invite_asked)
        self.set_action(invite)
        self.first = invite

    def _lay_out(self) -> None:
        card = CardFrame(padding=20, gap=FIELD_GAP)
        card.setMaximumWidth(_NEW_PARTNER_WIDTH)
        self._warn_of_names(card)
        extend(
            card.body,
            _labelled(self.kit, N_("Where is the partner?"), self.where),
            self._make_tool(),
            _labelled(self.kit, N_("Languages they read"), self._make_reads()),
        )
        extend(self.body, card, STRETCH)

    def _warn_of_names(self, card: CardFrame) -> None:
        """Say whom the card could be taken for; ask whether it is the entry under its id."""
        offered = self._offered
        if offered.alike:
            alike = Banner(self.kit, Tone.WARNING, "triangle-alert")
            alike.set_message(
                lambda language: language.gettext(
                    N_("This name looks like one that is already here: {names}.")
                ).format(names=", ".join(offered.alike)),
                N_("Call a number you already know before you add it: it may be someone else."),
            )
            extend(card.body, alike)
        if offered.entry:
            taken = Banner(self.kit, Tone.DANGER, "octagon-alert")
            taken.set_message(
                lambda language: language.gettext(
                    N_("In Contacts, the number of this card belongs to: {name}.")
                ).format(name=offered.entry),
                N_(
                    "What consents allow for that entry would be sent to whoever sent you "
                    "this card."
                ),
            )
            extend(card.body, taken, self.joins)

    def _make_tool(self) -> QWidget:
        self._third = part = QWidget()
        note = N_(
            "The EU has accepted the law of that country, or a contract with them protects the "
            "data. Without either, data may be sent there only with a client's explicit consent "
            "after the warning."
        )
        column(self.tool, muted(self.kit, note, TextStyle.SMALL), gap=2, on=part)
        return part

    def _make_reads(self) -> QWidget:
        return FlowBox(*self.reads.values(), gap=6, columns=_LANGUAGES_PER_ROW)

    def _on_folder_chosen(self, where: str) -> None:
        self._third.setVisible(where == "outside")
        self.add.setEnabled(bool(where))
        self.hint.set_message(
            N_("Nothing is sent to a new partner before the digits are compared.")
            if where
            else N_("First choose where the partner is.")
        )

    def _on_called(self, name: str) -> None:
        self.add.setEnabled(bool(name.strip()))
        self.hint.set_message(
            N_("Nothing is sent to a new partner before the digits are compared.")
        )

    def _on_add_clicked(self) -> None:
        is_outside = self.where.key == "outside"
        reads = tuple(code for code, tick in self.reads.items() if tick.isChecked())
        has_tool = is_outside and self.tool.isChecked()
        terms = PartnerTerms(
            is_outside, has_tool, reads, self.called.text(), self.joins.isChecked()
        )
        desk, data = self._desk, self._offered.data
        self.add.setEnabled(False)
        self.kit.worker.run(
            lambda: partners.add_partner(desk, data, terms), self._on_kept, self._on_refused
        )

    def _on_kept(self, partner: Partner) -> None:
        kit, desk = self.kit, self._desk
        if not partner.is_own and any(map(desk.may, DIRECTORY_READ_RIGHTS)):
            kit.worker.run(
                lambda: find_local_entry(desk, partner.organisation), partial(_suggest_merge, kit)
            )
        self.kept.emit(partner)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.add.setEnabled(True)
        self.show_fault(fault)


def _suggest_merge(kit: UiContext, typed: DirectoryEntry | None) -> None:
    """Notify that the partner exists in the directory already, and lead to that entry."""
    if typed is not None:
        words = N_("This partner is already in Contacts, typed by hand. Merge the two there.")
        kit.events.told.emit(Notification(words, shown_at=f"contacts/{typed.rid.hex()}"))


def _labelled(kit: UiContext, label: str, widget: QWidget) -> QVBoxLayout:
    return column(Label(kit, label, TextStyle.LABEL, Tone.MUTED), widget, gap=LABEL_GAP)


def _language_name(code: str) -> MessageFunction:
    def name(language: Language) -> str:
        word = language.language(code)
        return word[:1].upper() + word[1:]

    return name


# --- digits

_DIGIT_COUNT = 60
_GROUPS_PER_ROW = 6
_GROUP_GAP = "\u2003"  # an em space; it counts as white space
_DIGITS_WIDTH = 760
_PARTNER_STEPS = (
    N_("Call the partner on a number that you knew before this card arrived."),
    N_("Let them read both rows to you, and compare each digit. Then read both rows to them."),
    N_("If even one digit differs, stop: do not tick, and ask for the card again in person."),
)
_OWN_LAPTOP_STEPS = (
    N_("Put the two laptops side by side, with this page open on both."),
    N_("Compare both rows, digit by digit. If even one differs, stop and do not tick."),
)


@dataclass(frozen=True)
class DigitComparison:
    """The digits to compare, and the service that is called if they are the same.

    `settle` is None where only the partner has something to decide.
    """

    digits: Callable[[Session, bytes], str]
    settle: Callable[[Session, bytes, str], Changes] | None = None


COMPARE_CARD = DigitComparison(partners.verification_digits, partners.verify_partner)
COMPARE_NEW_CARD = DigitComparison(partners.offered_digits, partners.accept_card)
"""For a card with another signing key that a partner has sent."""
READ_OUR_DIGITS = DigitComparison(partners.verification_digits)
"""For our own new card: we read its digits to the partner."""


class CompareDigitsPage(TaskPage):
    """The page to compare the digits of a partner.

    `verified` carries the partner and the changes.
    """

    verified = Signal(object, object)

    def __init__(
        self, kit: UiContext, desk: Session, partner: Partner, of: DigitComparison = COMPARE_CARD
    ) -> None:
        super().__init__(kit, N_("Compare the digits"))
        self._desk = desk
        self._partner = partner
        self._of = of
        self._shown = ""
        self.rows = (Label(kit, style=TextStyle.DISPLAY), Label(kit, style=TextStyle.DISPLAY))
        self.same = CheckBox(
            kit,
            N_("Both laptops show the same digits")
            if partner.is_own
            else N_("They read the same digits to me, on a number I already know"),
        )
        self.heard = TextEntry()
        self.heard.setAcceptDrops(False)  # the page handles dropped files
        self.field = LabelledField(kit, N_("Or type all sixty digits as you hear them"), self.heard)
        self.confirm = Button(
            kit,
            N_("The digits are the same"),
            "shield-check",
            ButtonLook.PRIMARY,
            on=self._on_confirmed,
        )
        self.set_action(self.confirm)
        self.under.show_text(partner.name)
        self.same.toggled.connect(self._on_edited)
        self.heard.textEdited.connect(self._on_edited)
        self.heard.returnPressed.connect(self.confirm.click)
        self._lay_out()
        self._on_edited()
        self.first = self.same
        if of.settle is None:
            for part in (self.same, self.field, self.confirm):
                part.hide()
            self.hint.set_message(
                N_("They compare them with what they see. You do not need to decide anything here.")
            )
        organisation = partner.organisation
        kit.worker.run(lambda: of.digits(desk, organisation), self._on_read, self._on_refused)

    def _lay_out(self) -> None:
        card = CardFrame(padding=24)
        card.setMaximumWidth(_DIGITS_WIDTH)
        steps = _OWN_LAPTOP_STEPS if self._partner.is_own else _PARTNER_STEPS
        for number, message in enumerate(steps, start=1):
            extend(card.body, _numbered_row(self.kit, number, message))
        extend(card.body, 8, make_hairline(), 8, *self.rows, 8, make_hairline(), 8)
        extend(card.body, row(-RESERVE, self.same, STRETCH, gap=8), 4, self.field)
        extend(self.body, card, STRETCH)

    def _on_read(self, digits: str) -> None:
        self._shown = digits
        groups = digits.split()
        for place, label in enumerate(self.rows):
            label.show_text(
                _GROUP_GAP.join(groups[place * _GROUPS_PER_ROW : (place + 1) * _GROUPS_PER_ROW])
            )
        self._on_edited()

    def _on_edited(self, *_state: object) -> None:
        if self._of.settle is None:
            return
        self.field.clear_note()
        typed = "".join(self.heard.text().split())
        is_ready = bool(self._shown) and (
            len(typed) == _DIGIT_COUNT or (self.same.isChecked() and not typed)
        )
        self._show_ready(is_ready=is_ready)

    def _show_ready(self, *, is_ready: bool) -> None:
        self.confirm.setEnabled(is_ready)
        self.hint.set_message(
            (
                N_("After that it receives all plans, notes and contacts that are here.")
                if self._partner.is_own
                else N_("After that the partner may receive what a consent allows.")
            )
            if is_ready
            else N_("Tick the sentence, or type all sixty digits.")
        )

    def _on_confirmed(self) -> None:
        desk, organisation = self._desk, self._partner.organisation
        heard, settle = self.heard.text().strip() or self._shown, self._of.settle
        assert settle is not None  # without it the button is hidden
        self._show_ready(is_ready=False)
        self.kit.worker.run(
            lambda: settle(desk, organisation, heard), self._on_verified, self._on_refused
        )

    def _on_verified(self, changes: Changes) -> None:
        self.verified.emit(self._partner, changes)

    def _on_refused(self, fault: KfdeskError) -> None:
        if fault.code == "card.other_digits":
            faults = self.kit.faults
            self.field.show_error(lambda language: " ".join(faults(fault, language)))
            self.heard.setFocus()
        else:
            self.show_fault(fault)


def _numbered_row(kit: UiContext, number: int, message: str) -> QHBoxLayout:
    mark = Label(kit, style=TextStyle.STRONG, tone=Tone.ACCENT)
    mark.show_text(f"{number}")
    return row(aligned(mark, TOP), grown(text(kit, message)), gap=12)


# --- invitation

_INVITE_WIDTH = 720


class AnswerInvitationPage(TaskPage):
    """The page of a laptop that another laptop of ours invites; `answered` carries its card."""

    answered = Signal(object)

    def __init__(self, kit: UiContext, desk: Session, folder: Path) -> None:
        super().__init__(kit, N_("Answer the invitation"))
        self._desk, self._folder = desk, folder
        self.answer = Button(
            kit,
            N_("Put our card on the USB stick"),
            "file-down",
            ButtonLook.PRIMARY,
            on=self._on_answer_clicked,
        )
        self.set_action(self.answer)
        self.first = self.answer
        said = Banner(kit, Tone.INFO, "usb")
        said.setMaximumWidth(_INVITE_WIDTH)
        said.set_message(
            N_("This USB stick invites this laptop to another laptop of ours."),
            N_(
                "The answer contains no client data. Give it only if one of our own "
                "people prepared the USB stick on that laptop. Then take the USB stick "
                "back there, and import the answer."
            ),
        )
        extend(self.body, said, STRETCH)

    def _on_answer_clicked(self) -> None:
        desk, folder = self._desk, self._folder
        self.answer.setEnabled(False)
        self.kit.worker.run(
            lambda: invitations.accept_invitation(desk, folder),
            self.answered.emit,
            self._on_refused,
        )

    def _on_refused(self, fault: KfdeskError) -> None:
        self.answer.setEnabled(True)
        self.show_fault(fault)


class CopiedStorePage(TaskPage):
    """The page of a laptop that a copy of its own store invites: it takes keys of its own.

    The store is locked afterwards; then the invitation can be answered.
    """

    def __init__(self, kit: UiContext, desk: Session, card: Path) -> None:
        super().__init__(kit, N_("Two laptops with one database"))
        self._desk, self._card_path = desk, card
        self.act = Button(
            kit, N_("Make new keys and lock"), "key-round", ButtonLook.PRIMARY,
            on=self._on_act_clicked,
        )  # fmt: skip
        self.set_action(self.act)
        self.first = self.act
        said = Banner(kit, Tone.WARNING, "triangle-alert")
        said.set_message(
            N_("The laptop that prepared this USB stick has the same database and keys."),
            N_(
                "Partners import files from only one of the two. That laptop keeps the keys. "
                "This one gets keys of its own and becomes another laptop of ours. If the USB "
                "stick was prepared on this laptop, go back: nothing needs to be done."
            ),
        )
        card_frame = CardFrame(padding=20, gap=FIELD_GAP)
        card_frame.setMaximumWidth(_INVITE_WIDTH)
        extend(card_frame.body, said)
        for number, message in enumerate(_AFTER_SEPARATING, start=1):
            extend(card_frame.body, _numbered_row(kit, number, message))
        extend(self.body, card_frame, STRETCH)

    def _on_act_clicked(self) -> None:
        desk, card = self._desk, self._card_path
        self.act.setEnabled(False)
        self.kit.worker.run(
            lambda: copied_store.separate_copy(desk, card), self._on_done, self._on_refused
        )

    def _on_done(self, _: Session) -> None:
        self.kit.events.lock_asked.emit(FOR_KEYS)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.act.setEnabled(True)
        self.show_fault(fault)


_AFTER_SEPARATING = (
    N_("Everything written here stays. Nothing is lost on either laptop."),
    N_(
        "Unlock again and choose “Import a file”: the program answers the invitation on the USB "
        "stick. Then compare the sixty digits on both screens."
    ),
    N_("Pass files between the two laptops: each gets what the other wrote."),
    N_("Make files to partners on the other laptop. They do not know the new keys."),
)
_PROGRAM_ON_STICK, _PROGRAM_ELSEWHERE = "stick", "elsewhere"
_FOR_PARTNER, _FOR_OWN_LAPTOP = "partner", "laptop"
_NEXT_FOR_PARTNER = (
    N_("Give or send the USB stick to them. The page on it says in their language what to do."),
    N_(
        "When the USB stick comes back, choose “Import a file”: the program finds their card on it."
    ),
    N_(
        "Call them on a number you already know, and compare the sixty digits. Both of you "
        "tick the box."
    ),
)
_NEXT_FOR_OWN = (
    N_("Put the USB stick into the other laptop. The page on it says what to do there."),
    N_(
        "Then put the USB stick in here again, choose “Import a file”, and add the card "
        "that is found."
    ),
    N_("Compare the sixty digits on both screens, and tick the box on both."),
)


class InvitePage(TaskPage):
    """The page that makes a folder for one new partner. `invited` follows when it is made."""

    invited = Signal()

    def __init__(self, kit: UiContext, desk: Session, *, is_own: bool = False) -> None:
        super().__init__(kit, N_("Invite a partner"))
        self.who = SegmentedControl(
            kit,
            [
                (_FOR_PARTNER, N_("Another organisation")),
                (_FOR_OWN_LAPTOP, N_("Another laptop of ours")),
            ],
        )
        kit.translator.bind(self.who.setAccessibleName, N_("Who is it for?"))
        self._desk = desk
        self.made: Path | None = None
        self._speaks = {one.code: one for one in kit.translator.available_languages}
        self.language = SegmentedControl(
            kit, [(code, _language_label(kit, code)) for code in self._speaks]
        )
        kit.translator.bind(self.language.setAccessibleName, N_("Language of the page"))
        self.program = SegmentedControl(
            kit,
            [
                (_PROGRAM_ON_STICK, N_("On this USB stick")),
                (_PROGRAM_ELSEWHERE, N_("They get it in another way")),
            ],
        )
        kit.translator.bind(self.program.setAccessibleName, N_("Where is the program?"))
        self.make = Button(kit, N_("Make the folder…"), "usb", ButtonLook.PRIMARY)
        self.make.clicked.connect(self._on_make_clicked)
        self.done = Button(kit, N_("Done"), "check", ButtonLook.PRIMARY, self.closed.emit)
        self.done.hide()
        self.set_action(self.make)
        self.set_action(self.done)
        self.under.set_message(
            N_("A folder on a USB stick: our card, and a page that says what to do.")
        )
        self._lay_out()
        self.who.chosen.connect(self._show_folder_text)
        self.who.select(_FOR_OWN_LAPTOP if is_own else _FOR_PARTNER)
        ours = kit.translator.language.code
        self.language.select(ours if ours in self._speaks else SOURCE_LANGUAGE)
        self.program.select(_PROGRAM_ON_STICK)
        self._show_folder_text()
        self.first = self.who.parts[self.who.key]

    def invite_into(self, place: Path) -> None:
        """Make the folder below `place`."""
        desk, words = self._desk, self._speaks[self.language.key]
        has_program, is_own = self.program.key == _PROGRAM_ON_STICK, self.who.key == _FOR_OWN_LAPTOP
        self.make.setEnabled(False)
        self.kit.worker.run(
            lambda: invitations.create_invitation(
                desk, place, words, has_program=has_program, is_own=is_own
            ),
            self._on_made,
            self._on_refused,
        )

    def _lay_out(self) -> None:
        card = CardFrame(padding=20, gap=FIELD_GAP)
        card.setMaximumWidth(_INVITE_WIDTH)
        for label, choice in (
            (N_("Who is it for?"), self.who),
            (N_("Which language do they read best?"), self.language),
            (N_("Where is the program?"), self.program),
        ):
            box = column(Label(self.kit, label, TextStyle.LABEL, Tone.MUTED), choice, gap=LABEL_GAP)
            extend(card.body, box)
        self._where = muted(self.kit, "", TextStyle.SMALL)
        extend(card.body, self._where)
        self.program.chosen.connect(self._show_folder_text)
        self.choices = card
        self.next = column()
        extend(self.body, card, self.next, STRETCH)

    def _make_next(self) -> QWidget:
        card = CardFrame(padding=20)
        card.setMaximumWidth(_INVITE_WIDTH)
        card.add_heading(self.kit, N_("What happens next"), "list-checks")
        steps = _NEXT_FOR_OWN if self.who.key == _FOR_OWN_LAPTOP else _NEXT_FOR_PARTNER
        for number, message in enumerate(steps, start=1):
            mark = Label(self.kit, style=TextStyle.STRONG, tone=Tone.ACCENT)
            mark.show_text(f"{number}")
            extend(card.body, row(aligned(mark, TOP), grown(text(self.kit, message)), gap=12))
        return card

    def _show_folder_text(self, *_chosen: str) -> None:
        on_stick = N_(
            "Copy the program into the folder “program”, which is made beside the page. The page "
            "tells them to look there."
        )
        elsewhere = N_("The page tells them that they get the program from you.")
        self._where.set_message(on_stick if self.program.key == _PROGRAM_ON_STICK else elsewhere)
        self.hint.set_message(
            N_(
                "The folder lets one laptop join, once, within 30 days. Keep the USB "
                "stick in your hands until the digits are compared."
            )
            if self.who.key == _FOR_OWN_LAPTOP
            else N_("There is nothing secret in the folder.")
        )

    def _on_make_clicked(self) -> None:
        ask_folder(self.kit, self, N_("Make the folder here"), self.invite_into)

    def _on_made(self, folder: Path) -> None:
        self.made = folder
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.set_message(
            N_("The folder “{name}” is written and checked. You can now remove the USB stick."),
            name=lambda _: folder.name,
        )
        self.outcome.show()
        self.choices.hide()
        extend(self.next, self._make_next())
        self.make.hide()
        self.cancel.hide()
        self.done.show()
        self.done.setFocus()
        self.invited.emit()

    def _on_refused(self, fault: KfdeskError) -> None:
        self.make.setEnabled(True)
        self.show_fault(fault)


def _language_label(kit: UiContext, code: str) -> Message:
    name = next(one.name for one in kit.translator.available_languages if one.code == code)
    return lambda _: name
