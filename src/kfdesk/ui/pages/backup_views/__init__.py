# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup as people see it: the page, its line on Today, and the way back from a backup."""
