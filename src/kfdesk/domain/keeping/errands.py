# SPDX-License-Identifier: GPL-3.0-or-later
"""The days when something happens to a laptop, a key or a colleague: what is done, in which order.

An errand is a list of steps. A step that leaves a trace in the history since the errand began is
done by that; the others are ticked by whoever did them. Nothing here does any of it, and no
sentence of it stands here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kfdesk.domain.desk.log import Action


class Errand(StrEnum):
    """What has happened, or is about to."""

    NEW_KEY = "new_key"
    LOST = "lost"
    LEAVER = "leaver"
    MOVE = "move"
    TRAVEL = "travel"


class Step(StrEnum):
    """One thing to do."""

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


_AFTER_A_KEY = (Step.LET_IN, Step.SHEETS, Step.BACKUP, Step.OLD_BACKUPS)

STEPS: Mapping[Errand, tuple[Step, ...]] = {
    Errand.NEW_KEY: (Step.DATA_KEY, *_AFTER_A_KEY),
    Errand.LOST: (
        Step.REVOKE, Step.SIGNING, Step.DATA_KEY, Step.LET_IN, Step.WARN, Step.AUTHORITY,
        Step.SHEETS, Step.BACKUP, Step.OLD_BACKUPS,
    ),
    Errand.LEAVER: (Step.HAND_OVER, Step.REMOVE, Step.DATA_KEY, *_AFTER_A_KEY),
    Errand.MOVE: (
        Step.BACKUP, Step.TRY, Step.RESTORE, Step.OLD_LAPTOP, Step.PARTNERS,
    ),
    Errand.TRAVEL: (
        Step.BACKUP, Step.TRY, Step.LEFT_BEHIND, Step.CARRY_NOTHING, Step.ARRIVED,
    ),
}  # fmt: skip

PROOFS: Mapping[Step, Action] = {
    Step.DATA_KEY: Action.DATA_KEY,
    Step.SHEETS: Action.RECOVERY_KEY,
    Step.BACKUP: Action.BACKUP,
    Step.TRY: Action.TRY_BACKUP,
    Step.SIGNING: Action.KEYS,
    Step.REMOVE: Action.USER_REMOVE,
    Step.RESTORE: Action.FROM_BACKUP,
    Step.ARRIVED: Action.FROM_BACKUP,
}
"""What the history says once a step was done; a step without one is ticked."""


@dataclass(frozen=True, slots=True)
class Course:
    """An errand under way: what is done, and what is next; None where all is."""

    errand: Errand
    done: frozenset[Step]

    @property
    def next(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in STEPS[self.errand] if step not in self.done), None)


def course_of(
    errand: Errand, ticked: Collection[Step], traces: Iterable[tuple[int, Action]]
) -> Course:
    """How far an errand is, by what was ticked and what the history has since it began.

    A trace counts only after those of the steps before it: a backup from before a new key is not
    the one from after it. A store that has come out of a backup since was not asked what came
    before that: those steps were done where it was made.
    """
    steps, trail = STEPS[errand], sorted(traces)
    done, last = set(ticked), -1
    for step in steps:
        proof = PROOFS.get(step)
        if step in done or proof is None:
            continue
        found = next((number for number, action in trail if action is proof and number > last), 0)
        if not found and proof is not Action.FROM_BACKUP:
            break
        if found:
            done.add(step)
            last = found
    restored = [step for step in steps if PROOFS.get(step) is Action.FROM_BACKUP]
    if restored and any(action is Action.FROM_BACKUP for _, action in trail):
        done.update(steps[: steps.index(restored[0]) + 1])
    return Course(errand, frozenset(done.intersection(steps)))
