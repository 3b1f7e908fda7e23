# SPDX-License-Identifier: GPL-3.0-or-later
"""The card that erases a client: what goes, who still has her, what stays, and what is asked first.

It asks for two people, or for her signed wish and 24 hours. While she is on her way it says so, and
erases only what a law demands.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

from kfdesk.domain.accounts import Right, fold_initials, format_initials
from kfdesk.domain.backup import backup_time
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import ERASURE_REASONS
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.parsing import parse_day
from kfdesk.services.client_erasure import (
    ErasureTerms,
    ErasureWish,
    carry_out_erasure,
    read_erasure_terms,
    record_erasure_wish,
    take_back_erasure_wish,
)
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.plans.retention import ErasurePreview
from kfdesk.services.plans.transit import transit_fault
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.day_picker import DayInput
from kfdesk.ui.forms.record_form import today_at_desk
from kfdesk.ui.pages.erasure_proof import ErasureProofFields
from kfdesk.ui.record_views import written_at
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import FIELD_GAP, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, column, extend, muted, panel, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, clear_layout

_WHAT_STAYS = (
    N_("A record that data was erased here, when and why. It contains no name, and "
        "prevents an old file or an old backup from restoring the data."),
    N_("Which files and papers went to whom, by number only, so that partners can also be "
        "asked to erase."),
    N_("Who did what here, with the names of fields but never their contents, so that "
        "misuse can be found."),
    N_("Backups made earlier. Those older than 35 days are deleted when a new one is made in the "
       "same folder."),
)  # fmt: skip


class WishCard(CardFrame):
    """Her signed wish to be erased: to record, to wait for, and to take back.

    `is_ready` says whether one person may erase now.
    """

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(gap=FIELD_GAP)
        self._kit = kit
        self._desk = desk
        self._client = b""
        self._terms = ErasureTerms(ErasurePreview())
        self.add_heading(kit, N_("Or: the client's signed wish, and 24 hours"), "file-check")
        self.standing = muted(kit, "")
        self.signed = DayInput(kit)
        self.signed.today = partial(today_at_desk, desk)
        self.day = LabelledField(kit, N_("Day of the signature"), self.signed)
        self.record = Button(kit, N_("Record the wish"), "file-check", on=self._on_record)
        self.take_back = Button(kit, N_("Take the wish back"), "undo-2", on=self._on_take_back)
        foot = row(-RESERVE, self.record, self.take_back, STRETCH, gap=8)
        extend(self.body, self.standing, self.day, foot)

    @property
    def is_ready(self) -> bool:
        """True if a wish stands, and its 24 hours have passed."""
        return self._terms.wish is not None and self._terms.wish.is_ready

    def show_terms(self, client: bytes, terms: ErasureTerms) -> None:
        """Show whether a wish stands, and from when on it is enough."""
        self._client, self._terms = client, terms
        self.signed.clear()
        self.day.clear_note()
        self.day.setVisible(terms.wish is None and not terms.is_period_over)
        self.record.setVisible(terms.wish is None)
        self.take_back.setVisible(terms.wish is not None)
        self.standing.set_message(partial(_wish_text, terms))

    @task
    async def _on_record(self) -> None:
        signed = parse_day(self.signed.text()) if self.signed.text().strip() else None
        day = signed if isinstance(signed, date) else None
        if day is None and not self._terms.is_period_over:
            self.day.show_error(N_("Write the day of the signature, with its year."))
            self.signed.setFocus()
            return
        changes = await call(self._kit, record_erasure_wish, self._desk, self._client, day)
        self._kit.events.changed.emit(changes.types)

    @task
    async def _on_take_back(self) -> None:
        changes = await call(self._kit, take_back_erasure_wish, self._desk, self._client)
        self._kit.events.changed.emit(changes.types)


class EraseCard(CardFrame):
    """The card that erases the client, and says what stays; hidden without the right to."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._client = b""
        self._code = ""
        self.terms = ErasureTerms(ErasurePreview())
        self.add_heading(kit, N_("Erase all her data permanently"), "trash-2")
        self.look = Button(kit, N_("Show what would be erased"), "eye", on=self._on_look_clicked)
        self.halt = Banner(kit, Tone.DANGER, "octagon-alert").hidden()
        self.said = column(gap=4)
        self.second = muted(kit, "")
        self.proof = ErasureProofFields(kit)
        self.wish = WishCard(kit, desk)
        self._make_entries()
        self._fold(is_open=False)

    def _make_entries(self) -> None:
        kit = self._kit
        self.why = ChoiceBox(kit)
        self.why.set_options([(str(reason), words) for reason, words in ERASURE_REASONS.items()])
        self.typed = TextEntry()
        self.typed.textChanged.connect(self._judge)
        self.why.chosen.connect(self._judge)
        self.proof.changed.connect(self._judge)
        self.reason = LabelledField(kit, N_("Why"), self.why)
        self.code = LabelledField(kit, N_("Type the code of the plan to erase"), self.typed)
        self.erase = Button(kit, N_("Erase permanently"), "trash-2", ButtonLook.DANGER)
        self.erase.clicked.connect(self._on_erase_clicked)
        self.missing = text(kit, "", TextStyle.SMALL, Tone.MUTED)
        head = text(kit, N_("Two people, both here"), TextStyle.LABEL, Tone.MUTED)
        asked = column(self.reason, self.code, head, self.second, self.proof, gap=FIELD_GAP)
        self.asked = panel(asked)
        foot = row(-RESERVE, self.look, self.erase, self.missing, STRETCH, gap=8)
        extend(self.body, self.halt, self.said, self.asked, foot, self.wish)

    def show_plan(self, page: PlanPage) -> None:
        """Show the client of this plan; an earlier preview must be made again."""
        code, was = page.client.record.code, self._client
        self._client, self._code = page.client.rid, code if isinstance(code, str) else ""
        self.setVisible(self._desk.may(Right.ERASE))
        is_open = self.asked.isVisibleTo(self) and was == self._client
        self._fold(is_open=False)
        if is_open and self.isVisible():
            self._on_look_clicked()

    @task
    async def _on_look_clicked(self) -> None:
        terms = await call(self._kit, read_erasure_terms, self._desk, self._client)
        self.terms = terms
        self._fold(is_open=True)
        self._say(N_("What is erased"), TextStyle.LABEL)
        self._say(partial(_counts, terms.leaving))
        for title, words in _holder_parts(terms):
            self._say(title, TextStyle.LABEL)
            self._say(words)
        self._say(N_("What stays, and why"), TextStyle.LABEL)
        for sentence in _WHAT_STAYS:
            self._say(sentence)
        self._show_halt()
        self.second.set_message(partial(_second_text, terms.seconds))
        self.proof.ask_second(is_asked=bool(terms.seconds))
        self.wish.show_terms(self._client, terms)
        self._judge()
        self.why.setFocus()  # the button that was pressed is gone

    def _show_halt(self) -> None:
        """Say above everything else why nothing can be erased now."""
        terms = self.terms
        if terms.transit is not None:
            self.halt.show_fault(transit_fault(terms.transit))
        elif terms.leaving.is_held:
            held = N_("One of her plans is restricted and must be kept. Nothing is erased.")
            self.halt.set_message(held)
        self.halt.setVisible(terms.transit is not None or terms.leaving.is_held)

    def _say(self, words: Message, style: TextStyle = TextStyle.BODY) -> None:
        tone = Tone.MUTED if style is TextStyle.LABEL else Tone.PLAIN
        label = text(self._kit, "", style, tone)
        label.set_message(words)
        extend(self.said, label)

    def _judge(self) -> None:
        """Say what is still missing, and let the button be pressed when nothing is."""
        missing = self._missing()
        self.erase.setEnabled(not missing)
        self.missing.set_message(missing)

    def _missing(self) -> Message:
        is_duty = self.why.key == ErasureReason.LEGAL_DUTY and self.proof.has_second
        if self.terms.leaving.is_held or (self.terms.transit is not None and not is_duty):
            return N_("Not possible now: see above.")
        is_hers = bool(self._code) and fold_initials(self.typed.text()) == fold_initials(self._code)
        if not is_hers:
            return N_("The code is missing.")
        if not (self.proof.has_second or self.wish.is_ready):
            return N_("A second person, or a wish of a day ago, is missing.")
        return "" if self.proof.has_own else N_("Your passphrase is missing.")

    def _fold(self, *, is_open: bool) -> None:
        clear_layout(self.said)
        self.typed.clear()
        self.proof.clear()
        self.halt.hide()
        self.look.setVisible(not is_open)
        for part in (self.asked, self.erase, self.missing, self.wish):
            part.setVisible(is_open)

    def _on_erase_clicked(self) -> None:
        desk, client, why = self._desk, self._client, ErasureReason(self.why.key)
        proof = self.proof.take()
        work = partial(carry_out_erasure, desk, client, why, proof)
        self._kit.worker.run(work, self._on_erased, self.proof.show_fault)

    def _on_erased(self, changes: Changes) -> None:
        self._kit.events.changed.emit(changes.types)
        self._kit.notify(N_("Erased permanently."))


def _counts(leaving: ErasurePreview, language: Language) -> str:
    parts = (
        f"{language.gettext(RECORD_TYPE_NAMES[name])}: {n}" for name, n in leaving.records.items()
    )
    return " · ".join(parts)


def _holder_parts(terms: ErasureTerms) -> Iterator[tuple[str, Message]]:
    """Yield who and what else has her: partners, whom to telephone, backups."""
    if terms.asked:
        yield (
            N_("Asked to erase it, by the next file"),
            lambda language: language.listing(terms.asked),
        )
    if terms.to_call:
        yield (
            N_("To be asked by telephone, no file reaches them"),
            lambda language: " · ".join(_call_text(one, language) for one in terms.to_call),
        )
    if terms.backups:
        yield N_("Backups that still hold it"), partial(_backups_text, terms)
    else:
        yield N_("Backups that still hold it"), N_("None that this computer knows of.")


_NO_NUMBER = N_("no number here")


def _call_text(one: tuple[str, str], language: Language) -> str:
    name, number = one
    return f"{name}: {number}" if number else f"{name}: {language.gettext(_NO_NUMBER)}"


def _backups_text(terms: ErasureTerms, language: Language) -> str:
    lines = []
    for path, last in terms.backups:
        made = backup_time(path.name, None)
        day = language.day(made.date(), year=True) if made is not None else path.name
        words = language.gettext(N_("Backup of {day}: until {last}"))
        lines.append(words.format(day=day, last=language.day(last, year=True)))
    return " · ".join(lines)


def _second_text(seconds: tuple[str, ...], language: Language) -> str:
    if not seconds:
        return language.gettext(
            N_("No one else here may erase, so there is no second person. The client's signed wish "
               "and 24 hours are the way: see below.")
        )  # fmt: skip
    words = N_("The second person may be: {names}. Each types their own passphrase.")
    return language.gettext(words).format(names=language.listing([*map(format_initials, seconds)]))


def _wish_text(terms: ErasureTerms, language: Language) -> str:
    wish = terms.wish
    if wish is not None:
        return _standing_wish(wish, language)
    if terms.is_period_over:
        return language.gettext(
            N_("The retention period is over, and the client was told of it. Record it here. 24 "
               "hours later one person can erase, with a passphrase.")
        )  # fmt: skip
    return language.gettext(
        N_("If the client has signed the wish to be erased, record it here. 24 hours later one "
           "person can erase, with a passphrase. Until then it can be taken back.")
    )  # fmt: skip


def _standing_wish(wish: ErasureWish, language: Language) -> str:
    told = [language.gettext(N_("Recorded by {initials}, {time}.")).format(
        initials=format_initials(wish.recorded_by), time=written_at(wish.recorded, language)
    )]  # fmt: skip
    if wish.signed is not None:
        signed = language.gettext(N_("Signed by the client on {day}."))
        told.insert(0, signed.format(day=language.day(wish.signed, year=True)))
    if wish.is_ready:
        told.append(language.gettext(N_("24 hours have passed: one person can erase now.")))
    else:
        from_then = language.gettext(N_("One person can erase from {time}."))
        told.append(from_then.format(time=written_at(wish.ready, language)))
    return " ".join(told)
