# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands under a weighing of the risks, and what makes one void.

A package of its own, because a weighing is repeated: each version has its own lines.
"""
