# SPDX-License-Identifier: GPL-3.0-or-later
"""How something ends for good: one person's records inside the store, or the store itself.

Both say only what they can keep: what a disk, a backup or a partner still has is not known here.
"""
