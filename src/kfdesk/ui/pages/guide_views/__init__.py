# SPDX-License-Identifier: GPL-3.0-or-later
"""Guides for the days when something happens: one pattern of steps, five errands."""
