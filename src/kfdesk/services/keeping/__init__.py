# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping and letting go: backups, what a restored store needs, and erasing for good."""
