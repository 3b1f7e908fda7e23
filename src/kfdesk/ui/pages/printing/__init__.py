# SPDX-License-Identifier: GPL-3.0-or-later
"""The print centre: choose a paper, preview it, save or print it."""
