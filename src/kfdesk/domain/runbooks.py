# SPDX-License-Identifier: GPL-3.0-or-later
"""Runbooks: what to do, in which order, when a laptop, a key or a colleague changes.

A runbook is a list of steps. A step that leaves an entry in the audit trail after the
runbook began is done by that entry. The others are ticked by the user. Nothing here
carries out a step, and no message stands here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kfdesk.domain.audit import Action


class Runbook(StrEnum):
    """The occasion of a runbook."""

    NEW_KEY = "new_key"
    LOST = "lost"
    LEAVER = "leaver"
    MOVE = "move"
    TRAVEL = "travel"


class RunbookStep(StrEnum):
    """One step of a runbook."""

    DATA_KEY = "data_key"
    LET_IN = "let_in"
    SHEETS = "sheets"
    BACKUP = "backup"
    OLD_BACKUPS = "old_backups"
    REVOKE = "revoke"
    SIGNING = "signing"
    WARN = "warn"
    AUTHORITY = "authority"
    HAND_OVER = "hand_over"
    REMOVE = "remove"
    TRY = "try"
    RESTORE = "restore"
    OLD_LAPTOP = "old_laptop"
    PARTNERS = "partners"
    LEFT_BEHIND = "left_behind"
    CARRY_NOTHING = "carry_nothing"
    ARRIVED = "arrived"


_AFTER_A_KEY = (RunbookStep.LET_IN, RunbookStep.SHEETS, RunbookStep.BACKUP, RunbookStep.OLD_BACKUPS)

RUNBOOK_STEPS: Mapping[Runbook, tuple[RunbookStep, ...]] = {
    Runbook.NEW_KEY: (RunbookStep.DATA_KEY, *_AFTER_A_KEY),
    Runbook.LOST: (
        RunbookStep.REVOKE, RunbookStep.SIGNING, RunbookStep.DATA_KEY, RunbookStep.LET_IN,
        RunbookStep.WARN, RunbookStep.AUTHORITY, RunbookStep.SHEETS, RunbookStep.BACKUP,
        RunbookStep.OLD_BACKUPS,
    ),
    Runbook.LEAVER: (
        RunbookStep.HAND_OVER, RunbookStep.REMOVE, RunbookStep.DATA_KEY, *_AFTER_A_KEY,
    ),
    Runbook.MOVE: (
        RunbookStep.BACKUP, RunbookStep.TRY, RunbookStep.RESTORE, RunbookStep.OLD_LAPTOP,
        RunbookStep.PARTNERS,
    ),
    Runbook.TRAVEL: (
        RunbookStep.BACKUP, RunbookStep.TRY, RunbookStep.LEFT_BEHIND, RunbookStep.CARRY_NOTHING,
        RunbookStep.ARRIVED,
    ),
}  # fmt: skip

STEP_PROOFS: Mapping[RunbookStep, Action] = {
    RunbookStep.DATA_KEY: Action.DATA_KEY,
    RunbookStep.SHEETS: Action.RECOVERY_KEY,
    RunbookStep.BACKUP: Action.BACKUP,
    RunbookStep.TRY: Action.TRY_BACKUP,
    RunbookStep.SIGNING: Action.KEYS,
    RunbookStep.REMOVE: Action.USER_REMOVE,
    RunbookStep.RESTORE: Action.FROM_BACKUP,
    RunbookStep.ARRIVED: Action.FROM_BACKUP,
}
"""The audit action that proves a step; a step without one is ticked."""


@dataclass(frozen=True, slots=True)
class RunbookProgress:
    """The progress of a runbook: the steps that are done."""

    runbook: Runbook
    done: frozenset[RunbookStep]

    @property
    def next(self) -> RunbookStep | None:
        """The first step that is not done; None if all are."""
        return next((step for step in RUNBOOK_STEPS[self.runbook] if step not in self.done), None)


def runbook_progress(
    runbook: Runbook, ticked: Collection[RunbookStep], traces: Iterable[tuple[int, Action]]
) -> RunbookProgress:
    """Return the progress, from the ticked steps and the audit entries since it began.

    An entry counts only if it comes after those of the steps before it: a backup from
    before a new key is not the backup after it. If the store was restored from a backup
    since, the steps before the restore count as done: they were done on the old laptop.
    """
    steps, trail = RUNBOOK_STEPS[runbook], sorted(traces)
    done, last = set(ticked), -1
    for step in steps:
        proof = STEP_PROOFS.get(step)
        if step in done or proof is None:
            continue
        found = next((number for number, action in trail if action is proof and number > last), 0)
        if not found and proof is not Action.FROM_BACKUP:
            break
        if found:
            done.add(step)
            last = found
    restored = [step for step in steps if STEP_PROOFS.get(step) is Action.FROM_BACKUP]
    if restored and any(action is Action.FROM_BACKUP for _, action in trail):
        done.update(steps[: steps.index(restored[0]) + 1])
    return RunbookProgress(runbook, frozenset(done.intersection(steps)))
