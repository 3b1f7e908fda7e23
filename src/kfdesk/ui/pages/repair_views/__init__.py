# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged store in the window: what is wrong with it, and the two ways on."""
