# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted store: the only SQL of the program, its keys and its backups."""
