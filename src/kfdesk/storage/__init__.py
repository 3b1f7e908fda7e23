# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted store: SQLCipher tables, keys, backups and erasure; the only SQL."""
