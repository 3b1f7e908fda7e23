# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange files and key cards: FORMAT.md in code."""
