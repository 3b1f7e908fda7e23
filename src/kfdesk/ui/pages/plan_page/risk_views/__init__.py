# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the section Risk: the picture, the list beside it, the answers, the weighings.

A package of its own, because one weighing is seen in several ways at once.
"""
