# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the section Decision: the way of the plan, its conditions, approvals, and cards.

A package of its own, because a step is the gravest thing one does here: each part is seen alone.
"""
