# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before a desk is open: the first run step by step, the door, and the ways in.

Each is the real page on means that are handed in; none of them makes or opens a store here.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from tests.architecture.tree import ROOT
from tests.gui.walk_world import Stop, World

from kfdesk.domain.backup import DamageReport, GoodBackup, SalvagePreview, SalvageResult
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.ui.crash import CrashPage
from kfdesk.ui.pages.first_run import FirstRunPage, SetupServices
from kfdesk.ui.pages.recover import LostPassphraseCard, RecoveryServices
from kfdesk.ui.pages.recovery_key import KeyPrinting
from kfdesk.ui.pages.restore import RepairPage, RepairServices, RestorePage, RestoreServices
from kfdesk.ui.pages.unlock import StoreChoice, UnlockPage, UnlockServices
from kfdesk.ui.shell.help import show_manual_overlay
from kfdesk.ui.shell.overlays import OverlayLayer

_LISTS = ROOT / "resources" / "words"


def _words(code: str) -> tuple[str, ...]:
    return tuple((_LISTS / f"{code}.txt").read_text(encoding="utf-8").split())


def _pictures(_sheets: object, _language: Language, _scale: float) -> list[bytes]:
    """Return one blank page as a picture."""
    image, data = QImage(40, 60, QImage.Format.Format_RGB32), QByteArray()
    image.fill(0xFFFFFF)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return [bytes(data.data())]


def _first_run(world: World) -> FirstRunPage:
    founding = SetupServices(
        lambda _code: _words("en"),
        os.urandom,
        lambda _name: True,
        lambda _wanted: None,
        KeyPrinting(_pictures, _pictures),
        lambda _folder: None,  # type: ignore[arg-type,return-value]  # nobody is invited here
        lambda: None,
    )
    page = FirstRunPage(world.kit, founding)
    world.put(page)
    page.start()
    world.rest()
    return page


def _language(world: World) -> None:
    _first_run(world)


def _desk(world: World) -> None:
    page = world.inside(FirstRunPage)
    page.next.click()
    world.rest()


def _passphrase(world: World) -> None:
    page = world.inside(FirstRunPage)
    page.desk.name_entry.setText("Rönnen")
    page.desk.initials_entry.setText("EV")
    page.next.click()
    world.rest()


def _typed_back(world: World) -> None:
    page = world.inside(FirstRunPage).passphrase
    words = [tile.word for tile in page.tiles.tiles]
    page.tick.click()
    page.entry.setText(" ".join(words))
    world.rest()


def _recovery(world: World) -> None:
    page = world.inside(FirstRunPage)
    page._show(page._steps.index(page.recovery))
    page.start()
    world.rest()


def _sheets(world: World) -> None:
    """Show the recovery key as three sheets."""
    world.inside(FirstRunPage).recovery.key.ways.parts["three"].click()
    world.rest()


def _paper(world: World) -> None:
    world.inside(FirstRunPage).recovery.key.printing.click()
    world.rest()


def _unlock(world: World) -> None:
    def rescue(kit: object) -> LostPassphraseCard:
        means = RecoveryServices(
            lambda _code: _words("en"), os.urandom, lambda _: None, lambda _: None
        )
        return LostPassphraseCard(world.kit, means)

    door = UnlockServices((StoreChoice("north", "Rönnen"),), lambda _: None, None, rescue)
    page = UnlockPage(world.kit, door)
    world.put(page)
    page.start()
    world.rest()


def _lost(world: World) -> None:
    world.inside(UnlockPage).lost.click()
    world.rest()


def _help_at_the_door(world: World) -> None:
    _unlock(world)
    show_manual_overlay(world.kit, world.window, world.inside(UnlockPage))
    world.rest()


def _closed(world: World) -> None:
    world.inside(OverlayLayer).close_sheet()


def _alone(make: Callable[[World], QWidget]) -> Callable[[World], None]:
    def go(world: World) -> None:
        world.put(make(world))
        world.rest()

    return go


def _older(world: World) -> None:
    _unlock(world)
    fault = KfdeskError("store.rolled_back", seen=86_400_000, newest=0)
    world.inside(UnlockPage)._ask_about_rollback(fault, lambda _: None)
    world.rest()


def _restore(world: World) -> QWidget:
    means = RestoreServices(lambda: (Path("/media/Anna"),), lambda *_: None)  # type: ignore[arg-type]
    return RestorePage(world.kit, means)


def _repair(world: World) -> QWidget:
    """Return the repair of a mostly readable store, with a backup some days old."""
    salvage = SalvageResult(
        DamageReport(120, 3, tables={"records": 2}), {"client": 3}, {"leg": (b"1",)}, 40, 2
    )
    backup = GoodBackup(Path("/media/Anna"), world.walk.clock.now(), 4, 12, 2)
    means = RepairServices(
        lambda _claim, _course: SalvagePreview(salvage, backup),
        lambda _claim, _course: replace(salvage, aside=Path("/media/Anna/scan")),
        lambda *_: None,  # type: ignore[arg-type]
    )
    return RepairPage(world.kit, means)


def _examined(world: World) -> None:
    page = world.inside(RepairPage)
    page.initials.setText("EV")
    QTest.keyClicks(page.passphrase.line, "scan")
    page.next.click()
    world.rest()


def _salvaged(world: World) -> None:
    world.inside(RepairPage).ways.salvage.click()
    world.rest()


def _cover(world: World) -> None:
    world.window.cover.cover()
    world.rest()


BEFORE = (
    Stop("first run/language", _language),
    Stop("first run/desk", _desk),
    Stop("first run/passphrase", _passphrase),
    Stop("first run/typed back", _typed_back),
    Stop("first run/recovery", _recovery),
    Stop("first run/three sheets", _sheets),
    Stop("first run/key on paper", _paper),
    Stop("restore", _alone(_restore)),
    Stop("repair", _alone(_repair)),
    Stop("repair/found", _examined),
    Stop("repair/done", _salvaged),
    Stop("door", _unlock),
    Stop("door/lost passphrase", _lost),
    Stop("door/help", _help_at_the_door, _closed),
    Stop("door/older store", _older),
    Stop("crash", _alone(lambda world: CrashPage(world.kit, "kfdesk"))),
    Stop("cover", _cover, lambda world: world.window.cover.uncover()),
)
