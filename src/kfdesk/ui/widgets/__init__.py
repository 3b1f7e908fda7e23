# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that pages are built of: each paints itself from the theme and speaks bound words."""
