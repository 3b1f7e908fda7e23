# SPDX-License-Identifier: GPL-3.0-or-later
"""`kfdesk salvage`: what can be read of a damaged store, and making a new one of it.

No store is opened for it, because it may not open. Without `--apply` nothing is changed. Kinds,
numbers and ids are told, never a value of a record.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.salvage import Examined, GoodBackup, Salvage
from kfdesk.i18n import findings
from kfdesk.i18n.language import Language

Answer = Mapping[str, Any]


def examined(found: Examined, words: Language, report: Path | None) -> Answer:
    """What was found at a damaged store, which was not changed."""
    told = _told(found.salvage, words, report)
    return {**told, "backup": _backup(found.backup), "bad_backups": found.refused}


def made(salvage: Salvage, words: Language, report: Path | None) -> Answer:
    """What was brought into the new store, and where the damaged one is."""
    return {**_told(salvage, words, report), "store_before": str(salvage.aside)}


def answer(
    asked: Namespace,
    examine: Callable[[], Examined],
    salvage: Callable[[], Salvage],
    words: Language,
) -> Answer:
    """What was asked for. Raises KfdeskError `store.…`, `salvage.nothing` or `file.not_written`."""
    if asked.apply:
        return made(salvage(), words, asked.report)
    return examined(examine(), words, asked.report)


def _told(salvage: Salvage, words: Language, report: Path | None) -> Answer:
    if report is not None:
        try:
            report.write_text(findings.report(salvage, words), encoding="utf-8")
        except OSError:
            raise KfdeskError("store.disk") from None
    return {
        "damage": findings.damage_words(salvage.damage, words),
        "pages": salvage.damage.pages,
        "bad_pages": salvage.damage.bad,
        "records": dict(salvage.kept),
        "lost": {
            kind or "unknown": [rid.hex() for rid in ids] for kind, ids in salvage.lost.items()
        },
        "history_missing": salvage.entries_lost,
        "history_altered": salvage.entries_altered,
        "said": list(findings.lost_words(salvage, words)),
    }


def _backup(backup: GoodBackup | None) -> Answer | None:
    if backup is None:
        return None
    return {
        "path": str(backup.path),
        "records": backup.records,
        "days": backup.days,
        "changed_since": backup.since,
    }
