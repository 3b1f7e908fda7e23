# SPDX-License-Identifier: GPL-3.0-or-later
"""The states of a plan, and the gates between them: what must be so before a step is taken.

A package of its own, because nobody may pass a gate by another way: one table of steps, one table
of gates, one function for each gate. Pure: it knows no store, no user and no language.
"""
