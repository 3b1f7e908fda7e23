# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets on paper: shown once, typed back before they count, and the way in when one is lost."""
