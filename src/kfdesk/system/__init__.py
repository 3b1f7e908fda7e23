# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders, clock, files and log: what the machine gives us."""
