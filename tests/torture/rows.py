# SPDX-License-Identifier: GPL-3.0-or-later
"""All rows of the table, in its order. A new way of hurting a desk is a module and a line here."""

from tests.torture import (
    anchor_kills,
    carriers,
    damage,
    disk_errors,
    fast_day,
    forgeries,
    full_disk,
    fuzzing,
    keeping,
    kills,
    lock_kills,
    old_pages,
    power_loss,
    salvaging,
    sixty_days,
    standing,
)

HARNESSES = (
    *kills.HARNESSES,
    *power_loss.HARNESSES,
    *anchor_kills.HARNESSES,
    *keeping.HARNESSES,
    *lock_kills.HARNESSES,
    *full_disk.HARNESSES,
    *disk_errors.HARNESSES,
    *damage.HARNESSES,
    *old_pages.HARNESSES,
    *salvaging.HARNESSES,
    *forgeries.HARNESSES,
    *carriers.HARNESSES,
    *fuzzing.HARNESSES,
    *sixty_days.HARNESSES,
    *fast_day.HARNESSES,
    *standing.HARNESSES,
)
