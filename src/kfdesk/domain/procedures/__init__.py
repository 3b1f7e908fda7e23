# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures: clocks of the law, the order of steps, what starts and proves them, versions."""
