# SPDX-License-Identifier: GPL-3.0-or-later
"""The program as a person works with it, in a process of its own that a leak scan watches.

It is the real program, started where it always starts; only the hands are a script. At each step
it says which titles its windows have and waits until it was looked at. What it enters follows from
the seed in its environment, so that nothing of it stands there. `MODE` says what it does; `LEAK`
lets it leave one canary in plain, on purpose, for the control.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from tests.e2e.leak_canaries import Canaries, canaries
from tests.e2e.leak_watch import SEEN, tell
from tests.gui.printer_samples import choose_subject
from tests.support import make
from tests.support.windows import session_of, shell_of

from kfdesk import __main__, app, store_lifecycle
from kfdesk.demo import story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import ErasureReason, PaperName
from kfdesk.domain.kinds import LocalizedTextKind, TextKind
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import view
from kfdesk.domain.values import LocalizedText, Translation, Value
from kfdesk.environment import Environment
from kfdesk.services.core.drafts import FormState as Held
from kfdesk.services.core.drafts import save_draft
from kfdesk.services.core.records import change_record, delete_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners
from kfdesk.services.exchange import transfer as exchange
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans.case import add_attachment_file, preview_attachment
from kfdesk.services.upkeep.backup import make_backup, rehearse_restore
from kfdesk.storage import key_slots, keyring
from kfdesk.system import paths, process
from kfdesk.ui import program
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.lock import lock
from kfdesk.ui.program import Program

T = TypeVar("T")
INITIALS = "EV"
STEPS = Path(os.environ.get("STEPS", ""))
AROUND = Path(os.environ.get("HOME", "")).parent
ASKED = AROUND / "asked"
KEYS = ("given_name", "family_name", "alias", "safe_contact")
ROWS = (("given_name", "family_name"),)
LEGS = 300
IDS = "ids.json"
MACHINE = Environment(cost=key_slots.MIN_COST, state=paths.state_folder())


def mine() -> Canaries:
    return canaries(os.environ["SEED"])


# what stands in the store


def told(words: Canaries) -> LocalizedText:
    return (
        Translation("sv", words.name),
        Translation("ru", words.told),
        Translation("en", words.name),
    )


def filled(name: str, words: Canaries) -> dict[str, Value]:
    """Return a value for each field of a record type: a canary in each free text."""
    values = dict(make.FILLED[name])
    for key, field in RECORD_TYPES[name].fields.items():
        if key == "phone" or (name, key) in {("help_number", "number"), ("phone", "number")}:
            values[key] = words.phone
        elif type(field.kind) is TextKind and key != "code":
            values[key] = words.name
        elif type(field.kind) is LocalizedTextKind:
            values[key] = told(words)
    return values


def prepare(folder: Path, words: Canaries) -> None:
    """Two desks that know each other; ours has every kind of record, and a bundle waits for it."""
    who = Credentials(INITIALS, words.passphrase)
    ours = store_lifecycle.create_store(folder, "Nordhuset", who, MACHINE, words.recovery)
    theirs = store_lifecycle.create_store(AROUND / "theirs", "Pskov", who, MACHINE)
    for one, other in ((ours, theirs), (theirs, ours)):
        partners.add_partner(one, partners.our_card(other), PartnerTerms(is_third_country=True))
    for one, other in ((ours, theirs), (theirs, ours)):
        them = other.identity.organisation
        partners.verify_partner(one, them, partners.verification_digits(one, them))
    with ours.store.transaction():
        for name in RECORD_TYPES:
            custodian = ours.identity.organisation
            ours.store.put(make.row(name, filled(name, words), custodian=custodian))
    them = theirs.identity.organisation
    plan, legs = story.enter_plan(ours, them)
    client = require_record(ours, plan).parent
    assert client is not None
    names: dict[str, Value] = {
        "given_name": words.name,
        "alias": words.name,
        "safe_contact": told(words),
    }
    change_record(ours, client, names)
    change_record(ours, legs[0], {"carrier": words.name, "met_by": told(words)})
    for row in ours.store.children(plan):
        if row.type == "help_number":
            change_record(ours, row.rid, {"number": words.phone})
    post = AROUND / "post"
    post.mkdir()
    made = exchange.send_bundle(ours, plan, them, post)
    exchange.import_bundle(theirs, made.path, exchange.review_bundle(theirs, made.path))
    change_record(theirs, legs[1], {"carrier": words.name, "sign": told(words)})
    answer = exchange.send_bundle(theirs, plan, ours.identity.organisation, post)
    (ASKED / f"{words.name}.txt").write_text(f"{words.name} {words.told}", encoding="utf-8")
    ids = {"plan": plan.hex(), "client": client.hex(), "leg": legs[1].hex(), "them": them.hex()}
    ids["answer"] = str(answer.path)
    (STEPS / IDS).write_text(json.dumps(ids), encoding="utf-8")
    ours.store.close()
    theirs.store.close()


# a day at the desk


class Hands:
    """Worker at the window: the effect of each step, and what is known of the store."""

    def __init__(self, on: Program) -> None:
        self.on, self.words = on, mine()
        self.ids: Mapping[str, str] = json.loads((STEPS / IDS).read_text(encoding="utf-8"))

    @property
    def desk(self) -> Session:
        return session_of(self.on)

    def rid(self, name: str) -> bytes:
        return bytes.fromhex(self.ids[name])

    def do(self, work: Callable[[Session], T]) -> list[T]:
        """Let the worker do something; what came of it is there once it rests."""
        results: list[T] = []
        desk = self.desk
        self.on.kit.worker.run(lambda: work(desk), results.append)
        return results

    def enter(self) -> Iterator[str]:
        door = self.on.door
        door.initials.setText(INITIALS)
        door.passphrase.line.setText(self.words.passphrase)
        yield "passphrase typed"
        door.button.click()
        while self.on.shell is None:
            yield ""

    def look_round(self) -> Iterator[str]:
        for key in tuple(shell_of(self.on)._places):
            shell_of(self.on).go_to(key)
            yield ""
            self.on.window.grab()
        yield "places seen"

    def find(self) -> Iterator[str]:
        for typed in (self.words.name, self.words.told, self.words.phone):
            shell_of(self.on).find_anything()
            shell_of(self.on).bar.field.setText(typed)
            yield from self.finding()
            self.on.window.grab()
        yield "found"
        shell_of(self.on).bar.field.clear()

    def finding(self) -> Iterator[str]:
        """Until something was found; it is looked for a little after the last letter."""
        for _ in range(100):
            yield ""
            if shell_of(self.on).finder.listing.lines.lines:
                return
        raise TimeoutError

    def fill_in(self) -> Iterator[str]:
        shell_of(self.on).go_to("plans")
        shell_of(self.on).page.open_plan(self.rid("plan"))
        yield ""
        self.on.window.grab()
        self.sheet = RecordForm(
            self.on.kit, self.desk, "client", Form(self.on.kit, "client", KEYS, FormOptions(), ROWS)
        )
        seen = self.do(lambda desk: view(require_record(desk, self.rid("client")), Client))
        yield ""
        self.sheet.show_view(seen[0])
        self.sheet.show()
        self.sheet.form.editors["family_name"].area.insertPlainText(self.words.told)  # type: ignore[attr-defined]
        self.sheet.save_draft()
        yield "draft kept"
        self.sheet.save()
        yield "saved"
        self.sheet.grab()
        self.sheet.hide()

    def print_out(self) -> Iterator[str]:
        shell_of(self.on).go_to("print")
        page = shell_of(self.on).page
        yield ""
        choose_subject(page, self.rid("plan"))
        yield ""
        self.on.window.grab()  # the carry check says which words keep her sheet back
        page.choices.papers.options[PaperName.DUTY_SHEET].click()
        yield ""
        choose_subject(page, self.rid("plan"))
        yield ""
        self.on.window.grab()
        yield "paper seen"
        page.save(ASKED / "sheet.pdf")
        yield "paper saved"
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFileName(str(ASKED / "printed.pdf"))
        page.print_on(printer)
        yield "printed"

    def exchange(self) -> Iterator[str]:
        post, answer = AROUND / "post", Path(self.ids["answer"])
        self.do(lambda desk: exchange.send_bundle(desk, self.rid("plan"), self.rid("them"), post))
        yield "bundle made"
        reviewed = self.do(lambda desk: exchange.review_bundle(desk, answer))
        yield "bundle read"
        taken = self.do(lambda desk: exchange.import_bundle(desk, answer, reviewed[0]))
        yield "bundle taken"
        assert taken

    def keep_safe(self) -> Iterator[str]:
        stick = AROUND / "stick"
        stick.mkdir()
        self.do(lambda desk: make_backup(desk, stick))
        yield "backup made"
        drilled = self.do(lambda desk: rehearse_restore(desk, stick, self.words.passphrase))
        yield "backup tried"
        assert drilled

    def attach(self) -> Iterator[str]:
        source = ASKED / f"{self.words.name}.txt"
        added = self.do(lambda desk: add_attachment_file(desk, self.rid("plan"), source))
        yield "document added"
        (rid,) = added[0].rids
        shown = self.do(lambda desk: preview_attachment(desk, rid, 0, 400))
        yield "document seen"
        assert self.words.name in str(shown[0].text)

    def copy_and_bin(self) -> Iterator[str]:
        lock.copy_to_clipboard(self.words.phone)
        assert QGuiApplication.clipboard().text() == self.words.phone
        yield "copied"
        self.do(lambda desk: delete_record(desk, self.rid("leg")))
        yield "in the bin"

    def leave_a_draft(self) -> None:
        """Save an unsaved text as a draft when the lock begins, as a page does."""
        desk, held = self.desk, Held("client", {"family_name": self.words.name})
        self.on.kit.events.lock_began.connect(
            lambda: self.on.kit.worker.run(lambda: save_draft(desk, self.rid("client"), held))
        )


def first_day(hands: Hands) -> Iterator[str]:
    leak(hands.words)
    for part in (
        hands.enter, hands.look_round, hands.find, hands.fill_in, hands.print_out,
        hands.exchange, hands.keep_safe, hands.attach, hands.copy_and_bin,
    ):  # fmt: skip
        yield from part()
    hands.leave_a_draft()
    shell_of(hands.on).lock_now()
    yield "locked in place"  # never comes: another process stands here


def second_day(hands: Hands) -> Iterator[str]:
    yield "locked"
    yield from hands.enter()
    yield "unlocked"
    hands.do(lambda desk: erase_client(desk, hands.rid("client"), ErasureReason.CLIENT_REQUEST))
    yield "erased"


class Working(Program):
    """The window, worked step by step; each is told, and goes on once it was looked at."""

    def show(self) -> None:
        super().show()
        is_new = self._setting.note is None
        self._number = 10 if is_new else 60
        self._hands = (first_day if is_new else second_day)(Hands(self))
        self._go_on()

    def _go_on(self) -> None:
        try:
            name = next(self._hands, "end")
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(3)  # else it would wait for hands that are gone
        if name == "end":
            QApplication.quit()
        elif name:
            self._when(lambda: not self.kit.worker.is_busy, lambda: self._tell(name))
        else:
            QTimer.singleShot(
                30, lambda: self._when(lambda: not self.kit.worker.is_busy, self._go_on)
            )

    def _tell(self, name: str) -> None:
        self._number += 1
        said = f"{self._number} {name}"
        tell(STEPS, said, titles())
        self._when((STEPS / f"{said}{SEEN}").exists, self._go_on)

    def _when(self, is_so: Callable[[], bool], then: Callable[[], None]) -> None:
        if is_so():
            then()
        else:
            QTimer.singleShot(20, lambda: self._when(is_so, then))


def titles() -> list[str]:
    """List the titles of all windows and the names of the application."""
    names = [widget.windowTitle() for widget in QApplication.topLevelWidgets()]
    names += [window.title() for window in QGuiApplication.allWindows()]
    return [*names, QGuiApplication.applicationDisplayName(), QApplication.applicationName()]


def leak(words: Canaries) -> None:
    """Wrong on purpose: leaves a canary in plain, in the way that the control asks for."""
    way = os.environ.get("LEAK", "")
    if way.startswith("said"):
        sys.stderr.write(f"{words.name}\n")
        sys.stderr.flush()
    elif way.startswith("held"):  # open, and already gone from its folder
        held = tempfile.TemporaryFile()  # noqa: SIM115 - it is to stay open
        held.write(words.told.encode(way.partition(" ")[2]))
        held.flush()
        HELD.append(held)
    elif way.startswith("name"):
        (Path(tempfile.gettempdir()) / words.name).touch()
    elif way:
        (Path(tempfile.gettempdir()) / "scratch").write_bytes(
            b"\0\1\2" + words.told.casefold().encode(way)
        )


HELD: list[Any] = []


# what else may happen


def in_the_midst() -> None:
    """Run a large transaction that never ends; pages are written to disk meanwhile."""
    words = mine()
    desk = store_lifecycle.unlock_store(
        paths.default_store(), Credentials(INITIALS, words.passphrase), MACHINE
    )
    desk.store._connection.execute("PRAGMA cache_size = 20")
    with desk.store.transaction():
        for number in range(LEGS):
            values = filled("leg", words)
            desk.store.put(make.row("leg", values, rid=make.named_id(f"leg {number}")))
        tell(STEPS, "1 in the midst", ())
        time.sleep(600)


class Broken(Program):
    """A window in which bugs happen whose texts are canaries."""

    def show(self) -> None:
        super().show()
        self._setting.hear_bugs(lambda: None)  # the window does not close at the first of them
        words = mine()
        QTimer.singleShot(0, lambda: stumble(words.name))
        thread = threading.Thread(target=stumble, args=(words.told,))
        thread.start()
        thread.join()
        dying = Dying(words.phone)
        del dying
        self.kit.worker.run(lambda: stumble(words.passphrase))
        self._ended = QTimer(self, interval=20)
        self._ended.timeout.connect(self._end_once_idle)
        self._ended.start()

    def _end_once_idle(self) -> None:
        """End as the program does after a bug, once all four were met."""
        if not self.kit.worker.is_busy:
            os._exit(70)


class Dying:
    """Fails where nothing can catch it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __del__(self) -> None:
        stumble(self.text)


def stumble(text: str) -> None:
    told_nobody = text.upper()
    raise LookupError(told_nobody)


def main() -> int:
    mode = os.environ["MODE"]
    folder = paths.default_store()
    if not keyring.has_store(folder):
        prepare(folder, mine())
    if mode == "prepare":
        return 0
    if mode == "midst":
        process.harden()
        in_the_midst()
    if mode == "early bug":
        vars(app)["main"] = lambda _: stumble(mine().name)
    program.Program = Broken if mode == "bug" else Working  # type: ignore[misc]
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())
