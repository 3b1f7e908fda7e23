# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups and runbooks."""
