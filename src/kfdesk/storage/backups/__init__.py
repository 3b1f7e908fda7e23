# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups of a store: written beside, proved, kept for a while, and put back."""
